#!/usr/bin/env python3
"""How long every insight job takes: insight_rate.py EARSHOTD EARSHOT [--mentions N] [--more M] [--rounds R]

N mentions of one brand, spread over twelve weeks, made of the demo's posts (demo/generate.py) with other authors and times, are imported; a daemon without
sources runs its jobs, and again. Then M newer ones come in, and the jobs run again. Seconds of each round, by job, as /metrics has them; state the machine.
"""
import argparse, json, os, random, re, signal, socket, subprocess, sys, tempfile, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SPAN_S = 12 * 7 * 86_400

def stamp(at): return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))

def demo_texts(folder):
    subprocess.run([sys.executable, os.path.join(HERE, "../demo/generate.py"), "--out", folder], check=True)
    with open(os.path.join(folder, "posts.ndjson"), encoding="utf-8") as file: posts = [json.loads(line) for line in file]
    return [p for p in posts if p["text"] and not p["repost_of"]]

def write_posts(path, posts, first, count, since, until):
    """Threads stay threads: a reply of the demo follows its parent's copy."""
    rng, copies = random.Random(first), {}
    with open(path, "w", encoding="utf-8") as out:
        for n in range(first, first + count):
            post = posts[n % len(posts)]
            if n % len(posts) == 0: copies = {}
            copies[post["key"]] = "copy-%08d" % n
            author = post["author"]["id"] if post["author"]["role"] == "brand" else "%s-%d" % (post["author"]["id"], n // len(posts))
            text = post["text"] if re.search("fernwave", post["text"], re.I) else "Fernwave: " + post["text"]
            # Nobody writes the same words twice, but for copies, which the demo has of its own.
            text += " " + " ".join(rng.choice(WORDS) for _ in range(3))
            out.write(json.dumps({
                "platform": post["platform"], "id": copies[post["key"]], "text": text, "title": post["title"] or "", "lang": post["lang"],
                "created_at": stamp(since + (until - since) * (n - first) / count), "url": "https://bench.example/%d" % n,
                "author": {"id": author, "handle": post["author"]["handle"] if post["author"]["role"] == "brand" else "user%d" % (hash(author) % 10**9),
                           "name": post["author"]["name"], "followers": post["author"]["followers"]},
                "in_reply_to": copies.get(post["reply_to"] or "", ""), "kind": "article" if post["platform"] == "news" else "post"}) + "\n")

WORDS = [a + b for a in ("ba", "ko", "ti", "ru", "mel", "sor", "vin", "dal", "pez", "hul") for b in ("ran", "tok", "lim", "ves", "dro", "nak", "pil", "gus", "mot", "fen")]

def free_port():
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); return s.getsockname()[1]

def jobs_of(port):
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % port, timeout=5) as reply: text = reply.read().decode()
    runs = {m[1]: float(m[2]) for m in re.finditer(r'earshot_job_runs_total\{[^}]*name="([^"]+)"[^}]*\} ([\d.e+]+)', text)}
    took = {m[1]: float(m[2]) for m in re.finditer(r'earshot_job_duration_seconds\{[^}]*name="([^"]+)"[^}]*\} ([\d.e+-]+)', text)}
    return runs, took

def rounds(earshotd, config, port, count):
    """The times of `count` rounds of one process."""
    daemon = subprocess.Popen([earshotd, "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    out = []
    try:
        deadline = time.time() + 600
        while len(out) < count and time.time() < deadline:
            time.sleep(0.2)
            try: runs, took = jobs_of(port)
            except OSError: continue
            if runs.get("findings", 0) > len(out): out.append(took)
    finally:
        daemon.send_signal(signal.SIGTERM); daemon.wait(60)
    if len(out) < count: sys.exit("the jobs did not run %d times" % count)
    return out

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("earshotd"); parser.add_argument("earshot")
    parser.add_argument("--mentions", type=int, default=100_000); parser.add_argument("--more", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        posts, port = demo_texts(folder), free_port()
        config, file, now = os.path.join(folder, "bench.toml"), os.path.join(folder, "posts.ndjson"), time.time()
        with open(config, "w") as out:
            out.write('database = "%s/bench.db"\ninsight_interval = "3s"\n[http]\nlisten = "127.0.0.1:%d"\n[[brand]]\nname = "Fernwave"\n'
                      'handles = ["@fernwave", "@fernwavehelp"]\nown_accounts = ["@fernwave@social.example", "@fernwavehelp@social.example", '
                      '"@fernwave.example", "@fernwavehelp.example"]\nproducts = ["Fernwave Hub", "Fernwave Play", "MyFernwave"]\n' % (folder, port))
        def take(first, count, since, until):
            write_posts(file, posts, first, count, since, until)
            subprocess.run([args.earshot, "import", file, "--source", "bench", "--config", config], check=True, capture_output=True)
        take(0, args.mentions, now - SPAN_S + 86_400, now - 600)
        subprocess.run([args.earshot, "claim", "add", "--brand", "Fernwave", "--text", "unlimited calls and data, everywhere", "--from", stamp(now - SPAN_S / 2)[:10],
                        "--config", config], capture_output=True)
        first = rounds(args.earshotd, config, port, args.rounds)
        take(args.mentions, args.more, now - 600, now)
        then = rounds(args.earshotd, config, port, 1)
        columns = [("first", first[0])] + [("again", t) for t in first[1:]] + [("%d more, anew" % args.more, then[0])]
        print("%d mentions of one brand; seconds" % args.mentions)
        print("%-12s" % "job" + "".join("%16s" % name for name, _ in columns))
        for job in sorted(first[0]): print("%-12s" % job + "".join("%16.3f" % took.get(job, float("nan")) for _, took in columns))

if __name__ == "__main__":
    main()
