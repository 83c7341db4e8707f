"""WebSub by the real daemon and a small hub: subscribing, pushes, wrong signatures, leases, and a hub that is away."""
import hashlib
import hmac
import http.client
import http.server
import json
import socket
import threading
import time
import unittest
import urllib.parse

from api_test import Api
from world import World, wait_until


def entry(n, text):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600 + n))
    return f'<entry><id>urn:e:{n}</id><title>{text} {n}</title><updated>{at}</updated><content>{text} {n}</content></entry>'


class Hub:
    """A feed and its hub on one server. It asks back as WebSub wants; `lease` is what it grants."""

    def __init__(self, lease=1000):
        self.lease, self.away, self.asked, self.polls, self.entries, self.lock = lease, False, [], 0, [], threading.Lock()
        self.active = {}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def reply(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                owner.polls += 1
                self.reply(200, owner.document().encode(), Content_Type="application/atom+xml", Link=f'<{owner.base}/hub>; rel="hub", <{owner.base}/feed>; rel="self"')

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                with owner.lock:
                    owner.asked.append(form)
                if owner.away:
                    return self.reply(503)
                self.reply(202)
                threading.Thread(target=owner.verify, args=(form,), daemon=True).start()

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def document(self, entries=None):
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>b</title>{"".join(self.entries if entries is None else entries)}</feed>'

    def ask(self, method, url, body=None, headers={}):
        url = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=15)
        connection.request(method, f"{url.path}?{url.query}", body, headers)
        reply = connection.getresponse()
        status, text = reply.status, reply.read().decode()
        connection.close()
        return status, text

    def verify(self, form):
        query = urllib.parse.urlencode({"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "ch-1", "hub.lease_seconds": str(self.lease)})
        status, text = self.ask("GET", form["hub.callback"] + "&" + query)
        if (status, text) == (200, "ch-1"):
            with self.lock:
                if form["hub.mode"] == "subscribe":
                    self.active[form["hub.callback"]] = form["hub.secret"]
                else:
                    self.active.pop(form["hub.callback"], None)

    def push(self, entries, secret=None):
        body = self.document(entries).encode()
        callback, own = next(iter(self.active.items()))
        signature = hmac.new((secret or own).encode(), body, hashlib.sha256).hexdigest()
        return self.ask("POST", callback, body, {"Content-Type": "application/atom+xml", "X-Hub-Signature": f"sha256={signature}"})[0]


class WebSub(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.world.env["EARSHOT_CREDENTIAL_HUBS"] = "a secret for all hubs"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.config = self.world.folder / "earshot.toml"

    def start(self, hub, allow='"127.0.0.1"', urls=None, interval="20s"):
        self.hub = hub
        self.addCleanup(hub.close)
        self.configure(allow, urls or [hub.base + "/feed"], interval)
        self.api = Api(self.world, self.config)

    def configure(self, allow, urls, interval="20s"):
        """Without `urls` there is no source."""
        self.config.write_text(f'''
database = "{self.world.folder}/earshot.db"
[net]
allow = [{allow}]
[http]
listen = "127.0.0.1:{self.port}"
public = "http://127.0.0.1:{self.port}"
[[brand]]
name = "Acme"
''' + (f'''
[[source]]
name = "blogs"
connector = "feed"
interval = "{interval}"
interval_max = "{interval}"
urls = {json.dumps(urls)}
websub_secret = "hubs"
''' if urls else ""))

    def texts(self):
        return sorted(row["text"] for row in self.api.json("/api/v1/mentions?limit=500")[1]["mentions"])

    def test_what_a_hub_pushes_is_there_within_the_second(self):
        self.start(Hub(), interval="10m")
        self.assertTrue(wait_until(lambda: self.hub.active), self.hub.asked)
        form = self.hub.asked[0]
        self.assertEqual((form["hub.mode"], form["hub.topic"]), ("subscribe", self.hub.base + "/feed"))
        polls = self.hub.polls
        self.assertEqual(self.hub.push([entry(1, "Acme is loud")]), 200)
        self.assertEqual(self.texts(), ["Acme is loud 1"])  # durable when it is answered
        self.assertEqual(self.hub.polls, polls)
        # Who signs otherwise is refused, and leaves nothing.
        self.assertEqual(self.hub.push([entry(2, "Acme forged")], secret="guess"), 401)
        self.assertEqual(self.hub.push([entry(1, "Acme is loud")]), 200)  # again: known
        self.assertEqual(self.texts(), ["Acme is loud 1"])
        # The secret is nowhere on disk: only the credential is, elsewhere.
        secret = form["hub.secret"].encode()
        for file in self.world.folder.glob("earshot.db*"):
            self.assertNotIn(secret, file.read_bytes(), file)

    def test_a_lease_is_renewed_and_a_restart_keeps_it(self):
        self.start(Hub(lease=7))
        self.assertTrue(wait_until(lambda: sum(form["hub.mode"] == "subscribe" for form in self.hub.asked) >= 2, 40), self.hub.asked)
        self.assertEqual(len({form["hub.secret"] for form in self.hub.asked}), 1)
        self.hub.lease = 5000
        seen = len(self.hub.asked)
        self.assertTrue(wait_until(lambda: len(self.hub.asked) > seen, 40))
        time.sleep(1)
        self.api.process.terminate()
        self.api.process.wait(30)
        asked = len(self.hub.asked)
        self.api = Api(self.world, self.config)
        self.assertTrue(wait_until(lambda: self.hub.push([entry(3, "Acme again")]) == 200, 10))
        self.assertEqual(len(self.hub.asked), asked)

    def test_a_hub_that_is_away_holds_up_nobody(self):
        hub = Hub()
        hub.away = True
        hub.entries = [entry(1, "Acme polled")]
        self.start(hub, interval="300ms")
        self.assertTrue(wait_until(lambda: hub.asked and self.texts() == ["Acme polled 1"]))
        hub.entries = [entry(2, "Acme polled"), entry(1, "Acme polled")]
        self.assertTrue(wait_until(lambda: self.texts() == ["Acme polled 1", "Acme polled 2"]))
        self.assertEqual(self.api.json("/api/v1/sources")[1]["sources"][0]["state"], "ok")
        self.assertEqual(len(hub.asked), 1, "a hub that is away is asked rarely")

    def test_hubs_behind_private_addresses_are_not_asked(self):
        inner = Hub()
        self.addCleanup(inner.close)
        hub = Hub()
        # The feed is allowed by its address; the hub it names is another loopback address, which is not.
        hub.base, real = hub.base.replace("127.0.0.1", "127.0.0.2"), hub.base
        self.start(hub, urls=[real + "/feed"])
        self.assertTrue(wait_until(lambda: hub.polls > 0))
        time.sleep(1.5)
        self.assertEqual(hub.asked, [])
        self.assertEqual(self.api.json("/api/v1/sources")[1]["sources"][0]["state"], "ok")

    def test_a_feed_that_leaves_the_configuration_is_unsubscribed_from(self):
        self.start(Hub())
        self.assertTrue(wait_until(lambda: self.hub.active))
        other = Hub()
        self.addCleanup(other.close)
        time.sleep(0.5)
        self.configure('"127.0.0.1"', [other.base + "/feed"])
        self.api.process.send_signal(1)
        self.assertTrue(wait_until(lambda: not self.hub.active and other.active), (self.hub.asked, other.asked))
        self.assertEqual(self.hub.asked[-1]["hub.mode"], "unsubscribe")

    def test_a_source_that_is_removed_takes_leave_of_its_hubs_at_a_reload_and_at_a_start(self):
        self.start(Hub())
        self.assertTrue(wait_until(lambda: self.hub.active))
        [callback] = self.hub.active
        self.configure('"127.0.0.1"', [])
        self.api.process.send_signal(1)
        self.assertTrue(wait_until(lambda: not self.hub.active), self.hub.asked)
        self.assertEqual(self.hub.asked[-1]["hub.mode"], "unsubscribe")
        # It comes back, and goes while the daemon is killed.
        self.configure('"127.0.0.1"', [self.hub.base + "/feed"])
        self.api.process.send_signal(1)
        self.assertTrue(wait_until(lambda: callback in self.hub.active, 60), self.hub.asked)
        self.assertTrue(wait_until(lambda: self.hub.push([entry(1, "Acme is back")]) == 200))
        self.api.process.kill()
        self.api.process.wait(30)
        self.configure('"127.0.0.1"', [])
        self.api = Api(self.world, self.config)
        self.assertTrue(wait_until(lambda: not self.hub.active), self.hub.asked)
        self.assertEqual([form["hub.mode"] for form in self.hub.asked], ["subscribe", "unsubscribe"] * 2)
        # What a hub sends all the same is refused for good.
        self.assertIn(self.hub.ask("POST", callback, b"<feed/>", {"Content-Type": "application/atom+xml"})[0], (404, 410))


if __name__ == "__main__":
    unittest.main()
