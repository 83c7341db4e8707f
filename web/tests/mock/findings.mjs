// People, promises, campaigns, drivers and what else the made-up brand's jobs have found.
import { day, hostile, hour, rfc } from "./story.mjs";

const by = (story, i) => story.mentions[i % story.mentions.length];
const estimate = (value, half = 0.05) => ({ value, low: value - half, high: value + half });

export function people(story, kind) {
  if (["referral", "purchase_intent", "churn_threat", "switched_from", "switched_to", "peer_answer"].includes(kind)) {
    const events = kind === "purchase_intent" ? [] : [0, 1, 8, 9].map((i) => ({
      kind, mention: by(story, i), about_mention: by(story, 12).id, thanks_mention: by(story, 13).id, words: "Globex <b>Plus</b>", reason: hostile.script,
    }));
    return { kind, people: [], events };
  }
  const person = (i) => ({
    author: i === 0 ? "<script>window.hacked = 3</script>" : by(story, i).author, stance: ["advocate", "defender", "raver", "ranter"].includes(kind) ? kind : "raver",
    stance_at: rfc(story.now - 3 * day), mentions: 4 + i, praises: 2, defences: 1, referrals: 1, reach: 12_345, last_at: rfc(story.now - 2 * hour),
    last_mention: by(story, 7 + i).id, roles: [{ role: "customer", reason: "says_so", mention: by(story, 9).id }], evidence: [by(story, 10 + i).id, by(story, i).id],
  });
  return { kind, people: kind === "bot" ? [] : [0, 1, 2, 3].map(person), events: [] };
}

export function matrix() {
  const move = (month, from, to, n) => ({ month, from, to, people: n, steps: n });
  return { months: [
    move("2026-10", "unknown", "ranter", 40), move("2026-10", "ranter", "raver", 6), move("2026-11", "unknown", "ranter", 31), move("2026-11", "unknown", "neutral", 12),
    move("2026-11", "ranter", "raver", 9), move("2026-11", "ranter", "defender", 2), move("2026-11", "raver", "ranter", 4), move("2026-11", "raver", "advocate", 1),
  ] };
}

export function promises(story, state) {
  const all = ["open", "kept", "late", "missed", "missed"].map((s, i) => ({
    state: s, words: i === 3 ? hostile.script : "We'll call you tomorrow.", to_author: by(story, i).author, due_at: rfc(story.now + (2 - i) * day), named: i !== 2,
    settled_at: s === "kept" || s === "late" ? rfc(story.now - day) : null, settled_mention: s === "kept" || s === "late" ? by(story, 20 + i).id : null,
    mention: by(story, 10 + i), to: i === 4 ? null : by(story, i),
  }));
  return { promises: state ? all.filter((p) => p.state === state) : all, counts: { open: 1, kept: 1, late: 1, missed: 2 } };
}

export function conduct(story) {
  return { replies: 60, canned: 12, followups: 3, unanswered: 1, cases: [
    { kind: "canned", times: 9, mention: by(story, 0), about: by(story, 11) }, { kind: "unanswered", times: 0, mention: by(story, 12), about: null },
  ] };
}

const answers = (contacts, answered, late) => ({ contacts, answered, settled: 2, late, median_s: 15_780, open_median_s: 3145, answered_share: estimate(answered / contacts) });
export function responses(story) {
  return { brand: "Acme", since: rfc(story.now - 28 * day), until: rfc(story.now), targets: { high_s: 3600, medium_s: 14_400, low_s: null },
    total: answers(200, 60, 41), sources: [{ source: "mastodon", ...answers(120, 40, 20) }, { source: "forum", ...answers(80, 20, 21) }] };
}

export function accuracy(labels) {
  if (labels === 0) return { brand: "Acme", lexicon_version: null, labels: 0, agreement: null, polarities: [], issues: null };
  return { brand: "Acme", lexicon_version: 7, labels, agreement: estimate(0.85),
    polarities: [{ polarity: "negative", labels: 9, precision: estimate(0.81), recall: estimate(0.74) }, { polarity: "neutral", labels: 4, precision: null, recall: estimate(0.5) }],
    issues: { labels: 3, precision: estimate(0.7), recall: estimate(0.6) } };
}

