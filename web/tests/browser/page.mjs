// A page that remembers everything it should not have done: errors, refused resources, requests to elsewhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { require_dev } from "./chromium.mjs";

const axe = readFileSync(require_dev.resolve("axe-core/axe.min.js"), "utf8");

export async function open(browser, base, hash = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  // Long enough for a machine that builds something else meanwhile.
  page.setDefaultTimeout(120_000);
  page.wrong = [];
  page.expected = [];
  page.on("pageerror", (error) => page.wrong.push(`error: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") page.wrong.push(message.text()); });
  // What is asked and not yet answered; the stream of events never is.
  page.asked = new Set();
  page.on("request", (request) => { if (!request.url().includes("/api/v1/events")) page.asked.add(request); });
  page.on("requestfinished", (request) => page.asked.delete(request));
  page.on("requestfailed", (request) => page.asked.delete(request));
  page.on("request", (request) => { if (!request.url().startsWith(base) && !request.url().startsWith("data:")) page.wrong.push(`asked ${request.url()}`); });
  await page.goto(`${base}/${hash}`);
  return page;
}

/** Waits until what the address says is drawn and nothing is being loaded any more: a part of a page may show nothing at all until its answer comes. */
export async function settled(page) {
  const until = Date.now() + 120_000;
  for (let still = 0; still < 2; ) {
    await page.waitForFunction(() => {
      const main = document.querySelector("main[data-address]");
      return main?.dataset.address === location.hash && main.childElementCount > 0 && document.querySelectorAll(".ghost").length === 0;
    });
    still = page.asked.size === 0 ? still + 1 : 0;
    assert.ok(Date.now() < until, `still waiting for ${[...page.asked].map((request) => request.url()).join(" ")}`);
    // Two frames: an answer that has come is drawn with the next.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

export async function close(page) {
  const wrong = page.wrong.filter((text) => !page.expected.some((pattern) => pattern.test(text)));
  await page.context().close();
  assert.deepEqual(wrong, []);
}

/** By all rules; or by that of contrast alone, which is all that another theme can break; or by all others, as a narrow window keeps its colours. */
export async function assert_accessible(page, what, rules = "all") {
  await page.evaluate(axe);
  const options = { all: {}, contrast: { runOnly: ["color-contrast"] }, layout: { rules: { "color-contrast": { enabled: false } } } }[rules];
  const found = await page.evaluate((options) => globalThis.axe.run(document, { ...options, resultTypes: ["violations"] }), options);
  const told = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join("; ")}`);
  assert.deepEqual(told, [], what);
}

export async function assert_fits(page, what) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `${what}: ${wider} px wider than the window`);
}

export const views = {
  overview: "#/overview", week: "#/overview?since=7d", mentions: "#/mentions", incidents: "#/incidents", incident: "#/incident/1", queue: "#/queue",
  praise: "#/praise", promises: "#/promises?since=84d", replies: "#/replies", ideas: "#/ideas", idea: "#/idea/1", movers: "#/movers", faq: "#/faq",
  misled: "#/misled", misled_one: "#/misled/1", campaigns: "#/campaigns", people: "#/people?kind=defender", roles: "#/people?kind=customer",
  moves: "#/moves", signals: "#/signals?since=84d&kind=switched_from", stories: "#/stories?since=84d", drivers: "#/drivers", benchmark: "#/benchmark",
  usual: "#/usual", usual_issue: "#/usual?issue=billing", kpis: "#/kpis", reports: "#/reports", sources: "#/sources", review: "#/review",
};
