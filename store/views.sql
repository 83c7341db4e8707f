-- The contract for analysts: documented in docs/store.md, versioned in v_schema, stable over releases.
-- Recreated at every start of a newer program; they hold no data.

DROP VIEW IF EXISTS v_schema;
CREATE VIEW v_schema AS
  SELECT 1 AS views_version, (SELECT value FROM meta WHERE key = 'schema_version') AS schema_version,
         (SELECT value FROM meta WHERE key = 'lexicon_version') AS lexicon_version;

-- What is pushed has its time in the checkpoint of the stream that takes it (connectors/webhook/inbox.hpp). Views that
-- anybody may read cannot call SQLite 3.40's JSON functions.
DROP VIEW IF EXISTS v_source;
CREATE VIEW v_source AS
  SELECT source_id, name AS source, connector, state,
         datetime(last_ok_at / 1000, 'unixepoch') AS last_ok_at, last_error, fail_count,
         datetime(next_poll_at / 1000, 'unixepoch') AS next_poll_at,
         received, stored, duplicate, updated, unmatched, malformed, quota_limit, quota_remaining,
         datetime(quota_resets_at / 1000, 'unixepoch') AS quota_resets_at, poll_rate,
         datetime(hydrated_at / 1000, 'unixepoch') AS hydrated_at, hydrate_asked, hydrate_gone, hydrate_overdue,
         datetime(hydrate_oldest_at / 1000, 'unixepoch') AS hydrate_oldest_at,
         (SELECT datetime(substr(t.cursor, nullif(instr(t.cursor, '"last_at":"'), 0) + 11, 19))
          FROM stream t
          WHERE t.source_id = source.source_id
                AND (source.connector, t.name) IN (VALUES ('webhook', 'push'), ('feed', 'websub'))) AS last_push_at
  FROM source;

-- What goes to whom, and how far it got.
DROP VIEW IF EXISTS v_destination;
CREATE VIEW v_destination AS
  SELECT name AS destination,
         (SELECT count(*) FROM delivery d WHERE d.destination = name AND d.state IN ('waiting', 'sending')) AS queued,
         (SELECT count(*) FROM delivery d WHERE d.destination = name AND d.state IN ('waiting', 'sending')
                                                AND d.attempts > 0) AS retrying,
         (SELECT count(*) FROM delivery d WHERE d.destination = name AND d.state = 'dead') AS dead, sent, failed,
         failures, datetime(paused_until / 1000, 'unixepoch') AS paused_until,
         datetime(last_ok_at / 1000, 'unixepoch') AS last_ok_at,
         datetime(last_error_at / 1000, 'unixepoch') AS last_error_at, last_error
  FROM destination;

DROP VIEW IF EXISTS v_delivery;
CREATE VIEW v_delivery AS
  SELECT d.delivery_id, d.destination, d.state, o.kind, o.key, d.digest, d.attempts,
         datetime(d.created_at / 1000, 'unixepoch') AS created_at, datetime(d.due_at / 1000, 'unixepoch') AS due_at,
         datetime(d.next_at / 1000, 'unixepoch') AS next_at,
         datetime(d.settled_at / 1000, 'unixepoch') AS settled_at,
         CASE d.state WHEN 'delivered' THEN (d.settled_at - d.due_at) / 1000.0 END AS took_s, d.external_id, d.last_error
  FROM delivery d JOIN outbox o USING (outbox_id);

DROP VIEW IF EXISTS v_gap;
CREATE VIEW v_gap AS
  SELECT s.name AS source, g.stream, datetime(g.from_at / 1000, 'unixepoch') AS from_at,
         datetime(g.to_at / 1000, 'unixepoch') AS to_at, (g.to_at - g.from_at) / 60000 AS minutes, g.reason,
         g.rate
  FROM gap g JOIN source s USING (source_id);

DROP VIEW IF EXISTS v_mention;
CREATE VIEW v_mention AS
  SELECT m.mention_id, b.name AS brand, p.name AS platform, s.name AS source,
         datetime(m.created_at / 1000, 'unixepoch') AS created_at, m.created_at AS created_ms,
         CASE m.kind WHEN 0 THEN 'post' WHEN 1 THEN 'comment' WHEN 2 THEN 'review' WHEN 3 THEN 'article'
                     WHEN 4 THEN 'ticket' WHEN 5 THEN 'survey' ELSE 'message' END AS kind,
         CASE v.polarity WHEN -1 THEN 'negative' WHEN 0 THEN 'neutral' WHEN 1 THEN 'positive' ELSE 'unscored' END
           AS polarity,
         v.score / 1000.0 AS score, t.name AS top_issue, v.question, v.complaint, v.lang,
         CASE v.match WHEN 0 THEN 'query' WHEN 1 THEN 'handle' WHEN 2 THEN 'own' ELSE 'source' END AS match,
         m.author_handle, m.author_key, m.reach, m.likes, m.reposts, m.replies, m.url, m.title, m.text,
         m.native_id, m.in_reply_to, m.conversation, m.deleted_at IS NOT NULL AS deleted,
         v.urgency / 1000.0 AS urgency, v.severity / 1000.0 AS severity, v.labelled IS NOT NULL AS labelled
  FROM verdict v
  JOIN mention m USING (mention_id)
  JOIN brand b USING (brand_id)
  JOIN platform p USING (platform_id)
  JOIN source s USING (source_id)
  LEFT JOIN issue_type t ON t.issue_id = v.top_issue;

