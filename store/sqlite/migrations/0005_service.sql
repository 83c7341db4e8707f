-- Who waits for an answer, how soon answers came, and how the stories of unhappy customers went on.

-- Replaced whole whenever the job runs.
CREATE TABLE waiting (
  brand_id   INTEGER NOT NULL,
  mention_id INTEGER NOT NULL,
  priority   INTEGER NOT NULL,                 -- 0 … 100
  reasons    TEXT NOT NULL,                    -- JSON: what the priority is made of, in points
  PRIMARY KEY (brand_id, mention_id)
) STRICT, WITHOUT ROWID;

-- One row per day (UTC) on which somebody wrote what should be answered; recent days are counted anew.
CREATE TABLE response_day (
  brand_id   INTEGER NOT NULL,
  day_at     INTEGER NOT NULL,
  source_id  INTEGER NOT NULL,
  contacts   INTEGER NOT NULL,                 -- that should be answered
  answered   INTEGER NOT NULL,                 -- … and were, by the brand
  settled    INTEGER NOT NULL,                 -- … and were not, but their author was content later
  median_s   INTEGER,                          -- seconds to the brand's first reply, of those answered
  slow_s     INTEGER,                          -- … within which nine of ten were answered
  PRIMARY KEY (brand_id, day_at, source_id)
) STRICT, WITHOUT ROWID;

-- A ledger: what is older than the jobs look back stays as it was last seen.
CREATE TABLE journey (
  brand_id       INTEGER NOT NULL,
  rant_mention   INTEGER NOT NULL,             -- the unhappy post it began with
  author_key     INTEGER NOT NULL,
  outcome        TEXT NOT NULL,                -- open, unanswered, silent, angry, converted, converted_alone
  fallen         INTEGER NOT NULL,             -- 1: the author had been happy before
  issue_id       INTEGER,                      -- of the unhappy post
  reply_mention  INTEGER,                      -- the brand's first reply
  last_mention   INTEGER,                      -- what decided it: the happy post, or one that was still unhappy
  PRIMARY KEY (brand_id, rant_mention)
) STRICT, WITHOUT ROWID;
