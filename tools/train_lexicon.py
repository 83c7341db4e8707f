#!/usr/bin/env python3
"""Learns the class weights of the sentiment lexicon and writes them as a readable layer.

  tools/train_lexicon.py --data DIR --scorer build/dev/bin/score_features --out analysis/data/en_learned.tsv
  tools/train_lexicon.py --data DIR --scorer … --folds 5          (cross-validated figures per training set, writes nothing)

The inputs come from the product itself (`score_features`), so what is learned is what is added up. Only sets
whose licence allows it train: see TRAIN and docs/analysis.md. Needs numpy, scipy and scikit-learn; developers run
this, the build does not. Same data, same weights: the solver is deterministic.
"""
import argparse, collections, json, os, re, subprocess, sys
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

LABELS = ["negative", "neutral", "positive"]
# set -> how much one of its rows counts beside one of semeval's
TRAIN = {"semeval_2013_2016": 1.0, "tweeteval_sentiment_test": 1.5, "hutto_tweets": 1.0, "hutto_amazon": 1.0,
         "hutto_movie": 0.35, "hutto_nyt": 0.5, "umsab_multilingual": 1.0}

PLACES = {"<n>", "<money>", "<url>", "<handle>", "<brand>", "</3", "<3"}

def load(data, lang):
    rows, seen = [], set()
    for name, weight in TRAIN.items():
        with open(os.path.join(data, name + ".jsonl"), encoding="utf-8") as f:
            for line in f:
                o = json.loads(line)
                if o.get("lang", "en") != lang: continue
                key = " ".join(re.sub(r"https?\S*|@\w+|[^\w\s]", " ", o["text"].lower()).split())
                if key in seen: continue  # one tweet stands in several corpora; folds must not share it
                seen.add(key)
                if o["label"] in LABELS: rows.append((name, o["id"], o["text"], LABELS.index(o["label"]), weight))
    return rows

def features(rows, scorer, lang):
    lines = "".join(json.dumps({"id": str(i), "text": r[2], "lang": lang}) + "\n" for i, r in enumerate(rows))
    out = subprocess.run([scorer], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    found = []
    for line in out.splitlines():  # a repeated word is a repeated key: both count
        pairs = json.loads(line, object_pairs_hook=lambda p: p)
        found.append(dict(pairs)["f"])
    return found

def is_number(name):
    """The model's numeric features, not words or placeholders."""
    return name.startswith("<") and name.endswith(">") and " " not in name and name not in PLACES

def vocabulary(feats, min_one, min_two):
    seen = collections.Counter()
    for f in feats: seen.update({k for k, _ in f})
    keep = [k for k, n in seen.items() if is_number(k) or n >= (min_two if " " in k else min_one)]
    return {k: i for i, k in enumerate(sorted(keep))}

def matrix(feats, vocab):
    rows, cols, vals = [], [], []
    for i, f in enumerate(feats):
        for k, v in f:
            j = vocab.get(k)
            if j is not None: rows.append(i); cols.append(j); vals.append(v)
    return csr_matrix((vals, (rows, cols)), shape=(len(feats), len(vocab)))

def column_scale(vocab):
    """Numeric features are few and trusted: they are penalised less than single words."""
    return np.array([3.0 if is_number(k) else 1.0 for k in vocab])

def fit(X, y, w, vocab, C, balance):
    s = column_scale(vocab)
    counts = np.bincount(y, weights=w, minlength=3)
    w = w * (counts.sum() / (3 * counts))[y] ** balance
    model = LogisticRegression(C=C, max_iter=1000, fit_intercept=False, tol=1e-3)
    model.fit(X.multiply(s).tocsr(), y, sample_weight=w)
    return model.coef_ * s

def macro_f1(gold, got):
    f = []
    for c in range(3):
        tp = np.sum((gold == c) & (got == c)); n = np.sum(gold == c) + np.sum(got == c)
        if np.sum(gold == c): f.append(2 * tp / n if n else 0)
    return float(np.mean(f))

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True); ap.add_argument("--scorer", required=True); ap.add_argument("--out")
    ap.add_argument("--lang", default="en"); ap.add_argument("--folds", type=int, default=0)
    ap.add_argument("-C", type=float, default=0.03); ap.add_argument("--balance", type=float, default=0.7)
    ap.add_argument("--min-one", type=int, default=4); ap.add_argument("--min-two", type=int, default=8)
    ap.add_argument("--lines-max", type=int, default=20000); ap.add_argument("--version", type=int, default=1)
    a = ap.parse_args()
    rows = load(a.data, a.lang); feats = features(rows, a.scorer, a.lang)
    y = np.array([r[3] for r in rows]); w = np.array([r[4] for r in rows]); sets = np.array([r[0] for r in rows])
    print(len(rows), "rows", file=sys.stderr)
    if a.folds:
        fold = np.arange(len(rows)) % a.folds; got = np.zeros(len(rows), int)
        for k in range(a.folds):
            tr = np.where(fold != k)[0]; te = np.where(fold == k)[0]
            vocab = vocabulary([feats[i] for i in tr], a.min_one, a.min_two)
            coef = fit(matrix([feats[i] for i in tr], vocab), y[tr], w[tr], vocab, a.C, a.balance)
            got[te] = np.argmax(matrix([feats[i] for i in te], vocab) @ coef.T, axis=1)
        for name in TRAIN:
            m = sets == name
            if m.any(): print("%-28s n=%6d acc %.4f mF1 %.4f" % (name, m.sum(), np.mean(y[m] == got[m]), macro_f1(y[m], got[m])))
        return
    vocab = vocabulary(feats, a.min_one, a.min_two)
    coef = fit(matrix(feats, vocab), y, w, vocab, a.C, a.balance)
    coef = coef - coef.mean(axis=0)  # adding a constant to all classes changes nothing
    lines = []
    for k, j in vocab.items():
        c = coef[:, j]
        if is_number(k) or np.abs(c).max() >= 0.02: lines.append((99 if is_number(k) else np.abs(c).max(), k, c))
    lines = sorted(lines, key=lambda x: -x[0])[:a.lines_max]
    with open(a.out, "w", encoding="utf-8") as f:
        f.write("# earshot lexicon\n# version: %d\n# language: %s\n# layer: learned class weights (logits); <names> are the model's numeric features\n" % (a.version, a.lang))
        f.write("# licence: CC0-1.0 (the weights); learned from %s\n" % ", ".join(sorted(set(sets))))
        f.write("# source: tools/train_lexicon.py, logistic regression, C=%g, balance=%g, %d rows\n" % (a.C, a.balance, len(rows)))
        f.write("# columns: term, valence, negative, neutral, positive\n")
        for _, k, c in sorted(lines, key=lambda x: x[1]):
            f.write("%s\t-\t%s\n" % (k, "\t".join("%.2f" % v if v else "0" for v in c)))
    print(len(lines), "lines", file=sys.stderr)

if __name__ == "__main__":
    main()
