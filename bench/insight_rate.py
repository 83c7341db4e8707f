#!/usr/bin/env python3
"""How long every insight job takes: insight_rate.py EARSHOTD EARSHOT [--mentions N] [--more M] [--keep FOLDER]

N mentions of one brand, spread over twelve weeks, made of the demo's posts (demo/generate.py) with other authors and times, are imported. A daemon without
sources runs its jobs: first with nothing remembered, then with nothing new; then M newer mentions are pushed to it over HTTP and it runs them again, and once
more with nothing new. Seconds of each round, by job, as /metrics has them, and what memory it took; state the machine. --keep makes the history in FOLDER where
there is none yet, and leaves it for the next run (use it within a day: the posts grow old).
"""
import argparse, contextlib, http.client, json, os, random, re, signal, socket, subprocess, sys, tempfile, time, urllib.request

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

class Daemon:
    """One process, and the rounds it has run."""
    def __init__(self, earshotd, config, port):
        self.port, self.done = port, 0
        self.process = subprocess.Popen([earshotd, "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def round(self):
        """Seconds by job of the next round that ends."""
        deadline = time.time() + 900
        while time.time() < deadline:
            time.sleep(0.1)
            try: runs, took = jobs_of(self.port)
            except OSError: continue
            if runs.get("findings", 0) > self.done:
                self.done = runs["findings"]
                return took
        sys.exit("the jobs did not run")

    def push(self, path):
        with open(path, "rb") as file: lines = file.readlines()
        for begin in range(0, len(lines), 1000):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", "/api/v1/mentions?source=live", b"".join(lines[begin:begin + 1000]), {"Content-Type": "application/x-ndjson"})
            reply = connection.getresponse(); body = reply.read(); connection.close()
            if reply.status != 200: sys.exit("a push failed: %s" % body[:300])

    def memory_mb(self):
        fields = dict(line.split(":", 1) for line in open("/proc/%d/status" % self.process.pid))
        return int(fields["VmHWM"].split()[0]) / 1024

    def end(self): self.process.send_signal(signal.SIGTERM); self.process.wait(60)

def fill(earshot, folder, config, posts, count, now):
    file = os.path.join(folder, "posts.ndjson")
    write_posts(file, posts, 0, count, now - SPAN_S + 86_400, now - 600)
    subprocess.run([earshot, "import", file, "--source", "bench", "--config", config], check=True, capture_output=True)
    os.remove(file)
    subprocess.run([earshot, "claim", "add", "--brand", "Fernwave", "--text", "unlimited calls and data, everywhere", "--from", stamp(now - SPAN_S / 2)[:10],
                    "--config", config], check=True, capture_output=True)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("earshotd"); parser.add_argument("earshot")
    parser.add_argument("--mentions", type=int, default=100_000); parser.add_argument("--more", type=int, default=1_000); parser.add_argument("--keep")
    args = parser.parse_args()
    with contextlib.nullcontext(args.keep) if args.keep else tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        os.makedirs(folder, exist_ok=True)
        posts, port, now = demo_texts(folder), free_port(), time.time()
        config, filled = os.path.join(folder, "bench.toml"), os.path.join(folder, "filled")
        # Time enough to push what is new between two rounds.
        with open(config, "w") as out:
            out.write('database = "%s/bench.db"\ninsight_interval = "%ds"\n[http]\nlisten = "127.0.0.1:%d"\n[[brand]]\nname = "Fernwave"\n'
                      'handles = ["@fernwave", "@fernwavehelp"]\nown_accounts = ["@fernwave@social.example", "@fernwavehelp@social.example", '
                      '"@fernwave.example", "@fernwavehelp.example"]\nproducts = ["Fernwave Hub", "Fernwave Play", "MyFernwave"]\n'
                      % (folder, 3 + args.more // 2_000, port))
        if not os.path.exists(filled):
            fill(args.earshot, folder, config, posts, args.mentions, now)
            with open(filled, "w") as out: out.write("%d" % args.mentions)
        began = int(now) % 10**6 * 1000  # no post of an earlier run comes again
        newer = os.path.join(folder, "newer.ndjson")
        write_posts(newer, posts, args.mentions + began * len(posts), args.more, now - 600, now)
        daemon = Daemon(args.earshotd, config, port)
        try:
            columns = [("first", daemon.round()), ("nothing new", daemon.round())]
            daemon.push(newer)
            if jobs_of(port)[0]["findings"] > daemon.done: sys.exit("a round came in between: push fewer")
            columns += [("%d more" % args.more, daemon.round()), ("nothing new", daemon.round())]
            memory = daemon.memory_mb()
        finally: daemon.end()
        print("%s mentions of one brand; seconds" % open(filled).read())
        print("%-12s" % "job" + "".join("%16s" % name for name, _ in columns))
        for job in sorted(columns[0][1]): print("%-12s" % job + "".join("%16.3f" % took.get(job, float("nan")) for _, took in columns))
        print("most memory: %.0f MB" % memory)

if __name__ == "__main__":
    main()
