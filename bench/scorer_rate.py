#!/usr/bin/env python3
"""Posts a second of one core through the scorer and its peers, in turn: scorer_rate.py BENCH_BIN [--rounds R]

BENCH_BIN is the folder with analysis_text_bench. Peers are what one would pick instead: sentiment (AFINN) and vader-sentiment from npm,
vaderSentiment from PyPI; each is installed into a folder that is thrown away, and left out by name where that fails. Everybody
reads the same posts, the labelled tweets beside the checkout where they are, else sentences written here. Before timing, every tool must call
a plain good sentence better than a plain bad one. Medians, ranges and ratios of one run; state the machine.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TWEETS = os.path.join(HERE, "../../shared/sentiment/dev/speed_tweets.txt")
OWN = ["Still waiting on hold for 2 hours, third time this week!! Not happy :(", "Thanks for the great service, you rock",
       "where is my order? tracking has not moved since monday https://t.co/x", "Loving the new update, so smooth #happy"] * 2500
GOOD, BAD = "I love this, it is great", "I hate this, it is terrible"

NODE = """
const posts = require('fs').readFileSync(process.argv[2], 'utf8').split('\\n').filter(Boolean);
const score = %s;
if (!(score(%s) > score(%s))) throw new Error('good is not better than bad');
const begin = process.cpuUsage();
let sum = 0;
for (const post of posts) sum += score(post);
const used = process.cpuUsage(begin);
console.log(JSON.stringify({rate: posts.length / ((used.user + used.system) / 1e6), sum}));
"""
PYTHON = """
import json, sys, time
posts = [line for line in open(sys.argv[1], encoding="utf-8").read().split("\\n") if line]
%s
assert score(%r) > score(%r), "good is not better than bad"
begin = time.process_time(); total = sum(score(post) for post in posts)
print(json.dumps({"rate": len(posts) / (time.process_time() - begin), "sum": total}))
"""
NPM = {"npm sentiment (AFINN)": ("sentiment@5.0.2", "(() => { const S = require('sentiment'); const s = new S(); return text => s.analyze(text).score; })()"),
       "npm vader-sentiment": ("vader-sentiment@1.1.3", "text => require('vader-sentiment').SentimentIntensityAnalyzer.polarity_scores(text).compound")}
PYPI = {"Python vaderSentiment": ("vaderSentiment==3.3.2", "from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer\n"
                                  "analyzer = SentimentIntensityAnalyzer()\nscore = lambda text: analyzer.polarity_scores(text)['compound']")}

def quiet(command, **more): return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)

def peers(folder):
    """Name and command of every peer that could be installed."""
    out = {}
    for name, (package, score) in NPM.items():
        home = os.path.join(folder, package.split("@")[0])  # one each: npm takes away what is not listed
        os.mkdir(home)
        try: done = quiet(["npm", "install", "--no-save", "--silent", "--prefix", home, package])
        except FileNotFoundError: print("%s left out: no npm" % name); continue
        if done.returncode != 0: print("%s left out: %s" % (name, done.stderr.strip().split("\n")[-1])); continue
        path = os.path.join(home, "peer.js")
        with open(path, "w") as file: file.write(NODE % (score, json.dumps(GOOD), json.dumps(BAD)))
        out[name] = ["node", path]
    for name, (package, score) in PYPI.items():
        packages = os.path.join(folder, "python")
        done = quiet([sys.executable, "-m", "pip", "install", "--quiet", "--target", packages, package])
        if done.returncode != 0: print("%s left out: %s" % (name, done.stderr.strip().split("\n")[-1])); continue
        path = os.path.join(folder, "peer.py")
        with open(path, "w") as file: file.write("import sys; sys.path.insert(0, %r)\n" % packages + PYTHON % (score, GOOD, BAD))
        out[name] = [sys.executable, path]
    return out

def ours(binary):
    """The bench checks its own results before it times them."""
    said = subprocess.run([binary, "--benchmark_format=json", "--benchmark_min_time=1", "--benchmark_filter=sentiment|analyse/hinted:1"],
                          stdout=subprocess.PIPE, check=True, text=True).stdout
    return {("sentiment alone" if run["name"] == "sentiment" else "whole verdict"): run["items_per_second"] for run in json.loads(said)["benchmarks"]}

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder"); parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        posts = os.path.join(folder, "posts.txt")
        lines = open(TWEETS, encoding="utf-8").read().split("\n") if os.path.exists(TWEETS) else OWN
        with open(posts, "w", encoding="utf-8") as file: file.write("\n".join(line for line in lines if line))
        rates, commands = {}, peers(folder)
        for _ in range(args.rounds):
            for name, rate in ours(os.path.join(args.folder, "analysis_text_bench")).items(): rates.setdefault(name, []).append(rate)
            for name, command in commands.items():
                said = subprocess.run([*command, posts], stdout=subprocess.PIPE, check=True, text=True).stdout
                rates.setdefault(name, []).append(json.loads(said)["rate"])
    size = sum(len(line.encode()) for line in lines) / max(1, len(lines))
    print("%d posts of %.0f bytes, one core, %d rounds in turn" % (len(lines), size, args.rounds))
    whole = statistics.median(rates["whole verdict"])
    for name, values in rates.items():
        middle = statistics.median(values)
        print("%-24s %9.0f/s  (%.0f–%.0f)  the whole verdict is %.2f × as fast" % (name, middle, min(values), max(values), whole / middle))

if __name__ == "__main__":
    main()
