#!/usr/bin/env python3
"""Writes analysis/data/language_words.tsv: words that tell languages apart, with their log-odds.

  tools/make_language_words.py --data DIR > analysis/data/language_words.tsv
  tools/make_language_words.py --data DIR --folds 5        (accuracy of the words alone, cross-validated)

Counts come from umsab_multilingual; function words of further languages are written by hand. Developers run this.
"""
import argparse, collections, json, math, os, re

HAND = {
 "nl": "de het een en van ik te dat die in je niet zijn op voor met als maar er om hem dan zou wat mijn men dit zo door over ze bij ook tot uit ben heb heeft geen wel nog naar kan deze moet worden wordt werd hebben jullie wij mij niets goed gaat",
 "sv": "och att det som en på är av för med den till inte har de ett om hade men var jag från så kan när nu eller vi ut skulle mycket också bara efter mig dig alla vara blir är här",
 "da": "og det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være noget ville jo deres efter ned skulle denne end dette mit også under have dig anden",
 "no": "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blei blitt kunne inn når være kom noen noe ville dere",
 "fi": "ja on ei se että hän en oli mutta niin kun ole mitä olen nyt kuin minä sen hyvä sinä mikä tämä vain vai joka sitä kaikki minun ovat tai myös jos",
 "pl": "nie się w na i z do to że jest jak za co tak ale o po tego od jego mnie dla już czy tylko być ma był jej ich przez może kiedy był bardzo są jestem tym",
 "tr": "ve bir bu da de için ile çok ne mi ben o var gibi daha kadar olarak ama değil olan sonra yok her şey beni bana sen biz nasıl neden evet hayır",
 "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada tapi bisa kita kamu aku sudah nya lagi apa bukan belum mau banget",
 "cs": "se na je že to v s z do o jsem ale jako za by tak co když si pro jsou nebo už jak jen po jeho být ještě která který",
 "ro": "și de la a nu în o cu să pe din care ce este mai sunt pentru că un am fi ca dar au al fost despre lui foarte sau",
 "hu": "a az és hogy nem is egy ez de meg már csak mint van volt vagy ha még most lesz kell nagyon",
 "ru": "и в не на что я с он как это но по все она так его у вы за бы мне был от ты о из ему же когда уже для вот мы очень спасибо", "uk": "і в не на що я з він як це але по все вона так його у ви за та був від ти із вже для ми дуже дякую є",
 "fa": "است که از این را با آن برای های می ها شود شده بود هم", "ur": "ہے کے کی میں اور سے کا کو ہیں پر نے یہ تھا",
 "vi": "và của là có không được cho những với một người này trong đã các tôi bạn cũng", "tl": "ang ng sa na mga ko ay ako mo hindi siya po naman lang kasi yung",
}

def words(text):
    text = re.sub(r"https?\S*|[@]\w+", " ", text.lower().replace("’", "'"))
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)

def learn(rows):
    per = collections.defaultdict(collections.Counter)
    for lang, text in rows:
        per[lang].update(set(words(text)))
    n = collections.Counter(lang for lang, _ in rows)
    out = collections.defaultdict(dict)
    vocabulary = {w for c in per.values() for w, k in c.items() if k >= 3}
    for w in vocabulary:
        shares = {l: (per[l][w] + 0.5) / (n[l] + 1.0) for l in per}
        mean = math.exp(sum(math.log(s) for s in shares.values()) / len(shares))
        for l, s in shares.items():
            weight = min(4.0, math.log(s / mean))
            if weight >= 1.0 and per[l][w] >= 3: out[l][w] = round(weight, 1)
    return out

def guess(table, text):
    sums = collections.Counter()
    for w in words(text):
        for l, t in table.items():
            if w in t: sums[l] += t[w]
    return sums.most_common(1)[0][0] if sums else "und"

def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--data", required=True); ap.add_argument("--folds", type=int, default=0)
    a = ap.parse_args()
    rows = []
    for line in open(os.path.join(a.data, "umsab_multilingual.jsonl"), encoding="utf-8"):
        o = json.loads(line); rows.append((o["lang"], o["text"]))
    if a.folds:
        good = 0
        for k in range(a.folds):
            table = learn([r for i, r in enumerate(rows) if i % a.folds != k])
            good += sum(guess(table, t) == l for i, (l, t) in enumerate(rows) if i % a.folds == k)
        print("accuracy of words alone, %d folds: %.4f" % (a.folds, good / len(rows))); return
    table = learn(rows)
    print("# earshot language words\n# version: 1\n# licence: CC0-1.0 (word statistics and function words)")
    print("# source: log-odds over umsab_multilingual (ar de en es fr hi it pt); other languages written by hand")
    print("# columns: language, word, weight")
    common = set("a o i e de en la el le les un il di da do se no je me te si que al los las".split())
    for l, t in sorted(table.items()):
        ranked = sorted(t.items(), key=lambda x: (-x[1], x[0]))
        for w, s in sorted(ranked): print(f"{l}\t{w}\t{s:g}")
    for l, ws in sorted(HAND.items()):
        for w in sorted(set(ws.split())):
            clash = sum(w in t for t in table.values())
            print(f"{l}\t{w}\t{1.5 if clash else 3}")

if __name__ == "__main__": main()