DROP VIEW IF EXISTS v_mention_issue;
CREATE VIEW v_mention_issue AS
  SELECT v.mention_id, b.name AS brand, t.name AS issue
  FROM verdict v JOIN brand b USING (brand_id) JOIN issue_type t ON (v.issues >> t.issue_id) & 1;

DROP VIEW IF EXISTS v_mention_intent;
CREATE VIEW v_mention_intent AS
  SELECT v.mention_id, b.name AS brand, t.name AS intent
  FROM verdict v JOIN brand b USING (brand_id) JOIN intent_type t ON (v.intents >> t.intent_id) & 1;

-- What people said of mentions, and what the rules had said then.
DROP VIEW IF EXISTS v_label;
CREATE VIEW v_label AS
  SELECT l.mention_id, b.name AS brand, s.name AS source, datetime(l.labelled_at / 1000, 'unixepoch') AS labelled_at,
         l.labelled_by,
         CASE l.polarity WHEN -1 THEN 'negative' WHEN 0 THEN 'neutral' WHEN 1 THEN 'positive' END AS polarity,
         CASE WHEN l.issues IS NOT NULL THEN
           coalesce((SELECT group_concat(name, ', ') FROM issue_type WHERE (l.issues >> issue_id) & 1), '') END AS issues,
         l.note,
         CASE l.said_polarity WHEN -1 THEN 'negative' WHEN 0 THEN 'neutral' WHEN 1 THEN 'positive' ELSE 'unscored' END
           AS said_polarity,
         coalesce((SELECT group_concat(name, ', ') FROM issue_type WHERE (l.said_issues >> issue_id) & 1), '')
           AS said_issues,
         l.said_confidence / 1000.0 AS said_confidence, l.said_version AS lexicon_version
  FROM label l JOIN brand b USING (brand_id) JOIN source s USING (source_id);

-- How often the rules were right over all mentions, by people's labels. `earshot review` draws mentions by chance, every
-- source and polarity alike (`drawn`: by three bits of the id, which are a hash), and others that the rules are least sure
-- of, which stand for nothing but themselves. So the mentions of a source and polarity are represented, in equal parts, by
-- those labels of them that were drawn; where none was, by all their labels, and so are they where each has one. Counts are of
-- labels; shares are of what they stand for.
-- Bounds are those of Wilson's interval at 95 %, with n the effective number of labels (Kish: (Σw)² / Σw²) and k = n ·
-- share: (2k + z² ± z √(z² + 4k(n − k)/n)) / (2(n + z²)), z = 1.96.
DROP VIEW IF EXISTS v_accuracy;
CREATE VIEW v_accuracy AS
  WITH judged AS (SELECT brand_id, source_id, said_version, polarity AS person, said_polarity AS rules,
                         mention_id & 7 = 0 AS drawn
                  FROM label WHERE polarity IS NOT NULL),
       stratum AS (SELECT brand_id, source_id, said_version, rules, count(*) AS labels, sum(drawn) AS drawn
                   FROM judged GROUP BY 1, 2, 3, 4),
       -- What the rules say of all mentions: the counts hold what people said where they said something.
       heard AS (
         SELECT brand_id, source_id, rules, sum(mentions) AS mentions FROM (
           SELECT brand_id, source_id, -1 AS rules, negative AS mentions FROM rollup_day
           UNION ALL SELECT brand_id, source_id, 0, neutral FROM rollup_day
           UNION ALL SELECT brand_id, source_id, 1, positive FROM rollup_day
           UNION ALL SELECT brand_id, source_id, polarity, -1 FROM label WHERE polarity IS NOT NULL
           UNION ALL SELECT brand_id, source_id, rule_polarity, 1 FROM label WHERE polarity IS NOT NULL)
         GROUP BY 1, 2, 3),
       weighed AS (
         SELECT j.*, CASE WHEN j.rules = 2 OR coalesce(h.mentions, 0) <= s.labels THEN 1.0
                          WHEN s.drawn = 0 THEN 1.0 * h.mentions / s.labels
                          WHEN j.drawn THEN 1.0 * h.mentions / s.drawn
                          ELSE 0.0 END AS w
         FROM judged j JOIN stratum s USING (brand_id, source_id, said_version, rules)
         LEFT JOIN heard h USING (brand_id, source_id, rules)),
       whole AS (SELECT brand_id, source_id, said_version, person, rules, drawn, w FROM weighed
                 UNION ALL SELECT brand_id, 0, said_version, person, rules, drawn, w FROM weighed),
       class (class, polarity) AS (VALUES (-1, 'negative'), (0, 'neutral'), (1, 'positive')),
       marked AS (SELECT *, w * (rules <> 2) AS wl, w * (rules = class) AS ws, w * (person = class AND rules <> 2) AS wm
                  FROM whole CROSS JOIN class),
       counted AS (
         SELECT brand_id, source_id, said_version, polarity, sum(rules <> 2) AS labels, sum(rules = 2) AS unscored,
                sum(drawn AND rules <> 2) AS drawn, sum(rules = person) AS agreed, sum(rules = class) AS said,
                sum(person = class AND rules <> 2) AS meant, sum(rules = class AND person = class) AS hits,
                sum(wl * (rules = person)) / nullif(sum(wl), 0) AS agreement, sum(wl) * sum(wl) / nullif(sum(wl * wl), 0) AS nl,
                sum(ws * (person = class)) / nullif(sum(ws), 0) AS precision, sum(ws) * sum(ws) / nullif(sum(ws * ws), 0) AS ns,
                sum(wm * (rules = class)) / nullif(sum(wm), 0) AS recall, sum(wm) * sum(wm) / nullif(sum(wm * wm), 0) AS nm
         FROM marked GROUP BY brand_id, source_id, said_version, polarity)
  SELECT b.name AS brand, coalesce(s.name, '*') AS source, c.said_version AS lexicon_version, c.polarity,
         c.labels, c.unscored, c.agreed, round(c.agreement, 4) AS agreement,
         round((2 * nl * agreement + 3.8415 - 1.96 * sqrt(3.8415 + 4 * nl * agreement * (1 - agreement)))
               / (2 * (nl + 3.8415)), 4) AS agreement_low,
         round((2 * nl * agreement + 3.8415 + 1.96 * sqrt(3.8415 + 4 * nl * agreement * (1 - agreement)))
               / (2 * (nl + 3.8415)), 4) AS agreement_high,
         c.said, c.meant, c.hits, round(c.precision, 4) AS precision,
         round((2 * ns * precision + 3.8415 - 1.96 * sqrt(3.8415 + 4 * ns * precision * (1 - precision)))
               / (2 * (ns + 3.8415)), 4) AS precision_low,
         round((2 * ns * precision + 3.8415 + 1.96 * sqrt(3.8415 + 4 * ns * precision * (1 - precision)))
               / (2 * (ns + 3.8415)), 4) AS precision_high,
         round(c.recall, 4) AS recall,
         round((2 * nm * recall + 3.8415 - 1.96 * sqrt(3.8415 + 4 * nm * recall * (1 - recall)))
               / (2 * (nm + 3.8415)), 4) AS recall_low,
         round((2 * nm * recall + 3.8415 + 1.96 * sqrt(3.8415 + 4 * nm * recall * (1 - recall)))
               / (2 * (nm + 3.8415)), 4) AS recall_high, c.drawn
  FROM counted c JOIN brand b USING (brand_id) LEFT JOIN source s USING (source_id);

