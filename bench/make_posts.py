#!/usr/bin/env python3
"""Posts in the interchange format for benchmarks: make_posts.py COUNT [--start N] [--rate R] > posts.ndjson

Some 1.2 KB each, in the order of their times, 100 a second, from three platforms and 50,000 authors, one in ten naming Acme or Globex in
its text. Post N is the same in every run. Texts are the labelled tweets beside the checkout where they are, else sentences written here.
--rate writes R posts a second of wall time and says on stderr for how long a write was held up at most.
"""
import argparse, json, os, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
TWEETS = os.path.join(HERE, "../../shared/sentiment/dev/speed_tweets.txt")
OWN = ["Still waiting on hold for 2 hours, third time this week!! Not happy :(", "Thanks for the great service, you rock",
       "where is my order? tracking has not moved since monday", "Loving the new update, so smooth #happy",
       "how do I change the password of the second account?", "the app crashes every time I open the camera, phone is two months old",
       "nothing beats a quiet sunday morning with coffee and the radio on", "charged twice for the same month and nobody answers the mail"]
BRANDS = ["Acme", "Globex"]
START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
BIO = "Views are my own. I write about trains, bread and the things that break at home; replies may take a while. " * 3

def texts():
    if not os.path.exists(TWEETS): return OWN
    with open(TWEETS, encoding="utf-8") as file: return [line.rstrip("\n") for line in file]

def post(n, words):
    at = START_MS + n * 10
    day, ms = divmod(at, 86_400_000)
    stamp = time.strftime("%Y-%m-%d", time.gmtime(day * 86400)) + "T%02d:%02d:%02d.%03dZ" % (ms // 3_600_000, ms // 60_000 % 60, ms // 1000 % 60, ms % 1000)
    author = n * 2654435761 % 50_000
    platform = ("x", "mastodon", "reddit")[n % 3]
    native = str((at - 1_288_834_974_657) << 22 | n % 4096) if platform == "x" else "%s-%016x" % (platform, n * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    text = words[n % len(words)]
    if n % 10 == 0: text = "@%s %s" % (BRANDS[n // 10 % 2], text)
    return ('{"platform":"%s","id":"%s","text":%s,"created_at":"%s","url":"https://%s.example/u%d/status/%s","lang":"en","author":{"id":"%s-account-%012d",'
            '"handle":"user%d","name":"Person Number %d","followers":%d},"in_reply_to":"%s","conversation":"%s-thread-%d","kind":"post",'
            '"engagement":{"likes":%d,"reposts":%d,"replies":%d,"views":%d},"tags":["tag%d","service"],"client":"app-%d","bio":"%s","location":"Town %d",'
            '"counts":{"statuses":%d,"listed":%d,"media":%d},"visibility":"public","pinned":false,"place":null}\n'
            % (platform, native, json.dumps(text, ensure_ascii=False), stamp, platform, author, native, platform, author, author, author, author * 7 % 20_000,
               native[::-1] if n % 4 == 0 else "", platform, n // 5, n % 90, n % 17, n % 9, n % 4000, n % 60, n % 12, BIO, author % 400, author * 3, author % 50, n % 70))

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int); parser.add_argument("--start", type=int, default=0); parser.add_argument("--rate", type=int)
    args = parser.parse_args()
    words, out, held = texts(), sys.stdout.buffer, 0.0
    started = time.monotonic()
    for begin in range(args.start, args.start + args.count, 1000):
        block = "".join(post(n, words) for n in range(begin, min(begin + 1000, args.start + args.count))).encode()
        if args.rate: time.sleep(max(0.0, started + (begin - args.start) / args.rate - time.monotonic()))
        before = time.monotonic(); out.write(block); out.flush(); held = max(held, time.monotonic() - before)
    if args.rate: print("%d posts in %.1f s, held up for at most %.0f ms" % (args.count, time.monotonic() - started, held * 1000), file=sys.stderr)

if __name__ == "__main__":
    main()
