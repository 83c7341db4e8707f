#!/usr/bin/env python3
"""How long the dashboard's requests take: api_latency.py BIN [--posts N] [--days D] [--requests R] [--rate P] [--keep FOLDER]

Imports N posts about Acme (bench/make_posts.py, spread evenly over the last D days), lets the insight jobs run once, then starts the daemon and asks every
request that the dashboard makes R times, one after the other, while P posts a second are pushed over HTTP. Prints the median, the 99th percentile and the
most of each request in milliseconds, and what memory the daemon took. --keep makes the database in FOLDER where there is none yet, and leaves it for the next
run (use it within a day: the posts grow old). State the machine.
"""
import argparse, contextlib, http.client, json, os, re, statistics, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_posts

VIEWS = ["overview?since=7d", "overview?since=28d", "overview?since=84d", "series?step=day&since=28d", "series?step=day&since=84d", "series?step=hour&since=7d",
         "mentions?brand=Acme&limit=50", "mentions?brand=Acme&polarity=negative&limit=50", "mentions?brand=Acme&search=refund&limit=50", "incidents", "queue?limit=50",
         "ideas?limit=100", "ideas?limit=200", "journeys?limit=40", "roi", "sources", "review?limit=20", "labels?limit=20", "baseline?metric=volume",
         "baseline?metric=net_sentiment", "drivers?since=7d", "drivers?since=28d", "benchmark?since=28d", "people?kind=advocate&limit=50", "people?kind=churn_threat&limit=100",
         "people/matrix", "promises?limit=60", "conduct?limit=12", "responses?since=28d", "misled", "campaigns", "claims", "kpis", "accuracy", "queue?kind=praise&limit=50"]
# Pages of one thing: the newest of each list.
ONE = {"mentions": "mentions?brand=Acme&limit=1", "incidents": "incidents", "ideas": "ideas?limit=1"}

def at(n, count, days, now): return now - days * 86400 + days * 86400 * n // count

def stamped(n, words, seconds):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    return re.sub(r'"created_at":"[^"]*"', '"created_at":"%s"' % stamp, make_posts.post(n, words), count=1)

def write_posts(out, count, days, now):
    words = make_posts.texts()
    for begin in range(0, count, 1000):
        out.write("".join(stamped(n, words, at(n, count, days, now)) for n in range(begin, min(begin + 1000, count))).encode())

def fill(earshot, earshotd, config, args):
    command = [earshot, "import", "-", "--source", "archive", "--brand", "Acme", "--config", config]
    importing = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    write_posts(importing.stdin, args.posts, args.days, int(time.time()))
    _, said = importing.communicate()
    if importing.returncode != 0: sys.exit("import failed: %s" % said[-500:])
    done = subprocess.run([earshotd, "--config", config, "--once"], capture_output=True, text=True)
    if done.returncode != 0: sys.exit("the jobs failed: %s" % done.stderr[-500:])

def start(command):
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if found := re.search(r"serving url=http://([^/:]+):(\d+)/", line): address = (found[1], int(found[2]))
        if " listening " in line: break
    threading.Thread(target=lambda: [None for _ in process.stderr], daemon=True).start()
    return process, address

def push(address, rate, first, stop):
    words, n, batch = make_posts.texts(), first, max(1, rate // 5)
    while not stop.is_set():
        began = time.time()
        lines = "".join(stamped(n + i, words, time.time()) for i in range(batch))
        connection = http.client.HTTPConnection(*address, timeout=60)
        connection.request("POST", "/api/v1/mentions?source=live", lines.encode(), {"Content-Type": "application/x-ndjson"})
        reply = connection.getresponse(); body = reply.read(); connection.close()
        if reply.status != 200: sys.exit("a push failed: %s" % body[:300])
        n += batch
        stop.wait(max(0, batch / rate - (time.time() - began)))

def pages_of_one(connection):
    out = []
    for path, listed in ONE.items():
        connection.request("GET", "/api/v1/" + listed); reply = connection.getresponse(); rows = json.loads(reply.read())[path]
        if rows: out.append("%s/%s" % (path, rows[0]["id"]))
    if out and out[0].startswith("mentions/"): out.append("mentions?brand=Acme&ids=" + out[0].split("/")[1])
    return out

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin"); parser.add_argument("--posts", type=int, default=1_000_000); parser.add_argument("--days", type=int, default=84)
    parser.add_argument("--requests", type=int, default=200); parser.add_argument("--rate", type=int, default=200); parser.add_argument("--keep")
    args = parser.parse_args()
    earshot, earshotd = (os.path.join(args.bin, name) for name in ("earshot", "earshotd"))
    with contextlib.nullcontext(args.keep) if args.keep else tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        os.makedirs(folder, exist_ok=True)
        config, done = os.path.join(folder, "bench.toml"), os.path.join(folder, "filled")
        with open(config, "w") as file:
            file.write('database = "%s/earshot.db"\n[http]\nlisten = "127.0.0.1:0"\n[[brand]]\nname = "Acme"\n[[brand]]\nname = "Globex"\n' % folder)
        if not os.path.exists(done):
            began = time.time(); fill(earshot, earshotd, config, args)
            with open(done, "w") as file: file.write("%d posts over %d days" % (args.posts, args.days))
            print("filled, and the jobs run once, in %.0f s" % (time.time() - began))
        began = time.time()
        process, address = start([earshotd, "--config", config])
        print("%s; started in %.0f ms" % (open(done).read(), (time.time() - began) * 1000))
        stop = threading.Event()
        pusher = threading.Thread(target=push, args=(address, args.rate, int(time.time()) * 1000, stop)); pusher.start()
        connection = http.client.HTTPConnection(*address, timeout=60)
        views = VIEWS + pages_of_one(connection)
        times = {view: [] for view in views}
        for _ in range(args.requests):
            for view in views:
                began = time.perf_counter()
                connection.request("GET", "/api/v1/" + view); reply = connection.getresponse(); body = reply.read()
                times[view].append((time.perf_counter() - began) * 1000)
                if reply.status != 200: sys.exit("%s: %s" % (view, body[:300]))
        stop.set(); pusher.join()
        for view, took in times.items():
            took.sort()
            print("%-52s median %7.1f  p99 %7.1f  most %7.1f ms" % (view, statistics.median(took), took[min(len(took) - 1, len(took) * 99 // 100)], took[-1]))
        every = sorted(sum(times.values(), []))
        print("%-52s median %7.1f  p99 %7.1f  most %7.1f ms" % ("all", statistics.median(every), every[len(every) * 99 // 100], every[-1]))
        rss = next(line.split()[1] for line in open("/proc/%d/status" % process.pid) if line.startswith("VmRSS"))
        print("resident %.0f MB" % (int(rss) / 1024))
        process.terminate(); process.wait()

if __name__ == "__main__": main()
