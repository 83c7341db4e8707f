// Evidence is placed in UTF-8 bytes, as the daemon stores text; the browser counts UTF-16 units. Pure.
import type { Evidence } from "./types";

/** A piece of text and all evidence that covers it. */
export interface Segment { text: string; evidence: Evidence[] }

/** For each byte offset the UTF-16 offset; one that falls inside a character is moved to its beginning. */
export function utf16_offsets(text: string, bytes: number[]): number[] {
  const order = bytes.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const out = new Array<number>(bytes.length).fill(text.length);
  let byte = 0;
  let unit = 0;
  let next = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let item = order[next]; item && item.value < byte + size; item = order[++next]) out[item.index] = unit;
    byte += size;
    unit += character.length;
  }
  return out;
}

/** The text cut wherever evidence begins or ends. The pieces joined are the text. */
export function segments(text: string, evidence: Evidence[]): Segment[] {
  const placed = evidence.filter((e) => e.end > e.begin);
  const begins = utf16_offsets(text, placed.map((e) => e.begin));
  const ends = utf16_offsets(text, placed.map((e) => e.end));
  const cuts = [...new Set([0, text.length, ...begins, ...ends])].sort((a, b) => a - b);
  const out: Segment[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = cuts[i] ?? 0;
    const to = cuts[i + 1] ?? 0;
    const covering = placed.filter((_, k) => (begins[k] ?? 0) <= from && (ends[k] ?? 0) >= to);
    out.push({ text: text.slice(from, to), evidence: covering });
  }
  return out;
}

export type Tint = "negative" | "positive" | "topic" | "brand";

const feels = (e: Evidence) => !/^(issue|intent|brand|severity|urgency|reason)/.test(e.rule);

/**
 * What is worth marking: strong words and those that named a topic. Nearly every word weighs a little, and
 * marking all would mark nothing; what speaks of most of the text (severity) marks no place at all.
 */
export function notable(evidence: Evidence[], bytes: number): Evidence[] {
  return evidence.filter((e) => {
    if (e.end <= e.begin) return false;
    if (e.rule === "brand") return true;
    if (e.end - e.begin > Math.max(40, bytes * 0.6)) return false;
    if (feels(e)) return Math.abs(e.weight) >= 0.3;
    return /^(issue|intent)/.test(e.rule) && e.weight >= 0.8;
  });
}

/** What a piece speaks for: the sum of its sentiment weights decides; without any it is about the topic or the brand. */
export function tint(evidence: Evidence[]): Tint {
  let sum = 0;
  for (const e of evidence) if (feels(e)) sum += e.weight;
  if (sum !== 0) return sum < 0 ? "negative" : "positive";
  return evidence.every((e) => e.rule === "brand") ? "brand" : "topic";
}

/** Two steps of strength, for two shades. */
export function is_strong(evidence: Evidence[]): boolean {
  return evidence.some((e) => e.rule !== "brand" && Math.abs(e.weight) >= 1);
}

/** "sentiment −0.8, issue:outage +1.2", strongest first. */
export function reason(evidence: Evidence[]): string {
  return [...evidence]
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .map((e) => {
      const weight = Number(e.weight.toFixed(2));
      return weight === 0 ? e.rule : `${e.rule} ${weight < 0 ? "\u2212" : "+"}${Math.abs(weight)}`;
    })
    .join(", ");
}
