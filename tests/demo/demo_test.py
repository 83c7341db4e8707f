"""The demo corpus keeps its promises, and the demo server pages, searches, edits and deletes as the real platforms do."""

import collections
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote, urlsplit

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "demo")
sys.path.insert(0, DEMO)
sys.dont_write_bytecode = True

import calendar_ms as calendar  # noqa: E402
import generate  # noqa: E402
import native_ids  # noqa: E402
import server  # noqa: E402
from world import Clock, Query, World  # noqa: E402

ISSUES = set("""outage bug performance usability feature_request product_quality damaged_item lost_item delivery delay cancellation booking_order billing
    refund price account security privacy customer_service staff_behaviour availability expectation_gap safety how_to praise other""".split())
INTENTS = set("question complaint praise request suggestion purchase_intent churn_threat recommendation thanks spam".split())
NOW = "2026-03-19T20:15:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"


class Corpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.posts, cls.truth = generate.Corpus(generate.SEED).build().render()
        cls.labels = {t["key"]: t for t in cls.truth["posts"]}
        cls.by_key = {p["key"]: p for p in cls.posts}

    def test_the_same_seed_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            made = []
            for name, hash_seed in (("a", "1"), ("b", "2")):
                out = os.path.join(folder, name)
                subprocess.run([sys.executable, os.path.join(DEMO, "generate.py"), "--out", out, "--now", NOW], check=True, env=os.environ | {"PYTHONHASHSEED": hash_seed})
                made.append([pathlib.Path(out, f).read_bytes() for f in ("posts.ndjson", "truth.json")])
            self.assertEqual(made[0], made[1])
            self.assertNotEqual(made[0][0], b"")

    def test_there_are_enough_posts_and_the_platforms_have_their_share(self):
        end = calendar.REFERENCE_MONDAY + 8 * calendar.WEEK
        full = [p for p in self.posts if p["ms"] < end]
        self.assertGreaterEqual(len(full), 3400)
        share = collections.Counter(p["platform"] for p in full)
        for platform, low, high in (("mastodon", .30, .40), ("bluesky", .30, .40), ("hackernews", .08, .13), ("forum", .15, .25), ("news", .005, .04)):
            self.assertTrue(low <= share[platform] / len(full) <= high, (platform, share[platform] / len(full)))

    def test_every_issue_type_and_intent_occurs(self):
        self.assertEqual({i for t in self.labels.values() for i in t["issues"]}, ISSUES)
        self.assertEqual({i for t in self.labels.values() for i in t["intents"]}, INTENTS)

    def test_other_languages_have_their_share(self):
        foreign = sum(t["lang"] != "en" for t in self.labels.values())
        self.assertGreater(foreign / len(self.labels), .035)
        self.assertEqual({t["lang"] for t in self.labels.values()}, {"en", "de", "es", "fr", "it", "pt"})

    def test_posts_read_differently(self):
        texts = [re.sub(r"\W+", " ", p["text"].lower()).strip() for p in self.posts if p["author"]["role"] == "customer" and not p["repost_of"] and p["text"]]
        self.assertGreater(len(set(texts)) / len(texts), .95)
        openings = collections.Counter(" ".join(t.split()[:4]) for t in texts)
        self.assertLess(openings.most_common(1)[0][1], 25)

    def test_every_labelled_post_names_the_brand_or_its_thread_does(self):
        for post in self.posts:
            label = self.labels[post["key"]]
            for brand in label["sentiment"]:
                whole = " ".join(filter(None, [post["text"], post["title"]]))
                named = re.search(rf"(?<!\w){brand}(?!\w)", whole.lower()) is not None
                self.assertEqual(named, brand in label["named"])
                if post["platform"] in ("mastodon", "bluesky"):
                    self.assertTrue(named, post["key"])
                if post["platform"] == "forum":
                    whole += " " + post["category"]
                if post["platform"] == "hackernews":
                    parent = post
                    while parent["reply_to"]:
                        parent = self.by_key[parent["reply_to"]]
                    whole += " " + parent["title"]
                self.assertRegex(whole.lower(), rf"(?<!\w){brand}(?!\w)", post["key"])

    def test_near_misses_do_not_name_the_brand(self):
        missed = [p for p in self.posts if self.labels[p["key"]].get("near_miss") == "substring"]
        self.assertGreater(len(missed), 25)
        for post in missed:
            self.assertIsNone(re.search(r"(?<!\w)(fernwave|quillnet)(?!\w)", (post["text"] + " " + (post["title"] or "")).lower()), post["text"])
            self.assertEqual(self.labels[post["key"]]["sentiment"], {})

    def test_ten_questions_each_have_twelve_askers_in_different_weeks(self):
        self.assertEqual(len(self.truth["questions"]), 10)
        for question in self.truth["questions"]:
            asked = [self.by_key[a["key"]] for a in question["asked"]]
            self.assertGreaterEqual(len({p["author"]["id"] for p in asked}), 12, question["id"])
            self.assertGreaterEqual(len({(p["ms"] - calendar.REFERENCE_MONDAY) // calendar.WEEK for p in asked}), 6, question["id"])
        self.assertGreater(sum(len(q["answers"]) for q in self.truth["questions"]), 40)

    def test_the_incident_starts_small_and_has_ninety_authors(self):
        incident = self.truth["incident"]
        start = calendar.rfc3339_ms(incident["start_at"])
        self.assertEqual(incident["start_at"], "2025-02-19T18:10:00.000Z")
        affected = [self.by_key[a["key"]] for a in incident["affected"]]
        self.assertGreaterEqual(len({p["author"]["id"] for p in affected}), 90)
        early = [p for p in affected if p["ms"] < start + 20 * 60_000]
        self.assertTrue(4 <= len(early) <= 12)
        self.assertTrue(all(start <= p["ms"] < start + 5 * calendar.HOUR for p in affected))
        self.assertEqual({p["platform"] for p in affected}, {"mastodon", "bluesky", "hackernews", "forum"})

    def test_the_promotion_misled_twenty_people(self):
        self.assertGreaterEqual(len(self.truth["promotion"]["misled"]), 20)
        self.assertEqual((self.truth["promotion"]["from_at"][:10], self.truth["promotion"]["to_at"][:10]), ("2025-01-27", "2025-02-07"))

    def test_what_moves_is_written_often_within_its_days_and_nowhere_else(self):
        movers = {m["direction"]: m for m in self.truth["movers"]}
        self.assertEqual(set(movers), {"rising", "falling"})
        for mover in movers.values():
            posts = [self.by_key[p["key"]] for p in mover["posts"]]
            start, end = calendar.rfc3339_ms(mover["from_at"]), calendar.rfc3339_ms(mover["to_at"])
            self.assertEqual(len({p["author"]["id"] for p in posts}), len(posts))
            self.assertTrue(all(start <= p["ms"] < end for p in posts))
            spelt = [p for p in posts if mover["term"] in p["text"].lower()]
            self.assertGreater(len(spelt), .95 * len(posts))  # people mistype
            others = [p for p in self.posts if mover["term"] in p["text"].lower() and p["key"] not in {q["key"] for q in posts}]
            self.assertEqual([p for p in others if not p["repost_of"] and not p["quote_of"]], [])

    def test_pages_were_sent_to_two_people_or_more(self):
        self.assertGreaterEqual(len(self.truth["pages"]), 3)
        for page in self.truth["pages"]:
            self.assertGreaterEqual(len({self.by_key[r["question"]["key"]]["author"]["id"] for r in page["replies"]}), 2)
            for reply in page["replies"]:
                self.assertIn(page["url"], self.by_key[reply["answer"]["key"]]["text"])

    def test_journeys_have_a_complaint_a_reply_and_a_happy_post_two_days_later(self):
        self.assertGreaterEqual(len(self.truth["journeys"]), 25)
        for journey in self.truth["journeys"]:
            complaint, reply, happy = (self.by_key[journey[k]["key"]] for k in ("complaint", "brand_reply", "happy"))
            self.assertEqual(complaint["author"]["id"], happy["author"]["id"])
            self.assertEqual(complaint["platform"], happy["platform"])
            self.assertEqual(reply["reply_to"], complaint["key"])
            self.assertLess(complaint["ms"], reply["ms"])
            self.assertGreaterEqual(happy["ms"] - complaint["ms"], 2 * calendar.DAY)
            self.assertLess(happy["ms"], calendar.REFERENCE_MONDAY + 8 * calendar.WEEK)
        self.assertEqual({d["kind"] for d in self.truth["decoys"]}, {"silent", "still_angry", "fallen", "no_reply", "staff"})

    def test_promises_are_kept_or_missed(self):
        kept = [p for p in self.truth["promises"] if p["kept"]]
        self.assertGreater(len(kept), 10)
        self.assertGreater(len(self.truth["promises"]) - len(kept), 10)
        self.assertTrue(all(p["followup"] for p in kept))

    def test_edits_and_deletions_are_many_and_after_the_post(self):
        self.assertGreaterEqual(len(self.truth["edits"]), 30)
        self.assertGreaterEqual(len(self.truth["deletions"]), 30)
        for post in self.posts:
            if post["edit"]:
                self.assertGreater(post["edit"]["ms"], post["ms"])
                self.assertNotEqual(post["edit"]["text"], post["text"])
            if post["deleted_ms"]:
                self.assertGreater(post["deleted_ms"], post["ms"])

    def test_replies_come_after_what_they_answer(self):
        for post in self.posts:
            for link in ("reply_to", "repost_of", "quote_of"):
                if post[link]:
                    self.assertLess(self.by_key[post[link]]["ms"], post["ms"], (post["key"], link))

    def test_texts_fit_their_platform(self):
        for post in self.posts:
            limit = {"mastodon": 500, "bluesky": 300}.get(post["platform"], 10_000)
            for text in (post["text"], (post["edit"] or {}).get("text", "")):
                self.assertLessEqual(len(text), limit)
                self.assertNotRegex(text, r"[{}]", post["key"])

    def test_people_write_in_the_evening_and_sleep_at_night(self):
        hours = collections.Counter(p["ms"] // calendar.HOUR % 24 for p in self.posts if p["author"]["role"] == "customer")
        self.assertGreater(sum(hours[h] for h in (18, 19, 20, 21)), 5 * sum(hours[h] for h in (2, 3, 4, 5)))

    def test_native_ids_differ_and_carry_the_time(self):
        self.assertEqual(len({(p["platform"], p["id"]) for p in self.posts}), len(self.posts))
        for post in self.posts:
            if post["platform"] == "bluesky":
                self.assertEqual(native_ids.tid_millis(post["id"].rsplit("/", 1)[1]), post["ms"])
            elif post["platform"] == "mastodon":
                self.assertEqual(int(post["id"]) >> 16, post["ms"])

    def test_the_ninth_week_is_the_week_of_now(self):
        _, truth = generate.Corpus(generate.SEED).build().render(calendar.shift_for(calendar.rfc3339_ms(NOW)))
        self.assertEqual(truth["first_monday"], "2026-01-19T00:00:00.000Z")


class Served(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.clock = Clock(calendar.rfc3339_ms(NOW))
        cls.world = World(cls.clock)
        cls.server = server.make_server("127.0.0.1", 0, server.Sites(cls.world))
        cls.thread = threading.Thread(target=cls.server.serve_forever, kwargs={"poll_interval": .05})
        cls.thread.start()
        cls.connection = http.client.HTTPConnection("127.0.0.1", cls.server.server_address[1], timeout=10)

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()
        cls.server.shutdown()
        cls.thread.join()
        cls.server.server_close()

    def setUp(self):
        self.clock.fixed_ms = calendar.rfc3339_ms(NOW)

    def fetch(self, path, **headers):
        self.connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        reply = self.connection.getresponse()
        return reply.status, reply.headers, reply.read()

    def get(self, path):
        status, headers, body = self.fetch(path)
        self.assertEqual(status, 200, (path, body[:200]))
        return json.loads(body)

    # ---- Mastodon -----------------------------------------------------------------------------------------------

    def tagged(self, tag="fernwave"):
        return [p["id"] for p in reversed(self.world.visible("mastodon", self.clock.now_ms())) if tag in p["tags"]]

    def test_max_id_walk_over_link_headers_visits_every_status_once(self):
        seen, path = [], "/mastodon/api/v1/timelines/tag/fernwave?limit=40"
        while path:
            _, headers, body = self.fetch(path)
            page = json.loads(body)
            seen += [s["id"] for s in page]
            found = re.search(r'<([^>]+)>; rel="next"', headers.get("Link", ""))
            self.assertEqual(bool(page), found is not None)
            path = found and urlsplit(found.group(1)).path + "?" + urlsplit(found.group(1)).query
        self.assertEqual(seen, self.tagged())
        self.assertGreater(len(seen), 800)

    def test_min_id_walk_goes_up_and_visits_every_status_once(self):
        seen, at = [], "1"
        while page := self.get(f"/mastodon/api/v1/timelines/tag/fernwave?limit=37&min_id={at}"):
            ids = [s["id"] for s in page]
            self.assertEqual(ids, sorted(ids, key=int, reverse=True))
            seen += reversed(ids)
            at = ids[0]
        self.assertEqual(seen, self.tagged()[::-1])

    def test_since_id_gives_the_newest_and_min_id_the_oldest_after_an_id(self):
        everything = self.tagged()
        anchor = everything[100]
        since = [s["id"] for s in self.get(f"/mastodon/api/v1/timelines/tag/fernwave?limit=10&since_id={anchor}")]
        above = [s["id"] for s in self.get(f"/mastodon/api/v1/timelines/tag/fernwave?limit=10&min_id={anchor}")]
        self.assertEqual(since, everything[:10])
        self.assertEqual(above, everything[90:100])
        self.assertEqual(self.get("/mastodon/api/v1/timelines/tag/fernwave?max_id=1"), [])

    def test_page_size_defaults_to_20_and_stops_at_40(self):
        self.assertEqual(len(self.get("/mastodon/api/v1/timelines/tag/Fernwave")), 20)
        self.assertEqual(len(self.get("/mastodon/api/v1/timelines/tag/fernwave?limit=400")), 40)

    def test_status_has_the_fields_of_the_real_one(self):
        status = self.get("/mastodon/api/v1/timelines/tag/fernwave?limit=1")[0]
        for name in ("id", "uri", "url", "content", "account", "created_at", "edited_at", "in_reply_to_id", "language", "visibility", "spoiler_text",
                     "reblog", "tags", "mentions", "media_attachments", "replies_count", "reblogs_count", "favourites_count"):
            self.assertIn(name, status)
        self.assertTrue(status["content"].startswith("<p>") and status["content"].endswith("</p>"))
        self.assertIn("followers_count", status["account"])
        self.assertRegex(status["created_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_content_escapes_and_marks_up(self):
        content = server.Mastodon(self.world).content("a < b & @fernwave #Fernwave\nnext\n\nhttps://x.example/a?b=1&c=2.")
        self.assertIn("a &lt; b &amp; ", content)
        self.assertIn('class="u-url mention">@<span>fernwave</span>', content)
        self.assertIn('class="mention hashtag" rel="tag">#<span>Fernwave</span>', content)
        self.assertIn("<br />next</p><p>", content)
        self.assertIn('href="https://x.example/a?b=1&amp;c=2"', content)

    def test_boosts_wrap_the_original(self):
        page = [s for at in (0, 1, 2) for s in self.get(f"/mastodon/api/v1/timelines/public?limit=40")]
        self.assertTrue(all(s["reblog"] is None for s in page))
        seen, at = [], "1"
        while page := self.get(f"/mastodon/api/v1/timelines/tag/fernwave?limit=40&min_id={at}"):
            seen += [s for s in page if s["reblog"]]
            at = page[0]["id"]
        self.assertGreater(len(seen), 50)
        self.assertTrue(all(s["reblog"]["id"] != s["id"] and s["reblog"]["content"] == s["content"] for s in seen))

    def test_search_finds_untagged_posts_and_near_misses_only_by_stem(self):
        found, offset = [], 0
        while page := self.get(f"/mastodon/api/v2/search?q=fernwave&type=statuses&limit=40&offset={offset}")["statuses"]:
            found += page
            offset += 40
        ids = [s["id"] for s in found]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreater(sum(not any(t["name"] == "fernwave" for t in s["tags"]) for s in found), 100)
        self.assertFalse(any("fern waved" in s["content"] for s in found))
        newer = self.get(f"/mastodon/api/v2/search?q=fernwave&type=statuses&limit=40&min_id={ids[5]}")["statuses"]
        self.assertEqual([s["id"] for s in newer], ids[:5])

    def test_bulk_lookup_leaves_deleted_ones_out(self):
        gone = next(p for p in self.world.posts if p["platform"] == "mastodon" and p["deleted_ms"] and p["deleted_ms"] < self.clock.now_ms())
        alive = self.world.visible("mastodon", self.clock.now_ms())[3]
        got = self.get(f"/mastodon/api/v1/statuses?id[]={gone['id']}&id[]={alive['id']}")
        self.assertEqual([s["id"] for s in got], [alive["id"]])
        self.assertEqual(self.fetch(f"/mastodon/api/v1/statuses/{gone['id']}")[0], 404)
        self.clock.fixed_ms = gone["deleted_ms"] - 1
        self.assertEqual(self.get(f"/mastodon/api/v1/statuses/{gone['id']}")["id"], gone["id"])

    def test_rate_headers_have_an_iso_reset(self):
        _, headers, _ = self.fetch("/mastodon/api/v2/instance")
        self.assertEqual(headers["X-RateLimit-Limit"], "300")
        self.assertRegex(headers["X-RateLimit-Reset"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    # ---- time ---------------------------------------------------------------------------------------------------

    def test_posts_appear_change_and_vanish_with_time(self):
        edited = next(p for p in self.world.posts if p["platform"] == "mastodon" and p["edit"])
        self.clock.fixed_ms = edited["ms"] - 1
        self.assertEqual(self.fetch(f"/mastodon/api/v1/statuses/{edited['id']}")[0], 404)
        self.clock.fixed_ms = edited["edit"]["ms"] - 1
        before = self.get(f"/mastodon/api/v1/statuses/{edited['id']}")
        self.clock.fixed_ms = edited["edit"]["ms"]
        after = self.get(f"/mastodon/api/v1/statuses/{edited['id']}")
        self.assertIsNone(before["edited_at"])
        self.assertIsNotNone(after["edited_at"])
        self.assertNotEqual(before["content"], after["content"])

    def test_nothing_from_the_future_is_served(self):
        now = self.clock.now_ms()
        newest = self.get("/mastodon/api/v1/timelines/public?limit=1")[0]
        self.assertLessEqual(calendar.rfc3339_ms(newest["created_at"]), now)
        self.assertGreater(calendar.rfc3339_ms(newest["created_at"]), now - calendar.DAY)
        self.assertTrue(any(p["ms"] > now for p in self.world.posts))
        visible = sum(len(self.world.visible(p, now)) for p in self.world.platform_posts)
        self.assertGreater(visible, 3400)

    # ---- Bluesky ------------------------------------------------------------------------------------------------

    def search_bluesky(self, rest=""):
        posts, cursor = [], ""
        while True:
            body = self.get(f"/bluesky/xrpc/app.bsky.feed.searchPosts?q=fernwave&sort=latest&limit=100{rest}{cursor}")
            posts += body["posts"]
            if "cursor" not in body:
                return posts
            cursor = "&cursor=" + body["cursor"]

    def test_bluesky_search_walk_visits_every_post_once_newest_first(self):
        posts = self.search_bluesky()
        uris = [p["uri"] for p in posts]
        self.assertEqual(len(uris), len(set(uris)))
        self.assertGreater(len(uris), 900)
        times = [p["record"]["createdAt"] for p in posts]
        self.assertEqual(times, sorted(times, reverse=True))

    def test_bluesky_since_and_until_bound_the_search(self):
        rest = "&since=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z"
        posts = self.search_bluesky(rest)
        self.assertTrue(posts)
        self.assertTrue(all("2026-03-01" <= p["record"]["createdAt"][:10] < "2026-03-03" for p in posts))

    def test_bluesky_refuses_large_pages_and_unknown_methods(self):
        status, _, body = self.fetch("/bluesky/xrpc/app.bsky.feed.searchPosts?q=fernwave&limit=101")
        self.assertEqual((status, json.loads(body)["error"]), (400, "InvalidRequest"))
        status, headers, body = self.fetch("/bluesky/xrpc/app.bsky.nosuch.method")
        self.assertEqual((status, json.loads(body)["error"]), (501, "MethodNotImplemented"))
        self.assertEqual(headers["RateLimit-Policy"], "3000;w=300")

    def test_bluesky_facets_are_byte_offsets(self):
        checked = 0
        for post in self.search_bluesky():
            text = post["record"]["text"].encode()
            for facet in post["record"].get("facets", []):
                part = text[facet["index"]["byteStart"]:facet["index"]["byteEnd"]].decode()
                feature = facet["features"][0]
                self.assertEqual(part, "#" + feature["tag"] if "tag" in feature else feature["uri"])
                checked += 1
        self.assertGreater(checked, 50)

    def test_bluesky_get_posts_profiles_and_author_feed(self):
        post = next(p for p in self.search_bluesky() if p["author"]["handle"] == "fernwavehelp.example")
        self.assertIn("reply", post["record"])
        got = self.get("/bluesky/xrpc/app.bsky.feed.getPosts?uris=" + quote(post["uri"]) + "&uris=" + quote(post["uri"][:-1] + "2"))["posts"]
        self.assertEqual([p["uri"] for p in got], [post["uri"]])
        profile = self.get("/bluesky/xrpc/app.bsky.actor.getProfiles?actors=fernwave.example")["profiles"][0]
        self.assertGreater(profile["followersCount"], 0)
        seen, cursor = [], ""
        while True:
            body = self.get(f"/bluesky/xrpc/app.bsky.feed.getAuthorFeed?actor=fernwavehelp.example&limit=50{cursor}")
            seen += [i["post"]["uri"] for i in body["feed"]]
            if "cursor" not in body:
                break
            cursor = "&cursor=" + body["cursor"]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreater(len(seen), 60)

    # ---- Hacker News --------------------------------------------------------------------------------------------

    def test_algolia_pages_by_number_and_slices_by_time(self):
        seen, page = [], 0
        while True:
            body = self.get(f"/hn/api/v1/search_by_date?query=fernwave&tags=(story,comment)&hitsPerPage=50&page={page}")
            seen += body["hits"]
            page += 1
            if page >= body["nbPages"]:
                break
        ids = [h["objectID"] for h in seen]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(len(ids), body["nbHits"])
        times = [h["created_at_i"] for h in seen]
        self.assertEqual(times, sorted(times, reverse=True))
        low, high = times[40], times[10]
        body = self.get(f"/hn/api/v1/search_by_date?query=fernwave&numericFilters=created_at_i>{low},created_at_i<{high}&hitsPerPage=100")
        self.assertEqual([h["created_at_i"] for h in body["hits"]], [t for t in times if low < t < high])
        self.assertEqual({h["_tags"][0] for h in seen}, {"story", "comment"})
        stories = self.get("/hn/api/v1/search_by_date?query=fernwave&tags=story&hitsPerPage=1000")["hits"]
        self.assertTrue(stories and all("title" in h for h in stories))

    def test_firebase_items_null_deleted_and_trees(self):
        self.assertEqual(self.fetch("/hn/v0/item/5.json")[2], b"null")
        gone = next(p for p in self.world.posts if p["platform"] == "hackernews" and p["deleted_ms"] and p["deleted_ms"] < self.clock.now_ms())
        self.assertTrue(self.get(f"/hn/v0/item/{gone['id']}.json")["deleted"])
        self.clock.fixed_ms = gone["deleted_ms"] + 1000
        self.assertIn(int(gone["id"]), self.get("/hn/v0/updates.json")["items"])
        story = self.get("/hn/v0/newstories.json")[-1]
        item = self.get(f"/hn/v0/item/{story}.json")
        self.assertEqual((item["id"], item["type"]), (story, "story"))
        self.assertEqual(self.get(f"/hn/api/v1/items/{story}")["title"], item["title"])
        self.assertGreaterEqual(self.get("/hn/v0/maxitem.json"), story)

    # ---- feeds --------------------------------------------------------------------------------------------------

    def test_atom_archive_pages_reach_every_entry_once(self):
        seen, path = [], "/forum/latest.atom"
        while path:
            root = ElementTree.fromstring(self.fetch(path)[2])
            seen += [e.findtext(ATOM + "id") for e in root.iter(ATOM + "entry")]
            link = next((n.get("href") for n in root.findall(ATOM + "link") if n.get("rel") == "next"), None)
            path = link and urlsplit(link).path + "?" + urlsplit(link).query
        self.assertEqual(sorted(seen), sorted(p["id"] for p in self.world.visible("forum", self.clock.now_ms())))
        self.assertGreater(len(seen), 500)

    def test_feeds_answer_304_unless_something_changed(self):
        for path in ("/forum/latest.atom", "/forum/feed.json", "/news/rss.xml"):
            status, headers, _ = self.fetch(path)
            self.assertEqual(status, 200)
            self.assertEqual(self.fetch(path, If_None_Match=headers["ETag"])[0::2], (304, b""))
            self.assertEqual(self.fetch(path, If_Modified_Since=headers["Last-Modified"])[0], 304)
            self.assertEqual(self.fetch(path, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0], 200)
            self.clock.fixed_ms -= calendar.WEEK
            self.assertEqual(self.fetch(path, If_None_Match=headers["ETag"])[0], 200)
            self.setUp()

    def test_feed_edit_shows_in_updated(self):
        post = next(p for p in self.world.posts if p["platform"] == "forum" and p["edit"])
        self.clock.fixed_ms = post["edit"]["ms"]
        entry = next(ElementTree.fromstring(self.fetch("/forum/latest.atom")[2]).iter(ATOM + "entry"))
        self.assertEqual(entry.findtext(ATOM + "id"), post["id"])
        self.assertGreater(entry.findtext(ATOM + "updated"), entry.findtext(ATOM + "published"))

    def test_rss_has_guid_creator_and_tracking_duplicates(self):
        items = list(ElementTree.fromstring(self.fetch("/news/rss.xml")[2]).iter("item"))
        self.assertGreater(len(items), 30)
        for item in items:
            for name in ("title", "link", "guid", "pubDate", "{http://purl.org/dc/elements/1.1/}creator", "{http://purl.org/rss/1.0/modules/content/}encoded"):
                self.assertTrue(item.findtext(name), name)
        self.assertTrue(any("?" in i.findtext("link") for i in items))

    def test_unknown_paths_are_404_and_head_has_no_body(self):
        self.assertEqual(self.fetch("/nothing")[0], 404)
        self.connection.request("HEAD", "/healthz")
        reply = self.connection.getresponse()
        self.assertEqual((reply.status, reply.read()), (200, b""))


class SearchWords(unittest.TestCase):
    def test_stems_meet_and_near_misses_do_not(self):
        query = Query("fernwave")
        self.assertTrue(query.matches("My FERNWAVE is down") and query.matches("two fernwaves") and query.matches("see #fernwave!"))
        for text in ("a fern waved in the wind", "fernwater", "MyFernwave app", "@fernwavehelp hi"):
            self.assertFalse(query.matches(text), text)
        self.assertTrue(Query('"red light" fernwave -quillnet').matches("Fernwave shows a red light"))
        self.assertFalse(Query('"red light" fernwave').matches("fernwave light red"))


class Process(unittest.TestCase):
    def test_starts_fast_writes_its_port_serves_given_data_and_stops_on_sigterm(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, os.path.join(DEMO, "generate.py"), "--out", folder], check=True)
            port_file, begun = os.path.join(folder, "port"), time.monotonic()
            process = subprocess.Popen([sys.executable, os.path.join(DEMO, "server.py"), "--port", "0", "--port-file", port_file, "--now", NOW, "--data", folder],
                                       stdout=subprocess.PIPE, text=True)
            try:
                port = int(process.stdout.readline())
                self.assertLess(time.monotonic() - begun, 5)
                self.assertEqual(int(pathlib.Path(port_file).read_text()), port)
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/mastodon/api/v1/timelines/tag/fernwave?limit=1")
                served = json.loads(connection.getresponse().read())[0]
                connection.close()
                posts, _ = generate.Corpus(generate.SEED).build().render(calendar.shift_for(calendar.rfc3339_ms(NOW)))
                self.assertIn(served["id"], {p["id"] for p in posts})
            finally:
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(5), 0)
                process.stdout.close()

    def test_refuses_addresses_beyond_loopback(self):
        done = subprocess.run([sys.executable, os.path.join(DEMO, "server.py"), "--bind", "0.0.0.0"], capture_output=True)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
