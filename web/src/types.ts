// The shapes of docs/api.md. Ids are strings, times RFC 3339 in UTC.
export type { Estimate } from "./findings";

export type Polarity = "negative" | "neutral" | "positive" | "unscored";

export interface Session { tokens_needed: boolean; scopes: string[]; version: string }
export interface Brands { brands: string[]; default: string }

export interface Mention {
  id: string; brand: string; platform: string; source: string; native_id: string; created_at: string;
  author: string; url: string; title: string; text: string; deleted: boolean; match: string;
  polarity: Polarity; score: number; issues: string[]; intents: string[];
  products: { product: string; polarity: Polarity; score: number }[];
  question: boolean; complaint: boolean; urgency: number; severity: number; lang: string;
  lexicon_version: number; labelled?: boolean;
}

/** Where a verdict comes from: UTF-8 bytes of the text; begin == end has no place. */
export interface Evidence { begin: number; end: number; term: string; rule: string; weight: number }

export interface Verdict {
  brand: string; match: string; polarity: Polarity; score: number;
  probabilities: { negative: number; neutral: number; positive: number };
  urgency: number; severity: number; reasons: string[]; lexicon_version: number; evidence: Evidence[];
}
export interface ExplainedMention { mention: Mention; verdicts: Verdict[] }
export interface MentionPage { mentions: Mention[]; next: string | null }

export interface Usual { value: number | null; usual: number; spread: number; weeks: number; z: number | null }
export interface Period {
  from: string; until: string; mentions: number; positive: number; neutral: number; negative: number;
  unscored: number; questions: number; complaints: number; reach: number; own: number; spam: number;
  authors: number; negative_authors: number; gap_hours: number; net_sentiment: number | null;
}
export interface IssueRow { issue: string; mentions: number; negative: number; share: number; week: Usual }
export interface SourceRow { source: string; mentions: number; negative: number; own: number; spam: number; gap_hours: number }
export interface Overview {
  brand: string; since: string; until: string; newest: string | null; total: Period; last_week: Period;
  against_usual: { volume: Usual; authors: Usual; net_sentiment: Usual; negative_author_share: Usual };
  days: Period[]; sources: SourceRow[]; issues: IssueRow[];
  products: { product: string; mentions: number; positive: number; neutral: number; negative: number; net_sentiment: number | null }[];
  languages: { lang: string; mentions: number; unscored: number }[];
  share_of_voice: { brand: string; mentions: number; share: number; net_sentiment: number | null }[];
  gaps: Gap[]; incidents_open: number; waiting: number; formula: string;
}
export interface Gap { source: string; stream: string; from: string; to: string; reason: string; rate?: number | null }

export interface Series {
  brand: string; step: "hour" | "day"; at: number[]; mentions: number[]; positive: number[]; neutral: number[];
  negative: number[]; net_sentiment: (number | null)[]; expected: (number | null)[]; spread: (number | null)[];
  expected_net_sentiment: (number | null)[]; spread_net_sentiment: (number | null)[]; gap: boolean[];
}

export interface Quote { mention: string; at: string; source: string; author: string; url: string; text: string }
export interface Arithmetic {
  at: string; window_minutes: number; observed: number; expected: number; spread: number; threshold: number;
  ratio: number | null; z: number; weeks: number; hours: number; warm_up: boolean; gap_hours_left_out: number;
}
export interface Incident {
  id: string; brand?: string; issue: string; state: "open" | "closed" | "dismissed"; title: string; severity: number;
  started_at: string; detected_at: string; last_at: string; authors: number; mentions: number; echoes: number;
  expected: number; threshold: number; first_mention: string | null; owner: string | null; note: string | null;
  acknowledged_at: string | null; dismissed_at?: string | null; advised_at?: string | null; mention_ids: string[];
  /** Unhappy posts of it under which somebody else took the brand's part. */
  cover?: { negative: number; defended: number; defenders: number; ratio: number | null; evidence: string[] };
  details: {
    issues?: string[]; arithmetic?: Arithmetic; peak?: Arithmetic; hours?: { hour_at: string; authors: number }[];
    sources?: { source: string; mentions: number; authors: number }[];
    severity?: { score: number; height: number; duration: number; echoes: number; sources: number };
    reasons?: { phrase: string; authors: number }[]; words?: { word: string; authors: number }[]; exemplars?: Quote[];
  };
}

