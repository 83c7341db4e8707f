"""What operators watch: every metric and query that the dashboard and the alert rules name, asked of a real daemon."""
import json
import re
import shutil
import subprocess
import unittest

import jsonschema

from api_test import Api, schema_of, with_http
from world import BIN, ROOT, World, wait_until

RULES = ROOT / "config/grafana/alerts.yml"
BOARD = json.loads((ROOT / "config/grafana/earshot.json").read_text())
NAME = re.compile(r"\bearshot_[a-z_]+\b")
SAMPLE = re.compile(r'^(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>.*)\})? (?P<value>NaN|[-+]?(?:Inf|[0-9.]+(?:e[-+]?[0-9]+)?))$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:\\[\\"n]|[^"\\\n])*)"(?:,|$)')


def exposition_mistakes(text):
    """What is wrong with a page of metrics, by the rules of the exposition format 0.0.4."""
    kinds, helped, seen, closed, current = {}, set(), set(), set(), None
    if not text.endswith("\n"):
        yield "the last line does not end"
    for number, line in enumerate(text.splitlines(), 1):
        where = f"line {number}: {line}"
        if line.startswith("# "):
            _, word, name, rest = (line.split(" ", 3) + [""])[:4]
            if word not in ("HELP", "TYPE") or not rest:
                yield where
            if (word == "TYPE" and name in kinds) or (word == "HELP" and name in helped):
                yield "twice: " + where
            if word == "TYPE":
                kinds[name] = rest
                if rest not in ("counter", "gauge", "histogram"):
                    yield where
                if rest == "counter" and not name.endswith("_total"):
                    yield "a counter ends in _total: " + where
            helped.add(name) if word == "HELP" else None
            continue
        found = SAMPLE.match(line)
        if not found:
            yield where
            continue
        name, labels = found["name"], found["labels"] or ""
        family = name if name in kinds else re.sub(r"_(bucket|sum|count)$", "", name)
        if family not in kinds or (family != name and kinds[family] != "histogram"):
            yield "of no type: " + where
        if family != current:
            if family in closed:
                yield "not together: " + where
            closed.add(current)
            current = family
        pairs = LABEL.findall(labels)
        if ",".join(f'{key}="{value}"' for key, value in pairs) != labels or len({key for key, _ in pairs}) != len(pairs):
            yield "labels: " + where
        if (name, labels) in seen:
            yield "twice: " + where
        seen.add((name, labels))
        if family not in helped:
            yield "without help: " + where


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World().start_server()
        more = (f'\n[[destination]]\nname = "care"\nkind = "file"\npath = "{cls.world.folder}/care.ndjson"\n'
                '[[route]]\nto = ["care"]\n')
        config = cls.world.config(edit=lambda text: with_http(
            re.sub(r"(?m)^insight_interval.*$", "", text).replace("database =", 'insight_interval = "2s"\ndatabase =', 1) + more, ""))
        cls.api = Api(cls.world, config)
        cls.text = ""

        def is_complete():
            cls.text = cls.api.ask("/metrics")[1].decode()
            return all(word in cls.text for word in ("earshot_job_duration_seconds{", "earshot_source_quota_remaining{",
                                                     "earshot_delivery_queued{", 'name="retention"'))
        assert wait_until(is_complete, 120), cls.text

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def test_the_metrics_keep_to_the_format(self):
        self.assertEqual(list(exposition_mistakes(self.text)), [])
        self.assertEqual(len(list(exposition_mistakes('# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\nb 3\nc{x=1} 4'))), 9)
        promtool = shutil.which("promtool")
        if promtool:
            checked = subprocess.run([promtool, "check", "metrics"], input=self.text, capture_output=True, text=True)
            self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_every_metric_that_is_watched_is_there(self):
        there = {re.sub(r"_(bucket|sum|count)$", "", name) if name not in self.text.split("# TYPE ")[0] else name
                 for name in NAME.findall("\n".join(line for line in self.text.splitlines() if line.startswith("# TYPE")))}
        watched = {"rules": RULES.read_text(), "board": json.dumps(BOARD)}
        for where, text in watched.items():
            names = {re.sub(r"_bucket$", "", name) for name in NAME.findall(text)}
            self.assertGreater(len(names), 10)
            self.assertEqual(names - there, set(), where)
        labels = {name: set(re.findall(r"([a-z]+)=", line)) for line in self.text.splitlines() if not line.startswith("#")
                  for name in NAME.findall(line)[:1]}
        for panel in BOARD["panels"]:
            for target in panel.get("targets", []):
                for label in re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")):
                    used = NAME.findall(target["expr"])
                    self.assertTrue(any(label in labels.get(name, ()) for name in used), (panel["title"], label))

    def test_every_query_of_the_board_runs(self):
        database = self.world.database()
        asked = 0
        for panel in BOARD["panels"]:
            for target in panel.get("targets", []):
                if "queryText" in target:
                    database.execute(target["queryText"]).fetchall()
                    asked += 1
                    self.assertEqual(target["queryText"], target["rawQueryText"])
                    self.assertNotRegex(target["queryText"], r"\b(FROM|JOIN) (?!v_)")
        self.assertGreater(asked, 5)

    def test_every_rule_says_what_to_do(self):
        alerts = re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert|\Z)", RULES.read_text(), re.S)
        headings = {re.sub(r"[^a-z0-9 -]", "", line[3:].lower()).replace(" ", "-")
                    for line in (ROOT / "docs/operations.md").read_text().splitlines() if line.startswith("## ")}
        self.assertGreater(len(alerts), 10)
        for name, body in alerts:
            self.assertEqual(re.findall(r"runbook_url: (\S+)", body), ["docs/operations.md#" + name.lower()])
            self.assertIn(name.lower(), headings)
        self.assertEqual({name.lower() for name, _ in alerts}, headings)
        promtool = shutil.which("promtool")
        if promtool:
            checked = subprocess.run([promtool, "check", "rules", RULES], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_quotas_are_kept_with_their_source(self):
        of_mastodon = lambda: next(s for s in self.api.json("/api/v1/sources")[1]["sources"] if s["source"] == "mastodon")
        self.assertTrue(wait_until(lambda: of_mastodon()["quota"], 120))
        sources = {s["source"]: s for s in self.api.json("/api/v1/sources")[1]["sources"]}
        quota = sources["mastodon"]["quota"]
        self.assertEqual(quota["limit"], 1_000_000)
        self.assertLess(quota["remaining"], 1_000_000)
        self.assertRegex(quota["resets_at"], r"^\d{4}-\d\d-\d\dT")
        shown = json.loads(self.world.run("earshot", "status", "--json", "--db", self.world.folder / "data/earshot.db").stdout)
        self.assertEqual({s["source"]: s["quota"] is None for s in shown["sources"]}, {name: s["quota"] is None for name, s in sources.items()})
        row = self.world.database().execute("SELECT quota_limit FROM v_source WHERE source='mastodon'").fetchone()
        self.assertEqual(row, (1_000_000,))

    def test_an_export_says_what_made_it(self):
        folder = self.world.folder / "exports"
        folder.mkdir()
        database = self.world.folder / "copy.db"  # the daemon still stores
        self.assertEqual(self.world.run("earshot", "backup", database, "--db", self.world.folder / "data/earshot.db").returncode, 0)
        views, lexicon = self.world.database().execute("SELECT views_version,lexicon_version FROM schema_info").fetchone()
        counts = set()
        for form in ("ndjson", "csv", "parquet"):
            done = self.world.run("earshot", "export", "--format", form, "--output", folder, "--until", "2d", "--db", database)
            self.assertEqual(done.returncode, 0, done.stderr)
            counts.add(done.stderr.split()[0])
        self.assertEqual(len(counts), 1)
        files = {path.suffix: path for path in folder.iterdir()}
        self.assertEqual(set(files), {".ndjson", ".csv", ".parquet"})
        for path in files.values():
            self.assertRegex(path.name, rf"^earshot-mentions-\d{{4}}-\d\d-\d\d-views{re.escape(views)}-lexicon{lexicon}\.")
        self.assertEqual(files[".ndjson"].read_text().count("\n"), int(counts.pop()))
        whole = files[".parquet"].read_bytes()
        self.assertEqual((whole[:4], whole[-4:]), (b"PAR1", b"PAR1"))
        footer = whole[-8 - int.from_bytes(whole[-8:-4], "little"):-8]
        self.assertIn(b"earshot.views_version", footer)
        self.assertIn(views.encode(), footer)
        self.assertEqual(self.world.run("earshot", "export", "--format", "xml", "--db", database).returncode, 2)

    def test_an_independent_reader_finds_in_parquet_what_ndjson_says(self):
        modules = BIN.parent / "web/tests/node_modules"
        if not (modules / "hyparquet").exists():
            self.skipTest("hyparquet, which npm brings for the dashboard's tests, is not there")
        database = self.world.folder / "parquet.db"  # the daemon still stores
        self.assertEqual(self.world.run("earshot", "backup", database, "--db", self.world.folder / "data/earshot.db").returncode, 0)
        files = {form: self.world.folder / ("mentions." + form) for form in ("ndjson", "parquet")}
        for form, path in files.items():
            done = self.world.run("earshot", "export", "--format", form, "--output", path, "--db", database)
            self.assertEqual(done.returncode, 0, done.stderr)
        read = subprocess.run(["node", ROOT / "tests/e2e/read_parquet.mjs", modules, files["parquet"]], capture_output=True, text=True, timeout=120)
        self.assertEqual(read.returncode, 0, read.stderr)
        rows = [json.loads(line) for line in read.stdout.splitlines()]
        said = [json.loads(line) for line in files["ndjson"].read_text().splitlines()]
        self.assertGreater(len(said), 100)
        self.assertEqual(len(rows), len(said))
        for row, line in zip(rows, said):
            self.assertEqual(row.pop("created_at").replace(".000Z", "Z"), line["created_at"].replace(".000Z", "Z"))
            for name, value in row.items():
                if name in line:
                    expected = ", ".join(line[name]) if isinstance(line[name], list) else line[name]
                    self.assertEqual(value if isinstance(expected, (str, bool)) else float(value), expected, (name, line))

    def test_whoever_runs_the_daemon_sees_it_whole_and_can_ask_it_to_act(self):
        status, answer = self.api.json("/api/v1/admin/status")
        self.assertEqual(status, 200)
        jsonschema.validate(answer, schema_of("/api/v1/admin/status"))
        self.assertIn("incidents", {job["job"] for job in answer["jobs"]})
        self.assertGreater(answer["store"]["database_bytes"], 0)
        self.assertEqual(answer["destinations"][0]["destination"], "care")
        asked = lambda what, **body: self.api.json("/api/v1/admin/" + what, method="POST", body=body)
        self.assertEqual(asked("reload"), (200, {"accepted": True}))
        self.assertTrue(wait_until(lambda: self.api.json("/api/v1/admin/status")[1]["configured_at"] > answer["configured_at"], 30))
        config = self.world.folder / "earshot.toml"
        before = config.read_text()
        config.write_text(before + "\nnonsense = 1\n[[route]]\nto = [\"nobody\"]\n")
        status, refused = asked("reload")
        config.write_text(before)
        self.assertEqual(status, 400)
        self.assertIn("nobody", refused["detail"])
        polled = lambda: {s["source"]: s["received"] + s["duplicate"] for s in self.api.json("/api/v1/sources")[1]["sources"]}
        self.assertEqual(asked("poll", source="mastodon"), (200, {"accepted": True}))
        for what in ("reload", "poll"):
            jsonschema.validate({"accepted": True}, schema_of("/api/v1/admin/" + what, "post"))
        self.assertEqual(asked("poll", source="nobody")[0], 400)
        self.assertEqual(asked("poll")[0], 400)
        self.assertTrue(polled())


if __name__ == "__main__":
    unittest.main()
