"""A loopback proxy that stands between the daemon and the demo's server and, by a seeded plan, has every bad day a
site can have: refusals with and without a wait, pages that are no pages, connections that stall, reset or never end."""
import email.utils
import gzip
import http.client
import http.server
import random
import re
import socket
import struct
import threading
import time
import urllib.parse

# What waiting cures: the source comes back by itself.
TRANSIENT = ("busy_seconds", "busy_date", "500", "502", "503", "503_wait", "520", "html", "empty", "truncated", "trickle", "reset",
             "repeat")
# What the daemon thinks worth a person's look: it pauses the source.
PAUSING = ("endless", "bomb", "private")
# Long by their nature: once per run.
RARE = ("busy_silent", "stall")


class Asked:
    """A wait that a reply asked for, and when the source came back."""

    def __init__(self, source, seconds):
        self.source, self.seconds, self.at, self.back_after = source, seconds, time.monotonic(), None


class HostileProxy(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.plan = {}      # source -> {number of its request: fault}
        self.count = {}     # source -> requests so far
        self.done = []      # (source, fault), in the order in which they were played
        self.waits = []
        self.previous = {}  # question -> the last good reply
        self.total = 0
        self.secrets = set()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # the client hung up: that is what most of these faults are for

    def arm(self, sources):
        """Gives every source its faults, from now on, in a seeded order and distance."""
        with self.lock:
            for source in sources:
                faults = [*TRANSIENT, self.random.choice(PAUSING)]
                self.random.shuffle(faults)
                at, self.plan[source], self.count[source] = 0, {}, 0
                for fault in faults:
                    at += self.random.randint(1, 3)
                    self.plan[source][at] = fault
            for fault, source in zip((*RARE, *PAUSING), self.random.sample(list(sources), len(sources))):
                self.plan[source][max(self.plan[source]) + 1] = fault

    def left(self):
        with self.lock:
            return [fault for source, plan in self.plan.items() for at, fault in plan.items() if at > self.count[source]]

    def next_fault(self, source):
        with self.lock:
            self.total += 1
            for wait in self.waits:
                if wait.source == source and wait.back_after is None:
                    wait.back_after = time.monotonic() - wait.at
            self.count[source] = self.count.get(source, 0) + 1
            fault = self.plan.get(source, {}).get(self.count[source])
            if fault:
                self.done.append((source, fault))
            return fault

    def ask(self, source, seconds):
        with self.lock:
            self.waits.append(Asked(source, seconds))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75

    def log_message(self, *args):
        pass

    def do_GET(self):
        source = self.path.split("/")[1]
        fault = self.server.next_fault(source)
        getattr(self, "play_" + (fault or "page"))(source)
        if fault:
            self.close_connection = True

    def question(self):
        """What the walk asks for, without where it stands: the page before answers the same question."""
        parts = urllib.parse.urlsplit(self.path)
        return parts.path, *sorted(pair for pair in urllib.parse.parse_qsl(parts.query)
                                   if pair[0] not in ("max_id", "min_id", "since_id", "cursor", "numericFilters", "page"))

    def fetch(self):
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=30)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "accept-encoding")}
        upstream.request("GET", self.path, headers=headers)
        reply = upstream.getresponse()
        body = reply.read()
        upstream.close()
        kept = [(k, v) for k, v in reply.getheaders()
                if k.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server", "cache-control")]
        body = re.sub(rb"<ttl>\d+</ttl>", b"", body)  # a site that asks for patience is another test
        page = (reply.status, kept, body)
        if reply.status == 200:
            with self.server.lock:
                self.server.previous[self.question()] = page
        return page

    def send(self, status, headers, body=b"", length=None):
        self.send_response(status, "Said")
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def play_page(self, source):
        self.send(*self.fetch())

    def play_repeat(self, source):
        with self.server.lock:
            page = self.server.previous.get(self.question())
        self.send(*(page or self.fetch()))

    def play_busy_seconds(self, source):
        self.server.ask(source, 2)
        self.send(429, [("Retry-After", "2")])

    def play_busy_date(self, source):
        # Both dates have whole seconds, so their difference is exact.
        self.server.ask(source, 2)
        now = int(time.time())
        self.send_response_only(429, "Said")
        for name, value in (("Date", email.utils.formatdate(now, usegmt=True)),
                            ("Retry-After", email.utils.formatdate(now + 2, usegmt=True)), ("Content-Length", "0")):
            self.send_header(name, value)
        self.end_headers()

    def play_busy_silent(self, source):
        self.send(429, [])

    def play_500(self, source):
        self.send(500, [], b"oops")

    def play_502(self, source):
        self.send(502, [("Content-Type", "text/html")], b"<html><h1>502 Bad Gateway</h1></html>")

    def play_503(self, source):
        self.send(503, [])

    def play_503_wait(self, source):
        self.server.ask(source, 1)
        self.send(503, [("Retry-After", "1")])

    def play_520(self, source):
        self.send(520, [("Content-Type", "text/html")], b"<html>Web server is returning an unknown error</html>")

    def play_html(self, source):
        self.send(200, [("Content-Type", "text/html; charset=utf-8")],
                  b"<!DOCTYPE html><html><head><title>One moment</title></head><body><p>Checking your browser<br></body></html>")

    def play_empty(self, source):
        self.send(200, [("Content-Type", "application/json")])

    def play_truncated(self, source):
        status, headers, body = self.fetch()
        self.send(status, headers, body[:len(body) // 2], length=len(body) + 1)

    def play_trickle(self, source):
        status, headers, body = self.fetch()
        self.send(status, headers, b"", length=len(body))
        step = max(1, len(body) // 20)
        for at in range(0, len(body), step):
            self.wfile.write(body[at:at + step])
            time.sleep(0.05)

    def play_stall(self, source):
        self.send(200, [("Content-Type", "application/json")], b"[", length=5_000)
        self.connection.settimeout(40)
        self.connection.recv(1)  # until the client gives up

    def play_reset(self, source):
        self.send(200, [("Content-Type", "application/json")], b"[{", length=5_000)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def play_endless(self, source):
        self.send_response(200, "Said")
        self.send_header("Connection", "close")
        self.end_headers()
        block = b"[" * 65_536
        while True:
            self.wfile.write(block)

    def play_bomb(self, source):
        self.send(200, [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
                  gzip.compress(b"[" * 40_000_000, 9))

    def play_private(self, source):
        self.send(302, [("Location", "http://10.0.0.1/latest/meta-data/")])
