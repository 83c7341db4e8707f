-- How mentions are spoken of, by polarity and issue types together: what moves sentiment is asked of nine weeks, and must not
-- read the mentions for it.
CREATE TABLE rollup_tone (
  brand_id  INTEGER NOT NULL,
  hour_at   INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  polarity  INTEGER NOT NULL,                  -- never unscored
  issues    INTEGER NOT NULL,                  -- bit mask
  mentions  INTEGER NOT NULL,                  -- without the brand's own posts and spam
  PRIMARY KEY (brand_id, hour_at, source_id, polarity, issues)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_day_tone (
  brand_id  INTEGER NOT NULL,
  day_at    INTEGER NOT NULL,                  -- UTC
  source_id INTEGER NOT NULL,
  polarity  INTEGER NOT NULL,
  issues    INTEGER NOT NULL,
  mentions  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day_at, source_id, polarity, issues)
) STRICT, WITHOUT ROWID;

-- The hour is that of the mention's id: milliseconds since 2000 above 22 bits of hash.
INSERT INTO rollup_tone
  SELECT v.brand_id, ((v.mention_id >> 22) + 946684800000) / 3600000 * 3600000, m.source_id, v.polarity, v.issues, count(*)
  FROM verdict v JOIN mention m USING (mention_id)
  WHERE v.match <> 2 AND NOT (v.intents >> 9 & 1) AND v.polarity <> 2  -- neither own posts, nor spam, nor unscored
  GROUP BY 1, 2, 3, 4, 5;

INSERT INTO rollup_day_tone
  SELECT brand_id, hour_at / 86400000 * 86400000, source_id, polarity, issues, sum(mentions)
  FROM rollup_tone GROUP BY 1, 2, 3, 4, 5;
