#!/usr/bin/env python3
"""A local server that speaks the shapes of four platforms and serves the demo corpus. README.md has the endpoints.

    python3 demo/server.py [--port 0] [--port-file FILE] [--bind 127.0.0.1] [--now RFC3339] [--data DIR]
"""

import argparse
import ipaddress
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate  # noqa: E402
from bluesky import Bluesky  # noqa: E402
from calendar_ms import rfc3339_ms  # noqa: E402
from feeds import Feeds  # noqa: E402
from hackernews import HackerNews  # noqa: E402
from mastodon import Mastodon  # noqa: E402
from reply import Request, as_json  # noqa: E402
from world import Clock, World  # noqa: E402


class Sites:
    """All platforms of one world, behind their path prefixes."""

    def __init__(self, world, enforce_limits=False, limit=None):
        self.world = world
        feeds = Feeds(world)
        self.mounted = {"mastodon": (Mastodon(world, enforce_limits, limit or 300), True), "bluesky": (Bluesky(world, enforce_limits, limit or 3000), True),
                        "hn": (HackerNews(world), True), "forum": (feeds, False), "news": (feeds, False)}

    def answer(self, target, headers):
        parts = urlsplit(target)
        path = unquote(parts.path)
        if path == "/healthz":
            return as_json({"status": "ok", "posts": len(self.world.posts)})
        prefix = path.split("/")[1] if path.startswith("/") else ""
        if prefix not in self.mounted:
            return as_json({"error": "not found"}, 404)
        site, strip = self.mounted[prefix]
        base = "http://" + (headers.get("Host") or "127.0.0.1")
        return site.handle(Request(path[len(prefix) + 1:] if strip else path, parts.query, headers, base))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "demo", ""
    disable_nagle_algorithm = True
    timeout = 75

    def do_GET(self):
        try:
            reply = self.server.sites.answer(self.path, self.headers)
        except Exception as error:  # a defect here must not look like an empty page to the client
            self.log_error("%s: %r", self.path, error)
            reply = as_json({"error": "internal error"}, 500)
        self.send_response(reply.status)
        if reply.content_type and reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(reply.body)

    do_HEAD = do_GET

    def log_message(self, form, *args):
        if self.server.verbose:
            super().log_message(form, *args)

    def log_error(self, form, *args):
        super().log_message(form, *args)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    verbose = False


def make_server(bind, port, sites, verbose=False):
    server = Server((bind, port), Handler)
    server.sites, server.verbose = sites, verbose
    return server


def main():
    parser = argparse.ArgumentParser(description="Serves the demo corpus over HTTP on the loopback interface.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--port-file", help="file that receives the chosen port")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--now", help="fixes the clock at this RFC 3339 time")
    parser.add_argument("--data", help="directory with a posts.ndjson made by generate.py; otherwise the corpus is made in memory")
    parser.add_argument("--seed", type=int, default=generate.SEED)
    parser.add_argument("--enforce-limits", action="store_true", help="answer 429 beyond the platforms' rate limits")
    parser.add_argument("--limit", type=int, help="requests per rate window, instead of each platform's own number")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    args = parser.parse_args()
    if args.bind != "localhost" and not ipaddress.ip_address(args.bind).is_loopback:
        parser.error("--bind must be a loopback address")
    world = World(Clock(rfc3339_ms(args.now) if args.now else None), args.data, args.seed)
    server = make_server(args.bind, args.port, Sites(world, args.enforce_limits, args.limit), args.verbose)
    port = server.server_address[1]

    def stop(*_):
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if args.port_file:
        with open(args.port_file + ".new", "w") as file:
            file.write(f"{port}\n")
        os.replace(args.port_file + ".new", args.port_file)
    print(port, flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
