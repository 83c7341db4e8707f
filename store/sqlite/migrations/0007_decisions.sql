-- What people decided. None of it is a finding: jobs that write findings anew leave it alone.

-- A person's judgement of a mention with regard to a brand. It stands over the rules' verdict in `verdict`, whatever is
-- scored again; what the rules say themselves is kept beside it and returns when the label is taken back.
CREATE TABLE label (
  mention_id      INTEGER NOT NULL,
  brand_id        INTEGER NOT NULL,
  source_id       INTEGER NOT NULL,            -- the mention's: accuracy outlives it
  polarity        INTEGER,                     -- −1, 0, 1; NULL: not judged
  issues          INTEGER,                     -- bit mask, 0 none applies; NULL: not judged
  top_issue       INTEGER,                     -- the one named first
  note            TEXT,                        -- goes with the mention's words
  labelled_by     TEXT,
  labelled_at     INTEGER NOT NULL,
  -- What the rules said when the label was given.
  said_polarity   INTEGER NOT NULL,
  said_issues     INTEGER NOT NULL,
  said_confidence INTEGER NOT NULL,            -- per mille: probability of that polarity; 0 unscored
  said_version    INTEGER NOT NULL,            -- lexicon
  -- What they say now.
  rule_polarity   INTEGER NOT NULL,
  rule_score      INTEGER NOT NULL,
  rule_p_negative INTEGER NOT NULL,
  rule_p_positive INTEGER NOT NULL,
  rule_issues     INTEGER NOT NULL,
  rule_top_issue  INTEGER,
  PRIMARY KEY (mention_id, brand_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX label_brand ON label (brand_id, labelled_at, mention_id);

ALTER TABLE verdict ADD COLUMN labelled INTEGER;  -- what a person said: 1 polarity, 2 issues, 3 both; NULL: nothing

-- An idea keeps its row while its question is asked or somebody took it up.
ALTER TABLE idea ADD COLUMN owner TEXT;
ALTER TABLE idea ADD COLUMN due INTEGER;
ALTER TABLE idea ADD COLUMN url TEXT;             -- where it was published
ALTER TABLE idea ADD COLUMN note TEXT;
ALTER TABLE idea ADD COLUMN decided_at INTEGER;

-- By what names an incident however often it is found anew.
CREATE TABLE incident_decision (
  brand_id        INTEGER NOT NULL,
  issue_id        INTEGER NOT NULL,
  detected_at     INTEGER NOT NULL,
  owner           TEXT,
  note            TEXT,
  acknowledged_at INTEGER,
  decided_at      INTEGER NOT NULL,
  PRIMARY KEY (brand_id, issue_id, detected_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting_decision (
  mention_id INTEGER NOT NULL,
  brand_id   INTEGER NOT NULL,
  author_key INTEGER NOT NULL,                    -- the mention's: who looks after a person goes on doing so
  state      TEXT NOT NULL,                       -- waiting, done, snoozed, dismissed
  owner      TEXT,
  until      INTEGER,                             -- of snoozed
  note       TEXT,                                -- goes with the mention's words
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (mention_id, brand_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_decision_author ON waiting_decision (brand_id, author_key, mention_id);