-- Issue types by the same weights: whoever was drawn stands for those of whom the rules said the same polarity. A mention that
-- neither people nor rules gave the type is no evidence of it.
DROP VIEW IF EXISTS v_issue_accuracy;
CREATE VIEW v_issue_accuracy AS
  WITH judged AS (SELECT brand_id, source_id, said_version, said_polarity AS rules, said_issues AS given, issues AS person,
                         mention_id & 7 = 0 AS drawn
                  FROM label WHERE issues IS NOT NULL),
       stratum AS (SELECT brand_id, source_id, said_version, rules, count(*) AS labels, sum(drawn) AS drawn
                   FROM judged GROUP BY 1, 2, 3, 4),
       heard AS (
         SELECT brand_id, source_id, rules, sum(mentions) AS mentions FROM (
           SELECT brand_id, source_id, -1 AS rules, negative AS mentions FROM rollup_day
           UNION ALL SELECT brand_id, source_id, 0, neutral FROM rollup_day
           UNION ALL SELECT brand_id, source_id, 1, positive FROM rollup_day
           UNION ALL SELECT brand_id, source_id, 2, unscored FROM rollup_day
           UNION ALL SELECT brand_id, source_id, polarity, -1 FROM label WHERE polarity IS NOT NULL
           UNION ALL SELECT brand_id, source_id, rule_polarity, 1 FROM label WHERE polarity IS NOT NULL)
         GROUP BY 1, 2, 3),
       weighed AS (
         SELECT j.*, CASE WHEN coalesce(h.mentions, 0) <= s.labels THEN 1.0
                          WHEN s.drawn = 0 THEN 1.0 * h.mentions / s.labels
                          WHEN j.drawn THEN 1.0 * h.mentions / s.drawn
                          ELSE 0.0 END AS w
         FROM judged j JOIN stratum s USING (brand_id, source_id, said_version, rules)
         LEFT JOIN heard h USING (brand_id, source_id, rules)),
       whole AS (SELECT brand_id, source_id, said_version, given, person, drawn, w FROM weighed
                 UNION ALL SELECT brand_id, 0, said_version, given, person, drawn, w FROM weighed),
       asked AS (SELECT brand_id, source_id, said_version, count(*) AS labels, sum(drawn) AS drawn FROM whole GROUP BY 1, 2, 3),
       marked AS (SELECT brand_id, source_id, said_version, t.name AS issue, w, given >> t.issue_id & 1 AS said,
                         person >> t.issue_id & 1 AS meant
                  FROM whole JOIN issue_type t ON (given | person) >> t.issue_id & 1 WHERE t.name <> 'other'),
       counted AS (
         SELECT brand_id, source_id, said_version, issue, sum(said) AS said, sum(meant) AS meant, sum(said AND meant) AS hits,
                sum(w * said * meant) / nullif(sum(w * said), 0) AS precision,
                sum(w * said) * sum(w * said) / nullif(sum(w * w * said), 0) AS ns,
                sum(w * said * meant) / nullif(sum(w * meant), 0) AS recall,
                sum(w * meant) * sum(w * meant) / nullif(sum(w * w * meant), 0) AS nm
         FROM (SELECT * FROM marked UNION ALL SELECT brand_id, source_id, said_version, '*', w, said, meant FROM marked)
         GROUP BY 1, 2, 3, 4)
  SELECT b.name AS brand, coalesce(s.name, '*') AS source, c.said_version AS lexicon_version, c.issue, a.labels, a.drawn,
         c.said, c.meant, c.hits, round(c.precision, 4) AS precision,
         round((2 * ns * precision + 3.8415 - 1.96 * sqrt(3.8415 + 4 * ns * precision * (1 - precision)))
               / (2 * (ns + 3.8415)), 4) AS precision_low,
         round((2 * ns * precision + 3.8415 + 1.96 * sqrt(3.8415 + 4 * ns * precision * (1 - precision)))
               / (2 * (ns + 3.8415)), 4) AS precision_high,
         round(c.recall, 4) AS recall,
         round((2 * nm * recall + 3.8415 - 1.96 * sqrt(3.8415 + 4 * nm * recall * (1 - recall)))
               / (2 * (nm + 3.8415)), 4) AS recall_low,
         round((2 * nm * recall + 3.8415 + 1.96 * sqrt(3.8415 + 4 * nm * recall * (1 - recall)))
               / (2 * (nm + 3.8415)), 4) AS recall_high
  FROM counted c JOIN asked a USING (brand_id, source_id, said_version) JOIN brand b USING (brand_id)
  LEFT JOIN source s USING (source_id);

