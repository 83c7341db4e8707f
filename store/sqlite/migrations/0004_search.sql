-- Full text moves into a file of its own beside this one, so that the write path does not wait for it; it is made anew
-- from the mentions. What was committed and is not in it yet waits here, in the order of the commits.

DROP TABLE mention_fts;

CREATE TABLE search_queue (
  queue_id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the index remembers how far it has come
  mentions BLOB NOT NULL                       -- ids of what is to be found from now on, eight bytes each, low byte first
) STRICT;

-- Words that are to be found no more: the index takes an entry out by the very words that were put in.
CREATE TABLE search_removed (
  queue_id   INTEGER NOT NULL,
  mention_id INTEGER NOT NULL,
  title      TEXT,
  text       TEXT,
  PRIMARY KEY (queue_id, mention_id)
) STRICT, WITHOUT ROWID;
