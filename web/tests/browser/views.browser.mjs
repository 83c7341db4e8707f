// Every view in both themes and on a phone: drawn, accessible, inside its window, quiet.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, test } from "node:test";
import { Mock } from "../mock/server.mjs";
import { launch } from "./chromium.mjs";
import { assert_accessible, assert_fits, close, open, settled, views } from "./page.mjs";

let browser, mock, base;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });
beforeEach(async () => {
  mock = new Mock(process.env.EARSHOT_WEB_DIST);
  base = await mock.listen();
});
afterEach(async () => { await mock.close(); });

describe("views", () => {
  for (const [name, hash] of Object.entries({ ...views, mention: "" })) {
    test(`${name} is drawn, accessible in light and dark, and fits a phone`, async () => {
      const address = hash || `#/mention/${mock.story.mentions[7].id}`;
      const page = await open(browser, base, address, { colorScheme: "light" });
      await settled(page);
      assert.ok((await page.locator("main h1").first().innerText()).length > 3);
      assert.equal(await page.locator(".note.bad").count(), 0);
      for (const [colorScheme, rules] of [["light", "all"], ["dark", "contrast"]]) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        assert.equal(await page.locator("html").getAttribute("data-theme"), colorScheme);
        await assert_accessible(page, `${name}, ${colorScheme}`, rules);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await settled(page);
      await assert_fits(page, name);
      await assert_accessible(page, `${name}, phone`, "layout");
      await close(page);
    });
  }

  test("the overview answers in words and leads to the mentions", async () => {
    const page = await open(browser, base);
    await settled(page);
    assert.match(await page.locator("h1").innerText(), /1 incident open, louder than usual/);
    const figure = page.locator(".figure").first();
    assert.match(await figure.innerText(), /421[\s\S]*22 % above usual, 2\.1 spreads/);
    await figure.click();
    await page.waitForURL(/#\/mentions\?brand=Acme&since=7d/);
    await settled(page);
    assert.ok((await page.locator("article.post").count()) > 10);
    await close(page);
  });

  test("a point of the chart leads to its mentions, by mouse and by the table", async () => {
    const page = await open(browser, base, "#/overview?since=28d");
    await settled(page);
    await page.locator(".u-over").first().scrollIntoViewIfNeeded();
    const box = await page.locator(".u-over").first().boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForURL(/#\/mentions\?.*since=20\d\d.*until=20\d\d/);
    await page.goBack();
    await page.locator(".chart-table summary").first().click();
    assert.match(await page.locator(".chart-table").first().innerText(), /usually/);
    await page.locator(".chart-table a").first().click();
    await page.waitForURL(/#\/mentions/);
    await close(page);
  });

  test("filters live in the address: they survive a reload and step back", async () => {
    const page = await open(browser, base, "#/mentions?brand=Acme&since=84d");
    await settled(page);
    await page.getByLabel("Polarity").selectOption("negative");
    await page.waitForURL(/polarity=negative/);
    await page.getByLabel("Search").fill("charged twice");
    await page.waitForURL(/search=charged/);
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel("Search").inputValue(), "charged twice");
    for (const text of await page.locator(".post-text").allInnerTexts()) assert.match(text, /charged twice/);
    await page.getByText("Clear", { exact: true }).click();
    await page.waitForFunction(() => !location.hash.includes("search"));
    await page.goBack();
    await page.waitForURL(/search=charged/);
    await close(page);
  });

  test("older mentions are added below", async () => {
    const page = await open(browser, base, "#/mentions?since=84d");
    await settled(page);
    assert.equal(await page.locator("article.post").count(), 30);
    await page.getByRole("button", { name: "Older mentions" }).click();
    await page.waitForFunction(() => document.querySelectorAll("article.post").length === 60);
    await close(page);
  });

  test("brand and period are picked in the head and stay through the views", async () => {
    const page = await open(browser, base, "#/incidents");
    await settled(page);
    await page.getByLabel("Period").selectOption("7d");
    await page.getByLabel("Brand").selectOption("Globex");
    await page.waitForURL(/brand=Globex&since=7d/);
    await settled(page);
    assert.match(await page.locator("main").innerText(), /None\. One appears/);
    await page.getByRole("link", { name: "Content", exact: true }).click();
    await page.waitForURL(/#\/ideas\?brand=Globex&since=7d/);
    await settled(page);
    assert.match(await page.locator("main").innerText(), /Three people who ask the same/);
    await close(page);
  });

  test("the keyboard reaches the content at once, and every view", async () => {
    const page = await open(browser, base);
    await settled(page);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
    await page.getByRole("link", { name: "Service", exact: true }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Service queue" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN");
    await close(page);
  });

  test("the theme can be changed and is remembered", async () => {
    const page = await open(browser, base);
    await settled(page);
    await page.getByRole("button", { name: "Dark" }).click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await page.reload();
    await settled(page);
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await close(page);
  });

  test("an incident shows its arithmetic and the mentions behind it", async () => {
    const page = await open(browser, base, "#/incident/1");
    await settled(page);
    assert.match(await page.locator("main").innerText(), /8 ≥ max\(5, 3 × 0\.8, 0\.8 \+ 5 × 1\.34\) = max\(5, 2\.4, 7\.5\) = 7\.5/);
    await page.getByRole("link", { name: "61 people" }).click();
    await page.waitForURL(/incident=1/);
    await settled(page);
    assert.equal(await page.locator("article.post").count(), mock.incident.mention_ids.length);
    await close(page);
  });
});
