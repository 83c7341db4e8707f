"""A real OAuth2 provider with tokens of five seconds, and fifty streams that live on one credential."""
import json
import unittest
import urllib.request

from real_server import MISSING, SERVERS, Ground, Listener, free_ports, start_node, wait_until

LISTS = [f"list{n:02d}" for n in range(50)]
PLATFORM = '''
platform = "boards"
summary = "lists of a board that wants tokens"
access = "a client of its provider"
terms = "none"
[settings]
lists = { kind = "list", required = true }
[credential]
as = "bearer"
required = true
[[stream]]
name = "list"
each = "lists"
path = "/list"
query = { name = "{each}" }
[items]
at = "/items"
[cursor]
kind = "time"
value = "/at"
format = "epoch_s"
[fields]
native_id = "/id"
text = "/text"
created_at = "/at"
'''


@unittest.skipUnless((SERVERS / "oauth/node_modules/oidc-provider").exists(), f"oauth {MISSING}")
class OAuth(Listener):
    def setUp(self):
        super().setUp()
        self.ground = Ground("oauth")
        self.addCleanup(self.ground.close)
        [self.port] = free_ports(1)
        start_node(self.ground, "oauth", "provider.mjs", {"port": self.port})
        (self.world.folder / "boards.toml").write_text(PLATFORM)
        self.world.env["EARSHOT_CREDENTIAL_BOARDS"] = "client-secret"
        self.listening = self.config(f'''
[[credential]]
name = "boards"
kind = "oauth2_client"
token_url = "http://127.0.0.1:{self.port}/token"
client_id = "earshot"
[[source]]
name = "boards"
connector = "declarative"
file = "boards.toml"
base = "http://127.0.0.1:{self.port}"
lists = {json.dumps(LISTS)}
credential = "boards"
interval = "100ms"
interval_max = "100ms"
''')

    def counts(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/counts", timeout=30) as reply:
            return json.load(reply)

    def forget(self):
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}/forget", method="POST"), timeout=30).close()

    def test_one_request_renews_the_token_of_fifty_streams(self):
        self.world.spawn("earshotd", "--config", self.listening)
        self.assertTrue(wait_until(lambda: len(self.rows("SELECT 1 FROM mention")) == 50, 60), self.counts())
        self.assertTrue(wait_until(lambda: self.counts()["grants"] >= 4, 90), self.counts())
        seen = self.counts()
        self.assertEqual(seen["in_flight_max"], 1)
        # Bought in time: nobody was sent away with one whose time was over.
        self.assertEqual(seen["refused"], 0)
        # Each served many streams before the next was bought.
        self.assertGreater(min(list(seen["lists_by_token"].values())[:-1]), 10, seen)
        self.assertEqual(self.rows("SELECT count(*) FROM mention"), [50])

    def test_tokens_that_are_ended_at_once_lead_to_one_request(self):
        self.world.spawn("earshotd", "--config", self.listening)
        self.assertTrue(wait_until(lambda: len(self.rows("SELECT 1 FROM mention")) == 50, 60), self.counts())
        for _ in range(3):
            before = self.counts()
            self.forget()
            # Several are refused, and all find the one that was bought.
            self.assertTrue(wait_until(lambda: self.counts()["refused"] > before["refused"] and self.counts()["grants"] > before["grants"], 60), self.counts())
            tokens = len(before["lists_by_token"])
            self.assertTrue(wait_until(lambda: len(self.counts()["lists_by_token"]) > tokens, 60))
        seen = self.counts()
        self.assertEqual(seen["in_flight_max"], 1)
        # None was bought in vain.
        self.assertLessEqual(seen["grants"], len(seen["lists_by_token"]) + 1, seen)
        self.wait_for(["ok"], "SELECT state FROM source")

    def test_a_client_that_is_unknown_pauses_the_source_with_the_providers_word(self):
        self.world.env["EARSHOT_CREDENTIAL_BOARDS"] = "another-secret"
        self.world.spawn("earshotd", "--config", self.listening)
        self.wait_for(["paused"], "SELECT state FROM source")
        self.assertIn("invalid_client", self.rows("SELECT last_error FROM source")[0])
        self.assertEqual(self.counts()["grants"], 0)


if __name__ == "__main__":
    unittest.main()
