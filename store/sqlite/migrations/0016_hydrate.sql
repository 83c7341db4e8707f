-- What was heard is asked for again at its platform, so that edits and deletions are followed; and where a budget of
-- requests does not suffice, sources are asked less often, and say so.

ALTER TABLE source ADD COLUMN hydrated_at INTEGER;                        -- when it last asked; NULL: it never did
ALTER TABLE source ADD COLUMN hydrate_asked INTEGER NOT NULL DEFAULT 0;   -- mentions asked for again
ALTER TABLE source ADD COLUMN hydrate_gone INTEGER NOT NULL DEFAULT 0;    -- of those, gone at the platform
ALTER TABLE source ADD COLUMN hydrate_overdue INTEGER;                    -- not read within the window; NULL: there is none
ALTER TABLE source ADD COLUMN hydrate_oldest_at INTEGER;                  -- when the stalest of those was last read
ALTER TABLE source ADD COLUMN poll_rate REAL;                             -- share of the polls wanted; NULL: all

ALTER TABLE gap ADD COLUMN rate REAL;                                     -- share still heard, 0 … 1; NULL: nothing was
