"""The demo from bytes to a baseline and an idea, by the real programs."""
import html.parser
import json
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from world import World


class Numbers(html.parser.HTMLParser):
    """The number cells of a page, those that are links and those that are not."""

    def __init__(self):
        super().__init__()
        self.cell, self.link, self.linked, self.bare = None, False, 0, []

    def handle_starttag(self, tag, attributes):
        if tag == "td" and "number" in dict(attributes).get("class", ""):
            self.cell, self.link = "", False
        self.link = self.link or tag == "a"

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag == "td" and self.cell is not None:
            if re.search(r"\d", self.cell):
                self.linked += self.link
                self.bare += [] if self.link else [self.cell]
            self.cell = None


class DemoRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World().start_server()
        cls.config_path = cls.world.config()
        cls.once = cls.world.run("earshotd", "--config", cls.config_path, "--once")
        cls.truth = cls.world.truth()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def tool(self, *args, **more):
        return self.world.run("earshot", args[0], "--config", self.config_path, *args[1:], **more)

    def json_of(self, *args):
        done = self.tool(*args, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_it_ends_well_and_hears_every_source(self):
        self.assertEqual(self.once.returncode, 0, self.once.stderr)
        self.assertIn("5 of 5 sources caught up", self.once.stderr)
        for source in self.json_of("status")["sources"]:
            self.assertEqual(source["state"], "ok")
            self.assertEqual(source["malformed"], 0)
            self.assertGreater(source["stored"], 0)

    def test_every_post_that_names_a_brand_is_stored_once(self):
        stored = dict(self.world.database().execute(
            "SELECT native_id, count(*) FROM mention WHERE native_id IS NOT NULL GROUP BY 1"))
        self.assertGreater(len(stored), 3000)
        self.assertEqual({n for n in stored.values()}, {1})

    def test_verdicts_agree_with_the_truth_far_beyond_chance(self):
        labels = {post["uri"]: post for post in self.truth["posts"] if "fernwave" in post.get("sentiment", {})}
        labels.update({post["id"]: post for post in labels.values()})
        rows = self.world.database().execute(
            "SELECT native_id, polarity FROM v_mention WHERE brand='Fernwave' AND lang='en' AND match!='own'").fetchall()
        pairs = [(labels[i]["sentiment"]["fernwave"], p) for i, p in rows if i in labels and not labels[i].get("sarcasm")]
        self.assertGreater(len(pairs), 1500)
        right = sum(a == b for a, b in pairs) / len(pairs)
        print(f"\npolarity agrees with the demo's labels on {right:.1%} of {len(pairs)} English posts")
        self.assertGreater(right, 0.55)

    def test_products_are_told_apart(self):
        names = {"Fernwave Hub": "hub", "Fernwave Play": "play", "MyFernwave": "myfernwave", "QuillBox": "quillbox"}
        rows = self.world.database().execute(
            "SELECT p.name, lower(coalesce(m.title, '') || ' ' || m.text) FROM verdict_products d "
            "JOIN product p USING (product_id) JOIN mention m USING (mention_id) WHERE m.text IS NOT NULL").fetchall()
        self.assertEqual({name for name, _ in rows}, set(names))
        self.assertEqual([row for row in rows if names[row[0]] not in row[1]], [])
        counted = dict(self.world.database().execute("SELECT product, sum(mentions) FROM v_products GROUP BY 1"))
        self.assertGreater(counted["Fernwave Hub"], 150)
        self.assertTrue(all(n > 20 for n in counted.values()), counted)
        # What is said of the only product named is mostly what is said of the brand.
        labels = {post["uri"]: post["sentiment"]["fernwave"] for post in self.truth["posts"]
                  if "fernwave" in post.get("sentiment", {}) and not post.get("sarcasm")}
        alone = self.world.database().execute(
            "SELECT m.native_id, d.polarity FROM verdict_products d JOIN mention m USING (mention_id) "
            "JOIN verdict v USING (mention_id, brand_id) JOIN brand b USING (brand_id) "
            "WHERE b.name = 'Fernwave' AND v.lang = 'en' AND v.match <> 2 GROUP BY d.mention_id HAVING count(*) = 1")
        signs = {"negative": -1, "neutral": 0, "positive": 1}
        pairs = [(signs[labels[i]], polarity) for i, polarity in alone if i in labels]
        self.assertGreater(len(pairs), 100)
        self.assertGreater(sum(a == b for a, b in pairs) / len(pairs), 0.55)

    def test_the_incident_is_found(self):
        found = self.json_of("incidents", "--brand", "Fernwave")
        self.assertTrue(found)
        started = self.truth["incident"]["start_at"]
        hit = [i for i in found if started[:13] <= i["detected_at"][:13] and i["started_at"][:10] == started[:10]]
        self.assertEqual(len(hit), 1, (started, [(i["started_at"], i["title"]) for i in found]))
        self.assertGreater(hit[0]["authors"], 30)
        self.assertLessEqual(len(found), 3)

    def test_ideas_come_with_quotes_and_feeds(self):
        ideas = self.json_of("ideas", "--brand", "Fernwave", "--limit", "15")
        self.assertGreaterEqual(len(ideas), 10)
        for idea in ideas:
            self.assertGreaterEqual(idea["askers"], 3)
            self.assertTrue(idea["mention_ids"])
        out = self.world.folder / "data/out"
        atom = ElementTree.parse(out / "fernwave-ideas.atom").getroot()
        self.assertGreaterEqual(len(atom.findall("{http://www.w3.org/2005/Atom}entry")), 10)
        feed = json.loads((out / "fernwave-ideas.json").read_text())
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")

    def test_what_moves_sentiment_adds_up(self):
        found = self.json_of("drivers", "--brand", "Fernwave")
        self.assertAlmostEqual(sum(d["contribution"] for d in found["drivers"]), found["difference"], places=9)
        said = self.tool("drivers", "--brand", "Fernwave")
        self.assertIn("together", said.stdout)
        self.assertIn("95 % interval", said.stdout)
        hours = self.json_of("baseline", "--brand", "Fernwave", "--issue", "billing", "--metric", "authors")
        self.assertEqual(len(hours["hours"]), 168)
        self.assertTrue(any(hour["value"] for hour in hours["observed"]))
        self.assertEqual(self.tool("baseline", "--issue", "billing", "--metric", "net_sentiment").returncode, 2)
        self.assertEqual(self.tool("baseline", "--issue", "weather").returncode, 2)
        brands = {b["brand"]: b for b in self.json_of("benchmark")["brands"]}
        self.assertEqual(set(brands), {"Fernwave", "Quillnet"})

    def test_a_rule_can_be_tried_on_the_history(self):
        found = self.json_of("backtest", "--days", "56")
        stored = self.json_of("incidents", "--brand", "Fernwave", "--since", "56d")
        self.assertEqual({a["incident"] for a in found["alarms"]} - {None}, {i["id"] for i in stored})
        self.assertEqual(self.json_of("backtest", "--days", "56", "--least", "1000")["alarms"], [])
        self.assertEqual(self.tool("backtest", "--days", "0").returncode, 2)

    def test_figures_stand_beside_their_targets(self):
        config = self.config_path.with_name("kpi.toml")
        config.write_text(self.config_path.read_text() + """
[[kpi]]
name = "Heard"
metric = "volume"
target = 10
owner = "ann"
[[kpi]]
name = "Complaints"
sql = "SELECT sum(complaints) FROM v_day WHERE brand = :brand"
target = 1
direction = "lower"
[[kpi]]
name = "Nosy"
sql = "SELECT count(text) FROM mention"
""")
        done = self.world.run("earshot", "kpi", "--config", config, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        heard, complaints, nosy = json.loads(done.stdout)["kpis"]
        self.assertEqual((heard["met"], heard["unit"], heard["owner"]), (True, "mentions", "ann"))
        self.assertEqual(complaints["met"], False)
        self.assertIsNone(nosy["actual"])
        self.assertIn("v_", nosy["problem"])
        page = self.world.run("earshot", "report", "executive", "--config", config, "--format", "html", "--output",
                              self.world.folder / "page.html")
        self.assertEqual(page.returncode, 0, page.stderr)
        page = (self.world.folder / "page.html").read_text()
        text = re.sub(r"<[^>]+>", "", page)
        for words in ("Five numbers", "Three risks", "Three wins", "Assumed: A customer who stays is worth",
                      "Against our targets", "Complaints", "What was heard"):
            self.assertIn(words, text)
        self.assertNotIn("<script", page)

    @unittest.skipUnless(shutil.which("chromium"), "no chromium to print with")
    def test_the_executive_page_fits_one_sheet(self):
        page, sheet = self.world.folder / "one.html", self.world.folder / "one.pdf"
        self.assertEqual(self.tool("report", "executive", "--format", "html", "--output", page).returncode, 0)
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        f"--user-data-dir={self.world.folder}/chromium", f"--print-to-pdf={sheet}", page.as_uri()],
                       check=True, capture_output=True, timeout=120)
        self.assertEqual(len(re.findall(rb"/Type\s*/Page[^s]", sheet.read_bytes())), 1)

    def test_every_report_has_every_format(self):
        for kind in ("brief", "service", "content", "executive", "accuracy"):
            for form in ("text", "markdown", "html", "csv"):
                done = self.tool("report", kind, "--format", form)
                self.assertEqual((kind, form, done.returncode), (kind, form, 0), done.stderr)
                self.assertGreater(len(done.stdout), 200)
        self.assertEqual(self.tool("report", "weather").returncode, 2)

    def test_every_number_of_a_report_leads_to_its_mentions(self):
        for kind in ("brief", "service", "content", "executive"):
            page = Numbers()
            page.feed(self.tool("report", kind, "--format", "html").stdout)
            self.assertGreater(page.linked, 10, kind)
            self.assertEqual(page.bare, [], kind)

    def test_what_moves_and_the_pages_that_answer_are_those_of_the_truth(self):
        truth = {m["term"]: m for m in self.truth["movers"]}
        found = {m["term"]: m for m in self.json_of("movers", "--brand", "Fernwave")["terms"]}
        ids = dict(self.world.database().execute("SELECT mention_id, native_id FROM mention"))
        for term, mover in truth.items():
            self.assertEqual(found[term]["direction"], mover["direction"], found)
            written = {name for post in mover["posts"] for name in (post["uri"], post["id"])}  # what names a post is its platform's choice
            rows = self.world.database().execute("SELECT mention_id FROM v_term_mention WHERE brand='Fernwave' AND term=?", (term,)).fetchall()
            self.assertTrue(rows and all(ids[row[0]] in written for row in rows))
            self.assertIn(term, self.tool("report", "content").stdout)
        feed = json.loads((self.world.folder / "data/out/fernwave-risers.json").read_text())
        self.assertIn("Rising: “repair cafe”", [item["title"] for item in feed["items"]])
        learned = {row[0] for row in self.world.database().execute("SELECT url FROM v_page WHERE brand='Fernwave' AND origin='reply'")}
        self.assertEqual(learned, {page["url"] for page in self.truth["pages"]})
        self.assertIn("invoices-csv-export", self.tool("links", "--brand", "Fernwave").stdout)

    def test_the_report_says_all_it_must(self):
        done = self.tool("report")
        self.assertEqual(done.returncode, 0, done.stderr)
        for words in ("net sentiment", "usual", "Issue types", "By product", "Incident", "Service", "Ideas", "earshot.db", "SELECT"):
            self.assertIn(words.lower(), done.stdout.lower())
        quotes = re.findall("“", done.stdout)
        self.assertGreaterEqual(len(quotes), 5)
        # The queries it shows can be pasted as they are.
        queries = re.findall(r"SELECT [^;]+;", done.stdout)
        self.assertGreaterEqual(len(queries), 3)
        for query in queries:
            self.assertTrue(self.world.database().execute(query).fetchall(), query)

    def test_the_queue_says_who_waits_and_why(self):
        rows = self.json_of("queue", "--brand", "Fernwave", "--limit", "30")
        self.assertEqual(len(rows), 30)
        self.assertEqual([row["priority"] for row in rows], sorted((row["priority"] for row in rows), reverse=True))
        for row in rows:
            self.assertEqual(min(100, sum(row["reasons"].values())), row["priority"])
            self.assertEqual(row["mention"]["brand"], "Fernwave")
        first = self.tool("queue", "--limit", "1").stdout
        self.assertIn(str(rows[0]["mention"]["id"]), first)
        stored = self.world.database().execute("SELECT priority, reasons FROM v_queue WHERE brand = 'Fernwave' ORDER BY priority DESC LIMIT 1").fetchone()
        self.assertEqual((stored[0], json.loads(stored[1])), (rows[0]["priority"], rows[0]["reasons"]))

    def test_money_is_never_without_its_assumptions(self):
        roi = self.json_of("roi")
        self.assertEqual(roi["assumptions"]["currency"], "EUR")
        self.assertGreater(len(roi["conversions"]), 20)
        self.assertEqual(roi["saved"]["expected"], 120 * len(roi["conversions"]))
        for one in roi["conversions"]:
            self.assertLess(one["rant_mention"], one["reply_mention"])
            self.assertLess(one["reply_mention"], one["happy_mention"])
        said = self.tool("roi").stdout
        for words in ("60 to 240", "valid for all time", "assumption", "earshot people"):
            self.assertIn(words, said)
        told = self.json_of("people", "--outcome", "converted", "--limit", "100")
        self.assertEqual({row["last_mention"] for row in told}, {one["happy_mention"] for one in roi["conversions"]})
        self.assertIn("--outcome is", self.tool("people", "--outcome", "glad").stderr)
        # The database alone knows no configuration: counts, and no money.
        bare = self.world.run("earshot", "roi", "--db", self.world.folder / "data/earshot.db", "--json")
        self.assertIsNone(json.loads(bare.stdout)["saved"])

    def test_commands_read_while_nothing_runs(self):
        mentions = self.tool("mentions", "--search", '"red light"', "--limit", "5", "--json")
        self.assertEqual(mentions.returncode, 0, mentions.stderr)
        first = json.loads(mentions.stdout.splitlines()[0])
        explained = self.json_of("explain", first["id"])
        self.assertTrue(explained["verdicts"][0]["evidence"])
        self.assertTrue(self.json_of("baseline", "--brand", "Fernwave")["hours"])
        report = self.json_of("report", "--brand", "Quillnet")
        self.assertEqual([product["product"] for product in report["products"]], ["QuillBox"])
        self.assertTrue(-1 <= report["products"][0]["net_sentiment"] <= 1)
        mentions = self.tool("mentions", "--search", '"fernwave hub"', "--limit", "1", "--json")
        first = json.loads(mentions.stdout)
        self.assertEqual(first["products"][0]["product"], "Fernwave Hub")
        explained = self.json_of("explain", first["id"])["verdicts"][0]["products"][0]
        self.assertEqual(explained["polarity"], first["products"][0]["polarity"])
        self.assertIn("product", {reason["rule"] for reason in explained["evidence"]})
        self.assertIn("Fernwave Hub: ", self.tool("explain", first["id"]).stdout)
        self.assertIn("Fernwave Hub: ", self.tool("mentions", "--search", '"fernwave hub"', "--limit", "1").stdout)
        exported = self.tool("export", "--format", "csv", "--brand", "Quillnet")
        self.assertEqual(exported.returncode, 0)
        self.assertGreater(exported.stdout.count("\n"), 100)

    def test_wrong_questions_get_one_clear_line(self):
        for args, code, words in ((("mentions", "--brand", "Nobody"), 2, "known are: Fernwave, Quillnet"),
                                  (("mentions", "--since", "soonish"), 2, "is no time"),
                                  (("mentions", "--search", '"open'), 2, "does not parse"),
                                  (("explain", "12345"), 1, "there is no mention 12345"),
                                  (("mentions", "--polarity", "cross"), 2, "--polarity is"),
                                  (("poll", "nowhere"), 2, "there is no source 'nowhere'")):
            done = self.tool(*args)
            self.assertEqual(done.returncode, code, (args, done.stderr))
            self.assertIn(words, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_polling_again_changes_nothing(self):
        before = self.json_of("status")["sources"]
        done = self.tool("poll", "hacker_news")
        self.assertEqual(done.returncode, 0, done.stderr)
        after = self.json_of("status")["sources"]
        self.assertEqual([s["stored"] for s in before], [s["stored"] for s in after])
        dry = self.tool("poll", "forum", "--dry-run")
        self.assertEqual(dry.returncode, 0, dry.stderr)
        self.assertIn("items", dry.stderr)


if __name__ == "__main__":
    unittest.main()
