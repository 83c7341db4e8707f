-- Only for platforms that tell of accounts which were deleted or taken down: where are this author's mentions?
CREATE TABLE account_mention (
  author_key INTEGER NOT NULL,
  mention_id INTEGER NOT NULL,
  PRIMARY KEY (author_key, mention_id)
) STRICT, WITHOUT ROWID;

INSERT INTO account_mention
  SELECT author_key, mention_id FROM mention JOIN platform USING (platform_id)
  WHERE name = 'bluesky' AND author_key <> 0 AND text IS NOT NULL;
