-- What a change was answered that came with an Idempotency-Key, for a day: sent again, it is answered the same and does not
-- happen again.
CREATE TABLE answer (
  caller       TEXT NOT NULL,                  -- name of the token; 'local' without one
  key          TEXT NOT NULL,
  request_hash TEXT NOT NULL,                  -- SHA-256 of method, path and body
  status       INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  body         TEXT NOT NULL,
  answered_at  INTEGER NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_age ON answer(answered_at);
