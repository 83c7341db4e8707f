#!/usr/bin/env python3
"""Makes the demo corpus: nine weeks of posts about the invented brand Fernwave and its competitor Quillnet.

    python3 demo/generate.py --out DIR [--seed N] [--now RFC3339]

writes DIR/posts.ndjson (what the demo server serves) and DIR/truth.json (labels, for tests only). The same seed and
the same --now give the same bytes. Without --now the nine weeks start at the reference Monday, 2025-01-06; with it they
are moved by whole weeks so that the ninth is the week of that moment.
"""

import argparse
import collections
import json
import os
import random
import re
import tomllib

import native_ids
from calendar_ms import REFERENCE_MONDAY, WEEK, WEEKS, iso, rfc3339_ms, shift_for
from everyday import Everyday
from material import CORPUS
from moving import Moving
from people import People
from posting import Posting
from story import Story
from wording import Wording

SEED = 20250106


class Corpus(People, Wording, Posting, Story, Everyday, Moving):
    """The posts of nine weeks and the truth about them, in reference time."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        with open(os.path.join(CORPUS, "pieces.toml"), "rb") as file:
            self.pieces = tomllib.load(file)
        with open(os.path.join(CORPUS, "people.toml"), "rb") as file:
            self.people = tomllib.load(file)
        with open(os.path.join(CORPUS, "forum.toml"), "rb") as file:
            self.forum = tomllib.load(file)
        with open(os.path.join(CORPUS, "replies.toml"), "rb") as file:
            self.phrases = tomllib.load(file)
        self.decks, self.weights = {}, {}
        self.posts, self.truth = [], {}
        self.facts = {"questions": [], "journeys": [], "decoys": [], "promises": [], "incident": {}, "promotion": {}, "movers": [], "pages": [],
                      "edits": [], "deletions": [], "reposts": []}
        self.seen_texts = set()
        self.used_times = collections.defaultdict(set)
        self.authors = {p: self.make_authors(p, n) for p, n in
                        (("mastodon", 760), ("bluesky", 780), ("hackernews", 170), ("forum", 330))}
        self.own = {p: self.own_accounts(p) for p in ("mastodon", "bluesky", "hackernews", "forum")}

    def build(self):
        self.hn()
        self.incident()
        self.promotion()
        self.questions()
        self.journeys()
        self.everyday()
        self.staff()
        self.conversations()
        self.news()
        self.noise()
        self.reposts()
        self.edits_and_deletions()
        self.moving()
        return self

    def render(self, shift=0):
        """(posts, truth) moved by `shift` ms, with native ids and RFC 3339 times, posts in the order of time."""
        ids = {}
        posts = []
        for post in sorted(self.posts, key=lambda p: (p["ms"], p["key"])):
            out = dict(post)
            out["ms"] += shift
            if out["edit"]:
                out["edit"] = dict(out["edit"], ms=out["edit"]["ms"] + shift)
            if out["deleted_ms"]:
                out["deleted_ms"] += shift
            out["id"], out["uri"], out["url"] = native_ids.assign(out, out["ms"])
            out["created_at"] = iso(out["ms"])
            ids[out["key"]] = out
            posts.append(out)
        labels = []
        for post in posts:
            truth = dict(self.truth[post["key"]])
            whole = f"{post['text']} {post['title'] or ''}".lower()
            truth["named"] = [b for b in ("fernwave", "quillnet") if re.search(rf"(?<!\w){b}(?!\w)", whole)]
            labels.append({"key": post["key"], "platform": post["platform"], "id": post["id"], "uri": post["uri"], "author": post["author"]["id"],
                           "created_at": post["created_at"], **{k: v for k, v in truth.items() if k != "key"}})

        def native(value):
            if isinstance(value, str) and re.fullmatch(r"p\d{5}", value):
                return {"key": value, "platform": ids[value]["platform"], "id": ids[value]["id"], "uri": ids[value]["uri"]}
            if isinstance(value, list):
                return [native(v) for v in value]
            if isinstance(value, dict):
                return {(k[:-3] + "_at" if k.endswith("_ms") else "at" if k == "ms" else k): iso(v + shift) if k == "ms" or k.endswith("_ms") else native(v)
                        for k, v in value.items()}
            return value

        start = REFERENCE_MONDAY + shift
        head = {"first_monday": iso(start), "weeks": WEEKS, "counts": self.counts(posts)}
        return posts, {**head, **{k: native(v) for k, v in self.facts.items()}, "posts": labels}

    def counts(self, posts):
        full = [p for p in self.posts if p["ms"] < REFERENCE_MONDAY + 8 * WEEK]
        tally = lambda values: dict(sorted(collections.Counter(values).items(), key=lambda kv: (-kv[1], kv[0])))
        truths = [self.truth[p["key"]] for p in posts]
        return {
            "posts": len(posts), "first_eight_weeks": len(full), "platforms": tally(p["platform"] for p in posts),
            "authors": len({p["author"]["id"] for p in posts}), "languages": tally(t["lang"] for t in truths), "roles": tally(t["role"] for t in truths),
            "issues": tally(i for t in truths for i in t["issues"]), "intents": tally(i for t in truths for i in t["intents"]),
            "fernwave": tally(t["sentiment"]["fernwave"] for t in truths if "fernwave" in t["sentiment"]),
            "quillnet": tally(t["sentiment"]["quillnet"] for t in truths if "quillnet" in t["sentiment"]),
            "sarcasm": sum(bool(t.get("sarcasm")) for t in truths), "spam": sum(bool(t.get("spam")) for t in truths),
            "near_miss": tally(t["near_miss"] for t in truths if t.get("near_miss")), "comparisons": sum(bool(t.get("comparison")) for t in truths),
            "edits": len(self.facts["edits"]), "deletions": len(self.facts["deletions"]), "reposts": tally(r["kind"] for r in self.facts["reposts"]),
            "journeys": len(self.facts["journeys"]), "decoys": len(self.facts["decoys"]), "promises": len(self.facts["promises"]),
            "incident_authors": self.facts["incident"]["distinct_authors"], "misled_by_promotion": len(self.facts["promotion"]["misled"]),
            "askers": {q["id"]: len(q["asked"]) for q in self.facts["questions"]},
        }


def main():
    parser = argparse.ArgumentParser(description="Writes the demo corpus and its truth labels.")
    parser.add_argument("--out", required=True, help="directory for posts.ndjson and truth.json")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--now", help="RFC 3339 time whose week becomes the ninth")
    args = parser.parse_args()
    corpus = Corpus(args.seed).build()
    posts, truth = corpus.render(shift_for(rfc3339_ms(args.now)) if args.now else 0)
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "posts.ndjson"), "w", encoding="utf-8") as file:
        for post in posts:
            file.write(json.dumps(post, ensure_ascii=False, sort_keys=True) + "\n")
    with open(os.path.join(args.out, "truth.json"), "w", encoding="utf-8") as file:
        json.dump(truth, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
