"""The HTTP API of the real daemon: every read against its document, tokens, pushes, and clients that mean harm."""
import contextlib
import hashlib
import html
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import unittest
import urllib.parse

import jsonschema

from world import BIN, ROOT, World, wait_until

DOCUMENT = json.loads((ROOT / "daemon/api/openapi.json").read_text())


def schema_of(path, method="get"):
    operation = DOCUMENT["paths"][path][method]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {**schema, "components": DOCUMENT["components"]}


class Api:
    """Asks a daemon that was started here."""

    def __init__(self, world, config, *more):
        self.log = []
        self.process = world.spawn("earshotd", "--config", config, *more)
        self.address = None
        for line in self.process.stderr:
            self.log.append(line)
            found = re.search(r"serving url=http://([^/]+)/", line)
            if found:
                self.address = found.group(1)
            if " listening " in line:
                break
        assert self.address, self.log

    def connection(self):
        host, port = self.address.rsplit(":", 1)
        return http.client.HTTPConnection(host, int(port), timeout=30)

    def ask(self, target, method="GET", body=None, headers=None, kind="application/json"):
        connection = self.connection()
        headers = dict(headers or {})
        if body is not None:
            headers.setdefault("Content-Type", kind)
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        with contextlib.suppress(BrokenPipeError):  # a body that is too large is answered before all of it was sent
            connection.request(method, target, body, headers)
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        return reply, text

    def json(self, target, **more):
        reply, text = self.ask(target, **more)
        return reply.status, json.loads(text)


def with_http(text, lines):
    return text + "\n[http]\nlisten = \"127.0.0.1:0\"\n" + lines


