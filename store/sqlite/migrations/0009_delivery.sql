-- What goes to whom, and how far it got. Of the rows of `outbox` each destination gets those that its routes choose.

-- One row per destination that was ever configured.
CREATE TABLE destination (
  name          TEXT PRIMARY KEY,
  routed_to     INTEGER NOT NULL,              -- outbox_id up to which it is decided what goes there
  failures      INTEGER NOT NULL DEFAULT 0,    -- in a row
  paused_until  INTEGER,                       -- nothing is tried before
  last_ok_at    INTEGER,
  last_error_at INTEGER,
  last_error    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
  delivery_id  INTEGER PRIMARY KEY,
  outbox_id    INTEGER NOT NULL REFERENCES outbox,
  destination  TEXT NOT NULL,
  thread       TEXT NOT NULL,                  -- what belongs together goes out in order
  topic        TEXT NOT NULL,                  -- what a cool-down counts as the same
  state        TEXT NOT NULL,                  -- waiting, sending, delivered, dead
  digest       INTEGER NOT NULL,               -- 1: goes out with others, in one message
  batch        INTEGER,                        -- delivery_id of the first of that message, once it is made up
  attempts     INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL,
  due_at       INTEGER NOT NULL,               -- first meant to go out then
  next_at      INTEGER NOT NULL,
  leased_until INTEGER,                        -- while sending
  settled_at   INTEGER,                        -- delivered or dead since
  external_id  TEXT,                           -- what the receiver calls it
  last_error   TEXT,
  UNIQUE (destination, outbox_id)
) STRICT;

CREATE INDEX delivery_open ON delivery (destination, delivery_id) WHERE state IN ('waiting', 'sending');
CREATE INDEX delivery_thread ON delivery (destination, thread, delivery_id);
CREATE INDEX delivery_topic ON delivery (destination, topic, due_at);
CREATE INDEX delivery_due ON delivery (destination, due_at);
CREATE INDEX delivery_outbox ON delivery (outbox_id);
CREATE INDEX delivery_dead ON delivery (delivery_id) WHERE state = 'dead';
