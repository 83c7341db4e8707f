// Numbers, times and deviations in words. Pure; all times are UTC.
import type { Estimate, Range, Usual } from "./types";

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const minus = "\u2212";

export function number(value: number): string {
  return whole.format(value).replace("-", minus);
}
/** 12,345 as it is; 1.2M above a hundred thousand. */
export function big(value: number): string {
  return Math.abs(value) < 100_000 ? number(value) : short.format(value).replace("-", minus);
}
/** At most two digits after the point, none where they say nothing. */
export function decimal(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits))).replace("-", minus);
}
/** +0.12, −0.05, 0.00: how net sentiment is written. */
export function signed(value: number | null): string {
  if (value === null) return "–";
  const text = Math.abs(value).toFixed(2);
  return text === "0.00" ? text : (value < 0 ? minus : "+") + text;
}
export function percent(share: number | null, digits = 0): string {
  if (share === null) return "–";
  return `${(share * 100).toFixed(digits).replace("-", minus)} %`;
}
/** A share with its 95 % interval: "12 % (9 to 16)". */
export function estimate(share: Estimate | null, digits = 0): string {
  if (!share) return "–";
  const text = (value: number) => (value * 100).toFixed(digits).replace("-", minus);
  return `${text(share.value)} % (${text(share.low)} to ${text(share.high)})`;
}
/** A ratio with its interval, "0.55 (0.31 to 0.98)"; without an upper bound nothing is said of one. */
export function ratio(of: { value: number | null; low: number; high: number | null }): string {
  if (of.value === null) return "–";
  return `${decimal(of.value)} (${of.high === null ? `at least ${decimal(of.low)}` : `${decimal(of.low)} to ${decimal(of.high)}`})`;
}
/**
 * Values rounded to `digits` after the point so that they add up to their rounded sum exactly: those that rounding moved
 * farthest are rounded the other way.
 */
export function rounded_to_sum(values: number[], digits: number): number[] {
  const unit = 10 ** digits;
  const out = values.map((value) => Math.round(value * unit));
  const left = Math.round(values.reduce((sum, value) => sum + value, 0) * unit) - out.reduce((sum, value) => sum + value, 0);
  const step = Math.sign(left);
  const order = values.map((value, i) => [step * (value * unit - (out[i] ?? 0)), i] as const).sort((a, b) => b[0] - a[0]);
  for (const [, i] of order.slice(0, Math.abs(left))) out[i] = (out[i] ?? 0) + step;
  // Adding 0 makes −0 a plain one.
  return out.map((value) => value / unit + 0);
}
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
/** feature_request → feature request */
export function words(name: string): string {
  return name.replace(/_/g, " ");
}
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "de" as "German"; what the browser does not know stays as it is. */
export function language(code: string): string {
  if (code === "und") return "unknown";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number) => String(n).padStart(2, "0");

/** Fri 27 Nov */
export function day(at: number | string): string {
  const d = new Date(at);
  return `${names[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]}`;
}
/** 2026-11-27, as a field for a day wants it */
export function iso_day(at: string | null): string {
  return at ? at.slice(0, 10) : "";
}
/** 18:10 */
export function clock(at: number | string): string {
  const d = new Date(at);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}
/** Fri 27 Nov, 18:10 UTC */
export function moment(at: number | string): string {
  return `${day(at)}, ${clock(at)} UTC`;
}
/** 40 s, 12 min, 5 h, 3 d */
export function span(seconds: number): string {
  const s = Math.abs(seconds);
  if (s < 60) return `${Math.round(s)} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  if (s < 48 * 3600) {
    const hours = s / 3600;
    return hours < 10 && Math.round(hours * 10) % 10 !== 0 ? `${hours.toFixed(1)} h` : `${Math.round(hours)} h`;
  }
  return `${Math.round(s / 86400)} d`;
}
/** "12 min ago", "in 40 s"; "just now" within half a minute. */
export function relative(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (Math.abs(seconds) < 30) return "just now";
  return seconds > 0 ? `${span(seconds)} ago` : `in ${span(seconds)}`;
}

/** An amount and what it may be at least and at most: "3,480 EUR (1,740 to 6,960)". */
export function money(range: Range, currency: string): string {
  const digits = range.high < 100 && !Number.isInteger(range.expected) ? 2 : 0;
  const text = (n: number) => n.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text(range.expected)} ${currency} (${text(range.low)} to ${text(range.high)})`;
}

export type Tone = "calm" | "watch" | "alarm" | "unknown";
export interface Deviation { text: string; tone: Tone }

/** Below three weeks a baseline is warming up (docs/insight.md). */
const weeks_min = 3;

/** What a metric is: a count, net sentiment between −1 and 1, or a part of all. */
export type Kind = "count" | "net" | "part";

/**
 * How a value differs from what is usual, in plain words: "22 % above usual, 2.1 spreads".
 * Counts compare as a ratio, the others as a difference. Within one spread is as usual; two are worth a look, three unusual.
 */
export function deviation(usual: Usual, kind: Kind): Deviation {
  if (usual.value === null) return { text: "nothing was heard", tone: "unknown" };
  if (usual.weeks < weeks_min || usual.z === null) {
    return { text: `what is usual is not known yet (${usual.weeks} of ${weeks_min} weeks)`, tone: "unknown" };
  }
  const size = Math.abs(usual.z);
  if (size < 1) return { text: "as usual", tone: "calm" };
  const tone: Tone = size >= 3 ? "alarm" : size >= 2 ? "watch" : "calm";
  const side = usual.z > 0 ? "above" : "below";
  const difference = usual.value - usual.usual;
  const amount =
    kind === "net"
      ? Math.abs(difference).toFixed(2)
      : kind === "part"
      ? plural(Math.round(Math.abs(difference) * 100), "point")
      : usual.usual > 0
        ? `${number(Math.abs(difference / usual.usual) * 100)} %`
        : number(Math.abs(difference));
  return { text: `${amount} ${side} usual, ${size.toFixed(1)} spreads`, tone };
}
/** "usually 312 ± 40" */
export function usually(usual: Usual, kind: Kind): string {
  if (usual.weeks < 1) return "";
  if (kind === "part") return `usually ${percent(usual.usual)} ± ${number(usual.spread * 100)}`;
  if (kind === "count") return `usually ${number(usual.usual)} ± ${number(usual.spread)}`;
  return `usually ${decimal(usual.usual)} ± ${decimal(usual.spread)}`;
}
