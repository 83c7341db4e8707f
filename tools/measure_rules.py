#!/usr/bin/env python3
"""Macro-F1 of sentiment on labelled posts with all rules on, and what each rule adds to it.

    python3 tools/measure_rules.py DIR "build/release/bin/earshot score" [--sets a,b] [--with-brands]

DIR holds SET.jsonl files of {"text","label"[,"brand"]} lines. A rule's figure is how much macro-F1 falls when it is switched off, in
thousandths, the learned weights left as they are; `posts` is how many verdicts change. --with-brands judges each post for its brand.
"""
import argparse, collections, json, os, re, shlex, subprocess, sys

SETS = "airline_repaired,tweeteval_sentiment_test,semeval_2013_2016,sanders,brands_sxsw,apple_dfe,sentistrength_twitter"

def load(folder, names):
    return {n: [json.loads(line) for line in open(os.path.join(folder, n + ".jsonl"), encoding="utf-8")] for n in names}

def rules(command):
    """The names of all rules, from the answer to a name that is none."""
    out = subprocess.run(command + ["--rules-off", "?"], input=b"", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    found = re.search(r"the rules are ([a-z_, ]+)", out.stderr.decode())
    if not found: sys.exit("the command does not know --rules-off: " + out.stderr.decode().strip())
    return [name.strip() for name in found[1].split(",")]

def labels(command, sets, with_brands, off=None):
    line = lambda r: {"id": "0", "text": r["text"], **({"brand": r["brand"]} if with_brands and r.get("brand") else {})}
    text = "".join(json.dumps(line(r)) + "\n" for rows in sets.values() for r in rows)
    out = subprocess.run(command + (["--rules-off", off] if off else []), input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    answers = iter([json.loads(line)["label"] for line in out.splitlines()])
    return {name: [next(answers) for _ in rows] for name, rows in sets.items()}

def macro_f1(gold, got):
    hit, g, p = collections.Counter(a for a, b in zip(gold, got) if a == b), collections.Counter(gold), collections.Counter(got)
    return sum(2 * hit[l] / (g[l] + p[l]) for l in g) / len(g)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder"); parser.add_argument("command"); parser.add_argument("--sets", default=SETS)
    parser.add_argument("--with-brands", action="store_true")
    args = parser.parse_args()
    command, sets = shlex.split(args.command), load(args.folder, args.sets.split(","))
    figures = lambda got: {n: macro_f1([r["label"] for r in rows], got[n]) for n, rows in sets.items()}
    on = labels(command, sets, args.with_brands)
    with_all = figures(on)
    print("| rule | " + " | ".join(sets) + " | sum | posts |\n|---" + "|---" * (len(sets) + 2) + "|")
    print("| all on, macro-F1 | " + " | ".join("%.4f" % f for f in with_all.values()) + " | %.4f | |" % sum(with_all.values()))
    for rule in rules(command):
        off = labels(command, sets, args.with_brands, rule)
        adds = {n: 1000 * (with_all[n] - f) for n, f in figures(off).items()}
        changed = sum(a != b for n in sets for a, b in zip(on[n], off[n]))
        print("| " + rule + " | " + " | ".join("%+.1f" % a for a in adds.values()) + " | %+.1f | %d |" % (sum(adds.values()), changed), flush=True)

if __name__ == "__main__":
    sys.exit(main())
