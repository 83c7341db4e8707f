-- What the content team works with: stories that may be told, pages that answer what people ask, and how people put things.

-- What customers said when they were asked whether their story may be told. Rows are added and never changed: the newest
-- counts, those before say who said otherwise, and when.
CREATE TABLE story_consent (
  consent_id   INTEGER PRIMARY KEY,
  brand_id     INTEGER NOT NULL,
  rant_mention INTEGER NOT NULL,               -- the post with which the story began
  consent      TEXT NOT NULL,                  -- unknown, asked, given, refused
  note         TEXT,                           -- goes with the mention's words
  decided_by   TEXT,
  decided_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX story_consent_story ON story_consent (brand_id, rant_mention, consent_id);
CREATE INDEX story_consent_mention ON story_consent (rant_mention);

-- Pages of a brand: those of its configuration, and those that its replies link to.
CREATE TABLE page (
  page_id       INTEGER PRIMARY KEY,
  brand_id      INTEGER NOT NULL,
  url           TEXT NOT NULL,
  title         TEXT NOT NULL,
  origin        TEXT NOT NULL,                 -- config, reply
  replies       INTEGER NOT NULL,              -- of the brand that link to it
  reply_mention INTEGER,                       -- the newest of them
  UNIQUE (brand_id, url)
) STRICT;

-- The page that fits an idea's question best.
CREATE TABLE idea_page (
  idea_id INTEGER NOT NULL REFERENCES idea ON DELETE CASCADE,
  page_id INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
  score   REAL NOT NULL,
  terms   TEXT NOT NULL,                       -- those they share, weightiest first, a space between
  PRIMARY KEY (idea_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX idea_page_page ON idea_page (page_id);

-- Phrases of one to four words, hashtags and emoji that more or fewer people write than before; replaced whole whenever
-- the job runs.
CREATE TABLE term_move (
  brand_id       INTEGER NOT NULL,
  term           TEXT NOT NULL,
  kind           TEXT NOT NULL,                -- words, hashtag, emoji
  direction      TEXT NOT NULL,                -- rising, falling
  week_at        INTEGER NOT NULL,             -- first of the seven days (UTC) that are compared
  authors        INTEGER NOT NULL,             -- distinct, who wrote it in these days
  people         INTEGER NOT NULL,             -- … who wrote anything
  authors_before INTEGER NOT NULL,             -- the same, per week, added up over the weeks before
  people_before  INTEGER NOT NULL,
  weeks_before   INTEGER NOT NULL,
  ratio          REAL,                         -- of the shares of people who write it; NULL: nobody did before
  low            REAL NOT NULL,
  high           REAL,                         -- NULL: no bound
  PRIMARY KEY (brand_id, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE term_mention (
  brand_id   INTEGER NOT NULL,
  term       TEXT NOT NULL,
  mention_id INTEGER NOT NULL,                 -- that has it: of the week, or of a falling one the newest before
  PRIMARY KEY (brand_id, term, mention_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE incident_decision ADD COLUMN dismissed_at INTEGER;  -- when somebody called it a false alarm; NULL: nobody did
ALTER TABLE incident_decision ADD COLUMN advised_at INTEGER;    -- when followers were told of it; NULL: they were not
