// The dashboard in the real daemon on the demo: every view with real numbers. EARSHOT_SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { caught_up, start, until } from "./daemon.mjs";
import { assert_accessible, assert_fits, close, open, settled, views } from "./page.mjs";

let browser, daemon, base;
before(async () => {
  daemon = await start('\n[[kpi]]\nname = "First reply"\nmetric = "response_time"\ndirection = "lower"\ntarget = 14400\nowner = "Service"\n');
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
    // A daemon that does not tell its deliveries answers 404, which the browser notes.
    if (name === "sources") page.expected = [/404/];
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

test("what is done here is kept by the daemon, and can be taken back", async () => {
  const page = await open(browser, base, "#/queue?brand=Fernwave");
  await settled(page);
  const waiting = async () => (await daemon.ask("queue?brand=Fernwave&limit=200")).waiting.map((w) => w.mention.id);
  const [first] = await waiting();
  await page.locator(".queue-item").first().getByRole("button", { name: "Done" }).click();
  await until("the queue to be shorter", async () => !(await waiting()).includes(first), 30);
  await page.getByRole("button", { name: "Undo" }).click();
  await until("the queue to be as it was", async () => (await waiting()).includes(first), 30);
  await close(page);

  const incident = await open(browser, base, "#/incident/1?brand=Fernwave");
  await settled(incident);
  await incident.getByLabel("Owner").fill("Dana");
  await incident.getByLabel("Note").fill("firmware 4.2.1 is out");
  await incident.getByRole("button", { name: "Acknowledge", exact: true }).click();
  await incident.getByRole("button", { name: "Take back acknowledgement" }).waitFor();
  const kept = await daemon.ask("incidents/1");
  assert.deepEqual([kept.owner, kept.note, kept.acknowledged_at !== null], ["Dana", "firmware 4.2.1 is out", true]);
  await incident.getByRole("button", { name: "Take back acknowledgement" }).click();
  await until("the acknowledgement to be gone", async () => (await daemon.ask("incidents/1")).acknowledged_at === null, 30);
  await close(incident);

  const board = await open(browser, base, "#/ideas?brand=Fernwave");
  await settled(board);
  const [best] = (await daemon.ask("ideas?brand=Fernwave")).ideas;
  await board.getByLabel(`State of: ${best.title}`).selectOption("accepted");
  await board.locator("section[aria-labelledby=lane-accepted] .idea").waitFor();
  assert.equal((await daemon.ask(`ideas/${best.id}`)).state, "accepted");
  await board.goto(`${base}/#/idea/${best.id}?brand=Fernwave`);
  await settled(board);
  await board.getByLabel("Due").fill("2027-01-15");
  await board.getByLabel("Published at").fill("https://help.example/wifi");
  await board.getByRole("button", { name: "Save" }).click();
  await until("the plan to be kept", async () => (await daemon.ask(`ideas/${best.id}`)).url === "https://help.example/wifi", 30);
  assert.match((await daemon.ask(`ideas/${best.id}`)).due, /^2027-01-15/);
  await close(board);
});

test("review by keyboard writes labels that win, and z takes them back", async () => {
  const page = await open(browser, base, "#/review?brand=Fernwave");
  await settled(page);
  const [m] = (await daemon.ask("review?brand=Fernwave&limit=20")).mentions;
  await page.keyboard.press("3");
  const labels = async () => (await daemon.ask("labels?brand=Fernwave")).labels;
  await until("the label", async () => (await labels()).some((l) => l.mention.id === m.id && l.polarity === "positive"), 30);
  assert.equal((await daemon.ask(`mentions/${m.id}?brand=Fernwave`)).mention.polarity, "positive");
  await page.getByText("2 of 20").waitFor();
  await page.keyboard.press("z");
  await until("the label to be gone", async () => (await labels()).length === 0, 30);
  assert.equal((await daemon.ask(`mentions/${m.id}?brand=Fernwave`)).mention.polarity, m.polarity);
  await close(page);
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
