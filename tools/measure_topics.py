#!/usr/bin/env python3
"""Precision, recall and F1 of issue types and intents on the demo's English posts.

    python3 demo/generate.py --out DIR --now 2026-11-22T04:00:00Z
    python3 tools/measure_topics.py DIR "build/release/bin/earshot score" [--all-languages]

DIR holds posts.ndjson and truth.json. COMMAND reads {"id","text"} lines and writes score lines. `micro` sums over all types but `other`.
"""
import argparse, collections, json, os, shlex, subprocess, sys

def load(folder, all_languages):
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as f: truth = {p["key"]: p for p in json.load(f)["posts"]}
    rows = []
    for line in open(os.path.join(folder, "posts.ndjson"), encoding="utf-8"):
        post = json.loads(line)
        label = truth.get(post["key"])
        if label and (all_languages or label.get("lang") == "en"): rows.append((post["key"], post["text"], label))
    return rows

def score(command, rows):
    text = "".join(json.dumps({"id": key, "text": text}) + "\n" for key, text, _ in rows)
    out = subprocess.run(shlex.split(command), input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    return {a["id"]: a for a in map(json.loads, out.splitlines())}

def table(title, pairs):
    """pairs: (gold set, answered set) per post."""
    hit, gold, got = collections.Counter(), collections.Counter(), collections.Counter()
    for want, have in pairs:
        gold.update(want); got.update(have); hit.update(want & have)
    rate = lambda a, b: a / b if b else 0.0
    row = lambda name, h, g, a: print("%-18s %5d %5d  P %.2f  R %.2f  F1 %.3f" % (name, g, a, rate(h, a), rate(h, g), rate(2 * h, g + a)))
    print("%s%sgold   got" % (title, " " * (21 - len(title))))
    for name in sorted(gold | got, key=lambda n: (-gold[n], n)): row(name, hit[name], gold[name], got[name])
    kept = [n for n in gold | got if n != "other"]
    total = lambda c: sum(c[n] for n in kept)
    row("micro", total(hit), total(gold), total(got))
    print("%-18s %29.3f\n" % ("macro F1", rate(sum(rate(2 * hit[n], gold[n] + got[n]) for n in kept), len(kept))))

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder"); parser.add_argument("command"); parser.add_argument("--all-languages", action="store_true")
    args = parser.parse_args()
    rows = load(args.folder, args.all_languages)
    answers = score(args.command, rows)
    print("%d posts" % len(rows))
    table("issue type", [(set(label["issues"]), {i["type"] for i in answers[key]["issues"]}) for key, _, label in rows])
    table("intent", [(set(label["intents"]), set(answers[key]["intents"])) for key, _, label in rows])

if __name__ == "__main__":
    sys.exit(main())
