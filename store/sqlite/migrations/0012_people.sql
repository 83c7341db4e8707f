-- Who people are to a brand, where they stand, who takes its part, and whether it keeps its word. Findings of the jobs;
-- they hold ids and places in the text, no words. What began before the jobs look back stays as it was last seen.

ALTER TABLE waiting ADD COLUMN due_at INTEGER;             -- by when it should be answered; NULL: no target
ALTER TABLE response_day ADD COLUMN open_median_s INTEGER; -- as median_s, in business hours; NULL: none are named
ALTER TABLE response_day ADD COLUMN open_slow_s INTEGER;
ALTER TABLE response_day ADD COLUMN late INTEGER NOT NULL DEFAULT 0;  -- not answered within their target

CREATE TABLE person_role (
  brand_id   INTEGER NOT NULL,
  author_key INTEGER NOT NULL,
  role       TEXT NOT NULL,                    -- customer, staff, press, bot, affiliate, community
  reason     TEXT NOT NULL,                    -- says_so, name_says_so, article, same_words, code, thanked
  mention_id INTEGER NOT NULL,                 -- that shows it
  PRIMARY KEY (brand_id, author_key, role)
) STRICT, WITHOUT ROWID;

-- Counts are of the last twelve weeks.
CREATE TABLE person (
  brand_id     INTEGER NOT NULL,
  author_key   INTEGER NOT NULL,
  stance       TEXT NOT NULL,                  -- unknown, neutral, ranter, raver, advocate, defender
  stance_at    INTEGER,
  mentions     INTEGER NOT NULL,
  praises      INTEGER NOT NULL,
  defences     INTEGER NOT NULL,
  referrals    INTEGER NOT NULL,
  reach        INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  last_mention INTEGER NOT NULL,
  PRIMARY KEY (brand_id, author_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_stance ON person (brand_id, stance, reach);

CREATE TABLE stance_step (
  brand_id       INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  author_key     INTEGER NOT NULL,
  to_stance      TEXT NOT NULL,
  from_stance    TEXT NOT NULL,
  before_mention INTEGER,                      -- what last showed where they stood
  after_mention  INTEGER,                      -- what moved them
  PRIMARY KEY (brand_id, at, author_key, to_stance)
) STRICT, WITHOUT ROWID;

CREATE TABLE defence (
  brand_id       INTEGER NOT NULL,
  mention_id     INTEGER NOT NULL,             -- the reply that takes the brand's part
  author_key     INTEGER NOT NULL,
  target_mention INTEGER NOT NULL,             -- somebody else's negative post
  PRIMARY KEY (brand_id, mention_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX defence_target ON defence (brand_id, target_mention);

CREATE TABLE person_event (
  brand_id       INTEGER NOT NULL,
  kind           TEXT NOT NULL,                -- referral, purchase_intent, churn_threat, switched_from, switched_to, peer_answer
  mention_id     INTEGER NOT NULL,
  author_key     INTEGER NOT NULL,
  about_mention  INTEGER,                      -- what it replies to; of a peer answer the question
  thanks_mention INTEGER,                      -- of a peer answer
  span_begin     INTEGER,                      -- bytes of the text that say so
  span_end       INTEGER,
  reason_begin   INTEGER,                      -- … that say why
  reason_end     INTEGER,
  PRIMARY KEY (brand_id, kind, mention_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE promise (
  brand_id        INTEGER NOT NULL,
  mention_id      INTEGER NOT NULL,            -- the brand's reply
  to_mention      INTEGER NOT NULL,            -- what it replies to
  author_key      INTEGER NOT NULL,            -- to whom it was made
  due_at          INTEGER NOT NULL,
  named           INTEGER NOT NULL,            -- 1: the reply names the time; 0: due by default
  state           TEXT NOT NULL,               -- open, kept, late, missed
  settled_at      INTEGER,
  settled_mention INTEGER,                     -- the later reply, or the customer's word that it is settled
  span_begin      INTEGER NOT NULL,
  span_end        INTEGER NOT NULL,
  PRIMARY KEY (brand_id, mention_id)
) STRICT, WITHOUT ROWID;

-- Praise that nobody thanked for; replaced whole whenever the job runs.
CREATE TABLE praise (
  brand_id   INTEGER NOT NULL,
  mention_id INTEGER NOT NULL,
  priority   INTEGER NOT NULL,                 -- 0 … 100
  reasons    TEXT NOT NULL,                    -- JSON: what the priority is made of, in points
  PRIMARY KEY (brand_id, mention_id)
) STRICT, WITHOUT ROWID;

-- What is to be said of the brand's own replies.
CREATE TABLE conduct (
  brand_id      INTEGER NOT NULL,
  kind          TEXT NOT NULL,                 -- canned: words used before; unanswered: a follow-up that was not answered
  mention_id    INTEGER NOT NULL,              -- the brand's reply
  about_mention INTEGER NOT NULL,              -- canned: the first reply in these words; unanswered: the follow-up
  times         INTEGER NOT NULL,              -- canned: how often these words were used, this reply included; else 1
  PRIMARY KEY (brand_id, kind, mention_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conduct_day (
  brand_id   INTEGER NOT NULL,
  day_at     INTEGER NOT NULL,                 -- of the reply, UTC
  replies    INTEGER NOT NULL,
  canned     INTEGER NOT NULL,
  followups  INTEGER NOT NULL,                 -- replies after which the customer wrote again and wanted something
  unanswered INTEGER NOT NULL,                 -- … and the brand did not answer
  PRIMARY KEY (brand_id, day_at)
) STRICT, WITHOUT ROWID;
