-- What marketing promises and when, who felt misled by it, and whether answering a question helped.

CREATE TABLE campaign (
  campaign_id INTEGER PRIMARY KEY,
  brand_id    INTEGER NOT NULL,
  name        TEXT NOT NULL,
  from_at     INTEGER NOT NULL,
  to_at       INTEGER,                         -- not part of it; NULL: it goes on
  url         TEXT,
  note        TEXT,
  decided_at  INTEGER NOT NULL,
  UNIQUE (brand_id, name)
) STRICT;

CREATE TABLE claim (
  claim_id    INTEGER PRIMARY KEY,
  brand_id    INTEGER NOT NULL,
  campaign_id INTEGER REFERENCES campaign,     -- NULL: of no campaign
  product     TEXT,                            -- NULL: of the brand as a whole
  text        TEXT NOT NULL,
  text_before TEXT,                            -- its wording before edited_at
  url         TEXT,
  from_at     INTEGER NOT NULL,
  to_at       INTEGER,
  edited_at   INTEGER,                         -- when its wording was changed
  decided_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX claim_brand ON claim (brand_id, from_at);

-- What people say they were misled about: by a claim, or, where none fits, in words that several of them share.
CREATE TABLE misled (
  misled_id INTEGER PRIMARY KEY,
  brand_id  INTEGER NOT NULL,
  key       TEXT NOT NULL,                     -- "claim:7", or the words
  claim_id  INTEGER,
  title     TEXT NOT NULL,
  people    INTEGER NOT NULL,
  mentions  INTEGER NOT NULL,
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  details   TEXT NOT NULL,                     -- JSON
  UNIQUE (brand_id, key)
) STRICT;

CREATE TABLE misled_mention (
  misled_id  INTEGER NOT NULL REFERENCES misled ON DELETE CASCADE,
  mention_id INTEGER NOT NULL,
  PRIMARY KEY (misled_id, mention_id)
) STRICT, WITHOUT ROWID;

-- When marketing was last told, however often the finding is made anew.
CREATE TABLE misled_told (
  brand_id INTEGER NOT NULL,
  key      TEXT NOT NULL,
  told_at  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE idea ADD COLUMN published_at INTEGER;

-- How often an idea's question was asked: days (UTC) go on being known when the job no longer looks back that far.
CREATE TABLE idea_day (
  idea_id INTEGER NOT NULL REFERENCES idea ON DELETE CASCADE,
  day_at  INTEGER NOT NULL,
  asked   INTEGER NOT NULL,
  PRIMARY KEY (idea_id, day_at)
) STRICT, WITHOUT ROWID;

-- The best public answer that was heard.
CREATE TABLE idea_answer (
  idea_id    INTEGER NOT NULL REFERENCES idea ON DELETE CASCADE,
  mention_id INTEGER NOT NULL,
  answered_by TEXT NOT NULL,                   -- brand, peer
  thanked    INTEGER NOT NULL,
  PRIMARY KEY (idea_id)
) STRICT, WITHOUT ROWID;