export function drivers(story) {
  const parts = [["outage", -0.0614], ["billing", 0.0123], ["delay", -0.0077], ["praise", 0.0044], ["how_to", 0.0004], ["price", 0.0004], ["refund", 0.0004], ["security", 0.0004],
    ["delivery", -0.0004], ["safety", -0.0004], ["staff_behaviour", 0.0004], ["account", 0.0004], ["usability", 0.0004], ["other", 0.0004], ["none", 0.0003]];
  const window = `since=${rfc(story.now - 7 * day)}&until=${rfc(story.now)}`;
  const lag = (lag_days) => ({ lag_days, days: 50, too_little: false, r: -0.2, low: -0.4, high: 0.05 });
  const difference = parts.reduce((sum, [, value]) => sum + value, 0);
  return { brand: "Acme", since: rfc(story.now - 7 * day), until: rfc(story.now), usual_since: rfc(story.now - 63 * day), weeks: 8, weeks_left_out: 1, formula: "", too_little: false,
    net_sentiment: -0.03 + difference, usual_net_sentiment: -0.03, difference, low: -0.12, high: 0.02, scored: 421, usual_scored: 2800,
    drivers: parts.map(([issue, value], i) => ({ issue, contribution: value, low: value - 0.02, high: value + 0.02, tone: value * 0.7, mix: value * 0.3, share: 0.2, usual_share: 0.15,
      net_sentiment: -0.4, usual_net_sentiment: -0.1, mentions: 40 - i, positive: 3, negative: 20, reasons: i === 0 ? [{ phrase: hostile.script, authors: 4 }] : [],
      mentions_url: `/api/v1/mentions?counted=true&brand=Acme&issue=${issue}&${window}` })),
    movement: { since: rfc(story.now - 84 * day), until: rfc(story.now), days: 50, days_left_out: 2, volume: [-1, 0, 1].map(lag), own_posts: [{ ...lag(0), r: null, low: null, high: null, too_little: true }] } };
}

export function benchmark(story) {
  const brand = (name, own, mentions) => ({ brand: name, own, mentions, authors: 400, positive: 100, neutral: 120, negative: 80, negative_authors: 70, share_of_voice: estimate(own ? 0.7 : 0.3),
    net_sentiment: estimate(own ? -0.05 : 0.1), negative_author_share: own ? estimate(0.3) : null, contacts: 90, answered: own ? 40 : 0, median_s: own ? 9000 : null,
    mentions_url: `/api/v1/mentions?counted=true&brand=${name}` });
  return { brand: "Acme", since: rfc(story.now - 28 * day), until: rfc(story.now), brands: [brand("Acme", true, 1412), brand("Globex", false, 600)], unknown: ["Initech"] };
}

export function kpis(story) {
  const kpi = (name, metric, unit, actual, target, met, more = {}) => ({ name, metric, unit, actual, target, direction: "higher", met, owner: "Dana", problem: "", days: 28, since: rfc(story.now - 28 * day), until: rfc(story.now), ...more });
  return { brand: "Acme", kpis: [
    kpi("Answered", "answered_share", "ratio", 0.42, 0.5, false), kpi("First reply", "response_time", "seconds", 7200, 14_400, true, { direction: "lower" }),
    kpi("<b>own</b>", "", "people", null, 5, null, { problem: "no such table" }),
  ] };
}

export function baseline(issue, metric) {
  const hours = issue === "privacy" ? [] : Array.from({ length: 168 }, (_, i) => ({ hour_of_week: i, centre: (i % 24) / 12, spread: 1.1, weeks: 8, warm_up: false }));
  return { brand: "Acme", metric, source: "*", issue, hours };
}

