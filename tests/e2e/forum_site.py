"""A forum of one's own on loopback, with a session before its pages: what a declared platform reads."""
import datetime
import http.server
import json
import threading
import urllib.parse

PLATFORM = """platform = "toy"
summary = "a toy"
access = "free"
terms = "none"
[credential]
as = "header"
header = "X-Key"
for = "steps"
[settings]
boards = { kind = "list" }
[budget]
requests = 100000
per = "1d"
[[step]]
name = "login"
method = "POST"
path = "/login"
lasts = "/seconds"
values = { session = "/token" }
[[stream]]
name = "board"
each = "boards"
path = "/b/{each}"
query = { page = "{page}" }
headers = { "X-Session" = "{session}" }
[items]
at = "/posts"
[cursor]
kind = "time"
value = "/at"
[page]
kind = "number"
more = "/more"
[fields]
native_id = "/id"
text = "/text"
created_at = "/at"
author = { id = "/by", handle = "/by" }
"""


class Site:
    """`days` of posts, `a_day` each, newest first, `size` on a page. `asked` are the pages that were asked for."""

    def __init__(self, days=60, a_day=4, size=10):
        self.size, self.asked, self.logins, self.lock = size, [], 0, threading.Lock()
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        step = datetime.timedelta(days=1) / a_day
        self.posts = [{"id": f"p{n}", "text": f"Acme is fine today, note {n}; but then it broke badly and I hate it", "by": f"u{n % 7}", "at": (now - step * n).isoformat()}
                      for n in range(1, days * a_day)]
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def reply(self, status, body):
                body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get("X-Key") != "open sesame":
                    return self.reply(403, {})
                with owner.lock:
                    owner.logins += 1
                    owner.session = f"session-{owner.logins}"
                self.reply(200, {"token": owner.session, "seconds": 600})

            def do_GET(self):
                if self.headers.get("X-Session") != getattr(owner, "session", None) or self.headers.get("X-Key"):
                    return self.reply(401, {})
                url = urllib.parse.urlsplit(self.path)
                page = int(urllib.parse.parse_qs(url.query).get("page", ["1"])[0])
                with owner.lock:
                    owner.asked.append(page)
                    some = owner.posts[(page - 1) * owner.size:page * owner.size]
                self.reply(200, {"posts": some, "more": page * owner.size < len(owner.posts)})

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # whoever was killed in the midst of a reply

        self.server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
