"""Receivers that take what is delivered, or fail to in every way."""
import http.server
import json
import socket
import struct
import threading
import time


class Receiver:
    """An HTTP server on loopback. `modes` maps a path to how it behaves; what a path took is in `got`."""

    def __init__(self):
        self.modes, self.got, self.attempts, self.lock = {}, [], [], threading.Lock()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with owner.lock:
                    owner.attempts.append((self.path, dict(self.headers.items()), body))
                owner.answer(self, owner.modes.get(self.path, "ok"), body)

            do_POST = do_PUT = do_GET = take

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def taken(self, path):
        with self.lock:
            return [one for one in self.got if one[0] == path]

    def tried(self, path):
        with self.lock:
            return [one for one in self.attempts if one[0] == path]

    def reply(self, handler, status, body=b"", headers=()):
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def answer(self, handler, mode, body):
        if mode in ("ok", "giant", "hang", "slow"):
            with self.lock:
                self.got.append((handler.path, dict(handler.headers.items()), body))
        if mode == "ok":
            return self.reply(handler, 200, b'{"id": 7}', [("Content-Type", "application/json")])
        if mode == "slow":
            time.sleep(0.3)
            return self.reply(handler, 200)
        if mode == "hang":
            time.sleep(30)
        elif mode == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
        elif mode == "garbage":
            handler.wfile.write(b"\x00\xff this is not HTTP\r\n\r\n")
        elif mode == "redirect":
            self.reply(handler, 307, headers=[("Location", self.url("/stolen"))])
        elif mode == "giant":
            handler.send_response(200)
            handler.end_headers()
            for _ in range(100_000):
                handler.wfile.write(b"x" * 10_000)
        elif mode == "429":
            self.reply(handler, 429, headers=[("Retry-After", "3600")])
        elif mode == "cut":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"half")
        else:
            self.reply(handler, int(mode), b"no: \x1b[31m" + mode.encode())
        handler.close_connection = True


def add_rows(database, count, kind="incident_opened", first=0, title="Login fails", severity=7):
    """Rows of the outbox, as insight writes them; their keys."""
    keys = []
    with database:
        for i in range(first, first + count):
            payload = json.dumps({"incident": i, "brand": "Acme", "issue": "outage", "title": f"{title} {i}", "severity": severity,
                                  "authors": 12, "details": {"exemplars": [{"text": "cannot log in", "source": "forum",
                                                                            "url": "https://forum.example/1"}]}})
            keys.append(f"{kind}:1:0:{i}")
            database.execute("INSERT INTO outbox(kind,key,payload,created_at) VALUES(?,?,?,?)",
                             (kind, keys[-1], payload, int(time.time() * 1000)))
    return keys