DROP VIEW IF EXISTS v_hour;
CREATE VIEW v_hour AS
  SELECT b.name AS brand, s.name AS source, datetime(r.hour_at / 1000, 'unixepoch') AS hour_at, r.hour_at AS hour_ms,
         r.mentions, r.positive, r.neutral, r.negative, r.unscored, r.score_sum / 1000.0 AS score_sum,
         r.questions, r.complaints, r.reach, r.own, r.spam, r.authors, r.negative_authors
  FROM rollup_hour r JOIN brand b USING (brand_id) JOIN source s USING (source_id);

DROP VIEW IF EXISTS v_day;
CREATE VIEW v_day AS
  SELECT b.name AS brand, date(r.day_at / 1000, 'unixepoch') AS day, sum(r.mentions) AS mentions,
         sum(r.positive) AS positive, sum(r.neutral) AS neutral, sum(r.negative) AS negative,
         sum(r.unscored) AS unscored,
         round(1.0 * (sum(r.positive) - sum(r.negative)) / nullif(sum(r.positive + r.neutral + r.negative), 0), 4)
           AS net_sentiment,
         sum(r.questions) AS questions, sum(r.complaints) AS complaints, sum(r.own) AS own, sum(r.spam) AS spam
  FROM rollup_day r JOIN brand b USING (brand_id)
  GROUP BY r.brand_id, r.day_at;

-- One source at a time: the authors of several sources do not add up.
DROP VIEW IF EXISTS v_source_day;
CREATE VIEW v_source_day AS
  SELECT b.name AS brand, s.name AS source, date(r.day_at / 1000, 'unixepoch') AS day, r.mentions, r.positive,
         r.neutral, r.negative, r.unscored, r.questions, r.complaints, r.reach, r.own, r.spam, r.authors,
         r.negative_authors
  FROM rollup_day r JOIN brand b USING (brand_id) JOIN source s USING (source_id);

DROP VIEW IF EXISTS v_issue_day;
CREATE VIEW v_issue_day AS
  SELECT b.name AS brand, t.name AS issue, date(r.day_at / 1000, 'unixepoch') AS day, sum(r.mentions) AS mentions,
         sum(r.negative) AS negative
  FROM rollup_day_issue r JOIN brand b USING (brand_id) JOIN issue_type t USING (issue_id)
  GROUP BY r.brand_id, r.issue_id, r.day_at;

DROP VIEW IF EXISTS v_language_day;
CREATE VIEW v_language_day AS
  SELECT b.name AS brand, r.lang, date(r.day_at / 1000, 'unixepoch') AS day, sum(r.mentions) AS mentions,
         sum(r.unscored) AS unscored
  FROM rollup_day_language r JOIN brand b USING (brand_id)
  GROUP BY r.brand_id, r.lang, r.day_at;

DROP VIEW IF EXISTS v_products;
CREATE VIEW v_products AS
  SELECT b.name AS brand, p.name AS product, date(r.day_at / 1000, 'unixepoch') AS day, sum(r.mentions) AS mentions,
         sum(r.positive) AS positive, sum(r.neutral) AS neutral, sum(r.negative) AS negative,
         sum(r.mentions - r.positive - r.neutral - r.negative) AS unscored,
         round(1.0 * (sum(r.positive) - sum(r.negative)) / nullif(sum(r.positive + r.neutral + r.negative), 0), 4)
           AS net_sentiment
  FROM rollup_day_product r JOIN brand b USING (brand_id) JOIN product p USING (product_id)
  GROUP BY r.brand_id, p.name, r.day_at;

