-- How soon somebody must act and how bad the matter is for its writer, per mille like the score. NULL: the verdict was
-- given before either was judged.

ALTER TABLE verdict ADD COLUMN urgency INTEGER;
ALTER TABLE verdict ADD COLUMN severity INTEGER;
