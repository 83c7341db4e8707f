"""Bluesky's own network on this machine (servers of accounts, an AppView, a firehose) under the real programs."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import random
import struct
import subprocess
import time
import unittest

from real_server import MISSING, ROOT, SERVERS, Ground, Listener, answers, free_ports, start_node, wait_until

POSTGRES = SERVERS / "postgres/usr/lib/postgresql/15/bin"
REDIS = SERVERS / "redis/usr/bin/redis-server"
MODULES = SERVERS / "bluesky/node_modules/@atproto/dev-env"


class Network:
    """The servers, and who writes on them."""

    def __init__(self, kind):
        self.ground = Ground("bluesky")
        self.pds, self.bsky, self.plc, self.ozone, self.stream, postgres, redis = free_ports(7)
        self.log = self.ground.place("log") / "requests"
        environment = {"LOG_ENABLED": "false", "NODE_ENV": "test", "TMPDIR": str(self.ground.place("tmp"))}
        if kind == "network":
            self.start_postgres(postgres)
            self.ground.start(REDIS, "--port", redis, "--bind", "127.0.0.1", "--save", "", "--dir", self.ground.place("redis"), log="redis.log",
                              ready=lambda: answers(redis), env=self.ground.environment("redis"))
            environment |= {"DB_POSTGRES_URL": f"postgres://pg@127.0.0.1:{postgres}/postgres", "DB_POSTGRES_SCHEMA": "bsky", "REDIS_HOST": f"127.0.0.1:{redis}"}
        settings = {"kind": kind, "pds": self.pds, "bsky": self.bsky, "plc": self.plc, "ozone": self.ozone, "log": str(self.log)}
        start_node(self.ground, "bluesky", "network.mjs", settings, **environment)

    def start_postgres(self, port):
        data, environment = self.ground.place("postgres"), self.ground.environment("postgres")
        self.ground.run(POSTGRES / "initdb", "-D", data, "-U", "pg", "-A", "trust", "-E", "UTF8", "--no-sync", env=environment)
        self.ground.start(POSTGRES / "postgres", "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}", "-c", "fsync=off",
                          log="postgres.log", ready=lambda: answers(port), env=environment)

    def start_stream(self):
        start_node(self.ground, "bluesky", "jetstream.mjs", {"port": self.stream, "pds": self.pds, "plc": self.plc})

    def ask(self, method, path, body=None, token=None, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.pds, timeout=60)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request(method, f"/xrpc/{path}", json.dumps(body) if body is not None else None, headers)
        reply = connection.getresponse()
        status, text = reply.status, reply.read().decode()
        connection.close()
        return status, json.loads(text or "null")

    def asked(self, path, status=None):
        """The answered requests whose address holds that."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return [line for line in lines if path in line["url"] and status in (None, line["status"])]

    def shows(self, uris):
        """Whether the AppView has them all."""
        found = 0
        for start in range(0, len(uris), 25):
            query = "&".join(f"uris={uri}" for uri in uris[start:start + 25])
            found += len(self.ask("GET", f"app.bsky.feed.getPosts?{query}", port=self.bsky)[1]["posts"])
        return found == len(uris)

    def close(self):
        self.ground.close()


