#!/usr/bin/env python3
"""What an analyst would write in an afternoon: the peer of `earshot import`. plain_pipeline.py POSTS.ndjson DATABASE

json.loads, a rule-based scorer, keyword issue types, sqlite3 with a unique key and FTS5 over the texts, then GROUP BY for the dashboard. The
scorer is vaderSentiment where it is installed, else a word list with negation in this file, which is much faster than it.
"""
import json, re, sqlite3, sys, time

BATCH = 10_000
GOOD = set("good great love loved happy thanks thank best awesome nice excellent amazing perfect glad cool".split())
BAD = set("bad terrible awful hate hated worst broken slow late angry sad fail failed waiting rude useless horrible annoying".split())
ISSUES = {"delay": ("late", "delay", "waiting"), "billing": ("bill", "charged", "invoice"), "bug": ("crash", "broken", "error"),
          "refund": ("refund", "money back"), "customer_service": ("hold", "rude", "support"), "outage": ("down", "offline")}
WORD = re.compile(r"[a-z']+")

try:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    analyser = SentimentIntensityAnalyzer()
    def score(text): return analyser.polarity_scores(text)["compound"]
except ImportError:
    def score(text):
        total, turned = 0, 0
        for word in WORD.findall(text.lower()):
            if word in ("not", "no", "never", "don't", "can't"): turned = 3; continue
            total += ((word in GOOD) - (word in BAD)) * (-1 if turned > 0 else 1)
            turned -= 1
        return total / (abs(total) + 2)

def main():
    posts, path = sys.argv[1:3]
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("""PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
        CREATE TABLE post(platform TEXT, id TEXT, at TEXT, author TEXT, text TEXT, likes INT, score REAL, label TEXT, issues TEXT, brand TEXT, UNIQUE(platform, id));
        CREATE INDEX post_brand ON post(brand, at);
        CREATE VIRTUAL TABLE words USING fts5(text, content='post', content_rowid='rowid');""")
    started, rows, count = time.time(), [], 0
    def flush():
        database.execute("BEGIN"); database.executemany("INSERT OR IGNORE INTO post VALUES(?,?,?,?,?,?,?,?,?,?)", rows); database.execute("COMMIT"); rows.clear()
    for line in open(posts, encoding="utf-8"):
        p = json.loads(line)
        text = p["text"]; low = text.lower(); value = score(text)
        label = "positive" if value >= 0.05 else "negative" if value <= -0.05 else "neutral"
        issues = ",".join(name for name, words in ISSUES.items() if any(w in low for w in words))
        rows.append((p["platform"], p["id"], p["created_at"], p["author"]["id"], text, p["engagement"]["likes"], value, label, issues, "Globex" if "globex" in low else "Acme"))
        count += 1
        if len(rows) == BATCH: flush()
    flush()
    database.execute("INSERT INTO words(words) VALUES('rebuild')")
    list(database.execute("SELECT brand, substr(at,1,13), label, count(*), avg(score) FROM post GROUP BY 1,2,3"))
    print(json.dumps({"posts": count, "scorer": "vaderSentiment" if "analyser" in globals() else "a word list", "seconds": round(time.time() - started, 3)}))

if __name__ == "__main__":
    main()
