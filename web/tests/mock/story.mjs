// A made-up brand's history in the shapes of docs/api.md, the same every time but for the clock.
const hour = 3_600_000;
const day = 24 * hour;
const encoder = new TextEncoder();
const rfc = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

function random_from(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const lines = [
  ["negative", "outage", "router shows a red light since the update, no internet at all", "red light"],
  ["negative", "billing", "charged twice again this month, and nobody explains why", "charged twice"],
  ["positive", "praise", "the support was brilliant today, thank you so much", "brilliant"],
  ["neutral", "how_to", "how do I export all invoices as one file?", "how do I"],
  ["negative", "delay", "third appointment missed, still waiting for the engineer", "missed"],
  ["neutral", "other", "switching to fibre next week, let's see", "switching"],
  ["positive", "performance", "speed is great in the evening now", "great"],
  ["neutral", "feature_request", "a dark mode in the app would be nice", "would be nice"],
];
const authors = ["maya@plaza.example", "tom.w@social.example", "linh.example", "b_okafor", "Zoë", "نور"];
const sources = ["mastodon", "bluesky", "forum", "news"];

export const hostile = {
  script: '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"> <b>not bold</b> Acme',
  rtl: "\u202Eevil reversed\u202C אנחנו אוהבים את Acme \u2067שלום\u2069 مرحبا",
  emoji: `Acme ${"👩‍👩‍👧‍👦🔥".repeat(330)}`,
  long: `Acme ${"a".repeat(5000)}`,
};

/** The span of `words` in the text, in bytes. */
export function evidence_of(text, words, rule, weight) {
  const at = text.indexOf(words);
  if (at < 0) return { begin: 0, end: 0, term: words, rule, weight };
  const begin = encoder.encode(text.slice(0, at)).length;
  return { begin, end: begin + encoder.encode(words).length, term: words, rule, weight };
}

export function make_story(now) {
  const random = random_from(7);
  const mentions = [];
  const words_of = new Map();
  const add = (at, text, polarity, issue, words, extra = {}) => {
    const id = String(3561487771633867464n - BigInt(mentions.length) * 1_000_003n);
    const score = polarity === "negative" ? -0.8 : polarity === "positive" ? 0.8 : 0;
    mentions.push({
      id, brand: "Acme", platform: "mastodon", source: sources[mentions.length % sources.length], native_id: `n${mentions.length}`,
      created_at: rfc(at), author: authors[mentions.length % authors.length], url: `https://example.org/p/${mentions.length}`, title: "", text,
      deleted: false, match: "query", polarity, score, issues: [issue], intents: polarity === "negative" ? ["complaint"] : [], products: [],
      question: text.includes("?"), complaint: polarity === "negative", urgency: 0.2, severity: 0.5, lang: "en", lexicon_version: 7, labelled: false, ...extra,
    });
    words_of.set(id, words);
  };
  add(now - 2 * 60_000, hostile.script, "negative", "bug", "not bold", { url: "javascript:alert(1)", author: "<i>mallory</i>" });
  add(now - 3 * 60_000, hostile.rtl, "positive", "praise", "אוהבים", { author: "\u202Egnp.exe" });
  add(now - 4 * 60_000, hostile.emoji, "neutral", "other", "🔥");
  add(now - 5 * 60_000, hostile.long, "neutral", "other", "Acme", { title: "A title <b>with</b> tags" });
  add(now - 6 * 60_000, "", "unscored", "other", "", { deleted: true });
  for (let i = 0; i < 120; i++) {
    const [polarity, issue, text, words] = lines[Math.floor(random() * lines.length)];
    add(now - (i + 1) * 1.7 * hour, `${text} #Acme`, polarity, issue, words);
  }
  return { now, mentions, words_of, random };
}

const usual = (value, centre, spread, weeks = 8) => ({ value, usual: centre, spread, weeks, z: (value - centre) / spread });

export function overview(story, since) {
  const period = (from, until, n) => ({
    from: rfc(from), until: rfc(until), mentions: n, positive: Math.round(n * 0.3), neutral: Math.round(n * 0.35), negative: Math.round(n * 0.33),
    unscored: Math.round(n * 0.02), questions: Math.round(n * 0.2), complaints: Math.round(n * 0.3), reach: n * 300, own: 12, spam: 4,
    authors: Math.round(n * 0.8), negative_authors: Math.round(n * 0.28), gap_hours: 1.5, net_sentiment: -0.03,
  });
  const { now } = story;
  return {
    brand: "Acme", since: rfc(since), until: rfc(now), newest: story.mentions[0].created_at, total: period(since, now, 1412),
    last_week: period(now - 7 * day, now, 421),
    against_usual: { volume: usual(421, 345, 36), authors: usual(337, 300, 30), net_sentiment: usual(-0.03, -0.02, 0.05), negative_author_share: usual(0.35, 0.25, 0.03) },
    days: [], sources: sources.map((source, i) => ({ source, mentions: 500 - i * 110, negative: 150 - i * 30, own: 2, spam: 1, gap_hours: i === 1 ? 1.5 : 0 })),
    issues: ["outage", "billing", "delay", "how_to", "praise", "performance"].map((issue, i) => ({ issue, mentions: 300 - i * 40, negative: 200 - i * 35, share: 0.21 - i * 0.03, week: usual(80 - i * 9, 40, 11) })),
    products: [{ product: "Acme Hub", mentions: 90, positive: 20, neutral: 30, negative: 40, net_sentiment: -0.22 }],
    languages: [{ lang: "en", mentions: 1300, unscored: 0 }, { lang: "nl", mentions: 20, unscored: 20 }],
    share_of_voice: [{ brand: "Acme", mentions: 1412, share: 0.7, net_sentiment: -0.03 }, { brand: "Globex", mentions: 600, share: 0.3, net_sentiment: 0.1 }],
    gaps: [], incidents_open: 1, waiting: 37, formula: "net sentiment = (positive − negative) / (positive + neutral + negative)",
  };
}

export function series(story, since, step) {
  const size = step === "hour" ? hour : day;
  const random = random_from(3);
  const out = { brand: "Acme", step, at: [], mentions: [], positive: [], neutral: [], negative: [], net_sentiment: [], expected: [], spread: [], expected_net_sentiment: [], spread_net_sentiment: [], gap: [] };
  const scale = step === "hour" ? 2.5 : 60;
  for (let at = Math.ceil(since / size) * size; at < story.now; at += size) {
    const wave = 1 + 0.4 * Math.sin((at / day) * 2 * Math.PI * (step === "hour" ? 1 : 1 / 7));
    const burst = Math.abs(at - (story.now - 2 * day)) < (step === "hour" ? 3 * hour : day / 2) ? 2.6 : 1;
    const n = Math.round(scale * wave * burst * (0.7 + 0.6 * random()));
    const net = n === 0 ? null : Math.max(-1, Math.min(1, -0.03 - (burst > 1 ? 0.4 : 0) + (random() - 0.5) * 0.2));
    out.at.push(at); out.mentions.push(n); out.positive.push(0); out.neutral.push(0); out.negative.push(0); out.net_sentiment.push(net);
    out.expected.push(scale * wave); out.spread.push(scale * 0.25); out.expected_net_sentiment.push(-0.02); out.spread_net_sentiment.push(0.08);
    out.gap.push(out.at.length === 5);
  }
  return out;
}

export function incident(story) {
  const at = story.now - 2 * day;
  const arithmetic = (observed, expected, spread) => ({ at: rfc(at), window_minutes: 60, observed, expected, spread, threshold: Math.max(5, 3 * expected, expected + 5 * spread), ratio: observed / expected, z: (observed - expected) / spread, weeks: 6, hours: 18, warm_up: false, gap_hours_left_out: 1 });
  const rows = story.mentions.filter((m) => m.issues.includes("outage"));
  return {
    id: "1", brand: "Acme", issue: "outage", state: "open", title: "outage: router shows a red light since the update", severity: 8, started_at: rfc(at), detected_at: rfc(at), last_at: rfc(at + 5 * hour),
    authors: 61, mentions: 74, echoes: 12, expected: 0.8, threshold: 7.5, first_mention: rows[0].id, owner: "", note: "", acknowledged_at: null, cover: { negative: 60, defended: 3, defenders: 2, ratio: 0.05, evidence: story.mentions.slice(8, 11).map((m) => m.id) },
    details: {
      issues: ["outage", "performance"], arithmetic: arithmetic(8, 0.8, 1.34), peak: arithmetic(31, 1.6, 1.6), hours: [8, 26, 31, 22, 11, 4].map((authors, i) => ({ hour_at: rfc(at + i * hour), authors })),
      sources: [{ source: "mastodon", mentions: 40, authors: 33 }], severity: { score: 8, height: 3.1, duration: 1.9, echoes: 1.1, sources: 1 },
      reasons: [{ phrase: "since the update", authors: 19 }], words: [{ word: "red", authors: 40 }, { word: "light", authors: 38 }],
      exemplars: rows.slice(0, 3).map((m) => ({ mention: m.id, at: m.created_at, source: m.source, author: m.author, url: m.url, text: m.text })),
    },
    mention_ids: rows.map((m) => m.id),
  };
}

export function ideas(story) {
  const titles = ["Can I export all invoices as one file?", "how do I change the name of my wifi", "Is there a dark mode?", "Where is my engineer right now?"];
  return titles.map((title, i) => ({
    id: String(i + 1), brand: "Acme", key: `k${i}`, state: i === 3 ? "writing" : "new", title, askers: 27 - i * 5, mentions: 30 - i * 5, unanswered: 22 - i * 5, trend: 0.8 - i * 0.5, score: 20 - i,
    first_at: rfc(story.now - 40 * day), last_at: rfc(story.now - day), owner: i === 3 ? "Dana" : null, due: null, url: null, note: null, published_at: null, effect: null,
    move: { direction: i === 0 ? "rising" : i === 1 ? "falling" : "", week: 9 - i * 2, before: 22, weeks_before: 8, ratio: { value: 2.4, low: 1.3, high: i === 0 ? null : 3.9 } }, answer: i === 0 ? { mention: story.mentions[9].id, by: "peer", thanked: 2 } : null,
    details: { question: title, terms: ["invoice", "export", "csv"], per_week: [1, 2, 4, 3, 5, 6, 8, 9], sources: [{ source: "forum", mentions: 12 }], quotes: story.mentions.slice(6, 9).map((m) => ({ mention: m.id, at: m.created_at, source: m.source, author: m.author, url: m.url, text: m.text })) },
    mention_ids: story.mentions.filter((m) => m.question).map((m) => m.id),
  }));
}

export function roi(story, since) {
  const assumptions = { currency: "EUR", from: null, saved_customer: { low: 60, expected: 120, high: 240 }, cost_per_contact: { low: 3, expected: 5, high: 8 }, leaves_unanswered: { low: 0.05, expected: 0.1, high: 0.2 } };
  return {
    brand: "Acme", since: rfc(since), until: rfc(story.now), response: { contacts: 400, answered: 120, settled: 9, answered_share: 0.3, median_s: 16740 },
    months: [{ month: "2026-11", converted: 7, converted_alone: 5, relieved: 2, angry: 4, silent: 9, unanswered: 30, open: 41, converted_share: 0.127, saved: { low: 420, expected: 840, high: 1680 }, assumptions }],
    conversions: [{ rant_mention: story.mentions[8].id, reply_mention: null, happy_mention: story.mentions[9].id }], waiting_people: 37,
    saved: { low: 420, expected: 840, high: 1680 }, exposure: { low: 111, expected: 444, high: 1776 }, spared: { low: 360, expected: 600, high: 960 }, assumptions,
  };
}

export { day, hour, rfc };
