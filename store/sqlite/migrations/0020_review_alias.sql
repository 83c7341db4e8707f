-- Reviews, surveys and Instagram comments are known by their native ids alone: the time of a review is that of its last edit.
INSERT OR IGNORE INTO mention_alias
SELECT native_hash, mention_id FROM mention
WHERE kind IN (2, 5) OR platform_id = (SELECT platform_id FROM platform WHERE name = 'instagram');
