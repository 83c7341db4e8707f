// The dashboard in the real daemon on the demo: every view with real numbers. EARSHOT_SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { caught_up, start } from "./daemon.mjs";
import { assert_accessible, assert_fits, close, open, settled, views } from "./page.mjs";

let browser, daemon, base;
before(async () => {
  daemon = await start();
  base = daemon.base;
  await caught_up(daemon);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test("the page is served compressed, under its policy, with names that may be kept", async () => {
  const page = await fetch(`${base}/`);
  const policy = page.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'/);
  assert.ok(!policy.includes("unsafe"));
  const script = /src="(app-[^"]+\.js)"/.exec(await page.text())[1];
  const reply = await fetch(`${base}/${script}`);
  assert.match(reply.headers.get("content-type"), /javascript/);
  assert.match(reply.headers.get("content-encoding"), /br|gzip/);
  assert.match(reply.headers.get("cache-control"), /immutable/);
});

for (const [name, hash] of Object.entries(views)) {
  test(`${name} with the demo's numbers`, async () => {
    const page = await open(browser, base, hash);
    await settled(page);
    assert.equal(await page.locator(".note.bad").count(), 0, await page.locator("main").innerText());
    assert.ok((await page.locator("main").innerText()).length > 200);
    await assert_accessible(page, name);
    await page.setViewportSize({ width: 390, height: 844 });
    await assert_fits(page, name);
    await close(page);
  });
}

test("the outage is there, with the first report behind it", async () => {
  const page = await open(browser, base, "#/incidents?brand=Fernwave");
  await settled(page);
  await page.locator(".row a").first().click();
  await settled(page);
  assert.match(await page.locator("main").innerText(), /Lindmoor/i);
  await page.getByRole("link", { name: "First report" }).click();
  await page.waitForURL(/#\/mention\/\d{19}/);
  await settled(page);
  assert.match(await page.locator(".post-text").innerText(), /Lindmoor/);
  assert.ok((await page.locator(".post mark").count()) > 0);
  await close(page);
});

test("a quote inside an incident leads to its own mention", async () => {
  const page = await open(browser, base, "#/incidents?brand=Fernwave");
  await settled(page);
  await page.locator(".row a").first().click();
  await settled(page);
  const quote = page.locator("section[aria-labelledby=exemplars-title] article").nth(1);
  const text = await quote.locator(".post-text").innerText();
  await quote.getByRole("link", { name: "The mention" }).click();
  await page.waitForURL(/#\/mention\//);
  await settled(page);
  const shown = await page.locator(".post-text").evaluate((e) => {
    const copy = e.cloneNode(true);
    for (const unseen of copy.querySelectorAll(".unseen")) unseen.remove();
    return copy.textContent;
  });
  assert.ok(shown.replace(/\s+/g, " ").includes(text.replace(/\s+/g, " ").slice(0, 40)), `${shown} / ${text}`);
  await close(page);
});

test("marked words are the words of the evidence, in every language of the demo", async () => {
  const { mentions } = await daemon.ask("mentions?brand=Fernwave&limit=200");
  let checked = 0;
  for (const m of mentions.filter((m) => /[^\x00-\x7f]/.test(m.text)).slice(0, 12)) {
    const { verdicts } = await daemon.ask(`mentions/${m.id}?brand=Fernwave`);
    const bytes = Buffer.from(m.text);
    for (const e of verdicts[0].evidence.filter((e) => e.rule === "brand" && e.end > e.begin)) {
      assert.match(bytes.subarray(e.begin, e.end).toString(), /fernwave/i);
      checked++;
    }
  }
  assert.ok(checked > 0);
});

test("first paint, for the record", async (t) => {
  const page = await open(browser, base);
  await settled(page);
  const paint = await page.evaluate(() => Object.fromEntries(performance.getEntriesByType("paint").map((p) => [p.name, Math.round(p.startTime)])));
  t.diagnostic(JSON.stringify(paint));
  assert.ok("first-contentful-paint" in paint);
  await close(page);
});

const folder = process.env.EARSHOT_SHOTS;
test("pictures", { skip: folder ? false : "EARSHOT_SHOTS is not set" }, async () => {
  const { spawnSync } = await import("node:child_process");
  const { fileURLToPath } = await import("node:url");
  const made = spawnSync(process.execPath, [fileURLToPath(new URL("shots.mjs", import.meta.url)), base, folder], { stdio: "inherit" });
  assert.equal(made.status, 0);
});
