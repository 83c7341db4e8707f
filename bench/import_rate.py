#!/usr/bin/env python3
"""Posts a second from NDJSON to durable, searchable mentions: import_rate.py EARSHOT [--posts N] [--rounds R] [--peer-posts M]

Each round, in turn: `earshot import` of N posts (bench/make_posts.py, every one about Acme) into a new database, with the full-text index caught up;
the same file again (all known); bare inserts of the same rows by sqlite3 into one table without key, index or work; and the plain Python pipeline
(bench/plain_pipeline.py, with vaderSentiment from PyPI where it can be had) on the first M posts. Counts are checked before a figure is printed. Medians, ranges and ratios of one run; state the machine.
"""
import argparse, json, os, resource, sqlite3, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))

def timed(command, **more):
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0: sys.exit("%s failed: %s" % (command[0], done.stderr[-500:]))
    return done, time.time() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

def bare_inserts(posts, path, count):
    rows = []
    for line in open(posts, encoding="utf-8"):
        p = json.loads(line)
        rows.append((p["platform"], p["id"], p["created_at"], p["author"]["id"], p["author"]["handle"], p["author"]["name"], p["url"], p["text"], line))
        if len(rows) == count: break
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE post(platform, id, at, author, handle, name, url, text, raw)")
    started = time.time()
    for at in range(0, len(rows), 10_000):
        database.execute("BEGIN"); database.executemany("INSERT INTO post VALUES(?,?,?,?,?,?,?,?,?)", rows[at:at + 10_000]); database.execute("COMMIT")
    return len(rows) / (time.time() - started)

def peer_environment(folder):
    """Where the peer finds vaderSentiment; without it the peer says that it counts words of a list."""
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--retries", "0", "--no-deps", "--target", folder, "vaderSentiment==3.3.2", "requests", "urllib3", "idna", "certifi",
                    "charset-normalizer"], capture_output=True)
    return dict(os.environ, PYTHONPATH=folder)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("earshot"); parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3); parser.add_argument("--peer-posts", type=int, default=100_000)
    args = parser.parse_args()
    figures = {"import": [], "import, CPU": [], "known already": [], "bare inserts": [], "plain Python pipeline": []}
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        posts, few, config = (os.path.join(folder, n) for n in ("posts.ndjson", "few.ndjson", "bench.toml"))
        for path, count in ((posts, args.posts), (few, args.peer_posts)):
            with open(path, "wb") as out: subprocess.run([sys.executable, os.path.join(HERE, "make_posts.py"), str(count)], stdout=out, check=True)
        environment, scorer = peer_environment(os.path.join(folder, "peer")), ""
        bytes_each = os.path.getsize(posts) / args.posts
        for round_ in range(args.rounds):
            base = os.path.join(folder, "r%d" % round_)
            with open(config, "w") as out: out.write('database = "%s.db"\n[[brand]]\nname = "Acme"\n[[brand]]\nname = "Globex"\n' % base)
            command = [args.earshot, "import", posts, "--source", "bench", "--brand", "Acme", "--config", config]
            done, wall, cpu = timed(command)
            assert "%d new, 0 known" % args.posts in done.stderr, done.stderr
            figures["import"].append(args.posts / wall); figures["import, CPU"].append(args.posts / cpu)
            size = sum(os.path.getsize(base + end) for end in (".db", ".search.db"))
            done, wall, _ = timed(command)
            assert "0 new, %d known" % args.posts in done.stderr, done.stderr
            figures["known already"].append(args.posts / wall)
            for end in (".db", ".search.db"): os.remove(base + end)
            figures["bare inserts"].append(bare_inserts(few, base + ".bare", args.peer_posts)); os.remove(base + ".bare")
            done, wall, _ = timed([sys.executable, os.path.join(HERE, "plain_pipeline.py"), few, base + ".peer"], env=environment)
            said = json.loads(done.stdout)
            assert said["posts"] == args.peer_posts
            scorer = said["scorer"]
            figures["plain Python pipeline"].append(args.peer_posts / wall); os.remove(base + ".peer")
    print("%d posts of %d bytes; on disk %.0f bytes a mention, full text included; the peer scores with %s" % (args.posts, bytes_each, size / args.posts, scorer))
    ours = statistics.median(figures["import"])
    for name, values in figures.items():
        print("%-24s %9.0f/s  (%.0f–%.0f)  import is %.2f ×" % (name, statistics.median(values), min(values), max(values), ours / statistics.median(values)))

if __name__ == "__main__":
    main()