DROP VIEW IF EXISTS v_queue;
CREATE VIEW v_queue AS
  SELECT b.name AS brand, w.priority, m.mention_id, datetime(m.created_at / 1000, 'unixepoch') AS created_at,
         s.name AS source, m.author_handle, m.reach, t.name AS top_issue, m.url, m.title, m.text, w.reasons,
         datetime(w.due_at / 1000, 'unixepoch') AS due_at,
         w.due_at IS NOT NULL AND w.due_at < strftime('%s', 'now') * 1000 AS overdue,
         coalesce(d.state, 'waiting') AS state,
         CASE WHEN d.state IS NOT NULL THEN d.owner ELSE
           (SELECT e.owner FROM waiting_decision e
            WHERE m.author_key <> 0 AND e.brand_id = w.brand_id AND e.author_key = m.author_key
                  AND e.mention_id < w.mention_id
            ORDER BY e.mention_id DESC LIMIT 1) END AS owner,
         d.note
  FROM waiting w
  JOIN brand b USING (brand_id)
  JOIN mention m USING (mention_id)
  JOIN verdict v ON v.mention_id = w.mention_id AND v.brand_id = w.brand_id
  JOIN source s USING (source_id)
  LEFT JOIN issue_type t ON t.issue_id = v.top_issue
  LEFT JOIN waiting_decision d ON d.mention_id = w.mention_id AND d.brand_id = w.brand_id
  WHERE m.deleted_at IS NULL
        AND (d.state IS NULL OR d.state = 'waiting'
             OR (d.state = 'snoozed' AND d.until <= strftime('%s', 'now') * 1000));

DROP VIEW IF EXISTS v_response_day;
CREATE VIEW v_response_day AS
  SELECT b.name AS brand, date(r.day_at / 1000, 'unixepoch') AS day, s.name AS source, r.contacts, r.answered, r.settled,
         r.median_s, r.slow_s, r.open_median_s, r.open_slow_s, r.late
  FROM response_day r JOIN brand b USING (brand_id) JOIN source s USING (source_id);

-- A day is that of the unhappy post with which the story began.
DROP VIEW IF EXISTS v_journey;
CREATE VIEW v_journey AS
  SELECT b.name AS brand, date((j.rant_mention >> 22) / 1000 + 946684800, 'unixepoch') AS day, j.outcome, j.fallen,
         t.name AS issue, m.author_handle, j.author_key, j.rant_mention, j.reply_mention, j.last_mention
  FROM journey j
  JOIN brand b USING (brand_id)
  LEFT JOIN mention m ON m.mention_id = j.rant_mention
  LEFT JOIN issue_type t ON t.issue_id = j.issue_id;

-- Unhappy customers who were won back, and what they said when they were asked whether that may be told.
DROP VIEW IF EXISTS v_story;
CREATE VIEW v_story AS
  SELECT b.name AS brand, date((j.rant_mention >> 22) / 1000 + 946684800, 'unixepoch') AS day, m.author_handle,
         j.author_key, j.rant_mention, j.reply_mention, j.last_mention, coalesce(c.consent, 'unknown') AS consent, c.note,
         c.decided_by, datetime(c.decided_at / 1000, 'unixepoch') AS decided_at
  FROM journey j
  JOIN brand b USING (brand_id)
  LEFT JOIN mention m ON m.mention_id = j.rant_mention
  LEFT JOIN story_consent c ON c.consent_id = (SELECT max(consent_id) FROM story_consent o
                                               WHERE o.brand_id = j.brand_id AND o.rant_mention = j.rant_mention)
  WHERE j.outcome = 'converted';

-- … and everything that was ever said of it.
DROP VIEW IF EXISTS v_consent;
CREATE VIEW v_consent AS
  SELECT b.name AS brand, c.rant_mention, datetime(c.decided_at / 1000, 'unixepoch') AS decided_at, c.consent, c.note,
         c.decided_by
  FROM story_consent c JOIN brand b USING (brand_id);

-- Pages of a brand, and how many of the questions that people ask they fit best.
DROP VIEW IF EXISTS v_page;
CREATE VIEW v_page AS
  SELECT b.name AS brand, p.url, p.title, p.origin, p.replies, p.reply_mention,
         (SELECT count(*) FROM idea_page f WHERE f.page_id = p.page_id) AS questions,
         (SELECT coalesce(sum(i.askers), 0) FROM idea_page f JOIN idea i USING (idea_id) WHERE f.page_id = p.page_id)
           AS askers
  FROM page p JOIN brand b USING (brand_id);

-- Phrases, hashtags and emoji that more or fewer people write than before, and the mentions that have them.
DROP VIEW IF EXISTS v_term_move;
CREATE VIEW v_term_move AS
  SELECT b.name AS brand, t.term, t.kind, t.direction, date(t.week_at / 1000, 'unixepoch') AS week, t.authors, t.people,
         t.authors_before, t.people_before, t.weeks_before, t.ratio, t.low, t.high
  FROM term_move t JOIN brand b USING (brand_id);

DROP VIEW IF EXISTS v_term_mention;
CREATE VIEW v_term_mention AS
  SELECT b.name AS brand, t.term, t.mention_id FROM term_mention t JOIN brand b USING (brand_id);

DROP VIEW IF EXISTS v_baseline;
CREATE VIEW v_baseline AS
  SELECT b.name AS brand, coalesce(s.name, '*') AS source, l.metric, l.hour_of_week, l.centre, l.spread, l.weeks,
         coalesce(t.name, '*') AS issue, l.weeks < 3 AS warm_up
  FROM baseline l JOIN brand b USING (brand_id) LEFT JOIN source s USING (source_id)
  LEFT JOIN issue_type t USING (issue_id);

