-- What is usual of one issue type, beside what is usual of everything.
-- A key cannot gain a column: the table is made anew with what it held.
CREATE TEMP TABLE baseline_kept AS SELECT * FROM baseline;
DROP TABLE baseline;
CREATE TABLE baseline (
  brand_id     INTEGER NOT NULL,
  source_id    INTEGER NOT NULL,               -- 0: all sources together
  issue_id     INTEGER NOT NULL,               -- −1: every mention, whatever its issue types
  metric       TEXT NOT NULL,                  -- volume, authors, net_sentiment, negative_author_share, response_time
  hour_of_week INTEGER NOT NULL,               -- 0 is Monday 00:00 UTC
  centre       REAL NOT NULL,
  spread       REAL NOT NULL,
  weeks        INTEGER NOT NULL,               -- how many hours of history stand behind it
  computed_at  INTEGER NOT NULL,
  PRIMARY KEY (brand_id, source_id, issue_id, metric, hour_of_week)
) STRICT, WITHOUT ROWID;
INSERT INTO baseline
  SELECT brand_id, source_id, -1, metric, hour_of_week, centre, spread, weeks, computed_at FROM baseline_kept;
DROP TABLE baseline_kept;
