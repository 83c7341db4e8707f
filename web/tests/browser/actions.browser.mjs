// Everything a person can change, by mouse and by keyboard, and how it is taken back.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Mock } from "../mock/server.mjs";
import { launch } from "./chromium.mjs";
import { close, open, settled } from "./page.mjs";

let browser, mock, base;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });
beforeEach(async () => {
  mock = new Mock(process.env.EARSHOT_WEB_DIST);
  base = await mock.listen();
});
afterEach(async () => { await mock.close(); });
const last = () => mock.changes[mock.changes.length - 1];
async function changed(count) {
  for (let i = 0; i < 200 && mock.changes.length < count; i++) await new Promise((done) => setTimeout(done, 20));
  assert.equal(mock.changes.length, count);
}

describe("actions", () => {
  test("a mention is labelled and the label taken back", async () => {
    const m = mock.story.mentions[7];
    const page = await open(browser, base, `#/mention/${m.id}`);
    await settled(page);
    await page.getByRole("radio", { name: "positive" }).check();
    await page.getByRole("checkbox", { name: "security" }).check();
    await page.getByLabel("Why (optional)").fill("irony");
    await page.getByRole("button", { name: "Save label" }).click();
    await changed(1);
    assert.equal(last().path, `mentions/${m.id}/label`);
    assert.equal(last().body.polarity, "positive");
    assert.ok(last().body.issues.includes("security"));
    assert.equal(last().body.note, "irony");
    await page.getByText("labelled by a person").waitFor();
    await page.getByRole("button", { name: "Take the label back" }).click();
    await changed(2);
    assert.equal(last().path, `mentions/${m.id}/unlabel`);
    await close(page);
  });

  test("an incident gets an owner, a note, and is acknowledged", async () => {
    const page = await open(browser, base, "#/incident/1");
    await settled(page);
    await page.getByLabel("Owner").fill("Dana");
    await page.getByLabel("Note").fill("firmware rolled back");
    await page.getByRole("button", { name: "Save" }).click();
    await changed(1);
    assert.deepEqual(last(), { path: "incidents/1", body: { owner: "Dana", note: "firmware rolled back" } });
    await page.getByRole("button", { name: "Acknowledge", exact: true }).click();
    await page.getByRole("button", { name: "Take back acknowledgement" }).waitFor();
    assert.equal(last().body.state, "acknowledged");
    await page.getByRole("button", { name: "Take back acknowledgement" }).click();
    await page.getByRole("button", { name: "Acknowledge", exact: true }).waitFor();
    assert.equal(last().body.state, "open");
    await close(page);
  });

  test("the queue: done and back, snoozed, dismissed, owned", async () => {
    const page = await open(browser, base, "#/queue");
    await settled(page);
    const ids = mock.queue.map((w) => w.mention.id);
    const items = page.locator(".queue-item");
    assert.equal(await items.count(), 12);
    await items.first().getByRole("button", { name: "Done" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".queue-item").length === 11);
    assert.deepEqual(last(), { path: `queue/${ids[0]}`, body: { brand: "Acme", state: "done" } });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".queue-item").length === 12);
    assert.equal(last().body.state, "waiting");
    await items.nth(1).getByLabel("Owner").fill("Tom");
    await items.nth(1).getByLabel("Owner").press("Enter");
    await changed(3);
    assert.deepEqual(last(), { path: `queue/${ids[1]}`, body: { brand: "Acme", state: "waiting", owner: "Tom" } });
    const before_snooze = Date.now();
    await items.nth(1).getByLabel("Snooze").selectOption("24");
    await changed(4);
    assert.equal(last().body.state, "snoozed");
    assert.ok(Math.abs(Date.parse(last().body.until) - before_snooze - 86_400_000) < 60_000);
    await page.waitForFunction(() => document.querySelectorAll(".queue-item").length === 11);
    await items.nth(1).getByRole("button", { name: "Dismiss" }).click();
    await changed(5);
    assert.deepEqual([last().path, last().body.state], [`queue/${ids[2]}`, "dismissed"]);
    await close(page);
  });

  test("the queue by keyboard: the next one has the focus", async () => {
    const page = await open(browser, base, "#/queue");
    await settled(page);
    await page.locator(".queue-item button.main").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".queue-item").length === 11);
    await page.waitForFunction(() => document.activeElement === document.querySelector(".queue-item button.main"));
    await close(page);
  });

  test("an idea moves over the board and back, and is planned", async () => {
    const page = await open(browser, base, "#/ideas");
    await settled(page);
    await page.getByLabel(`State of: ${mock.ideas[0].title}`).selectOption("accepted");
    await page.locator("section[aria-labelledby=lane-accepted] .idea").waitFor();
    assert.deepEqual(last(), { path: "ideas/1", body: { state: "accepted" } });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => document.querySelectorAll("section[aria-labelledby=lane-new] .idea").length === 3);
    await page.getByRole("link", { name: mock.ideas[0].title }).click();
    await page.waitForURL(/#\/idea\/1/);
    await settled(page);
    await page.getByLabel("State").selectOption("writing");
    await page.getByLabel("Owner").fill("Dana");
    await page.getByLabel("Due").fill("2026-12-24");
    await page.getByLabel("Published at").fill("https://help.example/csv");
    await page.getByLabel("Note").fill("with a picture");
    await page.getByRole("button", { name: "Save" }).click();
    await changed(3);
    assert.deepEqual(last().body, { state: "writing", owner: "Dana", url: "https://help.example/csv", note: "with a picture", due: "2026-12-24" });
    await close(page);
  });

  test("review by keyboard: 1 2 3, i, s, z, ?", async () => {
    const page = await open(browser, base, "#/review");
    await settled(page);
    await page.getByText("1 of 20").waitFor();
    const [a, b, c] = mock.get("review", new URLSearchParams()).mentions;
    await page.keyboard.press("1");
    await changed(1);
    assert.deepEqual(last(), { path: `mentions/${a.id}/label`, body: { brand: "Acme", polarity: "negative" } });
    await page.getByText("2 of 20, 1 label in this sitting").waitFor();
    await page.keyboard.press("s");
    await page.getByText("3 of 20").waitFor();
    await page.keyboard.press("i");
    await page.locator("fieldset input[type=checkbox]").first().waitFor();
    await page.getByRole("checkbox", { name: "billing" }).press("Space");
    await page.keyboard.press("3");
    await changed(2);
    assert.equal(last().path, `mentions/${c.id}/label`);
    assert.equal(last().body.polarity, "positive");
    assert.ok(last().body.issues.includes("billing"));
    await page.getByText("4 of 20").waitFor();
    await page.keyboard.press("z");
    await changed(3);
    assert.equal(last().path, `mentions/${c.id}/unlabel`);
    await page.getByText("3 of 20").waitFor();
    await page.keyboard.press("z");
    await page.getByText("2 of 20").waitFor();
    assert.equal(mock.changes.length, 3);
    await page.keyboard.press("2");
    await changed(4);
    assert.equal(last().path, `mentions/${b.id}/label`);
    await page.keyboard.press("?");
    await page.locator("dl.help").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("dl.help").count(), 0);
    await page.getByRole("button", { name: "Take back" }).first().click();
    await changed(5);
    await close(page);
  });

  test("a token is asked for, a wrong one refused, and leaving closes the door", async () => {
    mock.token = "ear_right";
    const page = await open(browser, base, "#/queue");
    page.expected = [/401/];
    await page.getByLabel("Token").fill("ear_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This token is not known, or it has expired.").waitFor();
    await page.getByLabel("Token").fill("ear_right");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Service queue" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    await close(page);
  });
});