-- What the metrics are that reports and [[kpi]] know by name; each is of one brand in one stretch of time.
DROP VIEW IF EXISTS v_metric;
CREATE VIEW v_metric (name, unit, definition) AS VALUES
  ('volume', 'mentions', 'mentions, without the brand''s own posts and spam'),
  ('authors', 'people', 'distinct authors of mentions; an estimate above 256'),
  ('net_sentiment', 'ratio', '(positive - negative) / (positive + neutral + negative) of the scored mentions'),
  ('negative_share', 'ratio', 'negative mentions / scored mentions'),
  ('negative_author_share', 'ratio', 'distinct authors who wrote negatively / distinct authors'),
  ('share_of_voice', 'ratio', 'mentions of the brand / mentions of it and its configured competitors'),
  ('contacts', 'mentions', 'complaints, questions, requests and threats to leave, which ask for an answer'),
  ('answered_share', 'ratio', 'contacts that the brand answered where it can be read / contacts'),
  ('response_time', 'seconds', 'from a contact to the brand''s first reply: median of the days'' medians, weighed by answers'),
  ('waiting', 'people', 'people whose complaint or threat to leave waits for an answer now, whatever the stretch'),
  ('converted', 'people', 'unhappy people who praised or recommended after a reply, by the start of their story'),
  ('converted_share', 'ratio', 'converted / stories of unhappy people whose end is known'),
  ('money_kept', 'currency', 'conversions x worth of a customer who stays, by the [[money]] valid at each'),
  ('money_at_risk', 'currency', 'waiting x share who leave unanswered x worth of a customer, by [[money]]'),
  ('incidents', 'incidents', 'widespread problems that began'),
  ('gap_hours', 'hours', 'hours in which sources with more than a tenth of the mentions were not heard'),
  ('accuracy', 'ratio', 'labels whose polarity the rules had said / labels, of the newest lexicon that was labelled');

DROP VIEW IF EXISTS v_incident;
CREATE VIEW v_incident AS
  SELECT i.incident_id, b.name AS brand, t.name AS issue,
         CASE WHEN d.dismissed_at IS NULL THEN i.state ELSE 'dismissed' END AS state, i.title, i.severity,
         datetime(i.started_at / 1000, 'unixepoch') AS started_at,
         datetime(i.detected_at / 1000, 'unixepoch') AS detected_at,
         datetime(i.last_at / 1000, 'unixepoch') AS last_at, i.authors, i.mentions, i.echoes, i.expected,
         i.threshold, i.first_mention, i.details, d.owner,
         datetime(d.acknowledged_at / 1000, 'unixepoch') AS acknowledged_at, d.note,
         datetime(d.dismissed_at / 1000, 'unixepoch') AS dismissed_at,
         datetime(d.advised_at / 1000, 'unixepoch') AS advised_at
  FROM incident i JOIN brand b USING (brand_id) LEFT JOIN issue_type t USING (issue_id)
  LEFT JOIN incident_decision d
    ON d.brand_id = i.brand_id AND d.issue_id = i.issue_id AND d.detected_at = i.detected_at;

DROP VIEW IF EXISTS v_idea;
CREATE VIEW v_idea AS
  SELECT i.idea_id, b.name AS brand, i.state, i.title, i.askers, i.mentions, i.unanswered, i.trend, i.score,
         datetime(i.first_at / 1000, 'unixepoch') AS first_at, datetime(i.last_at / 1000, 'unixepoch') AS last_at,
         i.details, i.owner, datetime(i.due / 1000, 'unixepoch') AS due, i.url, i.note,
         datetime(i.decided_at / 1000, 'unixepoch') AS decided_at,
         datetime(i.published_at / 1000, 'unixepoch') AS published_at, p.url AS page_url,
         f.score AS page_score
  FROM idea i JOIN brand b USING (brand_id)
  LEFT JOIN idea_page f USING (idea_id) LEFT JOIN page p USING (page_id);

-- Down to the mentions of a finding.
DROP VIEW IF EXISTS v_idea_mention;
CREATE VIEW v_idea_mention AS
  SELECT i.idea_id, b.name AS brand, i.title, q.mention_id,
         date((q.mention_id >> 22) / 1000 + 946684800, 'unixepoch') AS day, m.author_handle, m.text
  FROM idea_mention q JOIN idea i USING (idea_id) JOIN brand b USING (brand_id)
  LEFT JOIN mention m ON m.mention_id = q.mention_id;

DROP VIEW IF EXISTS v_incident_mention;
CREATE VIEW v_incident_mention AS
  SELECT i.incident_id, b.name AS brand, i.title, q.mention_id,
         date((q.mention_id >> 22) / 1000 + 946684800, 'unixepoch') AS day, m.author_handle, m.text
  FROM incident_mention q JOIN incident i USING (incident_id) JOIN brand b USING (brand_id)
  LEFT JOIN mention m ON m.mention_id = q.mention_id;

DROP VIEW IF EXISTS v_misled_mention;
CREATE VIEW v_misled_mention AS
  SELECT i.misled_id, b.name AS brand, i.title, q.mention_id,
         date((q.mention_id >> 22) / 1000 + 946684800, 'unixepoch') AS day, m.author_handle, m.text
  FROM misled_mention q JOIN misled i USING (misled_id) JOIN brand b USING (brand_id)
  LEFT JOIN mention m ON m.mention_id = q.mention_id;

