// Hostile posts, failing servers, and news that arrives while somebody reads.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Mock } from "../mock/server.mjs";
import { hostile } from "../mock/story.mjs";
import { launch } from "./chromium.mjs";
import { assert_accessible, assert_fits, close, open, settled } from "./page.mjs";

let browser, mock, base;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });
beforeEach(async () => {
  mock = new Mock(process.env.EARSHOT_WEB_DIST);
  base = await mock.listen();
});
afterEach(async () => { await mock.close(); });
const refused = [/Failed to load resource/];

describe("hostile posts", () => {
  test("markup in a post stays text, everywhere a post is shown", async () => {
    const [script, rtl, emoji, long] = mock.story.mentions;
    for (const hash of ["#/overview", "#/mentions", "#/queue", "#/review", `#/mention/${script.id}`]) {
      const page = await open(browser, base, hash);
      await settled(page);
      await page.locator(".post").first().scrollIntoViewIfNeeded();
      await page.locator("mark").first().waitFor();
      assert.equal(await page.evaluate(() => globalThis.hacked), undefined, hash);
      assert.equal(await page.locator("main :is(script, img, iframe, b:not(.facts b, .sum b, .chart b, .money b), i)").count(), 0, hash);
      assert.ok((await page.locator("main").innerText()).includes("<script>window.hacked = 1</script>"), hash);
      await close(page);
    }
    const page = await open(browser, base, `#/mention/${script.id}`);
    await settled(page);
    assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
    assert.equal(await page.getByText("Original").locator("xpath=ancestor-or-self::a").count(), 0);
    for (const m of [rtl, emoji, long]) {
      await page.goto(`${base}/#/mention/${m.id}`);
      await settled(page);
      await page.locator("mark").first().waitFor();
      await assert_fits(page, m.id);
      await assert_accessible(page, m.id);
    }
    await close(page);
  });

  test("evidence lies on its words in every script", async () => {
    for (const [index, words] of [[0, "not bold"], [1, "אוהבים"], [2, "🔥"]]) {
      const page = await open(browser, base, `#/mention/${mock.story.mentions[index].id}`);
      await settled(page);
      const marked = await page.locator(".post mark:not(.brand)").first().evaluate((mark) => [mark.firstChild.data, mark.title, mark.textContent]);
      assert.equal(marked[0], words);
      assert.match(marked[1], /^sentiment [+−]0\.\d/);
      assert.ok(marked[2].includes(marked[1]), "told to screen readers");
      await close(page);
    }
  });

  test("ten kilobytes of emoji are folded, whole on request, and fit a phone", async () => {
    assert.ok(Buffer.byteLength(hostile.emoji) > 9_000);
    const page = await open(browser, base, "#/mentions", { viewport: { width: 390, height: 844 } });
    await settled(page);
    const post = page.locator("article.post").nth(2);
    const folded = (await post.boundingBox()).height;
    assert.ok(folded < 500, `${folded}`);
    await post.getByRole("button", { name: "Show all of it" }).click();
    assert.ok((await post.boundingBox()).height > folded);
    await assert_fits(page, "emoji");
    await close(page);
  });

  test("a name that turns its writing direction turns nothing else", async () => {
    const page = await open(browser, base, "#/mentions");
    await settled(page);
    const head = page.locator("article.post").nth(1).locator(".post-head");
    const [author, source] = await head.evaluate((e) => [...e.children].map((c) => c.getBoundingClientRect().left));
    assert.ok(author < source);
    await close(page);
  });
});

describe("a bad day", () => {
  for (const [status, says] of [[503, /Service unavailable/], [429, /Try again in 7 s/], [0, /Earshot does not answer/]]) {
    test(`an answer of ${status || "nobody"} is shown in its place, and trying again helps`, async () => {
      mock.failing.set("queue", status);
      const page = await open(browser, base, "#/queue");
      page.expected = refused;
      const note = page.locator(".note.bad");
      await note.waitFor();
      assert.match(await note.innerText(), says);
      await assert_accessible(page, `status ${status}`);
      mock.failing.clear();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.locator(".queue-item").first().waitFor();
      assert.equal(await note.count(), 0);
      await close(page);
    });
  }

  test("one part that fails leaves the others standing", async () => {
    mock.failing.set("roi", 503);
    const page = await open(browser, base);
    page.expected = refused;
    await settled(page);
    assert.match(await page.locator("section[aria-labelledby=earned-title]").innerText(), /Service unavailable/);
    assert.match(await page.locator("h1").innerText(), /louder than usual/);
    await close(page);
  });

  test("older numbers stay readable when a refresh fails", async () => {
    const page = await open(browser, base);
    page.expected = refused;
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".live.on"));
    mock.failing.set("overview", 503);
    mock.tell("findings", { brand: "Acme" });
    await page.locator(".note.bad").first().waitFor();
    assert.match(await page.locator(".figure").first().innerText(), /421/);
    await close(page);
  });

  test("a session that ended leads to the token, and back to the same page", async () => {
    mock.token = "ear_right";
    const page = await open(browser, base, "#/sources");
    page.expected = refused;
    await page.getByLabel("Token").fill("ear_right");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sources" }).waitFor();
    mock.failing.set("sources", 401);
    mock.tell("stored", { source: "mastodon", mentions: 1 });
    await page.getByLabel("Token").waitFor();
    mock.failing.clear();
    await page.getByLabel("Token").fill("ear_right");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sources" }).waitFor();
    await close(page);
  });

  test("a change that is refused says so and changes nothing", async () => {
    const page = await open(browser, base, "#/queue");
    page.expected = refused;
    await settled(page);
    mock.failing.set("queue/", 503);
    await page.locator(".queue-item").first().getByRole("button", { name: "Done" }).click();
    await page.getByText(/Not changed: The mock refuses queue/).waitFor();
    assert.equal(await page.locator(".queue-item").count(), 12);
    await close(page);
  });

  test("a page and a mention that do not exist are told as such", async () => {
    const page = await open(browser, base, "#/nonsense");
    page.expected = refused;
    await page.getByText("There is no such page").waitFor();
    await page.goto(`${base}/#/mention/42`);
    await page.getByText("There is no mention 42").waitFor();
    await close(page);
  });
});

describe("live", () => {
  test("new mentions announce themselves and do not move what is read", async () => {
    const page = await open(browser, base, "#/mentions");
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".live.on"));
    const first = () => page.locator("article.post .post-foot a").first().getAttribute("href");
    const shown = await first();
    mock.add_mention("brand new words about Acme");
    const pill = page.getByRole("button", { name: "Show 1 new mention" });
    await pill.waitFor();
    assert.equal(await first(), shown);
    await pill.click();
    await page.locator("article.post").first().getByText("brand new words").waitFor();
    await close(page);
  });

  test("what another person did appears by itself", async () => {
    const page = await open(browser, base, "#/incident/1");
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".live.on"));
    mock.incident.owner = "Somebody else";
    mock.tell("acted", { kind: "incident", id: "1" });
    await page.waitForFunction(() => [...document.querySelectorAll("input")].some((i) => i.value === "Somebody else"));
    await close(page);
  });

  test("a server that went away is noticed", async () => {
    const page = await open(browser, base);
    page.expected = [/./];
    await settled(page);
    await page.waitForFunction(() => document.querySelector(".live.on"));
    await mock.close();
    await page.waitForFunction(() => !document.querySelector(".live.on"));
    mock = new Mock(process.env.EARSHOT_WEB_DIST);
    base = await mock.listen();
    await close(page);
  });
});
