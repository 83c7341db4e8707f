// A stand-in for earshotd's HTTP server: serves a built dashboard and an invented history, and can be told to fail.
//   node server.mjs --dist DIR [--port N]
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as findings from "./findings.mjs";
import { day, evidence_of, hostile, hour, ideas, incident, make_story, overview, rfc, roi, series } from "./story.mjs";

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", txt: "text/plain; charset=utf-8" };

class Refused extends Error {
  constructor(status, title, detail) {
    super(detail);
    Object.assign(this, { status, title, detail });
  }
}

export class Mock {
  constructor(dist, now = Date.now()) {
    this.dist = dist;
    this.story = make_story(now);
    this.incident = incident(this.story);
    this.ideas = ideas(this.story);
    this.queue = this.story.mentions.filter((m) => m.complaint && !m.deleted).slice(0, 12)
      .map((mention, i) => ({ mention, priority: 90 - i * 5, reasons: { urgency: 20, severity: 16, complaint: 10 }, due_at: i === 2 ? null : rfc(now + (i - 1) * 40 * 60_000), owner: null, state: "waiting" }));
    this.praise = this.story.mentions.filter((m) => !m.deleted && (m.polarity === "positive" || m.text.includes("<script>"))).slice(0, 6)
      .map((mention, i) => ({ mention, priority: 80 - i * 5, reasons: { reach: 19, raver: 10 }, state: "waiting" }));
    this.campaigns = findings.campaigns(this.story);
    this.claims = findings.claims(this.story);
    this.misled = findings.misled(this.story);
    this.deliveries = findings.deliveries(this.story);
    this.labels = new Map();
    /** Every change that was asked for: {path, body}. */
    this.changes = [];
    /** … and by which method. */
    this.methods = [];
    /** path prefix → status: answers that are refused. */
    this.failing = new Map();
    /** While this is pending no answer of the API leaves. */
    this.held = Promise.resolve();
    this.token = null;
    this.streams = new Set();
    this.server = createServer((request, reply) => void this.serve(request, reply));
  }

