"""What others push: a real daemon behind real HTTP, signed as the platforms sign."""
import hashlib
import hmac
import json
import time
import unittest

import jsonschema

from api_test import Api, schema_of, with_http
from world import World, wait_until

SECRET = "a secret of thirty-two letters ok"
SOURCE = """
[[source]]
name = "pushed"
connector = "webhook"
scheme = "hmac"
secret = "hook"
header = "X-Sign"
encoding = "hex"
platform = "shop"
"""


def post(n, text="Acme is down again"):
    return {"platform": "shop", "id": f"p{n}", "text": f"{text} {n}", "created_at": "2026-11-02T10:00:%02dZ" % (n % 60),
            "author": {"id": f"a{n}", "handle": f"h{n}"}}


class Webhook(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.world.env["EARSHOT_CREDENTIAL_HOOK"] = SECRET
        self.config = self.world.folder / "earshot.toml"
        self.config.write_text(with_http(f'database = "{self.world.folder}/earshot.db"\n[[brand]]\nname = "Acme"\n' + SOURCE, ""))
        self.start()

    def start(self):
        """Until the source listens a sender is asked to come again."""
        self.api = Api(self.world, self.config)
        self.assertTrue(wait_until(lambda: [one["state"] for one in self.api.json("/api/v1/sources")[1]["sources"]] == ["ok"]))

    def push(self, body, signature=None, source="pushed", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        if signature is None:
            signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        reply, text = self.api.ask(f"/hooks/{source}", method="POST", body=body, headers={"X-Sign": signature, **headers} if signature else headers)
        return reply.status, json.loads(text)

    def texts(self):
        return sorted(row["text"] for row in self.api.json("/api/v1/mentions?limit=500")[1]["mentions"])

    def test_what_is_signed_is_there_when_it_is_answered(self):
        last_push = lambda: [one["last_push_at"] for one in self.api.json("/api/v1/sources")[1]["sources"]]
        self.assertEqual(last_push(), [None])
        status, answer = self.push([post(1), post(2)])
        self.assertRegex(last_push()[0], r"^20\d\d-\d\d-\d\dT")
        seen = self.world.run("earshot", "sql", "--format", "csv", "--config", self.config, "SELECT last_push_at FROM v_source")
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertEqual(seen.stdout.split("\n")[1].strip('"'), last_push()[0][:19].replace("T", " "), seen.stderr)
        self.assertEqual((status, answer), (200, {"accepted": 2, "malformed": 0, "repeated": False}))
        jsonschema.validate(answer, schema_of("/hooks/{source}", "post"))
        self.assertEqual(self.texts(), ["Acme is down again 1", "Acme is down again 2"])
        # The same again changes nothing, and is answered as before.
        self.assertEqual(self.push([post(1), post(2)]), (200, {"accepted": 0, "malformed": 0, "repeated": True}))
        self.assertEqual(len(self.texts()), 2)
        # One a line, and among them one that is none.
        lines = b"\n".join([json.dumps(post(3)).encode(), b'{"id":"x"}'])
        self.assertEqual(self.push(lines)[1], {"accepted": 1, "malformed": 1, "repeated": False})
        self.assertEqual(len(self.texts()), 3)

    def test_whoever_cannot_sign_is_refused(self):
        body = json.dumps([post(1)]).encode()
        good = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        for bad in ("", good[:-1], good[:-2] + "00", "x" * 64):
            status, answer = self.push(body, signature=bad)
            self.assertEqual(status, 401, (bad, answer))
        self.assertEqual(self.push(body, source="elsewhere")[0], 404)
        self.assertEqual(self.push(b"{nonsense")[0], 400)
        self.assertEqual(self.push(b"[" * 100_000)[0], 400)
        self.assertEqual(self.texts(), [])
        # Guessing is slowed down; who signs rightly is heard meanwhile.
        statuses = [self.push(body, signature="f" * 64)[0] for _ in range(12)]
        self.assertEqual(statuses[-1], 429)
        self.assertEqual(self.push(body)[0], 200)
        self.assertEqual(len(self.texts()), 1)

    def test_killed_right_after_the_answer_nothing_is_lost(self):
        for n in range(5):
            self.assertEqual(self.push([post(n)])[0], 200)
            self.api.process.kill()
            self.api.process.wait(20)
            self.start()
            self.assertEqual(len(self.texts()), n + 1)
            answers = []
            self.assertTrue(wait_until(lambda: answers.append(self.push([post(n)])) or answers[-1][0] != 503))
            self.assertEqual(answers[-1], (200, {"accepted": 0, "malformed": 0, "repeated": True}))
        self.assertTrue(wait_until(lambda: len(self.texts()) == 5))


if __name__ == "__main__":
    unittest.main()