class ApiOfTheDemo(unittest.TestCase):
    """One daemon that has caught up with the demo; nothing here changes what another test sees."""

    @classmethod
    def setUpClass(cls):
        cls.world = World().start_server()
        config = cls.world.config(edit=lambda text: with_http(text, ""))
        run = cls.world.run("earshotd", "--config", config, "--once")
        assert run.returncode == 0, run.stderr
        cls.api = Api(cls.world, config)

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def check(self, target, path, method="get", **more):
        status, answer = self.api.json(target, **more)
        self.assertEqual(status, 200, answer)
        jsonschema.validate(answer, schema_of(path, method))
        return answer

    def test_every_read_keeps_to_the_document(self):
        v = "/api/v1/"
        self.check(v + "session", v + "session")
        brands = self.check(v + "brands", v + "brands")
        self.assertEqual(brands["default"], "Fernwave")
        overview = self.check(v + "overview?brand=fernwave&since=56d", v + "overview")
        self.assertGreater(overview["total"]["mentions"], 1000)
        self.assertIsNotNone(overview["against_usual"]["volume"]["z"])
        for query in ("", "?step=hour", "?step=day&source=mastodon&since=30d"):
            series = self.check(v + "series" + query, v + "series")
            lengths = {len(value) for value in series.values() if isinstance(value, list)}
            self.assertEqual(len(lengths), 1)
            self.assertTrue(any(x is not None for x in series["expected"]))
        self.check(v + "baseline?metric=net_sentiment", v + "baseline")
        self.assertEqual(len(self.check(v + "baseline?metric=authors&issue=billing", v + "baseline")["hours"]), 168)
        self.assertTrue(self.check(v + "baseline?metric=response_time", v + "baseline")["hours"])
        self.figures_lead_to_their_mentions()
        benchmark = self.check(v + "benchmark?since=56d", v + "benchmark")
        self.assertEqual({b["brand"] for b in benchmark["brands"]}, {"Fernwave", "Quillnet"})
        self.assertAlmostEqual(sum(b["share_of_voice"]["value"] for b in benchmark["brands"]), 1)
        self.check(v + "kpis", v + "kpis")
        mentions = self.check(v + "mentions?brand=Fernwave&polarity=negative&limit=20", v + "mentions")["mentions"]
        self.assertEqual({m["polarity"] for m in mentions}, {"negative"})
        explained = self.check(v + "mentions/" + mentions[0]["id"], v + "mentions/{id}")
        self.assertEqual(explained["verdicts"][0]["polarity"], "negative")
        self.assertTrue(explained["verdicts"][0]["evidence"])
        some = ",".join(m["id"] for m in mentions[:3])
        again = self.check(v + "mentions?brand=Fernwave&ids=" + some, v + "mentions")["mentions"]
        self.assertEqual(again, mentions[:3])
        german = self.check(v + "mentions?brand=Fernwave&lang=de&limit=20", v + "mentions")["mentions"]
        self.assertEqual({m["lang"] for m in german}, {"de"})
        product = self.check(v + "overview?since=56d", v + "overview")["products"][0]
        named = self.check(v + "mentions?counted=true&since=56d&limit=500&product=" + urllib.parse.quote(product["product"].upper()), v + "mentions")["mentions"]
        self.assertEqual(len(named), min(500, product["mentions"]))
        self.assertTrue(all(product["product"] in [p["product"] for p in m["products"]] for m in named))
        page = self.check(v + "mentions?limit=3&product=" + urllib.parse.quote(product["product"]) + "&before=" + named[2]["id"], v + "mentions")["mentions"]
        self.assertTrue(all(int(m["id"]) < int(named[2]["id"]) for m in page))
        for m in named[3:4]:  # the daemon still reads: one that came in late may stand before it
            self.assertIn(m["id"], [one["id"] for one in page])
        review = self.check(v + "review?limit=10&evidence=true", v + "review")
        self.assertEqual(len(review["verdicts"]), len(review["mentions"]))
        for mention, verdict in zip(review["mentions"], review["verdicts"]):
            self.assertEqual((verdict["polarity"], verdict["brand"]), (mention["polarity"], "Fernwave"))
            self.assertEqual(verdict["evidence"], self.api.json(v + "mentions/" + mention["id"] + "?brand=Fernwave")[1]["verdicts"][0]["evidence"])
        incidents = self.check(v + "incidents", v + "incidents")["incidents"]
        whole = self.check(v + "incidents/" + incidents[0]["id"], v + "incidents/{id}")
        self.assertEqual(len(whole["mention_ids"]), whole["mentions"] + whole["echoes"])
        self.assertEqual(whole | {"mention_ids": whole["mention_ids"][-100:]}, incidents[0])
        draft = self.check(v + "incidents/" + incidents[0]["id"] + "/advisory", v + "incidents/{id}/advisory")
        self.assertIn("trouble with", draft["post"])
        self.assertEqual({thread["mention"] for thread in draft["threads"]}, {one["mention"] for one in incidents[0]["details"]["exemplars"]})
        ideas = self.check(v + "ideas?limit=5", v + "ideas")["ideas"]
        self.assertEqual(self.check(v + "ideas/" + ideas[0]["id"], v + "ideas/{id}"), ideas[0])
        self.check(v + "campaigns", v + "campaigns")
        self.check(v + "claims", v + "claims")
        misled = self.check(v + "misled", v + "misled")["misled"]
        self.assertTrue(misled)
        self.assertEqual(self.check(v + "misled/" + misled[0]["id"], v + "misled/{id}"), misled[0])
        reply, page = self.api.ask(v + "faq?limit=10")
        self.assertEqual((reply.status, reply.getheader("Content-Type")), (200, "application/ld+json"))
        self.assertEqual(json.loads(page)["@type"], "FAQPage")
        self.assertNotIn(b"<", page)
        reply, page = self.api.ask(v + "faq?format=markdown&limit=3")
        self.assertEqual((reply.status, page.count(b"\n## ")), (200, 3))
        queue = self.check(v + "queue?limit=10", v + "queue")["waiting"]
        self.assertEqual([w["priority"] for w in queue], sorted((w["priority"] for w in queue), reverse=True))
        self.check(v + "journeys?limit=10", v + "journeys")
        stories = self.check(v + "stories?limit=10", v + "stories")["stories"]
        self.assertTrue(stories and all(s["consent"] == "unknown" and s["outcome"] == "converted" for s in stories))
        self.assertEqual(self.check(v + "stories/" + stories[0]["id"], v + "stories/{id}"), stories[0])
        self.assertEqual(self.check(v + "stories?consent=given", v + "stories")["stories"], [])
        links = self.check(v + "links?limit=500", v + "links")
        missing = [i["askers"] for i in links["missing"]]
        self.assertEqual(missing, sorted(missing, reverse=True))
        self.assertTrue(all(i["page"] is None for i in links["missing"]))
        glossary = self.check(v + "glossary?limit=20&since=56d", v + "glossary")
        self.assertEqual(len(glossary["terms"]), 20)
        self.assertTrue(all(t["authors"] >= 3 and t["mention_ids"] for t in glossary["terms"]))
        billing = self.check(v + "glossary?issue=billing&since=56d", v + "glossary")
        self.assertLess(billing["people"], glossary["people"])
        movers = self.check(v + "movers", v + "movers")
        self.assertTrue(all(t["mention_ids"] and (t["direction"] == "rising") == (t["ratio"]["low"] > 1) for t in movers["terms"]))
        ror = self.check(v + "ror", v + "ror")
        self.assertAlmostEqual(ror["points"], sum(c["points"] for c in ror["components"]), delta=0.1)
        self.assertTrue(any(c["events"] for c in ror["components"]))
        praise = self.check(v + "queue?kind=praise&limit=10", v + "queue")["praise"]
        self.assertTrue(all(p["mention"]["polarity"] == "positive" for p in praise) and praise)
        for kind in ("customer", "raver", "ranter", "referral", "churn_threat", "switched_from", "peer_answer"):
            found = self.check(v + "people?limit=5&kind=" + kind, v + "people")
            self.assertTrue(found["people"] or found["events"], kind)
        self.assertEqual(self.api.json(v + "people?kind=friend")[0], 400)
        moves = self.check(v + "people/matrix", v + "people/matrix")["months"]
        self.assertTrue(any(m["from"] == "ranter" and m["to"] == "raver" for m in moves))
        promises = self.check(v + "promises?limit=5", v + "promises")
        self.assertGreater(promises["counts"]["kept"] + promises["counts"]["late"], 10)
        missed = self.check(v + "promises?state=missed&limit=5", v + "promises")["promises"]
        self.assertTrue(missed and all(p["state"] == "missed" and p["words"] in p["mention"]["text"] for p in missed))
        conduct = self.check(v + "conduct?since=60d", v + "conduct")
        self.assertGreater(conduct["replies"], conduct["canned"])
        self.check(v + "roi", v + "roi")
        times = self.check(v + "responses?since=60d", v + "responses")
        self.assertEqual(times["targets"], {"high_s": 3600, "medium_s": 14400, "low_s": 43200})
        for name in ("contacts", "answered", "late"):
            self.assertEqual(sum(s[name] for s in times["sources"]), times["total"][name])
        self.assertGreater(times["total"]["answered"], 50)
        self.check(v + "accuracy", v + "accuracy")
        sources = self.check(v + "sources", v + "sources")["sources"]
        self.assertEqual(len(sources), 5)

    def figures_lead_to_their_mentions(self):
        drivers = self.check("/api/v1/drivers?since=7d", "/api/v1/drivers")
        self.assertAlmostEqual(sum(d["contribution"] for d in drivers["drivers"]), drivers["difference"], places=9)
        self.assertAlmostEqual(drivers["net_sentiment"] - drivers["usual_net_sentiment"], drivers["difference"], places=9)
        for driver in drivers["drivers"][:3] + [d for d in drivers["drivers"] if d["issue"] == "none"]:
            listed = self.check(driver["mentions_url"] + "&limit=500", "/api/v1/mentions")["mentions"]
            self.assertEqual(len([m for m in listed if m["polarity"] != "unscored"]), driver["mentions"], driver["issue"])

    def test_reports_are_pages_that_need_nothing_else(self):
        for kind in ("brief", "service", "content", "executive", "accuracy"):
            reply, text = self.api.ask(f"/api/v1/reports/{kind}?brand=Fernwave")
            page = text.decode()
            self.assertEqual((kind, reply.status, reply.getheader("Content-Type")), (kind, 200, "text/html; charset=utf-8"))
            policies = [value for name, value in reply.getheaders() if name.lower() == "content-security-policy"]
            self.assertEqual(len(policies), 1)
            self.assertIn("style-src 'unsafe-inline'", policies[0])
            self.assertNotIn("script", policies[0])
            for outside in ("<script", "<link", "<img", "@import", "url(", "javascript:"):
                self.assertNotIn(outside, page)
            for picture in re.findall(r"<svg [^>]*>", page):
                self.assertIn('role="img"', picture)
                self.assertRegex(picture, r'aria-label="[^"]{20,}"')
            for target in set(re.findall(r'href="(/api/v1/[^"]+)"', page)):
                status, answer = self.api.json(html.unescape(target))
                self.assertEqual((target, status), (target, 200), answer)
            for form, kind_of in (("markdown", "text/markdown"), ("text", "text/plain"), ("csv", "text/csv")):
                other, words = self.api.ask(f"/api/v1/reports/{kind}?format={form}")
                self.assertEqual((other.status, other.getheader("Content-Type").split(";")[0]), (200, kind_of))
                self.assertIn("Fernwave" if form != "csv" else "section,item", words.decode())
        self.assertEqual(self.api.ask("/api/v1/reports/weather")[0].status, 404)
        self.assertEqual(self.api.ask("/api/v1/reports/brief?format=pdf")[0].status, 400)
        self.assertEqual(self.api.ask("/api/v1/reports/brief?days=0")[0].status, 400)
        page = self.api.ask("/api/v1/reports/service?links=dashboard")[1].decode()
        self.assertIn('href="/#/mentions?', page)
        self.assertNotIn('href="/api/', page)
        self.assertEqual(self.api.ask("/api/v1/reports/brief?links=elsewhere")[0].status, 400)

    def test_the_document_names_every_route_and_no_other(self):
        source = "".join(path.read_text() for path in (ROOT / "daemon/api/routes").glob("*.cpp"))
        routes = {(pattern, method.lower()) for method, pattern in
                  re.findall(r'\.method = "(\w+)", \.pattern = "([^"]+)"', " ".join(source.split()))}
        # The changes stand in a table of their own.
        routes |= {(pattern, "post") for pattern in re.findall(r'\{"(/api/v1/[^"]+)", [a-z_{]', source)}
        pages = {"/", "/{file}", "/plain", "/plain.css"}
        routes = {route for route in routes if route[0] not in pages}
        documented = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
        self.assertEqual(routes, documented)

    def test_pages_follow_each_other_without_a_gap_or_a_double(self):
        whole = self.api.json("/api/v1/mentions?brand=Fernwave&limit=120")[1]["mentions"]
        paged, before = [], ""
        for _ in range(12):
            page = self.api.json("/api/v1/mentions?brand=Fernwave&limit=10" + before)[1]
            paged += page["mentions"]
            before = "&before=" + page["next"]
        self.assertEqual([m["id"] for m in paged], [m["id"] for m in whole])

    def test_mistakes_are_answered_with_what_to_do(self):
        problem = {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]}
        for target, status, words in [
                ("/api/v1/overview?brand=Nobody", 400, "known are: Fernwave"),
                ("/api/v1/overview?since=yesterdayish", 400, "is no time"),
                ("/api/v1/overview?since=2026-03-02&until=2026-03-01", 400, "not before"),
                ("/api/v1/series?step=month", 400, "hour or day"),
                ("/api/v1/mentions?limit=0", 400, "1 to 500"),
                ("/api/v1/mentions?limit=99999999999999999999", 400, "1 to 500"),
                ("/api/v1/mentions?polarity=angry", 400, "positive, neutral"),
                ("/api/v1/mentions?before=-1", 400, "id of a mention"),
                ("/api/v1/mentions?search=%22open", 400, ""),
                ("/api/v1/mentions?ids=1,x", 400, "list of ids"),
                ("/api/v1/mentions?product=phaser", 400, "names a product 'phaser'"),
                ("/api/v1/deliveries?state=lost", 400, "dropped"),
                ("/api/v1/mentions/0", 404, "no mention"),
                ("/api/v1/mentions/77", 404, "77"),
                ("/api/v1/incidents/999999", 404, "no incident"),
                ("/api/v1/incidents/999999/advisory", 404, "no incident"),
                ("/api/v1/incidents/x/advisory", 404, "no incident"),
                ("/api/v1/ideas/abc", 404, "no idea"),
                ("/feeds/tales.atom", 404, "ideas, incidents, gaps, risers, praise and stories"),
                ("/api/v1/campaigns/999", 404, "no campaign"),
                ("/api/v1/claims/x", 404, "no claim"),
                ("/api/v1/misled/999999", 404, "no finding"),
                ("/api/v1/faq?format=pdf", 400, "jsonld or markdown"),
                ("/feeds/nobody/ideas.atom", 404, "no brand"),
                ("/api/v2/mentions", 404, "openapi.json")]:
            reply, text = self.api.ask(target)
            self.assertEqual((target, reply.status), (target, status), text)
            self.assertEqual(reply.getheader("Content-Type"), "application/problem+json")
            answer = json.loads(text)
            jsonschema.validate(answer, problem)
            self.assertIn(words, answer["detail"])
            self.assertNotIn(str(self.world.folder), text.decode())
        self.assertEqual(self.api.ask("/api/v1/mentions", "DELETE")[0].status, 405)

    def test_what_did_not_change_is_not_sent_again(self):
        reply, text = self.api.ask("/api/v1/ideas")
        tag = reply.getheader("ETag")
        again, nothing = self.api.ask("/api/v1/ideas", headers={"If-None-Match": tag})
        self.assertEqual((again.status, nothing), (304, b""))
        self.assertNotEqual(self.api.ask("/feeds/ideas.atom")[0].getheader("ETag"), tag)

    def test_texts_are_scored_as_the_tool_scores_them(self):
        texts = [{"id": "1", "text": "still waiting for my refund, this is a joke"},
                 {"id": "2", "text": "Fernwave is great, Quillnet is terrible", "brand": "Quillnet"}]
        status, answer = self.api.json("/api/v1/score", method="POST", body=texts)
        self.assertEqual(status, 200)
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        tool = [json.loads(line) for line in self.world.run("earshot", "score", "--explain", stdin=lines).stdout.splitlines()]
        self.assertEqual(answer, tool)
        self.assertEqual(self.api.json("/api/v1/score", method="POST", body=texts[1])[1], tool[1])
        for bad in ("", "{", "[]x", {"text": 5}, {"id": "1"}, ["text"], [{"text": "a"}] * 1001):
            status, answer = self.api.json("/api/v1/score", method="POST", body=bad)
            self.assertIn(status, (400, 413), bad)

    def test_feeds_and_metrics_are_what_their_readers_expect(self):
        feeds = self.world.folder / "feeds"
        feeds.mkdir()
        for kind in ("ideas", "incidents", "gaps", "risers", "praise", "stories"):
            for ending in ("atom", "json"):
                (feeds / f"fernwave-{kind}.{ending}").write_bytes(self.api.ask(f"/feeds/fernwave/{kind}.{ending}")[1])
        checked = subprocess.run(["python3", ROOT / "tests/delivery/check_feeds.py", feeds, "fernwave", "gaps", "risers", "praise", "stories"],
                                 capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        # Nobody was asked yet whether their story may be told.
        self.assertEqual(json.loads((feeds / "fernwave-stories.json").read_text())["items"], [])
        self.assertTrue(json.loads((feeds / "fernwave-praise.json").read_text())["items"])
        text = self.api.ask("/metrics")[1].decode()
        line = re.compile(r'^(# (HELP|TYPE) earshot_[a-z_]+ .+|earshot_[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? \S+)$')
        self.assertEqual([x for x in text.splitlines() if not line.match(x)], [])
        self.assertIn('earshot_source_stored_total{source="mastodon",connector="mastodon"}', text)

    def test_a_page_is_there_without_a_script(self):
        reply, text = self.api.ask("/plain?brand=Fernwave")
        self.assertEqual(reply.status, 200)
        page = text.decode()
        for question in ("Are we normal?", "What broke?", "Who waits for us?", "What should we write?", "The last days", "What is it about?", "What did it earn?", "What moved net sentiment?",
                         "Who feels misled?", "Did we keep our word?", "How far to trust the verdicts"):
            self.assertIn(question, page)
        self.assertNotIn("<script", page)
        self.assertEqual(self.api.ask("/plain.css")[0].status, 200)

    def test_foreign_pages_and_names_get_nothing(self):
        score = {"method": "POST", "body": {"text": "x"}}
        self.assertEqual(self.api.ask("/api/v1/mentions", headers={"Host": "evil.example"})[0].status, 421)
        self.assertEqual(self.api.ask("/api/v1/score", **score, headers={"Origin": "http://evil.example"})[0].status, 403)
        self.assertEqual(self.api.ask("/api/v1/score", **score, headers={"Sec-Fetch-Site": "cross-site"})[0].status, 403)
        self.assertEqual(self.api.ask("/api/v1/score", **score, kind="text/plain")[0].status, 415)
        self.assertEqual(self.api.ask("/api/v1/score", **score)[0].status, 200)


class Decisions(unittest.TestCase):
    """What people decide, over a demo of its own."""

    @classmethod
    def setUpClass(cls):
        cls.world = World().start_server()
        cls.config = cls.world.config(edit=lambda text: with_http(text, ""))
        run = cls.world.run("earshotd", "--config", cls.config, "--once")
        assert run.returncode == 0, run.stderr
        cls.api = Api(cls.world, cls.config)

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def act(self, target, path, **body):
        status, answer = self.api.json(target, method="POST", body=body)
        self.assertEqual(status, 200, answer)
        jsonschema.validate(answer, schema_of(path, "post"))
        return answer

    def test_a_label_wins_is_counted_and_can_be_taken_back(self):
        v = "/api/v1/"
        counts = lambda: {k: self.api.json(v + "overview?since=60d")[1]["total"][k] for k in ("mentions", "positive", "negative")}
        mention = self.api.json(v + "mentions?brand=Fernwave&polarity=negative&since=50d&counted=true&limit=1")[1]["mentions"][0]
        before = counts()
        path = v + "mentions/" + mention["id"]
        listener = self.api.connection()
        listener.request("GET", "/api/v1/events")
        stream = listener.getresponse()
        for _ in range(2):
            labelled = self.act(path + "/label", v + "mentions/{id}/label", brand="Fernwave", polarity="positive",
                                issues=["praise"], note="irony <b>", by="ann")
        self.assertEqual((labelled["polarity"], labelled["issues"], labelled["labelled"]), ("positive", ["praise"], True))
        self.assertEqual(counts(), {**before, "positive": before["positive"] + 1, "negative": before["negative"] - 1})
        seen = b""
        while b"event: acted" not in seen:
            seen += stream.read1(4096)
        listener.close()
        status, labels = self.api.json(v + "labels")
        jsonschema.validate(labels, schema_of(v + "labels"))
        self.assertEqual([(x["mention"]["id"], x["by"], x["note"]) for x in labels["labels"]], [(mention["id"], "ann", "irony <b>")])
        review = self.api.json(v + "review?limit=20")[1]
        jsonschema.validate(review, schema_of(v + "review"))
        self.assertNotIn(mention["id"], [m["id"] for m in review["mentions"]])
        taken = self.act(path + "/unlabel", v + "mentions/{id}/unlabel", brand="Fernwave")
        self.assertEqual(taken, mention)
        self.assertEqual(counts(), before)

    def test_a_story_leaves_the_house_once_the_customer_agreed(self):
        v = "/api/v1/"
        stories = self.api.json(v + "stories?limit=200")[1]["stories"]
        story = next(s for s in stories if s["rant"] and s["reply"] and s["last"])
        handle = "@" + story["author_handle"]
        told = lambda: json.loads(self.api.ask("/feeds/fernwave/stories.json")[1])["items"]
        page = lambda: self.api.ask(v + "reports/executive?format=text&since=84d")[1].decode()
        self.assertEqual(told(), [])
        self.assertIn("Won back: a customer", page())
        self.assertNotIn("Won back: @", page())
        path = v + "stories/" + story["id"]
        for consent in ("asked", "given", "given"):
            now = self.act(path, v + "stories/{id}", brand="Fernwave", consent=consent, note="first name only", by="kim")
        self.assertEqual((now["consent"], [h["consent"] for h in now["history"]]), ("given", ["given", "asked"]))
        self.assertEqual(now["history"][0]["by"], "kim")
        items = told()
        self.assertEqual(len(items), 1)
        self.assertIn("Before: ", items[0]["content_text"])
        self.assertIn("Now: ", items[0]["content_text"])
        self.assertIn("Won back: " + handle, page())
        for body, why in [({"consent": "maybe"}, "consent"), ({}, "consent"), ({"consent": 5}, "no text")]:
            status, answer = self.api.json(path, method="POST", body={"brand": "Fernwave", **body})
            self.assertEqual(status, 400, answer)
            self.assertIn(why, answer["detail"])
        self.assertEqual(self.api.json(v + "stories/999", method="POST", body={"brand": "Fernwave", "consent": "given"})[0], 400)
        self.assertEqual(self.api.json(v + "stories/999?brand=Fernwave")[0], 404)
        self.act(path, v + "stories/{id}", brand="Fernwave", consent="refused")
        self.assertEqual(told(), [])

    def test_a_false_alarm_stays_and_counts_no_more(self):
        v = "/api/v1/"
        incident = self.api.json(v + "incidents")[1]["incidents"][0]
        told = lambda: incident["title"] in self.api.ask(v + "reports/executive?format=text&since=84d")[1].decode()
        self.assertTrue(told())
        path = v + "incidents/" + incident["id"]
        now = self.act(path, v + "incidents/{id}", state="dismissed", note="a raffle")
        self.assertEqual((now["state"], now["note"]), ("dismissed", "a raffle"))
        self.assertIsNotNone(now["dismissed_at"])
        self.assertFalse(told())
        self.assertEqual(self.api.json(v + "incidents?state=dismissed")[1]["incidents"][0]["id"], incident["id"])
        back = self.act(path, v + "incidents/{id}", state="open", note="")
        self.assertEqual((back["state"], back["dismissed_at"], told()), (incident["state"], None, True))

    def test_campaigns_and_claims_are_entered_once_and_changed_in_place(self):
        v = "/api/v1/"

        def change(method, target, path, **body):
            status, answer = self.api.json(v + target, method=method, body=body)
            self.assertEqual(status, 200, answer)
            jsonschema.validate(answer, schema_of(v + path, method.lower()))
            return answer

        for _ in range(2):
            campaign = change("POST", "campaigns", "campaigns", brand="Fernwave", name="Roaming", **{"from": "2026-01-01", "to": "2026-01-14"})
        self.assertEqual(campaign["to"], "2026-01-15T00:00:00Z")
        self.assertEqual(len(self.api.json(v + "campaigns")[1]["campaigns"]), 1)
        self.assertIsNone(change("PATCH", "campaigns/" + campaign["id"], "campaigns/{id}", to=None)["to"])
        claim = change("POST", "claims", "claims", brand="Fernwave", text="everywhere", campaign=campaign["id"], **{"from": "2026-01-01"})
        self.assertEqual((claim["campaign_name"], claim["edited_at"]), ("Roaming", None))
        claim = change("PATCH", "claims/" + claim["id"], "claims/{id}", text="nearly everywhere")
        self.assertEqual(claim["text_before"], "everywhere")
        self.assertIsNotNone(claim["edited_at"])
        for method, target, body, words in [
                ("POST", "campaigns", {"name": "x", "from": "2026-01-01"}, "brand"),
                ("POST", "campaigns", {"brand": "Fernwave", "from": "2026-01-01"}, "name"),
                ("POST", "campaigns", {"brand": "Fernwave", "name": "x", "from": "soon"}, "day"),
                ("PATCH", "campaigns/999", {"name": "x"}, "no campaign 999"),
                ("PATCH", "claims/" + claim["id"], {"url": "javascript:x"}, "https://"),
                ("PATCH", "claims/" + claim["id"], {"campaign": "x"}, "campaign"),
                ("PATCH", "claims/" + claim["id"], {"text": 5}, "no text")]:
            status, answer = self.api.json(v + target, method=method, body=body)
            self.assertIn(status, (400, 404), answer)
            self.assertIn(words, answer["detail"])
        self.assertEqual(self.api.ask(v + "claims/" + claim["id"], "PATCH", "{}", kind="text/plain")[0].status, 415)

    def test_who_is_answered_leaves_the_queue(self):
        v = "/api/v1/"
        first, second = self.api.json(v + "queue?limit=2")[1]["waiting"]
        done = self.act(v + "queue/" + first["mention"]["id"], v + "queue/{id}", brand="Fernwave", state="done", owner="bo")
        self.assertEqual((done["state"], done["owner"]), ("done", "bo"))
        owned = self.act(v + "queue/" + second["mention"]["id"], v + "queue/{id}", brand="Fernwave", owner="cy")
        self.assertEqual((owned["state"], owned["owner"]), ("waiting", "cy"))
        queue = self.api.json(v + "queue?limit=500")[1]["waiting"]
        self.assertEqual(queue[0]["owner"], "cy")
        self.assertNotIn(first["mention"]["id"], [w["mention"]["id"] for w in queue])
        self.act(v + "queue/" + first["mention"]["id"], v + "queue/{id}", brand="Fernwave", state="waiting")
        self.assertEqual(self.api.json(v + "queue?limit=1")[1]["waiting"][0]["mention"]["id"], first["mention"]["id"])

    def test_ideas_and_incidents_have_owners_and_states(self):
        v = "/api/v1/"
        idea = self.api.json(v + "ideas?limit=1")[1]["ideas"][0]
        moved = self.act(v + "ideas/" + idea["id"], v + "ideas/{id}", state="accepted", owner="dana", due="2027-01-15")
        self.assertEqual((moved["state"], moved["owner"], moved["due"]), ("accepted", "dana", "2027-01-15T00:00:00Z"))
        self.assertEqual(self.api.json(v + "ideas?state=accepted")[1]["ideas"], [moved])
        self.assertIsNone(self.act(v + "ideas/" + idea["id"], v + "ideas/{id}", due=None)["due"])
        incident = self.api.json(v + "incidents?since=90d")[1]["incidents"][0]
        owned = self.act(v + "incidents/" + incident["id"], v + "incidents/{id}", state="acknowledged", owner="mobile")
        self.assertEqual(owned["owner"], "mobile")
        self.assertIsNotNone(owned["acknowledged_at"])

    def test_decisions_that_make_no_sense_change_nothing(self):
        v = "/api/v1/"
        mention = self.api.json(v + "mentions?brand=Fernwave&limit=1")[1]["mentions"][0]["id"]
        for target, body, status in [
                (f"mentions/{mention}/label", {}, 400), (f"mentions/{mention}/label", [], 400),
                (f"mentions/{mention}/label", {"brand": "Nobody", "polarity": "positive"}, 400),
                (f"mentions/{mention}/label", {"brand": "Fernwave"}, 400),
                (f"mentions/{mention}/label", {"brand": "Fernwave", "polarity": "unscored"}, 400),
                (f"mentions/{mention}/label", {"brand": "Fernwave", "issues": ["nonsense"]}, 400),
                (f"mentions/{mention}/label", {"brand": "Fernwave", "polarity": 1}, 400),
                ("mentions/9/label", {"brand": "Fernwave", "polarity": "positive"}, 400),
                ("mentions/x/label", {"brand": "Fernwave", "polarity": "positive"}, 404),
                (f"queue/{mention}", {"brand": "Fernwave", "state": "eaten"}, 400),
                (f"queue/{mention}", {"brand": "Fernwave", "state": "snoozed"}, 400),
                (f"queue/{mention}", {"brand": "Fernwave", "state": "snoozed", "until": "later"}, 400),
                ("ideas/999999", {"state": "accepted"}, 400), ("ideas/1", {"state": "lost"}, 400),
                ("ideas/1", {"owner": "x" * 5000}, 400), ("incidents/1", {"state": "closed"}, 400)]:
            got, answer = self.api.json(v + target, method="POST", body=body)
            self.assertEqual((target, body, got), (target, body, status), answer)
        self.assertEqual(self.api.json(v + "labels")[1]["labels"], [])


class ApiOfItsOwn(unittest.TestCase):
    """Daemons with configurations of their own, without sources."""

    def setUp(self):
        self.world = World()

    def tearDown(self):
        self.world.close()

    def start(self, lines="", name="earshot.toml"):
        data = self.world.folder / "data"
        data.mkdir(exist_ok=True)
        path = self.world.folder / name
        path.write_text(f'database = "{data}/earshot.db"\n[[brand]]\nname = "Fernwave"\n[http]\nlisten = "127.0.0.1:0"\n{lines}')
        return Api(self.world, path)

    def post(self, lines, api, source="survey", **more):
        return api.json(f"/api/v1/mentions?source={source}", method="POST", body=lines, kind="application/x-ndjson", **more)

    def test_pushed_mentions_are_stored_once_judged_and_told_of(self):
        api = self.start()
        listener = api.connection()
        listener.request("GET", "/api/v1/events")
        stream = listener.getresponse()
        self.assertEqual(stream.getheader("Content-Type"), "text/event-stream")
        line = {"platform": "survey", "id": "1", "text": "Fernwave is terrible", "created_at": "2026-11-01T10:00:00Z"}
        good = json.dumps(line) + "\n"
        status, answer = self.post(good + '{"platform":"survey"}\nnot json\n', api)
        self.assertEqual(status, 200)
        self.assertEqual((answer["stored"], answer["malformed"]), (1, 2))
        self.assertIn("line 2: ", answer["errors"][0])
        jsonschema.validate(answer, schema_of("/api/v1/mentions", "post"))
        self.assertEqual(self.post(good, api)[1]["duplicate"], 1)
        self.assertEqual(self.post(json.dumps({**line, "text": "Fernwave is great"}), api)[1]["updated"], 1)
        mention = api.json("/api/v1/mentions")[1]["mentions"][0]
        self.assertEqual((mention["polarity"], mention["source"]), ("positive", "survey"))
        self.assertEqual(self.post("nothing good\n", api)[0], 400)
        for source in ("", "a%0Ab", "x" * 101):
            self.assertEqual(self.post(good, api, source=source)[0], 400)
        seen = b""
        while b'"mentions":' not in seen:
            seen += stream.read1(4096)
        self.assertIn(b'event: stored\ndata: {"source":"survey","mentions":', seen)
        listener.close()

    def test_what_was_acknowledged_is_there_after_a_kill(self):
        api = self.start()
        for number in range(20):
            line = {"platform": "survey", "id": str(number), "text": "Fernwave again", "created_at": 1760000000 + number}
            self.assertEqual(self.post(json.dumps(line), api)[1]["stored"], 1)
        api.process.send_signal(signal.SIGKILL)
        api.process.wait()
        self.assertEqual(self.world.database().execute("SELECT count(*) FROM mention").fetchone(), (20,))

    def test_with_tokens_everything_needs_one_with_the_right_scope(self):
        made = self.world.run("earshot", "token", "tester", "--scope", "read,ingest")
        self.assertEqual(made.returncode, 0, made.stderr)
        secret = made.stdout.strip()
        self.assertIn(hashlib.sha256(secret.encode()).hexdigest(), made.stderr)
        api = self.start("\n".join(line for line in made.stderr.splitlines() if re.match(r'^(\[\[|name|scopes|hash)', line)))
        bearer = {"Authorization": "Bearer " + secret}
        self.assertEqual(api.ask("/api/v1/mentions")[0].status, 401)
        self.assertEqual(api.ask("/metrics", headers=bearer)[0].status, 403)
        self.assertEqual(api.ask("/api/v1/mentions", headers=bearer)[0].status, 200)
        self.assertEqual(api.ask("/healthz")[0].status, 200)
        self.assertEqual(api.json("/api/v1/session")[1], {"tokens_needed": True, "scopes": [], "version": "0.1.0"})
        self.assertEqual(api.ask("/feeds/ideas.atom?token=" + urllib.parse.quote(secret))[0].status, 200)
        self.assertEqual(api.ask("/api/v1/mentions?token=" + secret)[0].status, 401)
        opened, _ = api.ask("/api/v1/session", "POST", {"token": secret})
        cookie = opened.getheader("Set-Cookie")
        self.assertIn("HttpOnly; SameSite=Strict", cookie)
        jar = {"Cookie": cookie.split(";")[0]}
        self.assertEqual(api.json("/api/v1/session", headers=jar)[1]["scopes"], ["read", "ingest"])
        api.ask("/api/v1/session/end", "POST", {}, headers=jar)
        self.assertEqual(api.ask("/api/v1/mentions", headers=jar)[0].status, 401)
        for _ in range(10):
            self.assertEqual(api.ask("/api/v1/brands", headers={"Authorization": "Bearer guess"})[0].status, 401)
        self.assertEqual(api.ask("/api/v1/brands", headers={"Authorization": "Bearer guess"})[0].status, 429)
        self.assertEqual(api.ask("/api/v1/mentions", headers=bearer)[0].status, 200, "a right token is never held up")
        api.process.send_signal(signal.SIGTERM)
        log = "".join(api.log) + api.process.communicate(timeout=30)[1]
        self.assertNotIn(secret, log)

    def test_an_open_address_without_tokens_is_refused(self):
        path = self.world.folder / "open.toml"
        path.write_text(f'database = "{self.world.folder}/x.db"\n[http]\nlisten = "0.0.0.0:0"\n')
        run = self.world.run("earshotd", "--config", path)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("earshot token", run.stderr)
        self.assertIn("open.toml:3:10", run.stderr)

    def test_the_unix_socket_and_sockets_of_the_service_manager_serve(self):
        path = self.world.folder / "api.sock"
        self.start(f'socket = "{path}"\n')
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(b"ready", client.recv(65536))
        self.assertEqual(oct(path.stat().st_mode & 0o777), "0o660")
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        config = self.world.folder / "passed.toml"
        config.write_text(f'database = "{self.world.folder}/passed.db"\n[[brand]]\nname = "Fernwave"\n')

        program = "import os,sys; os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[1], sys.argv[1:])"
        process = subprocess.Popen(["python3", "-c", program, str(BIN / "earshotd"), "--config", str(config)],
                                   env=self.world.env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   preexec_fn=lambda: os.dup2(listener.fileno(), 3), pass_fds=(3,))
        self.world.processes.append(process)
        listener.close()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            self.assertIn(b"ok", client.recv(65536))

    def test_a_thousand_listeners_take_little_and_harm_nobody(self):
        api = self.start()
        host, port = api.address.rsplit(":", 1)
        before = self.memory(api.process.pid)
        clients = []
        for _ in range(1000):
            client = socket.create_connection((host, int(port)), timeout=30)
            client.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            clients.append(client)
        for client in clients:
            self.assertIn(b"retry: 3000", self.until(client, b"retry: 3000"))
        grown = self.memory(api.process.pid) - before
        self.assertLess(grown, 50 << 20)
        self.assertEqual(api.ask("/api/v1/brands")[0].status, 200)
        line = {"platform": "survey", "id": "1", "text": "Fernwave", "created_at": "2026-11-01T10:00:00Z"}
        self.post(json.dumps(line), api)
        for client in clients:
            self.assertIn(b"event: stored", self.until(client, b"event: stored"))
            client.close()
        api.process.send_signal(signal.SIGTERM)
        self.assertEqual(api.process.wait(timeout=30), 0)

    @staticmethod
    def until(client, words):
        out = b""
        while words not in out:
            part = client.recv(4096)
            if not part:
                break
            out += part
        return out

    @staticmethod
    def memory(pid):
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def test_tokens_change_with_a_reload_and_open_streams_do_not_keep_the_daemon(self):
        made = self.world.run("earshot", "token", "tester")
        secret = made.stdout.strip()
        api = self.start()
        self.assertEqual(api.ask("/api/v1/brands")[0].status, 200)
        listener = api.connection()
        listener.request("GET", "/api/v1/events")
        listener.getresponse()
        path = self.world.folder / "earshot.toml"
        path.write_text(path.read_text() + f'[[http.token]]\nname = "t"\nscopes = ["read"]\n'
                        f'hash = "sha256:{hashlib.sha256(secret.encode()).hexdigest()}"\n')
        api.process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: api.ask("/api/v1/brands")[0].status == 401))
        self.assertEqual(api.ask("/api/v1/brands", headers={"Authorization": "Bearer " + secret})[0].status, 200)
        api.process.send_signal(signal.SIGTERM)
        self.assertEqual(api.process.wait(timeout=30), 0)
        listener.close()


if __name__ == "__main__":
    unittest.main()