-- Who people are to a brand, and the post that shows it. Of everybody without the role of a customer it is unknown
-- whether they are one.
DROP VIEW IF EXISTS v_role;
CREATE VIEW v_role AS
  SELECT b.name AS brand, r.role, r.reason, m.author_handle, r.author_key, r.mention_id
  FROM person_role r JOIN brand b USING (brand_id) LEFT JOIN mention m USING (mention_id);

-- Where people stand; counts are of the last twelve weeks.
DROP VIEW IF EXISTS v_person;
CREATE VIEW v_person AS
  SELECT b.name AS brand, p.stance, datetime(p.stance_at / 1000, 'unixepoch') AS stance_at, m.author_handle,
         p.author_key, p.mentions, p.praises, p.defences, p.referrals, p.reach,
         datetime(p.last_at / 1000, 'unixepoch') AS last_at, p.last_mention,
         (SELECT group_concat(role, ', ') FROM person_role r
          WHERE r.brand_id = p.brand_id AND r.author_key = p.author_key) AS roles
  FROM person p JOIN brand b USING (brand_id) LEFT JOIN mention m ON m.mention_id = p.last_mention;

DROP VIEW IF EXISTS v_stance_step;
CREATE VIEW v_stance_step AS
  SELECT b.name AS brand, datetime(s.at / 1000, 'unixepoch') AS at, s.author_key, s.from_stance, s.to_stance,
         s.before_mention, s.after_mention
  FROM stance_step s JOIN brand b USING (brand_id);

-- The transition matrix: how many people moved from one stance to another in a month.
DROP VIEW IF EXISTS v_stance_month;
CREATE VIEW v_stance_month AS
  SELECT b.name AS brand, strftime('%Y-%m', s.at / 1000, 'unixepoch') AS month, s.from_stance, s.to_stance,
         count(DISTINCT s.author_key) AS people, count(*) AS steps
  FROM stance_step s JOIN brand b USING (brand_id)
  GROUP BY s.brand_id, month, s.from_stance, s.to_stance;

DROP VIEW IF EXISTS v_defence;
CREATE VIEW v_defence AS
  SELECT b.name AS brand, datetime(m.created_at / 1000, 'unixepoch') AS created_at, m.author_handle, d.author_key,
         m.reach, d.mention_id, d.target_mention
  FROM defence d JOIN brand b USING (brand_id) JOIN mention m USING (mention_id)
  WHERE m.deleted_at IS NULL;

-- What people did for the brand unasked: of one kind one a person and day counts, the newest. The return on relationship
-- of a stretch of time is the sum of weight · 0.5 ^ (age / half-life).
DROP VIEW IF EXISTS v_bond;
CREATE VIEW v_bond AS
  WITH said AS (
         SELECT v.brand_id, v.mention_id, v.intents, m.author_key, m.links
         FROM verdict v JOIN mention m USING (mention_id)
         WHERE v.polarity <> -1 AND v.match <> 2
           AND NOT (v.intents >> (SELECT intent_id FROM intent_type WHERE name = 'spam')) & 1),
       bond (brand_id, kind, mention_id, author_key) AS (
         SELECT brand_id, 'recommend', mention_id, author_key FROM person_event WHERE kind = 'referral'
         UNION ALL SELECT brand_id, 'defend', mention_id, author_key FROM defence
         UNION ALL SELECT brand_id, 'thank', mention_id, author_key FROM said
                   WHERE (intents >> (SELECT intent_id FROM intent_type WHERE name = 'thanks')) & 1
         UNION ALL SELECT brand_id, 'share', mention_id, author_key FROM said
                   WHERE links IS NOT NULL AND EXISTS (
                     SELECT 1 FROM json_each(said.links) l JOIN page p ON p.brand_id = said.brand_id AND p.url = l.value)),
       dated AS (SELECT *, date((mention_id >> 22) / 1000 + 946684800, 'unixepoch') AS day FROM bond WHERE author_key <> 0)
  SELECT b.name AS brand, d.kind, CASE d.kind WHEN 'thank' THEN 1 WHEN 'share' THEN 2 ELSE 3 END AS weight, d.day,
         m.author_handle, d.author_key, max(d.mention_id) AS mention_id, m.text
  FROM dated d JOIN brand b USING (brand_id) JOIN mention m USING (mention_id)
  WHERE m.deleted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM person_role r WHERE r.brand_id = d.brand_id AND r.author_key = d.author_key
      AND r.role IN ('staff', 'press', 'bot', 'affiliate'))
  GROUP BY d.brand_id, d.kind, d.author_key, d.day;

-- How far incidents were covered: under how many of their unhappy posts somebody took the brand's part.
DROP VIEW IF EXISTS v_cover;
CREATE VIEW v_cover AS
  SELECT i.incident_id, b.name AS brand, i.title, i.mentions + i.echoes AS negative, count(c.target_mention) AS defended,
         round(1.0 * count(c.target_mention) / nullif(i.mentions + i.echoes, 0), 4) AS ratio
  FROM incident i JOIN brand b USING (brand_id)
  LEFT JOIN (SELECT DISTINCT n.incident_id, d.brand_id, d.target_mention
             FROM defence d JOIN mention m ON m.mention_id = d.mention_id JOIN mention t ON t.mention_id = d.target_mention
             JOIN verdict v ON v.mention_id = d.target_mention AND v.brand_id = d.brand_id
             JOIN incident_mention n ON n.mention_id = d.target_mention
             WHERE m.deleted_at IS NULL AND t.deleted_at IS NULL AND (v.polarity = -1 OR v.complaint)) c
    ON c.incident_id = i.incident_id AND c.brand_id = i.brand_id
  GROUP BY i.incident_id;

