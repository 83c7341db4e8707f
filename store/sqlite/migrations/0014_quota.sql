-- What a source last heard of its rate budget, and how often destinations took something or did not.

ALTER TABLE source ADD COLUMN quota_limit INTEGER;        -- requests in a window; NULL: was not said
ALTER TABLE source ADD COLUMN quota_remaining INTEGER;    -- NULL: nothing is known of a budget
ALTER TABLE source ADD COLUMN quota_resets_at INTEGER;    -- from then on it is full again

ALTER TABLE destination ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;    -- deliveries that were taken
ALTER TABLE destination ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;  -- attempts that were not

UPDATE destination SET
  sent = (SELECT count(*) FROM delivery d WHERE d.destination = name AND d.state = 'delivered'),
  failed = (SELECT coalesce(sum(max(d.attempts - (d.state IN ('delivered', 'sending')), 0)), 0) FROM delivery d
            WHERE d.destination = name);
