// What the jobs found, page by page: figures lead to their mentions, actions reach the daemon, strangers' words stay words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Mock } from "../mock/server.mjs";
import { launch } from "./chromium.mjs";
import { assert_accessible, close, open, settled } from "./page.mjs";

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
const main = (page) => page.locator("main").innerText();
async function at(hash) {
  const page = await open(browser, base, hash);
  await settled(page);
  return page;
}

describe("hostile words", () => {
  for (const hash of ["#/praise", "#/promises", "#/replies", "#/people?kind=raver", "#/signals?kind=referral", "#/misled", "#/misled/1", "#/misled/2", "#/campaigns",
    "#/drivers", "#/kpis", "#/reports", "#/faq", "#/sources", "#/mentions?misled=1"]) {
    test(`stay words on ${hash}`, async () => {
      const page = await at(hash);
      assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
      assert.equal(await page.locator("main :is(script, img, iframe, i)").count(), 0);
      assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
      assert.match(await main(page), /<(script|b|i)>/);
      await close(page);
    });
  }
});

describe("service", () => {
  test("who is overdue, and what is at stake with every assumption", async () => {
    const page = await at("#/queue");
    const text = await main(page);
    assert.match(text, /overdue for 4\d min/);
    assert.match(text, /444 EUR \(111 to 1,776\) at risk: 37 people × 10 % \(5 % to 20 %\) who leave × 120 EUR \(60 to 240\)/);
    assert.match(text, /urgent 1 h, less urgent 4 h, the rest –/);
    assert.equal(await page.locator(".queue-item").nth(2).locator("time.tag").count(), 0);
    await close(page);
  });

  test("praise is thanked for, taken back, and left", async () => {
    const page = await at("#/praise");
    const ids = mock.praise.map((p) => p.mention.id);
    const items = page.locator(".queue-item");
    const count = await items.count();
    assert.equal(count, ids.length);
    await items.nth(1).getByRole("button", { name: "Thanked" }).click();
    await page.waitForFunction((n) => document.querySelectorAll(".queue-item").length === n, count - 1);
    assert.deepEqual(last(), { path: `queue/${ids[1]}`, body: { brand: "Acme", state: "done" } });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction((n) => document.querySelectorAll(".queue-item").length === n, count);
    assert.equal(last().body.state, "waiting");
    await items.nth(0).getByRole("button", { name: "Not needed" }).click();
    await changed(3);
    assert.deepEqual(last(), { path: `queue/${ids[0]}`, body: { brand: "Acme", state: "dismissed" } });
    const say = items.nth(1).getByRole("link", { name: /Say thanks/ });
    assert.match(await say.getAttribute("rel"), /noopener noreferrer/);
    await close(page);
  });

  test("promises by state, each with what was written before and after", async () => {
    const page = await at("#/promises");
    await page.getByRole("link", { name: /^Missed/ }).click();
    await page.waitForURL(/state=missed/);
    await settled(page);
    assert.equal(await page.locator("main .rows > li").count(), 2);
    await page.getByRole("combobox", { name: "State", exact: true }).selectOption("kept");
    await page.waitForURL(/state=kept/);
    await settled(page);
    assert.match(await main(page), /Kept with/);
    await page.locator(".step a").first().click();
    await page.waitForURL(/#\/mention\/\d+/);
    await close(page);
  });

  test("a draft for followers is asked for, and stays words", async () => {
    const page = await at("#/incident/1");
    await page.getByRole("button", { name: "Draft a post for followers" }).click();
    const draft = page.getByLabel("To check and to post; it names nobody");
    assert.match(await draft.inputValue(), /<script>[^]*\[time\]/);
    await draft.fill("We know of it, and say more by noon.");
    assert.match(await main(page), /is it so\?/);
    assert.ok((await page.locator('[aria-labelledby="advisory-title"] a[rel~="noopener"]').count()) > 0);
    await assert_accessible(page, "draft");
    await page.getByRole("button", { name: "Followers were told" }).click();
    await changed(1);
    assert.deepEqual(last(), { path: "incidents/1", body: { state: "advised" } });
    await page.getByText(/Followers were told \w+/).waitFor();
    await close(page);
  });

  test("answers against targets lead to those who asked", async () => {
    const page = await at("#/replies");
    assert.match(await main(page), /41 people waited longer/);
    assert.match(await main(page), /30 % \(25 to 35\)/);
    await page.getByRole("link", { name: "120" }).click();
    await page.waitForURL(/contact=true.*counted=true.*source=mastodon/);
    await settled(page);
    assert.match(await main(page), /asking for an answer/);
    await close(page);
  });
});

describe("misled", () => {
  test("a claim's people, its rate with an interval, and the edit that helped", async () => {
    const page = await at("#/misled");
    await page.getByRole("link", { name: "“Unlimited calls”" }).click();
    await page.waitForURL(/#\/misled\/1/);
    await settled(page);
    const text = await main(page);
    assert.match(text, /1\.0 % \(0\.7 to 1\.4\)/);
    assert.match(text, /Words changed .*: fell/);
    await page.getByRole("link", { name: "14 people" }).click();
    await page.waitForURL(/misled=1/);
    await settled(page);
    assert.equal(await page.locator("article.post").count(), 14);
    await close(page);
  });

  test("changed words are kept with their day", async () => {
    const page = await at("#/misled/1");
    const save = page.getByRole("button", { name: "The words were changed" });
    assert.ok(await save.isDisabled());
    await page.getByLabel("The words as they stand now").fill("500 minutes of calls");
    await page.getByLabel(/Changed on/).fill("2026-11-20");
    await save.click();
    await changed(1);
    assert.deepEqual([last(), mock.methods[0]], [{ path: "claims/1", body: { text: "500 minutes of calls", edited_at: "2026-11-20" } }, "PATCH"]);
    await page.getByText("Unlimited calls", { exact: true }).waitFor();
    await close(page);
  });

  test("campaigns and claims are added, and an end is moved and taken away", async () => {
    const page = await at("#/campaigns");
    assert.deepEqual(await page.locator("#calendar-title, table .tag").evaluateAll((all) => all.map((e) => e.textContent)), ["Campaigns", "planned", "running", "over"]);
    await page.getByLabel("Name of the campaign").fill("Fibre week");
    await page.locator("section[aria-labelledby=add-campaign-title]").getByLabel("From").fill("2026-12-01");
    await page.locator("section[aria-labelledby=add-campaign-title]").getByLabel(/Last day/).fill("2026-12-07");
    await page.getByRole("button", { name: "Add campaign" }).click();
    await changed(1);
    assert.deepEqual(last(), { path: "campaigns", body: { brand: "Acme", name: "Fibre week", from: "2026-12-01", to: "2026-12-07" } });
    await page.locator("table").getByText("Fibre week").waitFor();
    const end = page.getByLabel("Last day of Winter");
    await end.fill("");
    await page.getByRole("button", { name: "Keep" }).click();
    await changed(2);
    assert.deepEqual([last(), mock.methods[1]], [{ path: "campaigns/3", body: { to: null } }, "PATCH"]);
    await page.getByLabel("What you promise").fill("Back in an hour");
    await page.getByLabel("Said since").fill("2026-11-01");
    await page.getByLabel("Part of the campaign").selectOption({ label: "Fibre week" });
    await page.getByRole("button", { name: "Add claim" }).click();
    await changed(3);
    assert.deepEqual(last(), { path: "claims", body: { brand: "Acme", text: "Back in an hour", from: "2026-11-01", campaign: "4" } });
    await page.locator("q").getByText("Back in an hour", { exact: true }).waitFor();
    await assert_accessible(page, "campaigns after adding");
    await close(page);
  });
});

describe("people", () => {
  test("each has two posts that show the stance, and a role leads to its evidence", async () => {
    const page = await at("#/people?kind=raver");
    const card = page.locator(".people > li").nth(1);
    assert.equal(await card.locator(".step").count(), 2);
    assert.match(await card.innerText(), /Before,[\s\S]*Why raver/);
    await card.getByRole("link", { name: /customer/ }).click();
    await page.waitForURL(/#\/mention\/\d+/);
    await page.goBack();
    await settled(page);
    await page.getByRole("combobox", { name: "Who", exact: true }).selectOption("bot");
    await page.waitForURL(/kind=bot/);
    await page.getByText(/None\. Bots/).waitFor();
    await close(page);
  });

  test("the matrix by month, and signals with their reasons", async () => {
    const page = await at("#/moves");
    assert.match(await page.locator(".matrix").innerText(), /Ranter\s+–\s+–\s+9/);
    await page.getByRole("combobox", { name: "Month", exact: true }).selectOption("2026-10");
    await page.waitForURL(/month=2026-10/);
    assert.match(await page.locator(".matrix").innerText(), /Ranter\s+–\s+–\s+6/);
    await page.getByRole("link", { name: "What they tell" }).click();
    await page.waitForURL(/#\/signals/);
    await page.getByRole("combobox", { name: "What", exact: true }).selectOption("switched_to");
    await page.waitForURL(/kind=switched_to/);
    await settled(page);
    assert.match(await main(page), /named Globex <b>Plus<\/b>[\s\S]*because <script>/);
    await page.getByRole("link", { name: "in reply to" }).first().click();
    await page.waitForURL(/#\/mention\/\d+/);
    await close(page);
  });

  test("an incident names its defenders", async () => {
    const page = await at("#/incident/1");
    await page.getByRole("link", { name: /2 defenders under 3 of 60 unhappy posts/ }).click();
    await page.waitForURL(/ids=/);
    await settled(page);
    assert.equal(await page.locator("article.post").count(), 3);
    await close(page);
  });
});

describe("content", () => {
  test("what rose and fell, and what a published answer changed", async () => {
    Object.assign(mock.ideas[3], { state: "published", url: "https://help.example/x", published_at: "2026-11-01T00:00:00Z",
      effect: { verdict: "fell", asked_before: 20, weeks_before: 4, asked_after: 4, weeks_after: 4, ratio: { value: 0.2, low: 0.08, high: 0.5 }, sentence: "Published 2026-11-01: asked 5.0 times a week before, 1.0 after" } });
    const page = await at("#/movers");
    assert.match(await page.locator("section[aria-labelledby=rising-title]").innerText(), /invoices[\s\S]*at least 1\.3/);
    assert.match(await page.locator("section[aria-labelledby=falling-title]").innerText(), /wifi/);
    await page.locator("section[aria-labelledby=effects-title]").getByRole("link", { name: /engineer/ }).click();
    await page.waitForURL(/#\/idea\/4/);
    await settled(page);
    assert.match(await page.locator("section[aria-labelledby=effect-title]").innerText(), /fell[\s\S]*0\.2 \(0\.08 to 0\.5\) times as often/);
    await close(page);
  });

  test("the FAQ is shown and saved in both forms", async () => {
    const page = await at("#/faq");
    for (const [form, name, holds] of [["markdown", "acme-faq.md", "# Questions"], ["jsonld", "acme-faq.json", "FAQPage"]]) {
      await page.getByRole("combobox", { name: "Form", exact: true }).selectOption(form);
      await page.getByText(holds).first().waitFor();
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
      assert.equal(file.suggestedFilename(), name);
      assert.ok(readFileSync(await file.path(), "utf8").includes(holds));
    }
    await close(page);
  });
});

describe("figures", () => {
  test("contributions as shown add up to the whole as shown, folded or not, and lead to their mentions", async () => {
    const page = await at("#/drivers");
    const column = (n) => page.locator(`.contributions tbody tr td:nth-child(${n}), .contributions tfoot tr td:nth-child(${n})`).allInnerTexts();
    for (const all of [false, true]) {
      if (all) await page.getByRole("button", { name: /Show all 15/ }).click();
      for (const n of [2, 4, 5]) {
        const values = (await column(n)).map((text) => Math.round(Number(text.replace("\u2212", "-").replace("+", "")) * 1000));
        assert.equal(values.length, all ? 16 : 14);
        assert.equal(values.slice(0, -1).reduce((a, b) => a + b, 0), values[values.length - 1]);
      }
    }
    await page.getByRole("link", { name: "Outage" }).click();
    await page.waitForURL(/#\/mentions\?counted=true&brand=Acme&issue=outage&since=20/);
    await close(page);
  });

  test("a brand beside others, what is usual of an issue, and targets lead on", async () => {
    const page = await at("#/benchmark");
    assert.match(await main(page), /70 % \(65 to 75\)[\s\S]*Not listened to: Initech/);
    await page.getByRole("link", { name: "What is usual" }).click();
    await page.waitForURL(/#\/usual/);
    await page.getByRole("combobox", { name: "Issue", exact: true }).selectOption("privacy");
    await page.getByText("Nothing is known yet").waitFor();
    await page.getByRole("combobox", { name: "Issue", exact: true }).selectOption("billing");
    await page.locator(".heat").waitFor();
    assert.equal(await page.locator(".heat tbody td[title]").count(), 168);
    await page.getByRole("link", { name: "Targets" }).click();
    await page.waitForURL(/#\/kpis/);
    await settled(page);
    assert.match(await main(page), /42\.0 %[\s\S]*≥ 50\.0 %[\s\S]*missed[\s\S]*2 h[\s\S]*≤ 4 h[\s\S]*met/);
    await page.getByRole("link", { name: "2 h" }).click();
    await page.waitForURL(/#\/replies/);
    await close(page);
  });

  test("charts say how far to trust them, and where nobody has measured", async () => {
    const page = await at("#/overview");
    assert.match(await page.locator("section[aria-labelledby=net-title]").innerText(), /not measured yet\. Review 20 posts/);
    assert.match(await page.locator("section[aria-labelledby=issues-title]").innerText(), /Issue types: not measured yet/);
    const m = mock.story.mentions[7];
    mock.labels.set(m.id, { mention: m });
    await page.reload();
    await settled(page);
    await page.getByText(/Sentiment, measured on 34 labels: right in 85 % \(80 to 90\), “negative” is right in 81 % \(76 to 86\)/).first().waitFor();
    await page.getByText(/Issue types, measured on 3 labels: right in 70 %/).first().waitFor();
    await close(page);
  });
});

describe("reports", () => {
  test("each is read here, opened, and saved with links to this very place", async () => {
    const page = await at("#/reports");
    await page.getByText("Acme: brief").waitFor();
    assert.ok(!(await main(page)).includes("earshot mentions"), "commands are for terminals");
    await page.getByRole("combobox", { name: "Report", exact: true }).selectOption("executive");
    await page.getByRole("combobox", { name: "Over", exact: true }).selectOption("84");
    await page.waitForURL(/kind=executive&days=84|days=84.*kind=executive/);
    await page.getByText("Acme: executive").waitFor();
    const address = await page.getByRole("link", { name: /^Open/ }).getAttribute("href");
    assert.match(address, /^api\/v1\/reports\/executive\?brand=Acme&format=html&days=84&links=dashboard$/);
    for (const [name, ending, holds] of [["HTML", "html", `href="${base}/#/mentions?brand=Acme"`], ["Markdown", "md", `](${base}/#/mentions`], ["CSV", "csv", `,${base}/#/mentions`]]) {
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: `Download ${name}` }).click()]);
      assert.match(file.suggestedFilename(), new RegExp(`^acme-executive-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`));
      assert.ok(readFileSync(await file.path(), "utf8").includes(holds), name);
    }
    await close(page);
  });

  test("print opens the page and asks its window", async () => {
    const page = await at("#/reports");
    await page.context().addInitScript(() => { globalThis.print = () => { globalThis.printed = true; }; });
    const [opened] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("button", { name: "Print" }).click()]);
    await opened.waitForFunction(() => globalThis.printed === true);
    await close(page);
  });

  test("a report that cannot be made says why, and is tried again", async () => {
    mock.failing.set("reports/", 503);
    const page = await open(browser, base, "#/reports");
    page.expected = [/Failed to load resource/];
    await page.getByText("Service unavailable").waitFor();
    mock.failing.clear();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Acme: brief").waitFor();
    await close(page);
  });
});

describe("sources and filters", () => {
  test("budgets, coverage and deliveries; what was given up is sent again", async () => {
    const page = await at("#/sources");
    const text = await main(page);
    assert.match(text, /99\.7 % of the last 7 days heard/);
    assert.match(text, /1 of 4 sources in trouble/);
    assert.match(text, /21 of 300 requests left, full again in (1 h|60 min)/);
    assert.match(text, /40 requests left/);
    assert.match(text, /Asked at 25 % of the rate wanted/);
    assert.match(text, /7 mentions not read again in time, the stalest since (2 days|50 h|2 d) ago/);
    assert.match(text, /last push 2 h ago/);
    assert.match(text, /sampled at 25 %/);
    await page.getByRole("button", { name: "Send again" }).click();
    await changed(1);
    assert.deepEqual(last(), { path: "deliveries/2/retry", body: {} });
    await page.waitForFunction(() => !document.body.innerText.includes("Send again"));
    await close(page);
  });

  test("the platform's rules, and from which document each is", async () => {
    const page = await at("#/sources");
    await page.getByText("Rules of the platform: 4 of 6 known, kept 30 days at most").click();
    const text = await main(page);
    assert.match(text, /Kept at most\s+30 days since it was last read \(Terms, 4\)/);
    assert.match(text, /Deletions follow within\s+24 hours/);
    assert.match(text, /Never derived\s+health/);
    assert.match(text, /Asked for again\s+900 mentions, of which 4 were gone/);
    assert.equal(await page.getByText("Rules of the platform: none are known").count(), 3);
    await close(page);
  });

  test("a daemon that tells no deliveries has none to show", async () => {
    mock.failing.set("deliveries", 404);
    const page = await open(browser, base, "#/sources");
    page.expected = [/404/];
    await settled(page);
    assert.equal(await page.getByRole("heading", { name: "Deliveries" }).count(), 0);
    assert.equal(await page.locator(".note.bad").count(), 0);
    await close(page);
  });

  test("mentions by language and product, in the address", async () => {
    mock.story.mentions[8].lang = "nl";
    mock.story.mentions[9].products = [{ product: "Acme Hub", polarity: "neutral", score: 0 }];
    const page = await at("#/mentions");
    await page.getByRole("combobox", { name: "Language", exact: true }).selectOption({ label: "Dutch" });
    await page.waitForURL(/lang=nl/);
    await settled(page);
    assert.equal(await page.locator("article.post").count(), 1);
    await page.getByText("Clear", { exact: true }).click();
    await page.getByRole("combobox", { name: "Product", exact: true }).selectOption("Acme Hub");
    await page.waitForURL(/product=Acme/);
    await settled(page);
    assert.equal(await page.locator("article.post").count(), 1);
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole("combobox", { name: "Product", exact: true }).inputValue(), "Acme Hub");
    await close(page);
  });
});
