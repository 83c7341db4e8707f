-- Languages are counted with the hours, so that asking for them does not read the mentions.

CREATE TABLE rollup_language (
  brand_id  INTEGER NOT NULL,
  hour_at   INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  lang      TEXT NOT NULL,
  mentions  INTEGER NOT NULL,                  -- without the brand's own posts and spam
  unscored  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, hour_at, source_id, lang)
) STRICT, WITHOUT ROWID;

-- The hour is that of the mention's id: milliseconds since 2000 above 22 bits of hash.
INSERT INTO rollup_language
  SELECT v.brand_id, ((v.mention_id >> 22) + 946684800000) / 3600000 * 3600000, m.source_id, v.lang, count(*),
         sum(v.polarity = 2)
  FROM verdict v JOIN mention m USING (mention_id)
  WHERE v.match <> 2 AND NOT (v.intents >> 9 & 1)  -- neither own posts nor spam
  GROUP BY 1, 2, 3, 4;