class Person:
    def __init__(self, network, name):
        self.network, self.handle, self.password = network, f"{name}.test", f"{name}-password"
        status, account = network.ask("POST", "com.atproto.server.createAccount", {"handle": self.handle, "email": f"{name}@mail.test", "password": self.password})
        assert status == 200, account
        self.did, self.token = account["did"], account["accessJwt"]

    def do(self, method, **body):
        status, reply = self.network.ask("POST", f"com.atproto.repo.{method}", {"repo": self.did, "collection": "app.bsky.feed.post", **body}, self.token)
        assert status == 200, reply
        return reply

    def post(self, text, to=None, about=None):
        """`to` is the post that is answered, `about` a person who is named at the beginning of the text."""
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime()) + f"{time.time_ns() // 1000000 % 1000:03d}Z"}
        if to:
            record["reply"] = {"root": to, "parent": to}
        if about:
            place = {"byteStart": 0, "byteEnd": len(about.handle) + 1}
            record["facets"] = [{"index": place, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": about.did}]}]
        made = self.do("createRecord", record=record)
        return {"uri": made["uri"], "cid": made["cid"]}

    def delete(self, post):
        self.do("deleteRecord", rkey=post["uri"].rsplit("/", 1)[1])


@unittest.skipUnless(MODULES.exists(), f"bluesky {MISSING}")
@unittest.skipUnless((POSTGRES / "postgres").exists(), f"postgres {MISSING}")
@unittest.skipUnless(REDIS.exists(), f"redis {MISSING}")
class Bluesky(Listener):
    @classmethod
    def setUpClass(cls):
        cls.network = Network("network")
        cls.addClassCleanup(cls.network.close)
        cls.numbers = iter(range(1, 1000))

    def person(self):
        return Person(self.network, f"person{next(self.numbers)}")

    def source(self, more, base=None, name="sky", interval="500ms"):
        return f'''
[[source]]
name = "{name}"
connector = "bluesky"
base = "http://localhost:{base or self.network.bsky}"
interval = "{interval}"
interval_max = "{interval}"
{more}
'''

    def session(self, person):
        self.world.env["EARSHOT_CREDENTIAL_BLUESKY"] = person.password
        return f'''
[[credential]]
name = "bluesky"
kind = "atproto_session"
identifier = "{person.handle}"
service = "http://localhost:{self.network.pds}"
'''

    def wait_shown(self, posts):
        uris = [post["uri"] for post in posts]
        self.assertTrue(wait_until(lambda: self.network.shows(uris), 60), "the AppView lags behind")

    def test_a_search_finds_every_post_once_with_its_thread(self):
        alice, bob = self.person(), self.person()
        posts = [alice.post(f"Wakker hums, says number {n}") for n in range(120)]
        replies = [bob.post(f"Wakker does not hum here, answer {n}", to=posts[n]) for n in range(5)]
        self.wait_shown(posts + replies)
        config = self.config(self.source('queries = ["Wakker"]'), brand="Wakker")
        for _ in range(2):
            self.poll("sky", config)
        self.assertEqual(sorted(self.rows("SELECT native_id FROM mention")), sorted(post["uri"] for post in posts + replies))
        # More than a page has room for: the server's own cursor led on.
        self.assertTrue([line for line in self.network.asked("q=Wakker", 200) if "&cursor=" in line["url"]])
        self.assertEqual(self.rows("SELECT in_reply_to FROM mention WHERE text LIKE '%answer%' ORDER BY text"), [post["uri"] for post in posts[:5]])
        self.assertEqual(self.rows("SELECT DISTINCT author_handle FROM mention ORDER BY 1"), sorted([alice.handle, bob.handle]))
        self.assertEqual(self.rows("SELECT count(*) FROM gap"), [0])

    def test_an_authors_feed_holds_posts_and_answers_but_no_reposts(self):
        alice, bob = self.person(), self.person()
        theirs = bob.post("Kiebitz flies, says somebody else")
        mine = [alice.post("Kiebitz flies"), alice.post("Kiebitz flies indeed", to=theirs)]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        alice.do("createRecord", collection="app.bsky.feed.repost", record={"$type": "app.bsky.feed.repost", "subject": theirs, "createdAt": now})
        self.wait_shown(mine + [theirs])
        config = self.config(self.source(f'authors = ["{alice.handle}"]'), brand="Kiebitz")
        feed = f"app.bsky.feed.getAuthorFeed?actor={alice.did}&filter=posts_with_replies"
        self.assertTrue(wait_until(lambda: len(self.network.ask("GET", feed, port=self.network.bsky)[1]["feed"]) == 3, 60))
        self.poll("sky", config)
        self.assertEqual(self.rows(), ["Kiebitz flies", "Kiebitz flies indeed"])

    def test_what_speaks_to_an_account_is_among_its_notifications(self):
        acme, ann = self.person(), self.person()
        own = acme.post("Fernwave hums better than ever")
        ann.post("Fernwave does not hum at all", to=own)
        ann.post(f"@{acme.handle} please make Fernwave hum", about=acme)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        ann.do("createRecord", collection="app.bsky.feed.like", record={"$type": "app.bsky.feed.like", "subject": own, "createdAt": now})
        config = self.config(self.source('notifications = true\ncredential = "bluesky"', base=self.network.pds), self.session(acme))
        daemon = self.world.spawn("earshotd", "--config", config)
        self.wait_for([f"@{acme.handle} please make Fernwave hum", "Fernwave does not hum at all"])
        ann.post("And now Fernwave does", to=own)
        self.wait_for([f"@{acme.handle} please make Fernwave hum", "And now Fernwave does", "Fernwave does not hum at all"])
        self.assertIsNone(daemon.poll())
        self.assertEqual(self.network.asked("listNotifications", 400) + self.network.asked("listNotifications", 401), [])

    def tokens(self):
        return self.world.folder / "data/tokens/bluesky.json"

    def test_a_session_is_renewed_when_its_token_has_expired_and_opened_anew_when_it_is_over(self):
        acme = self.person()
        self.wait_shown([acme.post("Zilpzalp hums")])
        config = self.config(self.source('queries = ["Zilpzalp"]\ncredential = "bluesky"', base=self.network.pds), self.session(acme), brand="Zilpzalp")
        opened, renewed = len(self.network.asked("createSession")), len(self.network.asked("refreshSession"))
        for _ in range(2):
            self.poll("sky", config)
        self.assertEqual(self.rows(), ["Zilpzalp hums"])
        self.assertEqual(len(self.network.asked("createSession")) - opened, 1, "a session is kept between runs")
        # The same token, signed as the server signs, whose time is over: the server says so itself.
        kept = json.loads(self.tokens().read_text())
        kept["access_token"] = expired(kept["access_token"])
        self.tokens().write_text(json.dumps(kept))
        self.wait_shown([acme.post("Zilpzalp hums again")])
        self.poll("sky", config)
        self.assertEqual(self.rows(), ["Zilpzalp hums", "Zilpzalp hums again"])
        self.assertEqual(len(self.network.asked("q=Zilpzalp", 400)), 1)
        self.assertEqual((len(self.network.asked("createSession")) - opened, len(self.network.asked("refreshSession")) - renewed), (1, 1))
        # The session was ended elsewhere: what renews it is worth nothing, and the app password opens another.
        kept = json.loads(self.tokens().read_text())
        status, _ = self.network.ask("POST", "com.atproto.server.deleteSession", token=kept["refresh_token"])
        self.assertEqual(status, 200)
        kept["access_token"] = expired(kept["access_token"])
        self.tokens().write_text(json.dumps(kept))
        self.poll("sky", config)
        self.assertEqual(len(self.network.asked("createSession")) - opened, 2)

    def test_a_wrong_app_password_pauses_the_source_and_is_not_tried_again(self):
        acme = self.person()
        config = self.config(self.source('queries = ["Wakker"]\ncredential = "bluesky"', base=self.network.pds), self.session(acme))
        self.world.env["EARSHOT_CREDENTIAL_BLUESKY"] = "guessed"
        before = len(self.network.asked("createSession"))
        self.world.spawn("earshotd", "--config", config)
        self.wait_for(["paused"], "SELECT state FROM source")
        time.sleep(2)
        self.assertEqual([line["status"] for line in self.network.asked("createSession")[before:]], [401])

    def test_a_post_that_was_deleted_there_becomes_a_tombstone_here(self):
        alice = self.person()
        posts = [alice.post(f"Ortolan hums, number {n}") for n in range(3)]
        self.wait_shown(posts)
        config = self.config(self.source('queries = ["Ortolan"]', interval="10m"), brand="Ortolan")
        self.poll("sky", config)
        # Once, so that the daemon knows from when on mentions are to be asked for again.
        daemon = self.world.spawn("earshotd", "--config", config)
        self.wait_for([1], "SELECT count(*) FROM stream WHERE name='hydrate' AND cursor IS NOT NULL")
        daemon.terminate()
        self.assertEqual(daemon.wait(30), 0)
        alice.delete(posts[1])
        self.assertTrue(wait_until(lambda: not self.network.shows([posts[1]["uri"]]), 60))
        # Two hours later by its clock they are due.
        library, switch = self.world.folder / "faults.so", self.world.folder / "switch"
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", library, ROOT / "tests/e2e/faults.c"], check=True)
        switch.write_bytes(struct.pack("qq", 7200, 0))
        self.world.spawn("earshotd", "--config", config, env={"LD_PRELOAD": str(library), "EARSHOT_FAULTS": str(switch)})
        self.wait_for([1], "SELECT count(*) FROM mention WHERE deleted_at IS NOT NULL", 90)
        self.assertEqual(self.rows(), ["Ortolan hums, number 0", "Ortolan hums, number 2"])
        self.assertTrue(self.network.asked("app.bsky.feed.getPosts", 200))

    def test_killed_at_any_moment_the_firehose_is_heard_whole_and_once(self):
        alice, bob = self.person(), self.person()
        self.network.start_stream()
        config = self.config(f'''
[[source]]
name = "sky"
connector = "bluesky"
live = true
live_only = true
live_hosts = ["http://localhost:{self.network.stream}"]
''')
        rng, posts = random.Random(11), []
        daemon = self.world.spawn("earshotd", "--config", config)
        self.wait_for([1], "SELECT count(*) FROM stream WHERE name='jetstream' AND cursor IS NOT NULL")
        for round_number in range(6):
            for n in range(20):
                posts.append((alice if n % 2 else bob).post(f"Fernwave hums, {round_number}.{n:02d}"))
            wait_until(lambda: len(self.rows("SELECT 1 FROM mention")) > 20 * round_number + 5, 30)
            time.sleep(rng.uniform(0, 0.2))
            daemon.kill()
            daemon.communicate()
            # While nobody listens.
            for n in range(20, 25):
                posts.append(alice.post(f"Fernwave hums, {round_number}.{n:02d}"))
            daemon = self.world.spawn("earshotd", "--config", config)
        for post in posts[::10]:
            (alice if post["uri"].split("/")[2] == alice.did else bob).delete(post)
        left = sorted(post["uri"] for n, post in enumerate(posts) if n % 10)
        self.wait_for(left, "SELECT native_id FROM mention WHERE deleted_at IS NULL ORDER BY 1")
        self.assertEqual(self.rows("SELECT count(*) FROM mention"), [len(posts)])
        self.assertEqual(self.rows("SELECT sum(mentions) FROM v_hour"), [len(posts)], "counted once each")
        self.wait_for([0], "SELECT count(*) FROM gap")


def expired(token):
    """The same claims with an end in the past, signed with the secret that the development network has."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    header, claims, _ = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(claims + "=="))
    claims = encode(json.dumps({**read, "iat": read["iat"] - 9000, "exp": read["iat"] - 1800}).encode())
    return f"{header}.{claims}." + encode(hmac.new(b"jwt-secret", f"{header}.{claims}".encode(), hashlib.sha256).digest())


@unittest.skipUnless(MODULES.exists(), f"bluesky {MISSING}")
class Limits(Listener):
    def test_a_budget_that_is_used_up_is_waited_out(self):
        network = Network("pds")
        self.addCleanup(network.close)
        acme = Person(network, "fernwave")
        # Thirty sessions in five minutes is what the server allows.
        for calls in range(1, 41):
            status, said = network.ask("POST", "com.atproto.server.createSession", {"identifier": acme.handle, "password": acme.password})
            if status == 429:
                break
        self.assertEqual((status, said["error"]), (429, "RateLimitExceeded"))
        self.world.env["EARSHOT_CREDENTIAL_BLUESKY"] = acme.password
        config = self.config(f'''
[[credential]]
name = "bluesky"
kind = "atproto_session"
identifier = "{acme.handle}"
service = "http://localhost:{network.pds}"
[[source]]
name = "sky"
connector = "bluesky"
base = "http://localhost:{network.pds}"
queries = ["Fernwave"]
credential = "bluesky"
interval = "100ms"
interval_max = "100ms"
''')
        self.world.spawn("earshotd", "--config", config)
        self.wait_for(["failing"], "SELECT state FROM source")
        time.sleep(8)
        # Its headers say until when: not a second request in a time in which hundreds would have fitted.
        self.assertEqual([line["status"] for line in network.asked("createSession")[calls:]], [429])
        status = json.loads(self.world.run("earshot", "status", "--json", "--config", config).stdout)
        self.assertIn("HTTP 429", json.dumps(status))


if __name__ == "__main__":
    unittest.main()
