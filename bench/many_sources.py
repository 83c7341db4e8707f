#!/usr/bin/env python3
"""How many sources one io thread polls: many_sources.py BIN [--sources N] [--interval S] [--seconds T]

Starts a server on loopback with N feeds and a daemon that polls each of them every S seconds, lets it run for T seconds once every feed has been asked twice, and
prints the memory that the daemon takes, and how long after its time each poll's first request was made: the median and the 99th percentile. The
daemon counts that itself (earshot_poll_delay_seconds); between two bounds of its histogram the value is taken to grow evenly. State the machine, and what else
ran on it: the server takes a core too.
"""
import argparse, asyncio, http.client, multiprocessing, os, re, signal, subprocess, sys, tempfile, threading, time

FEED = ('<rss version="2.0"><channel><title>feed %d</title><link>http://feed.example/</link><item><guid isPermaLink="false">urn:feed:%d:1</guid>'
        '<title>Acme and the weather of feed %d</title><pubDate>%s</pubDate><description>Acme works, and it rains.</description></item></channel></rss>')

def serve(ready, asked):
    stamp = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 3600))

    async def talk(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                number = int(re.match(rb"GET /feed/(\d+)", head)[1])
                asked[number] += 1
                if b"If-None-Match: \"1\"" in head or b"if-none-match: \"1\"" in head:
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")
                else:
                    body = (FEED % (number, number, number, stamp)).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run():
        server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=2048)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()
    signal.signal(signal.SIGTERM, lambda *ignored: os._exit(0))
    asyncio.run(run())

def resident_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024

def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def delays(address):
    """Observations up to each bound, in seconds."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    found = re.findall(r'earshot_poll_delay_seconds_bucket\{le="([^"]+)"\} (\d+)', text)
    return [(float(bound.replace("+Inf", "inf")), int(count)) for bound, count in found]

def quantile(buckets, share):
    """By linear growth within a bucket."""
    wanted, low, below = buckets[-1][1] * share, 0.0, 0
    for bound, count in buckets:
        if count >= wanted:
            return low + (bound - low) * (wanted - below) / max(1, count - below) if bound != float("inf") else float("inf")
        low, below = bound, count
    return float("inf")

def measure(bin_folder, sources, interval, seconds):
    """Resident MB, requests a second, share of a core, and (median, 99th percentile) in milliseconds."""
    here, there = multiprocessing.Pipe()
    asked = multiprocessing.Array("l", sources, lock=False)
    server = multiprocessing.Process(target=serve, args=(there, asked), daemon=True)
    server.start()
    port = here.recv()
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        config = os.path.join(folder, "bench.toml")
        with open(config, "w") as file:
            file.write(f'database = "{folder}/earshot.db"\n[net]\nallow = ["127.0.0.1"]\n[http]\nlisten = "127.0.0.1:0"\nsocket = "{folder}/s"\n[[brand]]\nname = "Acme"\n')
            for n in range(sources):
                file.write(f'[[source]]\nname = "feed{n}"\nconnector = "feed"\nurls = ["http://127.0.0.1:{port}/feed/{n}"]\ninterval = "{interval}s"\ninterval_max = "{interval}s"\n')
        daemon = subprocess.Popen([os.path.join(bin_folder, "earshotd"), "--config", config], stderr=subprocess.PIPE, text=True)
        try:
            for line in daemon.stderr:
                if found := re.search(r"serving url=http://([^/:]+):(\d+)/", line):
                    address = (found[1], int(found[2]))
                if " listening " in line:
                    break
            threading.Thread(target=lambda: [None for _ in daemon.stderr], daemon=True).start()
            end = time.monotonic() + 120 + 3 * interval
            while min(asked) < 2:
                if time.monotonic() > end or daemon.poll() is not None:
                    sys.exit(f"after {120 + 3 * interval} s {sum(1 for one in asked if one < 2)} of {sources} feeds had not been asked twice")
                time.sleep(0.2)
            before, polls, used, began = dict(delays(address)), sum(asked), cpu_seconds(daemon.pid), time.monotonic()
            time.sleep(seconds)
            took = time.monotonic() - began
            after = [(bound, count - before.get(bound, 0)) for bound, count in delays(address)]
            return (resident_mb(daemon.pid), (sum(asked) - polls) / took, (cpu_seconds(daemon.pid) - used) / took,
                    (quantile(after, 0.5) * 1000, quantile(after, 0.99) * 1000))
        finally:
            daemon.terminate()
            daemon.wait(60)
            server.terminate()
            server.join()

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin"); parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=10); parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args()
    memory, rate, cpu, (median, most) = measure(args.bin, args.sources, args.interval, args.seconds)
    print(f"{args.sources} sources every {args.interval} s: {rate:.0f} requests/s, {cpu * 100:.0f} % of a core")
    print(f"resident      {memory:8.1f} MB")
    print(f"delay median  {median:8.1f} ms")
    print(f"delay 99th    {most:8.1f} ms")

if __name__ == "__main__":
    main()
