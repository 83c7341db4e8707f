#!/usr/bin/env python3
"""How far promised probabilities are from how often they come true: measure_calibration.py EARSHOT SET.jsonl...

Expected calibration error of the polarity that is said, in ten bins of its probability, each as heavy as its posts. For sets
that trained the weights, `earshot train --folds` prints the honest figure.
"""
import json, pathlib, subprocess, sys

BINS = 10


def error(promises):
    bins = [[0.0, 0] for _ in range(BINS)]
    for probability, right in promises:
        bin = bins[min(int(probability * BINS), BINS - 1)]
        bin[0] += probability
        bin[1] += right
    return sum(abs(promised - right) for promised, right in bins) / len(promises)


def promises_of(earshot, path):
    with open(path, encoding="utf-8") as lines:
        posts = [json.loads(line) for line in lines]
    gold = {post["id"]: post["label"] for post in posts}
    text = "".join(json.dumps({"id": post["id"], "text": post["text"]}) + "\n" for post in posts)
    done = subprocess.run([earshot, "score"], input=text, capture_output=True, text=True, check=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [(one["probabilities"][one["label"]], one["label"] == gold[one["id"]]) for one in said if one["label"] != "unscored"]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for path in sys.argv[2:]:
        promises = promises_of(sys.argv[1], path)
        right = sum(right for _, right in promises) / len(promises)
        promised = sum(probability for probability, _ in promises) / len(promises)
        print(f"{pathlib.Path(path).stem:26} {len(promises):6} posts  promised {promised:.3f}  right {right:.3f}  error {error(promises):.3f}")


if __name__ == "__main__":
    main()