  listen(port = 0) {
    return new Promise((done) => this.server.listen(port, "127.0.0.1", () => done(`http://127.0.0.1:${this.server.address().port}`)));
  }
  close() {
    for (const stream of this.streams) stream.destroy();
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }
  tell(kind, data) {
    for (const stream of this.streams) stream.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  add_mention(text) {
    const first = this.story.mentions[6];
    this.story.mentions.unshift({ ...first, id: String(BigInt(this.story.mentions[0].id) + 1000n), text, created_at: rfc(Date.now()) });
    this.tell("stored", { source: first.source, mentions: 1 });
  }

  verdict(m) {
    const words = this.story.words_of.get(m.id) ?? "";
    const evidence = words ? [evidence_of(m.text, words, "sentiment", m.score || 0.6), evidence_of(m.text, "Acme", "brand", 1), { begin: 0, end: 0, term: "<length>", rule: "sentiment", weight: -0.1 }] : [];
    return { brand: "Acme", match: "query", polarity: m.polarity, score: m.score, probabilities: { negative: 0.6, neutral: 0.3, positive: 0.1 }, urgency: 0.2, severity: 0.5, reasons: words ? [words] : [], lexicon_version: 7, evidence, products: [] };
  }
  find(id) {
    const found = this.story.mentions.find((m) => m.id === id);
    if (!found) throw new Refused(404, "Not found", `There is no mention ${id}.`);
    return found;
  }
  one(list, id) {
    const found = this[list].find((x) => x.id === id);
    if (!found) throw new Refused(404, "Not found", `There is no finding ${id}.`);
    return found;
  }
  since(query, otherwise) {
    const text = query.get("since") ?? otherwise;
    const match = /^(\d+)([dh])$/.exec(text);
    return match ? this.story.now - Number(match[1]) * (match[2] === "d" ? day : hour) : Date.parse(text);
  }

  get(path, query) {
    const [head, id, part] = path.split("/");
    switch (head) {
      case "brands": return { brands: ["Acme", "Globex"], default: "Acme" };
      case "overview": return overview(this.story, this.since(query, "28d"));
      case "series": return series(this.story, this.since(query, "28d"), query.get("step") ?? "day");
      case "incidents":
        if (id && id !== "1") throw new Refused(404, "Not found", `There is no incident ${id}.`);
        if (part === "advisory")
          return { incident: id, post: `We know of it (${hostile.script}). More by [time].`, to_check: ["3 people write “since the 4.2 update”: is it so?"], threads: this.incident.details.exemplars };
        return id ? this.incident : { incidents: query.get("brand") === "Acme" ? [this.incident] : [] };
      case "queue":
        if (query.get("kind") === "praise") return { praise: this.praise.filter((p) => p.state === "waiting") };
        return { waiting: this.queue.filter((w) => w.state === "waiting").slice(0, Number(query.get("limit") ?? 50)), at_risk: 37 };
      case "ideas": return id ? this.ideas.find((i) => i.id === id) : { ideas: query.get("brand") === "Acme" ? this.ideas : [] };
      case "people": return id === "matrix" ? findings.matrix() : findings.people(this.story, query.get("kind") ?? "advocate");
      case "promises": return findings.promises(this.story, query.get("state"));
      case "conduct": return findings.conduct(this.story);
      case "responses": return findings.responses(this.story);
      case "accuracy": return findings.accuracy(this.labels.size > 0 ? 34 : 0);
      case "drivers": return findings.drivers(this.story);
      case "benchmark": return findings.benchmark(this.story);
      case "kpis": return findings.kpis(this.story);
      case "baseline": return findings.baseline(query.get("issue") ?? "", query.get("metric"));
      case "campaigns": return { campaigns: this.campaigns };
      case "claims": return id ? this.one("claims", id) : { claims: this.claims };
      case "misled": return id ? this.one("misled", id) : { misled: this.misled };
      case "deliveries": return this.deliveries;
      case "reports": return findings.report(id, query.get("format"));
      case "faq": return findings.faq(query.get("format"));
      case "roi": return roi(this.story, this.since(query, "84d"));
      case "journeys": {
        const m = this.story.mentions;
        const rows = [{ outcome: "converted", fallen: true, issue: "billing", author_handle: "maya", rant: m[8], reply: m[9], last: m[10] }, { outcome: "open", fallen: false, issue: "delay", author_handle: "", rant: m[11], reply: null, last: null }];
        return { journeys: rows.filter((j) => !query.get("outcome") || j.outcome === query.get("outcome")), counts: { converted: 7, converted_alone: 5, relieved: 2, angry: 4, silent: 9, unanswered: 30, open: 41 } };
      }
      case "sources": {
        const row = (source, state, extra = {}) => ({ source, connector: source, state, last_ok_at: rfc(this.story.now - 20_000), next_poll_at: rfc(this.story.now + 40_000), last_error: "", fail_count: 0, received: 5200, stored: 1400, duplicate: 3000, updated: 12, unmatched: 700, malformed: 0, last_push_at: null, poll_rate: null, hydrate: null, ...extra });
        const rules = (source, extra = {}) => ({ source, text: "unknown", author: "unknown", raw: "unknown", days: null, deletion_hours: null, no_inference: [], documents: {}, ...extra });
        return {
          sources: [row("mastodon", "ok", { poll_rate: 0.25, hydrate: { at: rfc(this.story.now - hour), asked: 900, gone: 4, overdue: 7, oldest_at: rfc(this.story.now - 50 * hour) }, quota: { limit: 300, remaining: 21, resets_at: rfc(this.story.now + hour) } }), row("bluesky", "failing", { last_error: "bluesky: 503 Service Unavailable, tried again in 2 min", fail_count: 3, malformed: 2 }), row("forum", "ok", { quota: { limit: null, remaining: 40, resets_at: null } }), row("news", "new", { last_ok_at: null, next_poll_at: null, last_push_at: rfc(this.story.now - 2 * hour) })],
          gaps: [{ source: "bluesky", stream: "search", from: rfc(this.story.now - 30 * hour), to: rfc(this.story.now - 28.5 * hour), reason: "rate limit", rate: null }, { source: "mastodon", stream: "search", from: rfc(this.story.now - 6 * hour), to: rfc(this.story.now - 5 * hour), reason: "sampled", rate: 0.25 }],
          legal: [rules("mastodon", { text: "allowed", days: 30, deletion_hours: 24, no_inference: ["health"], documents: { text: "Terms", days: "Terms, 4" } }), rules("bluesky"), rules("forum"), rules("news")],
        };
      }
      case "labels": return { labels: [...this.labels.values()] };
      case "review": return { mentions: this.story.mentions.filter((m) => !m.deleted && !this.labels.has(m.id)).slice(0, 20) };
      case "mentions": {
        if (id) return { mention: this.find(id), verdicts: [this.verdict(this.find(id))] };
        if (query.get("ids")) return { mentions: query.get("ids").split(",").map((i) => this.find(i)) };
        const same = (key, of) => !query.get(key) || of.includes(query.get(key));
        const search = (query.get("search") ?? "").toLowerCase();
        const all = this.story.mentions.filter((m) => (query.get("brand") ?? "Acme") === "Acme" && same("source", [m.source]) && same("polarity", [m.polarity]) && same("issue", m.issues) && same("intent", m.intents) && same("lang", [m.lang]) && same("product", m.products.map((p) => p.product)) && (!query.get("contact") || m.complaint || m.question)
          && m.text.toLowerCase().includes(search) && Date.parse(m.created_at) >= this.since(query, "84d") && (!query.get("until") || Date.parse(m.created_at) < Date.parse(query.get("until"))));
        const from = query.get("before") ? all.findIndex((m) => m.id === query.get("before")) + 1 : 0;
        const limit = Number(query.get("limit") ?? 50);
        const page = all.slice(from, from + limit);
        return { mentions: page, next: from + limit < all.length ? page[page.length - 1].id : null };
      }
      default: throw new Refused(404, "Not found", `There is no ${path}.`);
    }
  }

  post(path, body, method) {
    this.changes.push({ path, body });
    this.methods.push(method);
    const [head, id, verb] = path.split("/");
    if (head === "mentions") {
      const m = this.find(id);
      if (verb === "label") {
        Object.assign(m, { labelled: true, ...(body.polarity ? { polarity: body.polarity } : {}), ...(body.issues ? { issues: body.issues } : {}) });
        this.labels.set(id, { mention: m, polarity: body.polarity ?? null, issues: body.issues ?? null, note: body.note ?? "", by: "dana", at: rfc(Date.now()) });
      } else {
        m.labelled = false;
        this.labels.delete(id);
      }
      return m;
    }
    if (head === "incidents") {
      const { state, ...rest } = body;
      Object.assign(this.incident, rest);
      if (state === "advised") this.incident.advised_at = rfc(Date.now());
      else if (state) {
        this.incident.acknowledged_at = state === "acknowledged" ? rfc(Date.now()) : null;
        this.incident.dismissed_at = state === "dismissed" ? rfc(Date.now()) : null;
      }
      return this.incident;
    }
    if (head === "queue" && this.praise.some((p) => p.mention.id === id)) return Object.assign(this.praise.find((p) => p.mention.id === id), body);
    if (head === "deliveries") return Object.assign(this.deliveries.deliveries.find((d) => d.id === id), { state: verb === "retry" ? "waiting" : "dropped" });
    if (head === "campaigns" || head === "claims") {
      if (!id) this[head].unshift({ url: "", note: "", product: "", campaign: null, campaign_name: "", text_before: "", to: null, edited_at: null, ...body, id: String(this[head].length + 1), from: rfc(Date.parse(body.from)) });
      else {
        const one = this.one(head, id);
        Object.assign(one, body, head === "claims" && body.text ? { text_before: one.text, edited_at: rfc(Date.now()) } : {});
      }
      return id ? this.one(head, id) : this[head][0];
    }
    if (head === "queue") return Object.assign(this.queue.find((w) => w.mention.id === id), body);
    if (head === "ideas") return Object.assign(this.ideas.find((i) => i.id === id), body);
    throw new Refused(404, "Not found", `There is no ${path}.`);
  }

  async serve(request, reply) {
    const url = new URL(request.url, "http://x");
    const security = { "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };
    const json = (status, value, extra = {}) => {
      reply.writeHead(status, { "Content-Type": status >= 400 ? "application/problem+json" : "application/json", ...security, ...extra });
      reply.end(typeof value === "string" ? value : JSON.stringify(value));
    };
    try {
      if (!url.pathname.startsWith("/api/v1/")) {
        const name = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
        const bytes = readFileSync(join(this.dist, name.replace(/\//g, "")));
        reply.writeHead(200, { "Content-Type": types[name.split(".").pop()] ?? "application/octet-stream", ...security });
        reply.end(bytes);
        return;
      }
      const path = url.pathname.slice("/api/v1/".length);
      await this.held;
      for (const [prefix, status] of this.failing) {
        if (!path.startsWith(prefix)) continue;
        if (status === 0) return void request.socket.destroy();
        const titles = { 401: "Unauthorized", 429: "Too many requests", 503: "Service unavailable" };
        return json(status, { type: "about:blank", title: titles[status] ?? "Error", status, detail: `The mock refuses ${path}.` }, status === 429 ? { "Retry-After": "7" } : {});
      }
      const inside = !this.token || (request.headers.cookie ?? "").includes("session=in");
      if (path === "session" && request.method === "GET") return json(200, { tokens_needed: this.token !== null, scopes: inside ? ["read", "act"] : [], version: "0.0.0-mock" });
      let text = "";
      for await (const chunk of request) text += chunk;
      const body = text ? JSON.parse(text) : {};
      if (path === "session" && request.method === "POST") {
        if (body.token !== this.token) return json(401, { title: "Unauthorized", status: 401, detail: "This token is not known." });
        return json(200, { ok: true }, { "Set-Cookie": "session=in; HttpOnly; SameSite=Strict; Path=/" });
      }
      if (path === "session/end") return json(200, {}, { "Set-Cookie": "session=; Max-Age=0; Path=/" });
      if (!inside) return json(401, { title: "Unauthorized", status: 401, detail: "A token is needed." });
      if (path === "events") {
        reply.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store", ...security });
        reply.write(": hello\n\n");
        this.streams.add(reply);
        reply.on("close", () => this.streams.delete(reply));
        return;
      }
      json(200, request.method !== "GET" ? this.post(path, body, request.method) : this.get(path, url.searchParams));
    } catch (error) {
      if (error instanceof Refused) return json(error.status, { type: "about:blank", title: error.title, status: error.status, detail: error.detail });
      if (error.code === "ENOENT") return json(404, { title: "Not found", status: 404, detail: url.pathname });
      json(500, { title: "Mock error", status: 500, detail: String(error.stack) });
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
  console.log(await new Mock(option("--dist", "dist")).listen(Number(option("--port", "0"))));
}
