#!/usr/bin/env python3
"""Writes analysis/data/hashtag_words.tsv: the words a hashtag may be made of, with their cost (-100 log10 of share).

  tools/make_hashtag_words.py --data DIR > analysis/data/hashtag_words.tsv

Counts come from the sets that may be learned from (see docs/analysis.md). Developers run this; the build does not.
"""
import argparse, collections, json, math, os, re, sys

SETS = ["semeval_2013_2016", "tweeteval_sentiment_test", "tweeteval_irony", "hutto_tweets", "hutto_amazon",
        "hutto_movie", "hutto_nyt", "banking77", "clinc150", "appreviews_maalej"]
TWO = set("am an as at be by do go he hi if in is it me my no of ok on or so to up us we tv pc uk eu vs".split())
NOT = set("th st nd rd ll ve re im ur nt pm rt de la el en al un le da et ed ing er ly est amp http https".split())

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True)
    ap.add_argument("--extra", action="append", default=[], help="lexicon TSV whose single words join with a small count")
    args = ap.parse_args()
    counts = collections.Counter()
    for name in SETS:
        with open(os.path.join(args.data, name + ".jsonl"), encoding="utf-8") as f:
            for line in f:
                text = re.sub(r"https?\S+|[@#]\w+", " ", json.loads(line)["text"].replace("’", "'"))
                counts.update(w.replace("'", "") for w in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()))
    total = sum(counts.values())
    need = {1: 10 ** 9, 2: 10 ** 9, 3: 40, 4: 12}
    keep = {w: n for w, n in counts.items() if n >= need.get(len(w), 5) and w not in NOT and len(w) <= 18}
    for w in TWO | {"i", "a"}:
        keep[w] = counts[w]
    for path in args.extra:
        with open(path, encoding="utf-8") as f:
            for line in f:
                w = line.split("\t")[0]
                if re.fullmatch(r"[a-z]{4,18}", w):
                    keep[w] = max(keep.get(w, 0), 4)
    print("# earshot hashtag words\n# version: 1\n# licence: CC0-1.0 (word counts)\n# source: counts over " + ", ".join(SETS))
    print("# columns: word, cost = -100 * log10(count / all words)")
    for w, n in sorted(keep.items()):
        if n: print(f"{w}\t{max(1, round(-100 * math.log10(n / total)))}")

if __name__ == "__main__":
    main()
