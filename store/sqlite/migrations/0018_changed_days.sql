-- By which the insight jobs know which of the days that they remember they must read again. Whatever changes what is stored
-- of a brand's day (a mention came in, was edited, deleted, judged otherwise, let go of) counts here, in the same transaction.
CREATE TABLE changed_day (
  brand_id INTEGER NOT NULL,
  day_at   INTEGER NOT NULL,                   -- UTC, of the mentions' ids
  changes  INTEGER NOT NULL,                   -- says nothing but that it was another number before
  PRIMARY KEY (brand_id, day_at)
) STRICT, WITHOUT ROWID;

INSERT INTO changed_day SELECT brand_id, day_at, 1 FROM rollup_day GROUP BY 1, 2;
