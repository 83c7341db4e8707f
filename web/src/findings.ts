// Shapes of docs/api.md for people, campaigns, what moves sentiment, and how far to trust it.
import type { Mention, Polarity } from "./types";

export interface Estimate { value: number; low: number; high: number }

export interface Campaign { id: string; brand: string; name: string; from: string; to: string | null; url: string; note: string }
export interface Claim {
  id: string; brand: string; campaign: string | null; campaign_name: string; product: string; text: string;
  text_before: string; url: string; from: string; to: string | null; edited_at: string | null;
}
export interface Share { since: string; until: string; mentions: number; of: number; share: number; low: number; high: number }
export interface Misled {
  id: string; brand?: string; key: string; claim: string | null; title: string; people: number; mentions: number;
  first_at: string; last_at: string; told_at: string | null; mention_ids: string[];
  details: {
    claim?: { id: string; text: string; product: string; campaign: string; url: string } | null;
    share?: Share | null; all?: Share | null; before?: Share | null; change?: Estimate | null; raised?: boolean;
    edit?: { at: string; before: Share | null; after: Share | null; change: Estimate | null; verdict: string } | null;
    advice?: string; words?: { word: string; people: number }[];
    quotes?: { mention: string; at: string; source: string; author: string; url: string; text: string }[];
    sources?: { source: string; mentions: number }[];
  };
}

export const stances = ["advocate", "defender", "raver", "ranter"] as const;
export const roles = ["customer", "staff", "press", "bot", "affiliate", "community"] as const;
export const signals = ["referral", "purchase_intent", "churn_threat", "switched_from", "switched_to", "peer_answer"] as const;
export interface Person {
  author: string; stance: string; stance_at: string | null; mentions: number; praises: number; defences: number;
  referrals: number; reach: number; last_at: string; last_mention: string;
  roles: { role: string; reason: string; mention: string }[]; evidence: string[];
}
export interface Signal {
  kind: string; mention: Mention | null; about_mention: string | null; thanks_mention: string | null; words: string; reason: string;
}
export interface People { kind: string; people: Person[]; events: Signal[] }
export interface StanceMonth { month: string; from: string; to: string; people: number; steps: number }

export const promise_states = ["open", "kept", "late", "missed"] as const;
export interface PromiseRow {
  state: (typeof promise_states)[number]; words: string; to_author: string; due_at: string; named: boolean;
  settled_at: string | null; settled_mention: string | null; mention: Mention | null; to: Mention | null;
}
export interface Promises { promises: PromiseRow[]; counts: Record<(typeof promise_states)[number], number> }
export interface Praise { praise: { mention: Mention | null; priority: number; reasons: Record<string, number> }[] }
export interface Conduct {
  replies: number; canned: number; followups: number; unanswered: number;
  cases: { kind: "canned" | "unanswered"; times: number; mention: Mention | null; about: Mention | null }[];
}
export interface Answers {
  contacts: number; answered: number; settled: number; late: number; median_s: number | null;
  open_median_s: number | null; answered_share: Estimate | null;
}
export interface Responses {
  since: string; until: string; targets: { high_s: number | null; medium_s: number | null; low_s: number | null } | null;
  total: Answers; sources: (Answers & { source: string })[];
}

export interface Driver {
  issue: string; contribution: number; low: number; high: number; tone: number; mix: number; share: number; usual_share: number;
  net_sentiment: number | null; usual_net_sentiment: number | null; mentions: number; positive: number; negative: number;
  reasons: { phrase: string; authors: number }[]; mentions_url: string;
}
export interface Lag { lag_days: number; days: number; too_little: boolean; r: number | null; low: number | null; high: number | null }
export interface Drivers {
  since: string; until: string; usual_since: string; weeks: number; weeks_left_out: number; too_little: boolean;
  net_sentiment: number | null; usual_net_sentiment: number | null; difference: number; low: number; high: number;
  scored: number; usual_scored: number; drivers: Driver[];
  movement: { since: string; until: string; days: number; days_left_out: number; volume: Lag[]; own_posts: Lag[] };
}
export interface BrandFigures {
  brand: string; own: boolean; mentions: number; authors: number; positive: number; neutral: number; negative: number;
  negative_authors: number; share_of_voice: Estimate | null; net_sentiment: Estimate | null;
  negative_author_share: Estimate | null; contacts: number; answered: number; median_s: number | null; mentions_url: string;
}
export interface Benchmark { since: string; until: string; brands: BrandFigures[]; unknown: string[] }
export interface Kpi {
  name: string; metric: string; unit: string; actual: number | null; target: number | null; direction: "higher" | "lower";
  met: boolean | null; owner: string; problem: string; days: number; since: string; until: string;
}
export interface BaselineHours {
  metric: string; source: string; issue: string;
  hours: { hour_of_week: number; centre: number; spread: number; weeks: number; warm_up: boolean }[];
}
export interface Accuracy {
  lexicon_version: number | null; labels: number; agreement: Estimate | null;
  polarities: { polarity: Polarity; labels: number; precision: Estimate | null; recall: Estimate | null }[];
  issues: { labels: number; precision: Estimate | null; recall: Estimate | null } | null;
}
