-- The first schema. Times are milliseconds since 1970 UTC. Codes: polarity −1 negative, 0 neutral, 1 positive,
-- 2 unscored; issues and intents are bit masks over the rows of issue_type and intent_type.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE brand (
  brand_id INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE platform (
  platform_id INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE issue_type (
  issue_id INTEGER PRIMARY KEY,   -- bit in verdict.issues
  name     TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE intent_type (
  intent_id INTEGER PRIMARY KEY,  -- bit in verdict.intents
  name      TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE source (
  source_id     INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  connector     TEXT NOT NULL,
  state         TEXT NOT NULL DEFAULT 'new',   -- new, ok, waiting, failing, paused
  last_ok_at    INTEGER,
  last_error_at INTEGER,
  last_error    TEXT,
  fail_count    INTEGER NOT NULL DEFAULT 0,
  next_poll_at  INTEGER,
  received      INTEGER NOT NULL DEFAULT 0,    -- items in pages
  stored        INTEGER NOT NULL DEFAULT 0,    -- new mentions
  duplicate     INTEGER NOT NULL DEFAULT 0,    -- already known, unchanged
  updated       INTEGER NOT NULL DEFAULT 0,    -- edits and deletions applied
  unmatched     INTEGER NOT NULL DEFAULT 0,    -- spoke of no brand
  malformed     INTEGER NOT NULL DEFAULT 0     -- items that did not parse
) STRICT;

CREATE TABLE stream (
  source_id     INTEGER NOT NULL REFERENCES source,
  name          TEXT NOT NULL,
  cursor_schema INTEGER NOT NULL DEFAULT 0,
  cursor        TEXT,
  epoch         INTEGER NOT NULL DEFAULT 0,    -- fence: a stale worker's commit changes no row
  caught_up_at  INTEGER,
  PRIMARY KEY (source_id, name)
) STRICT, WITHOUT ROWID;

-- Columns of a key stand first and in its order: integrity_check of SQLite 3.40 misreads other WITHOUT ROWID tables.
CREATE TABLE gap (
  source_id INTEGER NOT NULL REFERENCES source,
  from_at   INTEGER NOT NULL,
  stream    TEXT NOT NULL,
  reason    TEXT NOT NULL,
  to_at     INTEGER NOT NULL,
  PRIMARY KEY (source_id, from_at, stream, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
  mention_id    INTEGER PRIMARY KEY,           -- time-ordered, made from key time and native_hash
  native_hash   INTEGER NOT NULL,              -- of (platform, native_id); survives in a tombstone
  platform_id   INTEGER NOT NULL,
  source_id     INTEGER NOT NULL,              -- heard here first
  kind          INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  edited_at     INTEGER,
  fetched_at    INTEGER NOT NULL,
  deleted_at    INTEGER,
  content_hash  INTEGER NOT NULL,              -- tells an edit from a repeat
  author_key    INTEGER NOT NULL DEFAULT 0,    -- hash of (platform, author id), 0 unknown
  fingerprint   INTEGER NOT NULL DEFAULT 0,    -- of the folded text: near-identical copies share it
  reach         INTEGER NOT NULL DEFAULT 0,    -- followers of the author when last seen
  likes         INTEGER,
  reposts       INTEGER,
  replies       INTEGER,
  views         INTEGER,
  rating        REAL,
  lang          TEXT,
  native_id     TEXT,
  author_id     TEXT,
  author_handle TEXT,
  author_name   TEXT,
  url           TEXT,
  in_reply_to   TEXT,
  conversation  TEXT,
  tags          TEXT,                          -- JSON array
  links         TEXT,                          -- JSON array
  title         TEXT,
  text          TEXT,
  extra         TEXT,                          -- JSON object
  raw           BLOB                           -- the item as received, zstd
) STRICT;

-- Only for platforms whose times are not fixed: where is the mention with this native id?
CREATE TABLE mention_alias (
  native_hash INTEGER NOT NULL,
  mention_id  INTEGER NOT NULL,
  PRIMARY KEY (native_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
  mention_id      INTEGER NOT NULL,
  brand_id        INTEGER NOT NULL,
  match           INTEGER NOT NULL,            -- 0 query, 1 handle, 2 own, 3 source
  polarity        INTEGER NOT NULL,
  score           INTEGER NOT NULL,            -- −1000 … 1000
  p_negative      INTEGER NOT NULL,            -- per mille
  p_positive      INTEGER NOT NULL,
  issues          INTEGER NOT NULL,
  top_issue       INTEGER,
  intents         INTEGER NOT NULL,
  emotion         INTEGER NOT NULL,
  question        INTEGER NOT NULL,
  complaint       INTEGER NOT NULL,
  lang            TEXT NOT NULL,
  lexicon_version INTEGER NOT NULL,
  PRIMARY KEY (mention_id, brand_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX verdict_brand ON verdict (brand_id, mention_id);

CREATE TABLE rollup_hour (
  brand_id         INTEGER NOT NULL,
  hour_at          INTEGER NOT NULL,
  source_id        INTEGER NOT NULL,
  mentions         INTEGER NOT NULL,           -- without the brand's own posts and spam
  positive         INTEGER NOT NULL,
  neutral          INTEGER NOT NULL,
  negative         INTEGER NOT NULL,
  unscored         INTEGER NOT NULL,
  score_sum        INTEGER NOT NULL,           -- per mille
  questions        INTEGER NOT NULL,
  complaints       INTEGER NOT NULL,
  reach            INTEGER NOT NULL,
  own              INTEGER NOT NULL,           -- posts of the brand's own accounts
  spam             INTEGER NOT NULL,
  authors          INTEGER NOT NULL,           -- distinct, of the sketch beside it
  negative_authors INTEGER NOT NULL,
  author_sketch    BLOB NOT NULL,
  negative_sketch  BLOB NOT NULL,
  PRIMARY KEY (brand_id, hour_at, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_issue (
  brand_id  INTEGER NOT NULL,
  hour_at   INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  issue_id  INTEGER NOT NULL,
  mentions  INTEGER NOT NULL,
  negative  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, hour_at, source_id, issue_id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE mention_fts USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2');

CREATE TABLE baseline (
  brand_id     INTEGER NOT NULL,
  source_id    INTEGER NOT NULL,               -- 0: all sources together
  metric       TEXT NOT NULL,                  -- volume, authors, net_sentiment, negative_author_share
  hour_of_week INTEGER NOT NULL,               -- 0 is Monday 00:00 UTC
  centre       REAL NOT NULL,
  spread       REAL NOT NULL,
  weeks        INTEGER NOT NULL,               -- how many hours of history stand behind it
  computed_at  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, source_id, metric, hour_of_week)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident (
  incident_id   INTEGER PRIMARY KEY,
  brand_id      INTEGER NOT NULL,
  issue_id      INTEGER NOT NULL,
  state         TEXT NOT NULL,                 -- open, closed
  title         TEXT NOT NULL,
  severity      INTEGER NOT NULL,              -- 1 … 10
  started_at    INTEGER NOT NULL,              -- first affected author
  detected_at   INTEGER NOT NULL,              -- the hour in which the rule fired
  last_at       INTEGER NOT NULL,
  authors       INTEGER NOT NULL,
  mentions      INTEGER NOT NULL,
  echoes        INTEGER NOT NULL,
  expected      REAL NOT NULL,
  threshold     REAL NOT NULL,
  first_mention INTEGER NOT NULL,
  details       TEXT NOT NULL,                 -- JSON: arithmetic, reasons, sources, exemplars
  UNIQUE (brand_id, issue_id, detected_at)
) STRICT;

CREATE TABLE incident_mention (
  incident_id INTEGER NOT NULL REFERENCES incident ON DELETE CASCADE,
  mention_id  INTEGER NOT NULL,
  PRIMARY KEY (incident_id, mention_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idea (
  idea_id    INTEGER PRIMARY KEY,
  brand_id   INTEGER NOT NULL,
  key        TEXT NOT NULL,                    -- stable name of the cluster
  state      TEXT NOT NULL DEFAULT 'new',      -- new, accepted, writing, published, rejected
  title      TEXT NOT NULL,
  askers     INTEGER NOT NULL,
  mentions   INTEGER NOT NULL,
  unanswered INTEGER NOT NULL,
  trend      REAL NOT NULL,                    -- last two weeks against the two before, as a ratio − 1
  score      REAL NOT NULL,
  first_at   INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  details    TEXT NOT NULL,                    -- JSON: quotes, terms, weekly counts, sources
  UNIQUE (brand_id, key)
) STRICT;

CREATE TABLE idea_mention (
  idea_id    INTEGER NOT NULL REFERENCES idea ON DELETE CASCADE,
  mention_id INTEGER NOT NULL,
  PRIMARY KEY (idea_id, mention_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  outbox_id    INTEGER PRIMARY KEY,
  kind         TEXT NOT NULL,                  -- incident_opened, incident_closed, idea_new
  key          TEXT NOT NULL UNIQUE,           -- stable id for receivers
  payload      TEXT NOT NULL,                  -- JSON
  created_at   INTEGER NOT NULL,
  delivered_at INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (outbox_id) WHERE delivered_at IS NULL;
