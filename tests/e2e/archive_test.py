"""A large archive as its owner treats it: imported, judged again by a better lexicon, backed up, let go of."""
import json, os, pathlib, random, signal, subprocess, tempfile, time, unittest

BIN = os.environ["EARSHOT_BIN"]
START = 1_772_409_600  # 2026-03-02
TEXTS = ["still waiting for a reply", "zorky again today", "thanks, works now", "how do I reset the router?", "the new box is great"]
OVERLAY = "# earshot lexicon\n# version: 1\n# language: en\n# layer: ours\n# licence: CC0-1.0\n# source: us\n# columns: term, valence, negative, neutral, positive, keys\nzorky\t-3\t2\t-1\t-1\n"


class Archive(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "ours.tsv").write_text(OVERLAY, encoding="utf-8")

    def config(self, name, lexicon=False, extra=""):
        path = self.folder / (name + ".toml")
        path.write_text(f'database = "{self.folder}/{name}.db"\n' + ('[analysis]\nlexicon = "ours.tsv"\n' if lexicon else "") + extra + '[[brand]]\nname = "Acme"\n',
                        encoding="utf-8")
        return path

    def run_tool(self, *arguments, code=0):
        done = subprocess.run([f"{BIN}/earshot", *map(str, arguments)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, done.stderr[-2000:])
        return done

    def posts(self, count, bad=()):
        path = self.folder / "posts.ndjson"
        with open(path, "w", encoding="utf-8") as out:
            for n in range(count):
                line = {"platform": "x", "id": str((START * 1000 + n * 37_000 - 1_288_834_974_657) << 22 | n), "text": f"Acme {TEXTS[n % 5]} {n}",
                        "created_at": START + n * 37, "author": {"id": f"a{n % 91}", "handle": f"h{n % 91}"}, "padding": "x" * 300}
                out.write("not json\n" if n + 1 in bad else json.dumps(line) + "\n")
        return path

    def verdicts(self, config):
        done = self.run_tool("export", "--config", config, "--format", "ndjson")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return sorted((row["id"], json.dumps(row, sort_keys=True)) for row in rows)

    def test_bad_lines_keep_their_numbers_however_the_file_is_cut(self):
        bad = (1, 777, 2500, 4999)
        config = self.config("lines")
        done = self.run_tool("import", self.posts(5000, bad), "--source", "archive", "--config", config, code=1)
        named = [line.split(":")[1] for line in done.stderr.splitlines() if "posts.ndjson:" in line]
        self.assertEqual(named, [str(n) for n in bad])
        self.assertIn("4996 new, 0 known, 0 changed, 0 of no brand, 4 bad lines", done.stderr)
        again = self.run_tool("import", self.folder / "posts.ndjson", "--source", "archive", "--config", config, code=1)
        self.assertIn("0 new, 4996 known", again.stderr)
        found = self.run_tool("mentions", "--config", config, "--search", '"waiting for a reply"', "--since", "2026-03-01", "--limit", "1")
        self.assertIn("waiting for a reply", found.stdout)

    def test_rescoring_that_is_killed_goes_on_and_ends_as_if_scored_so_at_first(self):
        posts = self.posts(30_000)
        plain, ours, fresh = self.config("a"), self.config("a2", True), self.config("b", True)
        ours.write_text(ours.read_text().replace("a2.db", "a.db"))
        self.run_tool("import", posts, "--source", "archive", "--config", plain)
        self.run_tool("import", posts, "--source", "archive", "--config", fresh)
        before = self.verdicts(plain)
        dry = self.run_tool("rescore", "--dry-run", "--json", "--config", ours)
        self.assertEqual(self.verdicts(plain), before)
        change = json.loads(dry.stdout)[0]
        self.assertEqual(change["mentions"], 30_000)
        self.assertGreater(change["changed"], 1000)
        self.assertEqual(change["terms"][0]["term"], "zorky")
        self.assertLess(change["net_sentiment"]["after"], change["net_sentiment"]["before"])
        rng = random.Random(5)
        for _ in range(4):
            process = subprocess.Popen([f"{BIN}/earshot", "rescore", "--config", str(ours)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.2 + rng.random() * 0.8)
            process.send_signal(signal.SIGKILL)
            process.wait()
        # A run over the newest part alone leaves nothing undone for the next.
        self.run_tool("rescore", "--config", ours, "--since", "2026-03-12")
        self.assertNotIn("going on", self.run_tool("rescore", "--config", ours).stderr)
        self.assertEqual(self.verdicts(plain), self.verdicts(fresh))
        hours = lambda name: subprocess.run(["sqlite3", f"{self.folder}/{name}.db", "SELECT * FROM v_hour ORDER BY 1,2,3; SELECT * FROM v_issue_day ORDER BY 1,2,3"],
                                            capture_output=True, text=True, check=True).stdout
        self.assertEqual(hours("a"), hours("b"))

    def test_a_backup_is_a_whole_database(self):
        config = self.config("c")
        self.run_tool("import", self.posts(2000), "--source", "archive", "--config", config)
        copy = self.folder / "copy.db"
        self.run_tool("backup", copy, "--config", config)
        self.assertIn("there already", self.run_tool("backup", copy, "--config", config, code=1).stderr)
        use = json.loads(self.run_tool("storage", "--json", "--config", config).stdout)
        self.assertEqual(use["mentions"], 2000)
        self.assertGreater(use["bytes_per_mention"], 100)
        restored = self.config("copy")
        self.assertEqual(self.verdicts(restored), self.verdicts(config))
        # The index of the copy is made when somebody writes again.
        self.run_tool("import", self.posts(2001), "--source", "archive", "--config", restored)
        found = self.run_tool("mentions", "--config", restored, "--search", "zorky", "--since", "2026-03-01", "--limit", "500", "--json")
        self.assertEqual(len(found.stdout.splitlines()), 400)

    def test_what_is_too_old_goes_and_its_numbers_stay(self):
        config = self.config("d", extra='[retention]\nkeep = "30d"\n')
        self.run_tool("import", self.posts(3000), "--source", "archive", "--config", config)
        days = lambda: subprocess.run(["sqlite3", f"{self.folder}/d.db", "SELECT * FROM v_day"], capture_output=True, text=True, check=True).stdout
        before = days()
        self.assertGreater(len(before), 20)
        daemon = subprocess.run([f"{BIN}/earshotd", "--config", str(config), "--once"], capture_output=True, text=True, timeout=120)
        self.assertEqual(daemon.returncode, 0, daemon.stderr[-2000:])
        self.assertEqual(self.verdicts(config), [])
        self.assertEqual(days(), before)


if __name__ == "__main__":
    unittest.main()