export interface Advisory { incident: string; post: string; to_check: string[]; threads: Quote[] }

export type QueueState = "waiting" | "done" | "snoozed" | "dismissed";
export interface Waiting {
  mention: Mention; priority: number; reasons: Record<string, number>; owner: string | null; state: QueueState;
  due_at?: string | null;
}
export interface Queue { waiting: Waiting[]; at_risk: number }

/** High is null where there is no upper bound. */
export interface Ratio { value: number | null; low: number; high: number | null }

export const idea_states = ["new", "accepted", "writing", "published", "rejected"] as const;
export type IdeaState = (typeof idea_states)[number];
export interface Idea {
  id: string; brand?: string; key: string; state: IdeaState; title: string; askers: number; mentions: number;
  unanswered: number; trend: number; score: number; first_at: string; last_at: string; owner: string | null;
  due: string | null; url: string | null; note: string | null; mention_ids: string[]; published_at?: string | null;
  effect?: {
    verdict: "fell" | "rose" | "no change yet" | "too early"; asked_before: number; weeks_before: number; asked_after: number;
    weeks_after: number; ratio: Ratio; sentence: string;
  } | null;
  move?: { direction: "" | "rising" | "falling"; week: number; before: number; weeks_before: number; ratio: Ratio };
  answer?: { mention: string; by: "brand" | "peer"; thanked: number } | null;
  page?: { url: string; title: string; score: number; terms: string[] } | null;
  details: {
    question?: string; quotes?: Quote[]; terms?: string[]; per_week?: number[];
    sources?: { source: string; mentions: number }[];
  };
}

export const outcomes = ["converted", "converted_alone", "relieved", "angry", "silent", "unanswered", "open"] as const;
export type Outcome = (typeof outcomes)[number];
export interface Journey {
  outcome: Outcome; fallen: boolean; began_at: string; issue: string | null; author_handle: string;
  rant: Mention | null; reply: Mention | null; last: Mention | null;
}
export interface Journeys { journeys: Journey[]; counts: Partial<Record<Outcome, number>> }

export interface Range { low: number; expected: number; high: number }
export interface Assumptions {
  currency: string; from: string | null; saved_customer: Range | null; cost_per_contact: Range | null;
  leaves_unanswered: Range | null;
}
export type Month = Record<Outcome, number> & {
  month: string; converted_share: number | null; saved: Range | null; assumptions: Assumptions | null;
};
export interface Roi {
  brand: string; since: string; until: string;
  response: {
    contacts: number; answered: number; settled: number; answered_share: number | null; median_s: number | null;
    open_median_s?: number | null; late?: number;
  };
  months: Month[];
  conversions: { rant_mention: string; reply_mention: string | null; happy_mention: string }[];
  waiting_people: number; saved: Range | null; exposure: Range | null; spared: Range | null;
  assumptions: Assumptions | null;
}

export interface Source {
  source: string; connector: string; state: string; last_ok_at: string | null; next_poll_at: string | null;
  last_push_at?: string | null; last_error: string; fail_count: number; received: number; stored: number; duplicate: number; updated: number;
  unmatched: number; malformed: number; quota?: { limit: number | null; remaining: number; resets_at: string | null } | null;
  poll_rate?: number | null;
  hydrate?: { at: string; asked: number; gone: number; overdue: number; oldest_at: string | null } | null;
}
export type Permission = "unknown" | "allowed" | "forbidden";
/** What a platform's own rules say, and by rule the document they are from. */
export interface Legal {
  source: string; text: Permission; author: Permission; raw: Permission; days: number | null; deletion_hours: number | null;
  no_inference: string[]; documents: Record<string, string>;
}
export interface Sources { sources: Source[]; gaps: Gap[]; legal?: Legal[] }
export interface Label {
  mention: Mention; polarity: Polarity | null; issues: string[] | null; note: string; by: string; at: string;
}

export const issue_types = [
  "outage", "bug", "performance", "usability", "feature_request", "product_quality", "damaged_item", "lost_item",
  "delivery", "delay", "cancellation", "booking_order", "billing", "refund", "price", "account", "security", "privacy",
  "customer_service", "staff_behaviour", "availability", "expectation_gap", "safety", "how_to", "praise", "other",
] as const;
export const intents = [
  "question", "complaint", "praise", "request", "suggestion", "purchase_intent", "churn_threat", "recommendation",
  "thanks", "spam",
] as const;
