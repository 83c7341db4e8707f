-- Days beside hours: a question about weeks reads one row per day and source, and hours only where it cuts a day.
-- A day's row is the sum of its hours, its sketches the union of theirs.

CREATE TABLE rollup_product (
  brand_id   INTEGER NOT NULL,
  hour_at    INTEGER NOT NULL,
  source_id  INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  mentions   INTEGER NOT NULL,                 -- without the brand's own posts and spam; so are the others
  positive   INTEGER NOT NULL,
  neutral    INTEGER NOT NULL,
  negative   INTEGER NOT NULL,
  PRIMARY KEY (brand_id, hour_at, source_id, product_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day (
  brand_id         INTEGER NOT NULL,
  day_at           INTEGER NOT NULL,           -- UTC
  source_id        INTEGER NOT NULL,
  mentions         INTEGER NOT NULL,
  positive         INTEGER NOT NULL,
  neutral          INTEGER NOT NULL,
  negative         INTEGER NOT NULL,
  unscored         INTEGER NOT NULL,
  score_sum        INTEGER NOT NULL,           -- per mille
  questions        INTEGER NOT NULL,
  complaints       INTEGER NOT NULL,
  reach            INTEGER NOT NULL,
  own              INTEGER NOT NULL,
  spam             INTEGER NOT NULL,
  authors          INTEGER NOT NULL,
  negative_authors INTEGER NOT NULL,
  author_sketch    BLOB NOT NULL,
  negative_sketch  BLOB NOT NULL,
  PRIMARY KEY (brand_id, day_at, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day_issue (
  brand_id  INTEGER NOT NULL,
  day_at    INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  issue_id  INTEGER NOT NULL,
  mentions  INTEGER NOT NULL,
  negative  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day_at, source_id, issue_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day_language (
  brand_id  INTEGER NOT NULL,
  day_at    INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  lang      TEXT NOT NULL,
  mentions  INTEGER NOT NULL,
  unscored  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day_at, source_id, lang)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day_product (
  brand_id   INTEGER NOT NULL,
  day_at     INTEGER NOT NULL,
  source_id  INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  mentions   INTEGER NOT NULL,
  positive   INTEGER NOT NULL,
  neutral    INTEGER NOT NULL,
  negative   INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day_at, source_id, product_id)
) STRICT, WITHOUT ROWID;

-- The hour is that of the mention's id: milliseconds since 2000 above 22 bits of hash.
INSERT INTO rollup_product
  SELECT d.brand_id, ((d.mention_id >> 22) + 946684800000) / 3600000 * 3600000, m.source_id, d.product_id, count(*),
         sum(d.polarity = 1), sum(d.polarity = 0), sum(d.polarity = -1)
  FROM verdict_products d
  JOIN verdict v ON v.mention_id = d.mention_id AND v.brand_id = d.brand_id
  JOIN mention m ON m.mention_id = d.mention_id
  WHERE v.match <> 2 AND NOT (v.intents >> 9 & 1)  -- neither own posts nor spam
  GROUP BY 1, 2, 3, 4;

INSERT INTO rollup_day
  SELECT brand_id, day_at, source_id, mentions, positive, neutral, negative, unscored, score_sum, questions, complaints,
         reach, own, spam, distinct_count(all_authors), distinct_count(unhappy), all_authors, unhappy
  FROM (SELECT brand_id, hour_at / 86400000 * 86400000 AS day_at, source_id, sum(mentions) AS mentions,
               sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative, sum(unscored) AS unscored,
               sum(score_sum) AS score_sum, sum(questions) AS questions, sum(complaints) AS complaints, sum(reach) AS reach,
               sum(own) AS own, sum(spam) AS spam, distinct_union(author_sketch) AS all_authors,
               distinct_union(negative_sketch) AS unhappy
        FROM rollup_hour GROUP BY 1, 2, 3);
INSERT INTO rollup_day_issue
  SELECT brand_id, hour_at / 86400000 * 86400000, source_id, issue_id, sum(mentions), sum(negative)
  FROM rollup_issue GROUP BY 1, 2, 3, 4;
INSERT INTO rollup_day_language
  SELECT brand_id, hour_at / 86400000 * 86400000, source_id, lang, sum(mentions), sum(unscored)
  FROM rollup_language GROUP BY 1, 2, 3, 4;
INSERT INTO rollup_day_product
  SELECT brand_id, hour_at / 86400000 * 86400000, source_id, product_id, sum(mentions), sum(positive), sum(neutral),
         sum(negative)
  FROM rollup_product GROUP BY 1, 2, 3, 4;

-- What the queue's head and its length need, without a look at the mentions.
ALTER TABLE waiting ADD COLUMN at_risk INTEGER NOT NULL DEFAULT 0;  -- 1: complains, or threatens to leave
UPDATE waiting SET at_risk = 1 WHERE EXISTS (
  SELECT 1 FROM verdict v WHERE v.mention_id = waiting.mention_id AND v.brand_id = waiting.brand_id
  AND (v.complaint OR v.intents >> 6 & 1));
CREATE INDEX waiting_priority ON waiting (brand_id, priority DESC, mention_id, at_risk);

-- How journeys of each day (UTC) went on, and those of one outcome.
CREATE TABLE journey_day (
  brand_id INTEGER NOT NULL,
  day_at   INTEGER NOT NULL,                   -- of the unhappy post
  outcome  TEXT NOT NULL,
  journeys INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day_at, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO journey_day
  SELECT brand_id, ((rant_mention >> 22) + 946684800000) / 86400000 * 86400000, outcome, count(*)
  FROM journey GROUP BY 1, 2, 3;
CREATE INDEX journey_outcome ON journey (brand_id, outcome, rant_mention);
