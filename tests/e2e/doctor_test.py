"""What doctor and migrate say of real installations: a running daemon, a stopped one, a broken one."""
import json
import os
import signal
import sqlite3
import unittest

from api_test import with_http
from world import World, wait_until

CANARY = "c4n4ry-9f1b"


class Doctor(unittest.TestCase):
    def setUp(self):
        self.world = World()
        os.umask(0o027)

    def tearDown(self):
        self.world.close()

    def ask(self, config, *more):
        done = self.world.run("earshot", "doctor", "--json", "--config", config, *more)
        self.assertNotIn(CANARY, done.stdout + done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode, {"ok": 0, "note": 0, "warn": 1, "bad": 2}[answer["worst"]], done.stdout)
        for finding in answer["findings"]:
            self.assertTrue(finding["level"] == "ok" or finding["advice"], finding)
            self.assertNotIn("\n", finding["advice"])
        return answer["findings"]

    def levels(self, findings, group):
        return {finding["level"] for finding in findings if finding["group"] == group}

    def test_a_demo_that_runs_is_well_and_says_so_when_it_ends(self):
        self.world.start_server()
        self.world.env["EARSHOT_CREDENTIAL_DEMO_TOKEN"] = CANARY
        config = self.world.config(edit=lambda text: with_http(text, ""))
        daemon = self.world.spawn("earshotd", "--config", config)
        heard = lambda: {f["what"] for f in self.ask(config, "--offline") if f["group"] == "sources" and f["level"] == "ok"}
        self.assertTrue(wait_until(heard, 60))
        findings = self.ask(config)
        text = json.dumps(findings)
        self.assertIn(f"written by pid {daemon.pid}", text)
        self.assertEqual(self.levels(findings, "network"), {"ok"})
        self.assertEqual(self.levels(findings, "clock"), {"ok"})
        self.assertEqual(self.levels(findings, "credentials"), {"ok"})
        self.assertEqual(self.levels(findings, "database"), {"ok"})
        self.assertIn("source mastodon", text)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)
        self.assertIn("no daemon has it open", json.dumps(self.ask(config, "--offline")))
        shown = self.world.run("earshot", "doctor", "--offline", "--config", config).stdout
        self.assertRegex(shown, r"\d+ bad, \d+ warnings, \d+ notes, \d+ fine\n$")
        order = [line[:4] for line in shown.splitlines() if line[:4] in ("bad ", "warn", "note", "ok  ")]
        self.assertEqual(order, sorted(order, key=["bad ", "warn", "note", "ok  "].index))

    def test_what_is_broken_does_not_hide_the_rest(self):
        folder = self.world.folder / "data"
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        (folder / "earshot.db").write_bytes(b"x" * 8192)
        config = self.world.folder / "earshot.toml"
        config.write_text(f'database = "{folder}/earshot.db"\nworkers = "many"\n[[credential]]\nname = "x"\nsecret = "{CANARY} {CANARY}"\n')
        findings = self.ask(config, "--offline")
        for group in ("configuration", "database", "state folder"):
            self.assertIn("bad", self.levels(findings, group), findings)

    def test_a_server_that_is_away_is_named_with_who_needs_it(self):
        config = self.world.config(base="http://127.0.0.1:1")
        findings = [f for f in self.ask(config) if f["group"] == "network"]
        self.assertEqual({f["level"] for f in findings}, {"bad"})
        self.assertTrue(any("source" in f["why"] for f in findings), findings)


class Migrate(unittest.TestCase):
    def setUp(self):
        self.world = World().start_server()

    def tearDown(self):
        self.world.close()

    def test_a_current_database_and_a_newer_one(self):
        config = self.world.config()
        done = self.world.run("earshot", "migrate", "--config", config)
        self.assertEqual((done.returncode, "not there yet" in done.stdout), (0, True), done.stderr)
        self.assertEqual(self.world.run("earshotd", "--config", config, "--once").returncode, 0)
        done = self.world.run("earshot", "migrate", "--config", config)
        self.assertEqual((done.returncode, "nothing to do" in done.stdout), (0, True), done.stderr)
        database = self.world.folder / "data/earshot.db"
        schema = int(self.world.database().execute("PRAGMA user_version").fetchone()[0])
        with sqlite3.connect(database) as changed:
            changed.execute("PRAGMA user_version=999")
        for command in (("earshot", "migrate"), ("earshot", "migrate", "--dry-run"), ("earshotd", "--once")):
            done = self.world.run(*command, "--config", config)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("schema 999", done.stderr)
            self.assertIn(f"up to {schema}", done.stderr)


if __name__ == "__main__":
    unittest.main()
