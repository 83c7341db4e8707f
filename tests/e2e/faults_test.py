"""The bad days: kills, a full disk, wrong configurations, signals, a second daemon, no network."""
import json
import os
import random
import resource
import signal
import socket
import subprocess
import time
import unittest

from world import NOW, World, state, wait_until


class Faults(unittest.TestCase):
    def setUp(self):
        self.world = World()

    def tearDown(self):
        self.world.close()

    def test_a_hundred_kills_lose_nothing_and_double_nothing(self):
        self.world.start_server()
        whole = self.world.config("whole.toml", "whole")
        self.assertEqual(self.world.run("earshotd", "--config", whole, "--once").returncode, 0)
        expected = state(self.world.database("whole"))

        config = self.world.config("killed.toml", "killed")
        rng = random.Random(7)
        kills = finished = 0
        while kills < 100:
            process = self.world.spawn("earshotd", "--config", config, "--once")
            time.sleep(rng.uniform(0.02, 0.35) if rng.random() < 0.8 else rng.uniform(0.3, 1.2))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            else:
                # Caught up before it could be killed: begin again with an empty database.
                finished += 1
                self.assertEqual(state(self.world.database("killed")), expected)
                for path in (self.world.folder / "killed").glob("earshot.db*"):
                    path.unlink()
            process.communicate()
            self.world.processes.remove(process)
        last = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(last.returncode, 0, last.stderr)
        found = state(self.world.database("killed"))
        for name in expected:
            self.assertEqual(found[name], expected[name], f"{name} differ after {kills} kills")
        print(f"\n{kills} kills, {finished} runs that ended first: {len(found['mentions'])} mentions, nothing lost or doubled")

    def test_a_full_disk_pauses_and_resumes(self):
        self.world.start_server()
        config = self.world.config()
        process = self.world.spawn("earshotd", "--config", config,
                                   preexec_fn=lambda: resource.setrlimit(
                                       resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY)))
        database = self.world.folder / "data/earshot.db"
        self.assertTrue(wait_until(lambda: database.exists()))

        def failing():
            done = self.world.run("earshot", "status", "--config", config, "--json")
            return done.returncode == 0 and any("disk" in s["last_error"] or "full" in s["last_error"]
                                                for s in json.loads(done.stdout)["sources"])
        heard = wait_until(lambda: failing() or self.stored() > 50, 30)
        self.assertTrue(heard)
        time.sleep(2)
        self.assertIsNone(process.poll(), "the daemon must survive a full disk")
        stuck = self.stored()
        self.assertLess(stuck, 3000)
        self.assertEqual(self.world.run("earshot", "mentions", "--config", config, "--limit", "1").returncode, 0)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.assertTrue(wait_until(lambda: self.stored() > 3000, 90), f"stuck at {self.stored()}")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(self.world.database().execute("PRAGMA integrity_check").fetchone()[0], "ok")

    def test_a_damaged_database_ends_the_daemon_loudly(self):
        self.world.start_server()
        config = self.world.config()
        self.assertEqual(self.world.run("earshotd", "--config", config, "--once").returncode, 0)
        path = self.world.folder / "data/earshot.db"
        with self.world.database() as database:
            pages = [row[0] for row in database.execute(
                "SELECT pageno FROM dbstat WHERE name IN ('mention','verdict','verdict_brand','rollup_hour','rollup_issue')")]
        database.close()
        data = bytearray(path.read_bytes())
        # What the mentions stand in; how the database is laid out can still be read.
        for page in pages:
            data[(page - 1) * 4096:(page - 1) * 4096 + 100] = b"\xA5" * 100
        path.write_bytes(data)
        # Text that is new makes the daemon write into the damaged trees.
        line = json.dumps({"platform": "survey", "id": "z", "text": "Fernwave", "created_at": "2026-03-01T00:00:00Z"})
        imported = self.world.run("earshot", "import", "-", "--source", "s", "--config", config, stdin=line)
        self.assertEqual(imported.returncode, 1, imported.stderr)
        done = self.world.run("earshotd", "--config", config, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("the database failed; stopping", done.stderr)
        self.assertIn("kind=corrupt", done.stderr)

    def stored(self):
        try:
            return self.world.database().execute("SELECT count(*) FROM mention").fetchone()[0]
        except Exception:
            return 0

    def test_signals_reload_and_drain(self):
        self.world.start_server()
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = str(self.world.folder / "notify")
        notify.bind(path)
        notify.settimeout(15)
        config = self.world.config()
        process = self.world.spawn("earshotd", "--config", config,
                                   env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        said = []

        def hear(word):
            while not any(word in text for text in said):
                said.append(notify.recv(4096).decode())
            said.clear()

        hear("READY=1")
        hear("WATCHDOG=1")
        good = config.read_text()
        config.write_text(good.replace('connector = "bluesky"', 'connector = "blusky"'))
        process.send_signal(signal.SIGHUP)
        hear("RELOADING=1")
        hear("refused")
        config.write_text(good.replace('name = "news"', 'name = "newspapers"'))
        process.send_signal(signal.SIGHUP)
        hear("RELOADING=1")
        hear("READY=1")
        self.assertTrue(wait_until(lambda: self.world.database().execute(
            "SELECT count(*) FROM source WHERE name='newspapers' AND state='ok'").fetchone()[0] == 1))
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        hear("STOPPING=1")
        out, err = process.communicate(timeout=30)
        notify.close()
        self.assertEqual(process.returncode, 0, err)
        self.assertLess(time.monotonic() - started, 10)
        self.assertIn("did you mean 'bluesky'", err)
        self.assertIn("configuration reloaded", err)

    def test_a_second_daemon_is_refused(self):
        self.world.start_server()
        config = self.world.config()
        first = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.stored() > 0))
        second = self.world.run("earshotd", "--config", config)
        self.assertEqual(second.returncode, 75)
        self.assertIn(f"in use by pid {first.pid}", second.stderr)
        self.assertIsNone(first.poll())

    def test_without_a_network_each_source_says_so_once_and_goes_on(self):
        config = self.world.config(base="http://127.0.0.1:1")
        process = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.failing_sources() == 5))
        time.sleep(3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        for source in ("mastodon", "bluesky", "hacker_news", "forum", "news"):
            lines = [l for l in err.splitlines() if "cannot be heard" in l and f"source={source} " in l]
            self.assertEqual(len(lines), 1, err)
        gaps = self.world.database().execute("SELECT count(DISTINCT source_id) FROM gap").fetchone()[0]
        self.assertEqual(gaps, 5)

    def failing_sources(self):
        try:
            return self.world.database().execute("SELECT count(*) FROM source WHERE state='failing'").fetchone()[0]
        except Exception:
            return 0

    def test_every_mistake_of_a_configuration_is_listed_with_its_place(self):
        path = self.world.folder / "bad.toml"
        path.write_text('database = 5\nwrokers = 2\n[[brand]]\nname = "A"\nquery = "a1 AND"\n'
                        '[[source]]\nconnector = "mastodn"\n[[source]]\nname = "feed"\nconnector = "feed"\nurl = ["x"]\n'
                        'interval = "soon"\n')
        for args in (("earshot", "check", "--config", path), ("earshotd", "--config", path)):
            done = self.world.run(*args)
            self.assertIn(done.returncode, (1, 78))
            self.assertIn(f"{path}:1:12: ", done.stderr)
            self.assertIn("did you mean `workers`?", done.stderr)
            self.assertIn(f"{path}:12:12: ", done.stderr)
        path.write_text("database = \n")
        done = self.world.run("earshotd", "--config", path)
        self.assertEqual(done.returncode, 78)
        self.assertRegex(done.stderr, r"bad\.toml:1:\d+: ")

    def test_a_file_is_imported_line_by_line(self):
        config = self.world.config(base="http://127.0.0.1:1")
        good = [{"platform": "survey", "id": str(i), "text": f"Fernwave answer {i} was slow", "created_at": 1750000000 + i,
                 "author": {"id": f"p{i}"}, "mood": "x"} for i in range(500)]
        lines = [json.dumps(g) for g in good]
        lines[100] = '{"platform":"survey","id":"x"}'
        lines[200] = "not json"
        path = self.world.folder / "in.ndjson"
        path.write_text("\n".join(lines))
        done = self.world.run("earshot", "import", path, "--source", "survey", "--config", config)
        self.assertEqual(done.returncode, 1)
        self.assertIn("in.ndjson:101: ", done.stderr)
        self.assertIn("in.ndjson:201: ", done.stderr)
        self.assertIn("498 new", done.stderr)
        self.assertIn("2 bad lines", done.stderr)
        before = state(self.world.database())
        again = self.world.run("earshot", "import", "-", "--source", "survey", "--config", config, stdin=path.read_text())
        self.assertIn("0 new, 498 known", again.stderr)
        self.assertEqual({k: v for k, v in state(self.world.database()).items() if k != "cursors"},
                         {k: v for k, v in before.items() if k != "cursors"})
        table = self.world.folder / "in.csv"
        table.write_text("Nr,Comment,Date\n1,Fernwave is great,2026-03-01\n2,Fernwave again,2026-03-02\n")
        done = self.world.run("earshot", "import", table, "--source", "csv", "--config", config, "--column", "id=Nr",
                              "--column", "text=Comment", "--column", "created_at=Date")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 new", done.stderr)
        self.assertEqual(self.world.run("earshot", "import", table, "--config", config).returncode, 2)

    def test_lines_are_scored_in_order_and_bad_ones_named(self):
        stdin = '{"id":"a","text":"I love it"}\n\n{"id":2,"text":"still waiting for my refund, awful"}\nnope\n{"id":"c"}\n' \
                '{"id":"d","text":"left Acme for Globex, so much better","brand":"Acme"}\n'
        done = self.world.run("earshot", "score", "--explain", stdin=stdin)
        self.assertEqual(done.returncode, 1)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([r["id"] for r in rows], ["a", "2", "d"])
        self.assertEqual([r["label"] for r in rows], ["positive", "negative", "negative"])
        self.assertTrue(rows[0]["evidence"])
        self.assertAlmostEqual(sum(rows[0]["probabilities"].values()), 1, places=2)
        self.assertIn("line 4 ", done.stderr)
        self.assertIn("line 5 ", done.stderr)

    def test_a_configuration_is_made_and_checked(self):
        path = self.world.folder / "new.toml"
        made = self.world.run("earshot", "init", "--brand", "Acme \"Cloud\"", "--output", path)
        self.assertEqual(made.returncode, 0, made.stderr)
        checked = self.world.run("earshot", "check", "--config", path)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertEqual(self.world.run("earshot", "init", "--brand", "B", "--output", path).returncode, 1)
        self.assertEqual(self.world.run("earshot", "init").returncode, 2)


if __name__ == "__main__":
    unittest.main()