-- Referrals, purchase intent, threats to leave, switches from and to competitors, and answers by others for which the
-- asker gave thanks.
DROP VIEW IF EXISTS v_person_event;
CREATE VIEW v_person_event AS
  SELECT b.name AS brand, e.kind, datetime(m.created_at / 1000, 'unixepoch') AS created_at, m.author_handle,
         e.author_key, m.reach, e.mention_id, e.about_mention, e.thanks_mention,
         CAST(substr(CAST(m.text AS BLOB), e.span_begin + 1, e.span_end - e.span_begin) AS TEXT) AS words,
         CAST(substr(CAST(m.text AS BLOB), e.reason_begin + 1, e.reason_end - e.reason_begin) AS TEXT) AS reason,
         m.text
  FROM person_event e JOIN brand b USING (brand_id) JOIN mention m USING (mention_id)
  WHERE m.deleted_at IS NULL;

DROP VIEW IF EXISTS v_promise;
CREATE VIEW v_promise AS
  SELECT b.name AS brand, q.state, datetime(m.created_at / 1000, 'unixepoch') AS created_at,
         datetime(q.due_at / 1000, 'unixepoch') AS due_at, q.named,
         datetime(q.settled_at / 1000, 'unixepoch') AS settled_at, c.author_handle AS to_author,
         CAST(substr(CAST(m.text AS BLOB), q.span_begin + 1, q.span_end - q.span_begin) AS TEXT) AS words,
         q.mention_id, q.to_mention, q.settled_mention
  FROM promise q JOIN brand b USING (brand_id) JOIN mention m USING (mention_id)
  LEFT JOIN mention c ON c.mention_id = q.to_mention
  WHERE m.deleted_at IS NULL;

DROP VIEW IF EXISTS v_praise;
CREATE VIEW v_praise AS
  SELECT b.name AS brand, w.priority, m.mention_id, datetime(m.created_at / 1000, 'unixepoch') AS created_at,
         s.name AS source, m.author_handle, m.reach, m.url, m.text, w.reasons
  FROM praise w
  JOIN brand b USING (brand_id)
  JOIN mention m USING (mention_id)
  JOIN source s USING (source_id)
  LEFT JOIN waiting_decision d ON d.mention_id = w.mention_id AND d.brand_id = w.brand_id
  WHERE m.deleted_at IS NULL
        AND (d.state IS NULL OR d.state = 'waiting'
             OR (d.state = 'snoozed' AND d.until <= strftime('%s', 'now') * 1000));

DROP VIEW IF EXISTS v_conduct;
CREATE VIEW v_conduct AS
  SELECT b.name AS brand, c.kind, datetime(m.created_at / 1000, 'unixepoch') AS created_at, c.times, c.mention_id,
         c.about_mention, m.text
  FROM conduct c JOIN brand b USING (brand_id) JOIN mention m USING (mention_id)
  WHERE m.deleted_at IS NULL;

DROP VIEW IF EXISTS v_conduct_day;
CREATE VIEW v_conduct_day AS
  SELECT b.name AS brand, date(c.day_at / 1000, 'unixepoch') AS day, c.replies, c.canned, c.followups, c.unanswered
  FROM conduct_day c JOIN brand b USING (brand_id);

DROP VIEW IF EXISTS v_campaign;
CREATE VIEW v_campaign AS
  SELECT c.campaign_id, b.name AS brand, c.name AS campaign, datetime(c.from_at / 1000, 'unixepoch') AS from_at,
         datetime(c.to_at / 1000, 'unixepoch') AS to_at, c.url, c.note
  FROM campaign c JOIN brand b USING (brand_id);

DROP VIEW IF EXISTS v_claim;
CREATE VIEW v_claim AS
  SELECT c.claim_id, b.name AS brand, g.name AS campaign, c.product, c.text, c.text_before, c.url,
         datetime(c.from_at / 1000, 'unixepoch') AS from_at, datetime(c.to_at / 1000, 'unixepoch') AS to_at,
         datetime(c.edited_at / 1000, 'unixepoch') AS edited_at
  FROM claim c JOIN brand b USING (brand_id) LEFT JOIN campaign g USING (campaign_id);

DROP VIEW IF EXISTS v_misled;
CREATE VIEW v_misled AS
  SELECT m.misled_id, b.name AS brand, m.key, m.claim_id, c.text AS claim, m.title, m.people, m.mentions,
         datetime(m.first_at / 1000, 'unixepoch') AS first_at, datetime(m.last_at / 1000, 'unixepoch') AS last_at,
         m.details, datetime(t.told_at / 1000, 'unixepoch') AS told_at
  FROM misled m JOIN brand b USING (brand_id) LEFT JOIN claim c USING (claim_id)
  LEFT JOIN misled_told t ON t.brand_id = m.brand_id AND t.key = m.key;
