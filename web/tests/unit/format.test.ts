import assert from "node:assert/strict";
import { test } from "node:test";
import { big, clock, day, decimal, deviation, moment, money, number, percent, plural, ratio, relative, rounded_to_sum, estimate, signed, span, usually, words } from "../../src/format";
import type { Usual } from "../../src/types";

const usual = (value: number | null, centre: number, spread: number, weeks = 8): Usual => ({
  value, usual: centre, spread, weeks, z: value === null ? null : (value - centre) / spread,
});

test("numbers", () => {
  assert.equal(number(1234567), "1,234,567");
  assert.equal(number(-5), "−5");
  assert.equal(big(99_999), "99,999");
  assert.equal(big(10_400_000), "10.4M");
  assert.equal(decimal(0.079), "0.08");
  assert.equal(decimal(-2), "−2");
  assert.equal(percent(0.345), "35 %");
  assert.equal(percent(null), "–");
  assert.equal(plural(1, "person", "people"), "1 person");
  assert.equal(plural(1200, "mention"), "1,200 mentions");
  assert.equal(words("feature_request"), "feature request");
});

test("net sentiment carries its sign", () => {
  assert.deepEqual([0.123, -0.05, 0, -0.001, 1, null].map(signed), ["+0.12", "−0.05", "0.00", "0.00", "+1.00", "–"]);
});

test("times are UTC", () => {
  assert.equal(day("2026-11-27T00:30:00Z"), "Fri 27 Nov");
  assert.equal(clock("2026-11-27T05:07:59Z"), "05:07");
  assert.equal(moment("2026-02-28T23:59:00+02:00"), "Sat 28 Feb, 21:59 UTC");
});

test("spans and distances", () => {
  assert.deepEqual([0, 59, 60, 3599, 3600, 5400, 16740, 36_000, 172_800].map(span), ["0 s", "59 s", "1 min", "60 min", "1 h", "1.5 h", "4.7 h", "10 h", "2 d"]);
  const now = Date.parse("2026-11-27T12:00:00Z");
  assert.equal(relative("2026-11-27T11:59:40Z", now), "just now");
  assert.equal(relative("2026-11-27T11:48:00Z", now), "12 min ago");
  assert.equal(relative("2026-11-27T12:00:40Z", now), "in 40 s");
});

test("money always has its range", () => {
  assert.equal(money({ low: 1740, expected: 3480, high: 6960 }, "EUR"), "3,480 EUR (1,740 to 6,960)");
  assert.equal(money({ low: 0.5, expected: 2.25, high: 4 }, "EUR"), "2.25 EUR (0.50 to 4.00)");
});

test("deviation in plain words", () => {
  assert.deepEqual(deviation(usual(421, 345, 36), "count"), { text: "22 % above usual, 2.1 spreads", tone: "watch" });
  assert.deepEqual(deviation(usual(100, 345, 36), "count"), { text: "71 % below usual, 6.8 spreads", tone: "alarm" });
  assert.deepEqual(deviation(usual(-0.2, -0.02, 0.12), "net"), { text: "0.18 below usual, 1.5 spreads", tone: "calm" });
  assert.deepEqual(deviation(usual(0.35, 0.25, 0.03), "part"), { text: "10 points above usual, 3.3 spreads", tone: "alarm" });
  assert.equal(usually(usual(0.35, 0.25, 0.03), "part"), "usually 25 % ± 3");
  assert.deepEqual(deviation(usual(350, 345, 36), "count"), { text: "as usual", tone: "calm" });
  assert.deepEqual(deviation(usual(6, 0, 1), "count"), { text: "6 above usual, 6.0 spreads", tone: "alarm" });
});

test("what is not known is said, not guessed", () => {
  assert.equal(deviation(usual(null, 1, 1), "net").tone, "unknown");
  assert.equal(deviation(usual(5, 1, 1, 2), "count").text, "what is usual is not known yet (2 of 3 weeks)");
  assert.equal(usually(usual(5, 1, 1, 0), "count"), "");
  assert.equal(usually(usual(5, 345.2, 36.4), "count"), "usually 345 ± 36");
});

test("rounded parts add up to the rounded whole", () => {
  assert.deepEqual(rounded_to_sum([], 3), []);
  assert.deepEqual(rounded_to_sum([0.0004, 0.0004, 0.0004], 3), [0.001, 0, 0]);
  assert.deepEqual(rounded_to_sum([-0.0004, -0.0004, -0.0004], 3), [-0.001, 0, 0]);
  let state = 5;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  for (let n = 1; n < 200; n++) {
    const values = Array.from({ length: n }, random);
    const out = rounded_to_sum(values, 3);
    const whole = Math.round(values.reduce((a, b) => a + b, 0) * 1000);
    assert.equal(out.reduce((a, b) => a + Math.round(b * 1000), 0), whole);
    out.forEach((value, i) => assert.ok(Math.abs(value - (values[i] ?? 0)) < 0.00151));
  }
});

test("shares and ratios with their intervals", () => {
  assert.equal(estimate({ value: 0.123, low: 0.09, high: 0.164 }), "12 % (9 to 16)");
  assert.equal(estimate(null), "–");
  assert.equal(ratio({ value: 0.55, low: 0.31, high: 0.98 }), "0.55 (0.31 to 0.98)");
  assert.equal(ratio({ value: 2, low: 1.1, high: null }), "2 (at least 1.1)");
  assert.equal(ratio({ value: null, low: 0, high: null }), "–");
});
