"""A Jetstream on loopback: plays a fixed list of events to whoever connects, from the cursor that is asked for."""
import base64
import hashlib
import http.server
import json
import socket
import struct
import threading
import time
import urllib.parse

TID = "234567abcdefghijklmnopqrstuvwxyz"


def record_key(time_us):
    value, key = time_us << 10, ""
    for _ in range(13):
        key = TID[value & 31] + key
        value >>= 5
    return key


def make_events(count, start_us, step_us=100_000):
    """Posts, every seventh changed a little later, every eleventh deleted; half of them speak of the brand."""
    events = []
    for i in range(count):
        time_us = start_us + i * step_us
        did = f"did:plc:author{i % 50}"

        def commit(operation, made_us, at_us, text=None):
            body = {"rev": "r", "operation": operation, "collection": "app.bsky.feed.post", "rkey": record_key(made_us)}
            if text:
                created = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(made_us // 1_000_000)) + f".{made_us // 1000 % 1000:03}Z"
                body |= {"cid": "bafy", "record": {"createdAt": created, "langs": ["en"], "text": text}}
            return {"did": did, "time_us": at_us, "kind": "commit", "commit": body}

        words = "Fernwave is slow again" if i % 2 == 0 else "a quiet day"
        events.append(commit("create", time_us, time_us, f"{words}, number {i}"))
        if i % 14 == 0:
            events.append(commit("update", time_us, time_us + 20_000, f"Fernwave is fine, number {i}"))
        if i % 22 == 0:
            events.append(commit("delete", time_us, time_us + 40_000))
    return events


def frame(payload, opcode=1):
    size = len(payload)
    head = bytes([0x80 | opcode])
    if size < 126:
        head += bytes([size])
    elif size < 65536:
        head += bytes([126]) + struct.pack(">H", size)
    else:
        head += bytes([127]) + struct.pack(">Q", size)
    return head + payload


class LiveServer:
    """`pace` seconds pass after every 50 events; after the last one the connection stays open and silent."""

    def __init__(self, events, pace=0.01, refuse=None):
        self.frames = [(event["time_us"], frame(json.dumps(event).encode())) for event in events]
        self.connections = []  # the cursor each one asked for
        self.finished = 0      # connections that were given everything
        self.open = 0
        live = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if refuse:
                    self.send_error(refuse)
                    return
                key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
                cursor = int(query.get("cursor", ["0"])[0])
                live.connections.append(cursor)
                self.send_response(101)
                self.send_header("Upgrade", "websocket")
                self.send_header("Connection", "Upgrade")
                self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
                self.end_headers()
                self.close_connection = True
                live.open += 1
                try:
                    live.play(self.connection, cursor, pace)
                except OSError:
                    pass
                finally:
                    live.open -= 1

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.stopping = False
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def play(self, connection, cursor, pace):
        for i, (time_us, data) in enumerate(self.frames):
            if time_us < cursor:
                continue
            connection.sendall(data)
            if i % 50 == 49:
                time.sleep(pace)
        self.finished += 1
        connection.settimeout(0.05)
        while not self.stopping:
            try:
                if not connection.recv(1000):
                    return
            except socket.timeout:
                pass

    def close(self):
        self.stopping = True
        self.server.shutdown()
        self.server.server_close()
