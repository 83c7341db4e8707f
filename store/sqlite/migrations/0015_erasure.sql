-- What was erased on a person's demand: when, why and how much; not whose. The full-text index rewrites its file when it
-- sees a new row.
CREATE TABLE erasure (
  erasure_id INTEGER PRIMARY KEY AUTOINCREMENT,
  erased_at  INTEGER NOT NULL,
  platform   TEXT NOT NULL,
  reason     TEXT NOT NULL,
  mentions   INTEGER NOT NULL
) STRICT;
