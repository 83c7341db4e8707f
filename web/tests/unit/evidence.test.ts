import assert from "node:assert/strict";
import { test } from "node:test";
import { is_strong, notable, reason, segments, tint, utf16_offsets } from "../../src/evidence";
import type { Evidence } from "../../src/types";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const evidence = (begin: number, end: number, rule = "sentiment", weight = -1): Evidence => ({ begin, end, term: "t", rule, weight });
const of = (text: string, words: string, rule = "sentiment", weight = -1) => {
  const begin = bytes(text.slice(0, text.indexOf(words)));
  return evidence(begin, begin + bytes(words), rule, weight);
};

test("bytes become UTF-16 units in every script", () => {
  for (const text of ["plain ascii here", "naïve café here", "日本語 here", "👩‍👩‍👧‍👦🔥 here", "שלום مرحبا here", "a\u0301\u202E here"]) {
    const at = text.indexOf("here");
    assert.deepEqual(utf16_offsets(text, [bytes(text.slice(0, at)), bytes(text)]), [at, text.length], text);
  }
});

test("an offset inside a character moves to its beginning, one behind the end to the end", () => {
  assert.deepEqual(utf16_offsets("a🔥b", [0, 1, 2, 3, 4, 5, 6, 99]), [0, 1, 1, 1, 1, 3, 4, 4]);
});

test("offsets are answered in the order they were asked for", () => {
  assert.deepEqual(utf16_offsets("éa", [3, 0, 2]), [2, 0, 1]);
});

test("segments joined are the text, whatever the evidence claims", () => {
  const text = "Zoë's 🔥 router: no internet at all שלום";
  let seed = 1;
  const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 300; round++) {
    const list = Array.from({ length: 6 }, () => evidence(random(80), random(80)));
    assert.equal(segments(text, list).map((s) => s.text).join(""), text);
  }
  assert.deepEqual(segments("", [evidence(0, 5)]), []);
});

test("evidence lies on its words, overlaps included", () => {
  const text = "👍 no internet at all";
  const cut = segments(text, [of(text, "no internet"), of(text, "internet at", "issue:outage", 1.2)]);
  assert.deepEqual(cut.map((s) => [s.text, s.evidence.length]), [["👍 ", 0], ["no ", 1], ["internet", 2], [" at", 1], [" all", 0]]);
});

test("what weighs little, spans most of the text or has no place is not marked", () => {
  const text = "the router is dead and nobody at all answers any of my many calls";
  const all = [of(text, "dead"), of(text, "the", "sentiment", -0.1), evidence(0, 0), evidence(0, bytes(text), "severity", 0.7),
    of(text, "router", "issue:outage", 0.9), of(text, "nobody", "issue:outage", 0.3)];
  assert.deepEqual(notable(all, bytes(text)), [all[0], all[4]]);
});

test("sentiment decides the colour, topics and brands have their own", () => {
  assert.equal(tint([evidence(0, 1, "sentiment", -1), evidence(0, 1, "issue:outage", 3)]), "negative");
  assert.equal(tint([evidence(0, 1, "sentiment", 0.5)]), "positive");
  assert.equal(tint([evidence(0, 1, "issue:outage", 3)]), "topic");
  assert.equal(tint([evidence(0, 1, "brand", 1)]), "brand");
  assert.ok(is_strong([evidence(0, 1, "sentiment", -1.2)]) && !is_strong([evidence(0, 1, "brand", 1)]));
});

test("the description names rule and weight, strongest first", () => {
  assert.equal(reason([evidence(0, 1, "sentiment", -0.314), evidence(0, 1, "issue:outage", 1.2), evidence(0, 1, "negation", 0)]),
    "issue:outage +1.2, sentiment −0.31, negation");
});
