import assert from "node:assert/strict";
import { test } from "node:test";
import { parse_json, path_of } from "../../src/api";
import { outside } from "../../src/parts/bits";
import { href_of, parse_route } from "../../src/route";

test("an address says everything and comes back as it was", () => {
  const query = { brand: "A & B / C?", since: "7d", search: '"red light" 100% #x' };
  const href = href_of("mentions", "", query);
  assert.deepEqual(parse_route(href), { view: "mentions", id: "", query });
  assert.deepEqual(parse_route(href_of("mention", "a/b c", {})), { view: "mention", id: "a/b c", query: {} });
});

test("an address that makes no sense is the overview, not an error", () => {
  assert.equal(parse_route("").view, "overview");
  assert.equal(parse_route("#/").view, "overview");
  assert.equal(parse_route("#/mentions/%E0%A4%A?brand=%").view, "mentions");
});

test("what is empty is not asked for", () => {
  assert.equal(path_of("mentions", { brand: "Ä&", since: "", until: null, source: undefined, limit: 0 }), "mentions?brand=%C3%84%26&limit=0");
});

test("ids of 64 bits survive where the daemon wrote them as numbers", () => {
  const text = '{"mention":3555661740773172591,"at":-3555661740773172591,"share":0.07922642361111111,"big":1e22,"text":"id: 3555661740773172591, \\" 1234567890123456"}';
  assert.deepEqual(parse_json(text), {
    mention: "3555661740773172591", at: "-3555661740773172591", share: 0.07922642361111111, big: 1e22, text: 'id: 3555661740773172591, " 1234567890123456',
  });
  assert.throws(() => parse_json('{"a":1234567890123456'));
});

test("only http and https addresses become links", () => {
  assert.equal(outside("https://example.org/a"), "https://example.org/a");
  for (const url of ["javascript:alert(1)", "data:text/html,x", "//example.org", "", "JaVaScRiPt:1", " \u0001javascript:1"]) assert.equal(outside(url), null, url);
});
