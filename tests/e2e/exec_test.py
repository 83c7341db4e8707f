"""A program of the user's own under the real daemon, which is killed while it runs."""
import json, os, pathlib, signal, sys, time, unittest

from world import ROOT, World, wait_until

TICKETS = 400


class Exec(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.mark = self.world.folder / "mark"
        self.temporary = self.world.folder / "tmp"
        self.temporary.mkdir()
        self.world.env["TMPDIR"] = str(self.temporary)
        self.world.env["EARSHOT_CREDENTIAL_TAP_TOKEN"] = "s3cret-token"

    def config(self, mode, **more):
        python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
        settings = {"tickets": TICKETS, "state_every": 10, "mode": mode, **more}
        keys = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
        path = self.world.folder / "earshot.toml"
        path.write_text(f'''
database = "{self.world.folder}/data/earshot.db"
log_level = "debug"
[[brand]]
name = "Acme"
[[source]]
name = "support"
connector = "exec"
interval = "100ms"
command = ["{python}", "{ROOT}/tests/support/tap.py", "--mark", "{self.mark}"]
grant = ["tap_token"]
page_records = 20
[source.config]
token = "{{tap_token}}"
{keys}
[[source.map]]
stream = "tickets"
native_id = "ticket:{{/id}}"
title = "/subject"
text = {{ at = "/description", as = "html" }}
created_at = "/created"
''')
        (self.world.folder / "data").mkdir(exist_ok=True)
        return path

    def runs(self):
        return [json.loads(line) for line in self.mark.read_text().splitlines()] if self.mark.exists() else []

    def count(self):
        try:
            return self.world.database().execute("SELECT count(*) FROM mention").fetchone()[0]
        except Exception:
            return 0

    def cursor(self):
        return json.loads(self.world.database().execute("SELECT cursor FROM stream").fetchone()[0] or "{}")

    def test_killed_while_a_program_runs_nothing_is_lost_and_nothing_doubled(self):
        go = self.world.folder / "go"
        config = self.config("wait_file", at=255, file=str(go))
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.count() >= 250), daemon.poll())
        self.assertTrue(any(self.temporary.iterdir()))
        os.kill(daemon.pid, signal.SIGKILL)
        daemon.wait()
        # Its program stands still with a full view of its credentials; it ends when it next prints.
        self.assertEqual(self.cursor()["state"]["last"], 250)
        go.touch()
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.count() == TICKETS and self.cursor().get("state") == {"last": TICKETS}))
        self.assertEqual(self.runs()[1]["state"], {"last": 250})
        ids = self.world.database().execute("SELECT count(DISTINCT native_hash), count(*) FROM mention").fetchone()
        self.assertEqual(ids, (TICKETS, TICKETS))
        daemon.send_signal(signal.SIGTERM)
        _, said = daemon.communicate(timeout=60)
        self.assertEqual(daemon.returncode, 0)
        self.assertNotIn("s3cret-token", said)
        # What the killed process left behind held the credential: it is gone, too.
        self.assertEqual([path for path in self.temporary.iterdir()], [])

    def test_stopping_does_not_wait_for_a_program_that_hangs(self):
        config = self.config("deaf", at=15)
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.count() >= 14))
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=60)
        self.assertEqual(daemon.returncode, 0)
        for run in self.runs():
            self.assertFalse(pathlib.Path(f"/proc/{run['pid']}").exists())
            self.assertFalse(pathlib.Path(run["folder"]).exists())

    def test_a_program_that_crashes_shows_in_the_status_without_its_secrets(self):
        config = self.config("secret", at=15)
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: self.count() >= 14))
        self.assertTrue(wait_until(lambda: "login with ***" in self.world.run("earshot", "status", "--config", config).stdout))
        daemon.send_signal(signal.SIGTERM)
        _, said = daemon.communicate(timeout=60)
        self.assertIn("login with ***", said)
        self.assertNotIn("s3cret", said)
        self.assertNotIn("\x1b", said)