export function campaigns(story) {
  const campaign = (id, name, from, to) => ({ id, brand: "Acme", name, from: rfc(story.now + from * day), to: to === null ? null : rfc(story.now + to * day), url: "javascript:alert(1)", note: "" });
  return [campaign("3", "Winter", 9, 20), campaign("2", "<b>Spring</b>", -5, null), campaign("1", "Autumn", -40, -20)];
}
export function claims(story) {
  return [{ id: "1", brand: "Acme", campaign: "1", campaign_name: "Autumn", product: "Acme Hub", text: "Unlimited calls", text_before: "", url: "https://example.org/calls", from: rfc(story.now - 40 * day), to: null, edited_at: null },
    { id: "2", brand: "Acme", campaign: null, campaign_name: "", product: "", text: hostile.script, text_before: "<i>before</i>", url: "", from: rfc(story.now - 90 * day), to: rfc(story.now - 60 * day), edited_at: rfc(story.now - 70 * day) }];
}
export function misled(story) {
  const share = (mentions, of, value) => ({ since: rfc(story.now - 28 * day), until: rfc(story.now), mentions, of, share: value, low: value * 0.7, high: value * 1.4 });
  const members = story.mentions.filter((m) => !m.deleted).slice(0, 14);
  const quotes = members.slice(0, 3).map((m) => ({ mention: m.id, at: m.created_at, source: m.source, author: m.author, url: m.url, text: m.text }));
  const found = (id, claim, title, details) => ({ id, brand: "Acme", key: `k${id}`, claim, title, people: 14, mentions: 14, first_at: rfc(story.now - 20 * day), last_at: rfc(story.now - day), told_at: claim ? rfc(story.now - day) : null, mention_ids: members.map((m) => m.id), details });
  const words = [{ word: "roaming", people: 9 }, { word: "<b>free</b>", people: 0 }];
  const sources = [{ source: "mastodon", mentions: 9 }];
  return [
    found("1", "1", "14 people say that they were misled", { claim: { id: "1", text: "Unlimited calls", product: "", campaign: "Autumn", url: "https://example.org/calls" }, share: share(14, 1400, 0.01), all: share(60, 1400, 0.043),
      before: share(20, 1000, 0.02), change: estimate(0.023, 0.012), raised: true, edit: { at: rfc(story.now - 10 * day), before: share(12, 700, 0.017), after: share(2, 700, 0.003), change: estimate(-0.014, 0.008), verdict: "fell" },
      advice: hostile.script, words, quotes, sources }),
    found("2", null, `No claim known: “${hostile.script}”`, { claim: null, words, quotes, sources }),
  ];
}

export function deliveries(story) {
  const one = (id, state, more = {}) => ({ id, destination: "team", state, kind: "incident_opened", key: `incident:${id}`, digest: false, attempts: 1, created_at: rfc(story.now - hour), due_at: rfc(story.now - hour), next_at: rfc(story.now - hour), settled_at: rfc(story.now - hour), external_id: "", last_error: "", ...more });
  return { destinations: [{ destination: "team", queued: 1, retrying: 0, dead: 1, sent: 12, failed: 2, failures: 1, paused_until: rfc(story.now + hour), last_ok_at: rfc(story.now - day), last_error_at: rfc(story.now), last_error: "HTTP 503", oldest_due_at: null }],
    deliveries: [one("3", "waiting", { settled_at: null }), one("2", "dead", { last_error: "<b>HTTP 410</b>" }), one("1", "delivered")] };
}

export const report = (kind, format) => ({
  html: `<!doctype html><html lang="en"><title>${kind}</title><a href="/#/mentions?brand=Acme">12</a></html>`, markdown: `# ${kind}\n\n[12](/#/mentions?brand=Acme)\n`,
  csv: "section,item,column,value,mentions\r\nUsual,Mentions,value,12,/#/mentions?brand=Acme\r\n", text: `Acme: ${kind}\n\nMentions  12\n    earshot mentions --brand Acme\n<script>window.hacked = 4</script>\n`,
})[format];
export const faq = (format) => (format === "jsonld" ? '{"@type":"FAQPage"}' : "# Questions\n\n## How do I export invoices?\n\n<script>window.hacked = 5</script>\n");
