"""What the HTTP API's document promises of the real daemon: its answers, what it refuses, keys that make changes happen once, and clients that crowd."""
import json
import re
import signal
import socket
import unittest

import jsonschema

from api_test import DOCUMENT, Api, schema_of
from world import World

V = "/api/v1/"
LINE = {"platform": "survey", "id": "1", "text": "Fernwave is terrible", "created_at": "2026-11-01T10:00:00Z"}


def listed(path, method, status):
    """Whether the document lists this answer of an operation by its number."""
    return str(status) in DOCUMENT["paths"][path][method.lower()]["responses"]


class Contract(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.api = self.start()

    def tearDown(self):
        self.world.close()

    def start(self, lines="", more=""):
        data = self.world.folder / "data"
        data.mkdir(exist_ok=True)
        path = self.world.folder / "earshot.toml"
        path.write_text(f'database = "{data}/earshot.db"\n{more}\n[[brand]]\nname = "Fernwave"\n[http]\nlisten = "127.0.0.1:0"\n{lines}')
        return Api(self.world, path)

    def ask(self, target, status, path=None, method="GET", api=None, **more):
        """The answer, which has that status and is what the document says."""
        path = path or target.split("?")[0]
        reply, text = (api or self.api).ask(target, method, **more)
        self.assertEqual((target, reply.status), (target, status), text)
        self.assertTrue(listed(path, method, status), f"{method} {path} does not list {status}")
        answer = json.loads(text)
        if status == 200:
            jsonschema.validate(answer, schema_of(path, method.lower()))
        else:
            self.assertEqual(reply.getheader("Content-Type"), "application/problem+json")
            self.assertEqual(answer["status"], status)
        return reply, answer

    def post(self, target, body, status=200, path=None, key=None, method="POST", kind="application/json"):
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask(target, status, path, method, body=body, headers=headers, kind=kind)

    def test_what_is_misspelt_is_refused_with_the_nearest_name(self):
        for target, words in [
                ("mentions?contact=maybe", "true or false"), ("mentions?counted=yes", "true or false"),
                ("mentions?polarty=negative", '"polarity"'), ("brands?nonsense=1", "no parameter"),
                ("mentions?source=nosuch", "no source 'nosuch'"), ("incidents?state=lost", "open, closed or dismissed"),
                ("ideas?state=lost", "published"), ("journeys?outcome=lost", "converted"),
                ("baseline?metric=nosuch", "net_sentiment"), ("deliveries?destination=nosuch", "no destination")]:
            self.assertIn(words, self.ask(V + target, 400)[1]["detail"], target)
        for target, path, body, words in [
                ("ideas/1", "ideas/{id}", {"nonsense": 1}, "no member"), ("ideas/1", "ideas/{id}", {"stat": "new"}, '"state"'),
                ("deliveries/retry", "deliveries/retry", {"destination": "nosuch"}, "no destination"),
                ("admin/reload", "admin/reload", {"now": True}, "no member"),
                ("score", "score", {"txt": "x"}, '"text"')]:
            self.assertIn(words, self.post(V + target, body, 400, V + path)[1]["detail"], target)

    def test_answers_of_changes_keep_to_the_document(self):
        self.ask(V + "deliveries", 200)
        self.ask(V + "deliveries?state=dead", 200)
        self.post(V + "deliveries/retry", {})
        self.post(V + "deliveries/7/drop", {}, 400, V + "deliveries/{id}/drop")
        self.post(V + "score", {"text": "Fernwave is great", "brand": "Fernwave"})
        self.post(V + "score", [{"text": "good"}, {"text": "bad", "id": "2"}])
        self.post(V + "admin/reload", {})
        self.ask(V + "admin/status", 200)
        self.post(V + "admin/poll", {"source": "nosuch"}, 400)
        self.post(V + "score", "{}", 415, kind="text/plain")
        self.post(V + "score", "x" * (2 << 20), 413)

    def test_a_push_of_which_nothing_is_kept_makes_no_source(self):
        target, path = V + "mentions?source=z1", V + "mentions"
        reply, answer = self.post(target, '{"bad', 400, path, kind="application/x-ndjson")
        jsonschema.validate(answer, {**DOCUMENT["components"]["schemas"]["PushProblem"], "components": DOCUMENT["components"]})
        self.assertIn("line 1: ", answer["errors"][0])
        other = json.dumps({**LINE, "text": "of nobody we know"})
        self.assertEqual(self.post(target, other, 200, path, kind="application/x-ndjson")[1]["unmatched"], 1)
        self.assertEqual(self.ask(V + "sources", 200)[1]["sources"], [])
        self.assertEqual(self.post(target, json.dumps(LINE), 200, path, kind="application/x-ndjson")[1]["stored"], 1)
        self.assertEqual([one["source"] for one in self.ask(V + "sources", 200)[1]["sources"]], ["z1"])
        self.ask(V + "mentions?source=z1", 200)

    def test_a_change_with_a_key_happens_once_also_after_a_kill(self):
        body = {"brand": "Fernwave", "text": "everywhere", "from": "2026-01-01"}
        first = self.post(V + "claims", body, key="k1")[1]
        self.post(V + "claims/" + first["id"], {"text": "nearly everywhere"}, 200, V + "claims/{id}", method="PATCH")
        reply, again = self.post(V + "claims", body, key="k1")
        self.assertEqual((again, reply.getheader("Idempotency-Replayed")), (first, "true"))
        self.post(V + "claims", {**body, "text": "nowhere"}, 422, key="k1")
        self.post(V + "claims", body, 400, key="k" * 256)
        self.api.process.send_signal(signal.SIGKILL)
        self.api.process.wait()
        self.api = self.start()
        self.assertEqual(self.post(V + "claims", body, key="k1")[1], first)
        self.assertEqual(len(self.ask(V + "claims", 200)[1]["claims"]), 1)
        self.post(V + "claims", body)
        self.assertEqual(len(self.ask(V + "claims", 200)[1]["claims"]), 2, "without the key it is another claim")

    def test_a_token_for_feeds_opens_nothing_else_and_wrong_ones_keep_no_right_one_out(self):
        tokens = {}
        lines = ""
        for name, scope in (("phone", "feeds"), ("desk", "read")):
            made = self.world.run("earshot", "token", name, "--scope", scope)
            tokens[name] = made.stdout.strip()
            lines += "\n".join(line for line in made.stderr.splitlines() if re.match(r"^(\[\[|name|scopes|hash)", line)) + "\n"
        self.api.process.send_signal(signal.SIGTERM)
        self.api.process.wait()
        api = self.start(lines)
        self.assertEqual(api.ask("/feeds/ideas.atom?token=" + tokens["phone"])[0].status, 200)
        self.assertEqual(api.ask("/feeds/ideas.json?token=" + tokens["desk"])[0].status, 200)
        self.ask(V + "mentions", 403, api=api, headers={"Authorization": "Bearer " + tokens["phone"]})
        for _ in range(12):
            status = api.ask("/feeds/ideas.atom?token=wrong")[0].status
        self.assertEqual(status, 429)
        self.ask(V + "mentions", 429, api=api, headers={"Authorization": "Bearer wrong"})
        self.ask(V + "mentions", 401, api=api)
        self.ask(V + "mentions", 200, api=api, headers={"Authorization": "Bearer " + tokens["desk"]})
        self.assertEqual(api.ask(V + "session", "POST", {"token": tokens["desk"]})[0].status, 200)

    def test_idle_connections_shut_nobody_out(self):
        host, port = self.api.address.rsplit(":", 1)
        held = []
        try:
            for _ in range(1150):
                held.append(socket.create_connection((host, int(port)), timeout=30))
            self.ask(V + "brands", 200)
        finally:
            for one in held:
                one.close()


if __name__ == "__main__":
    unittest.main()
