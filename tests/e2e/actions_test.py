"""What people decide, from the command line: written by the tool itself, or through the API of the daemon that holds the database."""
import contextlib
import fcntl
import http.server
import json
import os
import pathlib
import pty
import select
import socket
import sqlite3
import subprocess
import tempfile
import termios
import threading
import unittest

BIN = os.environ["EARSHOT_BIN"]
START = 1_772_409_600  # 2026-03-02
TEXTS = ["is down again, terrible", "thanks, works now", "how do I reset the router?", "the new box is great"]


class StandIn:
    """A daemon's API as docs/api.md has it, seen from outside: keeps what it is asked, answers what the test says."""

    def __init__(self):
        outer = self
        self.asked = []
        self.answer = (200, {})

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, json.loads(body), self.headers["Authorization"], self.headers["Content-Type"]))
                status, answer = outer.answer
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Actions(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.env = {**os.environ, "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        self.env.pop("EARSHOT_TOKEN", None)
        self.config = self.write_config("a")
        self.load(self.config)

    def write_config(self, name, listen="127.0.0.1:1"):
        path = self.folder / f"{name}.toml"
        path.write_text(f'database = "{self.folder}/{name}.db"\n[http]\nlisten = "{listen}"\n[[brand]]\nname = "Acme"\n', encoding="utf-8")
        return path

    def load(self, config, count=24):
        posts = self.folder / "posts.ndjson"
        with open(posts, "w", encoding="utf-8") as out:
            for n in range(count):
                line = {"platform": "x", "id": str((START * 1000 + n * 37_000 - 1_288_834_974_657) << 22 | n), "text": f"Acme {TEXTS[n % 4]} {n}",
                        "created_at": START + n * 37, "author": {"id": f"a{n % 7}", "handle": f"h{n % 7}"}}
                out.write(json.dumps(line) + "\n")
        self.tool("import", posts, "--source", "archive", "--config", config)

    def run_tool(self, *arguments, stdin=None, env=()):
        return subprocess.run([f"{BIN}/earshot", *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120,
                              env={**self.env, **dict(env)})

    def tool(self, *arguments, code=0, **more):
        done = self.run_tool(*arguments, **more)
        self.assertEqual(done.returncode, code, done.stdout[-1000:] + done.stderr[-2000:])
        return done

    def rows(self, sql, name="a"):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/{name}.db?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(sql).fetchall()

    def mentions(self, config=None):
        done = self.tool("mentions", "--config", config or self.config, "--limit", 1000, "--json")
        return {str(row["id"]): row for row in map(json.loads, done.stdout.splitlines())}

    def find_something(self):
        """An incident, an idea and three people who wait, as the jobs would write them."""
        ids = sorted(map(int, self.mentions()))
        with contextlib.closing(sqlite3.connect(f"{self.folder}/a.db", isolation_level=None)) as database:
            database.execute("INSERT INTO incident VALUES(7,1,0,'open','Outage',5,?,?,?,5,6,0,1,5,?,'{}')", (START * 1000, START * 1000, START * 1000, ids[0]))
            database.execute("INSERT INTO idea(idea_id,brand_id,key,title,askers,mentions,unanswered,trend,score,first_at,last_at,updated_at,details)"
                             " VALUES(4,1,'k','How do I reset it?',3,3,3,0,2,1,2,2,'{}')")
            for n, priority in ((0, 90), (1, 50), (2, 10)):
                database.execute("INSERT INTO waiting(brand_id,mention_id,priority,reasons) VALUES(1,?,?,'{}')", (ids[n], priority))
        return [str(i) for i in ids[:3]]

    def waiting(self):
        return [row["mention"]["id"] for row in json.loads(self.tool("queue", "--config", self.config, "--json").stdout)]

    def test_a_person_overrules_a_verdict_and_takes_it_back(self):
        id, before = next((id, row) for id, row in self.mentions().items() if row["polarity"] == "negative")
        done = self.tool("label", id, "--polarity", "positive", "--issue", "billing,refund", "--why", "irony", "--by", "kim", "--config", self.config)
        self.assertIn("positive +1.00", done.stdout)
        self.assertIn("before: negative", done.stdout)
        after = self.mentions()[id]
        self.assertEqual((after["polarity"], after["score"], sorted(after["issues"])), ("positive", 1, ["billing", "refund"]))
        self.assertEqual(self.rows("SELECT polarity,issues,note,labelled_by,said_polarity FROM v_label"), [("positive", "billing, refund", "irony", "kim", "negative")])
        # Neither scoring again nor importing again takes it away.
        self.tool("rescore", "--config", self.config)
        self.load(self.config)
        self.assertEqual(self.mentions()[id]["polarity"], "positive")
        self.assertEqual(self.rows("SELECT sum(positive),sum(negative) FROM v_hour"),
                         self.rows("SELECT sum(polarity='positive'),sum(polarity='negative') FROM v_mention WHERE match<>'own'"))
        self.tool("label", id, "--remove", "--config", self.config)
        self.assertEqual(self.mentions()[id], before)
        for wrong in (["label", id], ["label", id, "--polarity", "angry"], ["label", id, "--issue", "nonsense"], ["label", id, "--remove", "--polarity", "neutral"]):
            self.tool(*wrong, "--config", self.config, code=2)
        self.assertIn("no mention 99", self.tool("label", "99", "--polarity", "neutral", "--config", self.config, code=1).stderr)
        self.assertIn("does not speak", self.tool("label", id, "--polarity", "neutral", "--brand", "Globex", "--config", self.config, code=1).stderr)

    def test_labels_travel_to_another_database_and_teach(self):
        ids = sorted(self.mentions())
        for n, id in enumerate(ids[:12]):
            self.tool("label", id, "--polarity", ("negative", "neutral", "positive")[n % 3], "--issue", "none" if n % 2 else "delivery", "--why", f"because {n}", "--by", "kim",
                      "--config", self.config)
        lines = self.folder / "labels.jsonl"
        self.assertIn("12 labels", self.tool("labels", "export", "--output", lines, "--config", self.config).stderr)
        first = json.loads(lines.read_text().splitlines()[0])
        self.assertIsInstance(first["id"], str)
        self.assertTrue(first["text"].startswith("Acme "))

        other = self.write_config("b")
        self.load(other)
        lines.write_text("not json\n" + lines.read_text() + '\n{"id":"99","brand":"Acme","label":"neutral"}\n{"id":"' + ids[0] + '","label":"angry"}\n')
        done = self.tool("labels", "import", lines, "--config", other, code=1)
        self.assertEqual([line.split(":")[1] for line in done.stderr.splitlines() if "labels.jsonl:" in line], ["1", "15", "16"])
        self.assertIn("12 labels, 3 bad lines", done.stderr)
        both = "SELECT mention_id,polarity,issues,note,labelled_by,labelled_at,said_polarity FROM v_label ORDER BY 1"
        self.assertEqual(self.rows(both, "a"), self.rows(both, "b"))
        # The same file again changes nothing.
        again = "SELECT * FROM label ORDER BY 1"
        before = self.rows(again, "b")
        self.tool("labels", "import", lines, "--config", other, code=1)
        self.assertEqual(self.rows(again, "b"), before)
        exported = self.tool("labels", "export", "--config", other).stdout
        self.assertEqual(len(exported.splitlines()), 12)
        taught = self.folder / "taught.jsonl"
        taught.write_text(exported)
        self.tool("train", "--data", taught, "--out", self.folder / "overlay")
        self.assertTrue(any((self.folder / "overlay").iterdir()))

    def test_review_takes_keys_one_after_the_other(self):
        done = self.tool("review", "--config", self.config, "--limit", 5, "--by", "kim", stdin="1s3zx2ibilling\nq")
        # The first negative, the second skipped, the third positive, taken back and neutral; issues of the fourth.
        self.assertIn("3 labelled, 1 skipped", done.stdout)
        self.assertEqual(sorted(self.rows("SELECT coalesce(polarity,''),coalesce(issues,'') FROM v_label")),
                         [("", "billing"), ("negative", ""), ("neutral", "")])
        self.assertEqual(self.rows("SELECT DISTINCT labelled_by FROM v_label"), [("kim",)])
        # What was labelled is not asked again.
        left = self.tool("review", "--config", self.config, "--limit", 1000, stdin="q").stdout
        self.assertIn(f"1/{24 - 3}", left)
        self.assertIn("0 labelled", left)

    def test_review_leaves_a_terminal_as_it_was(self):
        ours, theirs = pty.openpty()
        before = termios.tcgetattr(theirs)
        process = subprocess.Popen([f"{BIN}/earshot", "review", "--config", str(self.config), "--limit", "3"], stdin=theirs, stdout=theirs, stderr=theirs, env=self.env)
        try:
            screen = b""
            for key, then in ((b"1", b"2/3"), (b"\x03", b"1 labelled")):
                while b"> " not in screen[-40:] and process.poll() is None:
                    if select.select([ours], [], [], 30)[0]:
                        screen += os.read(ours, 65536)
                    else:
                        self.fail(f"nothing came: {screen!r}")
                os.write(ours, key)
                screen = b""
                while then not in screen:
                    self.assertTrue(select.select([ours], [], [], 30)[0], screen)
                    screen += os.read(ours, 65536)
            self.assertEqual(process.wait(30), 0)
            self.assertEqual(termios.tcgetattr(theirs), before)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            os.close(ours)
            os.close(theirs)

    def test_incidents_ideas_and_the_queue_are_looked_after(self):
        first, second, third = self.find_something()
        self.tool("incident", "own", 7, "--owner", "kim", "--config", self.config)
        shown = self.tool("incident", "ack", 7, "--note", "firmware", "--config", self.config).stdout
        self.assertIn("kim looks after it: firmware", shown)
        self.assertIn("acknowledged", shown)
        self.assertEqual(self.rows("SELECT owner,note,acknowledged_at IS NOT NULL FROM v_incident"), [("kim", "firmware", 1)])
        self.tool("incident", "show", 99, "--config", self.config, code=1)

        self.tool("idea", "accept", 4, "--owner", "lee", "--due", "2w", "--config", self.config)
        self.tool("idea", "publish", 4, "--config", self.config, code=2)
        self.tool("idea", "publish", 4, "--url", "javascript:alert(1)", "--config", self.config, code=1)
        self.tool("idea", "publish", 4, "--url", "https://acme.example/reset", "--config", self.config)
        self.assertEqual(self.rows("SELECT state,owner,url,due>datetime('now','+13 days') FROM v_idea"), [("published", "lee", "https://acme.example/reset", 1)])

        self.assertEqual(self.waiting(), [first, second, third])
        self.tool("queue", "done", first, "--note", "by phone", "--config", self.config)
        self.tool("queue", "snooze", second, "--until", "2d", "--config", self.config)
        self.tool("queue", "assign", third, "--owner", "kim", "--config", self.config)
        self.assertEqual(self.waiting(), [third])
        self.assertIn("kim looks after it", self.tool("queue", "--config", self.config).stdout)
        self.tool("queue", "snooze", third, "--until", "2020-01-01", "--config", self.config, code=1)
        self.tool("queue", "snooze", third, "--config", self.config, code=2)
        self.tool("queue", "dismiss", third, "--config", self.config)
        self.assertEqual(self.waiting(), [])
        self.tool("queue", "reopen", first, "--config", self.config)
        self.assertEqual(self.waiting(), [first])

    def test_while_another_writes_the_change_goes_through_its_api(self):
        first = self.find_something()[0]
        api = StandIn()
        self.addCleanup(api.close)
        config = self.config.with_name("held.toml")
        config.write_text(self.config.read_text().replace("127.0.0.1:1", api.address))
        token_file = self.folder / "token"
        token_file.write_text("from-a-file\n")
        with open(f"{self.folder}/a.db.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.tool("label", first, "--polarity", "neutral", "--issue", "billing", "--why", "irony", "--by", "kim", "--config", config, env={"EARSHOT_TOKEN": "from-the-env"})
            self.tool("label", first, "--remove", "--config", config, "--token-file", token_file)
            self.tool("incident", "ack", 7, "--config", config)
            self.tool("idea", "publish", 4, "--url", "https://acme.example/x", "--config", config)
            # The stand-in writes nothing, so that there is nothing to show of it.
            self.run_tool("queue", "snooze", first, "--until", "2030-01-01", "--config", config)
            self.run_tool("queue", "assign", first, "--owner", "kim", "--config", config)
            self.assertEqual([(path, body, token) for path, body, token, _ in api.asked], [
                (f"/api/v1/mentions/{first}/label", {"brand": "Acme", "polarity": "neutral", "issues": ["billing"], "note": "irony", "by": "kim"}, "Bearer from-the-env"),
                (f"/api/v1/mentions/{first}/unlabel", {"brand": "Acme"}, "Bearer from-a-file"),
                ("/api/v1/incidents/7", {"state": "acknowledged"}, None),
                ("/api/v1/ideas/4", {"state": "published", "url": "https://acme.example/x"}, None),
                (f"/api/v1/queue/{first}", {"brand": "Acme", "state": "snoozed", "until": "2030-01-01T00:00:00Z"}, None),
                (f"/api/v1/queue/{first}", {"brand": "Acme", "state": "waiting", "owner": "kim"}, None)])
            self.assertEqual({kind for *_, kind in api.asked}, {"application/json"})
            lines = self.folder / "labels.jsonl"
            lines.write_text("".join(json.dumps({"id": id, "label": "positive"}) + "\n" for id in sorted(self.mentions())[:3]))
            api.asked.clear()
            self.assertIn("3 labels", self.tool("labels", "import", lines, "--config", config).stderr)
            self.assertEqual(len(api.asked), 3)
            for status, words in ((400, "that is no polarity"), (401, "EARSHOT_TOKEN"), (403, "that is no polarity"), (500, "that is no polarity")):
                api.answer = (status, {"detail": "that is no polarity"})
                self.assertIn(words, self.tool("label", first, "--polarity", "neutral", "--config", config, code=1).stderr)
            api.answer = (502, ["no problem document"])
            self.assertIn("status 502", self.tool("label", first, "--polarity", "neutral", "--config", config, code=1).stderr)
            # Nobody there: who holds the database, and that it does not answer.
            said = self.tool("label", first, "--polarity", "neutral", "--config", self.config, code=1).stderr
            self.assertIn("no daemon answers at 127.0.0.1:1", said)
            self.assertNotIn("from-", said)
        self.assertEqual(self.rows("SELECT count(*) FROM label"), [(0,)])


    def start_daemon(self, config):
        daemon = subprocess.Popen([f"{BIN}/earshotd", "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.env)
        self.addCleanup(self.end, daemon)
        for line in daemon.stdout:  # until it says that it listens, or ends
            if " listening " in line:
                threading.Thread(target=lambda: all(daemon.stdout), daemon=True).start()
                return daemon
        self.fail("the daemon ended before it listened")

    def end(self, daemon):
        if daemon.poll() is None:
            daemon.terminate()
            daemon.wait(60)
        daemon.stdout.close()

    def decide_everything(self, config, ids, **more):
        first, second, third = ids
        for command in (["label", first, "--polarity", "positive", "--issue", "refund,billing", "--why", "irony", "--by", "kim"],
                        ["label", second, "--issue", "none", "--by", "kim"],
                        ["label", third, "--polarity", "neutral", "--by", "kim"],
                        ["label", third, "--remove"],
                        ["incident", "own", 7, "--owner", "kim"],
                        ["incident", "ack", 7, "--note", "firmware"],
                        ["idea", "accept", 4, "--owner", "lee", "--due", "2030-01-01"],
                        ["idea", "publish", 4, "--url", "https://acme.example/reset", "--on", "2026-03-01"],
                        ["campaign", "add", "--name", "Sale", "--from", "2026-03-01", "--to", "2026-03-09", "--note", "hot"],
                        ["campaign", "edit", 1, "--name", "Summer sale"],
                        ["claim", "add", "--campaign", 1, "--text", "always free", "--product", "Hub"],
                        ["claim", "edit", 1, "--text", "free for a year", "--edited", "2026-03-04"],
                        ["claim", "end", 1, "--to", "2026-03-08"],
                        ["queue", "done", first, "--note", "by phone"],
                        ["queue", "snooze", second, "--until", "2030-01-01"],
                        ["queue", "assign", third, "--owner", "kim"]):
            self.tool(*command, "--config", config, **more)
        self.assertIn("https://", self.tool("idea", "publish", 4, "--url", "javascript:x", "--config", config, code=1, **more).stderr)
        self.assertIn("no mention 99", self.tool("label", 99, "--polarity", "neutral", "--config", config, code=1, **more).stderr)
        self.assertIn("past", self.tool("queue", "snooze", first, "--until", "2020-01-01", "--config", config, code=1, **more).stderr)

    def decided(self, name="a"):
        return [self.rows("SELECT mention_id,polarity,issues,top_issue,note,labelled_by,said_polarity,rule_polarity FROM label ORDER BY 1", name),
                self.rows("SELECT mention_id,polarity,score,issues,top_issue,labelled FROM verdict ORDER BY 1", name),
                self.rows("SELECT * FROM rollup_hour ORDER BY 1,2,3", name), self.rows("SELECT * FROM rollup_issue ORDER BY 1,2,3,4", name),
                self.rows("SELECT issue_id,owner,note,acknowledged_at IS NOT NULL FROM incident_decision", name),
                self.rows("SELECT state,owner,due,url,note,published_at FROM idea ORDER BY idea_id", name),
                self.rows("SELECT name,from_at,to_at,url,note FROM campaign", name),
                self.rows("SELECT campaign_id,product,text,text_before,url,from_at,to_at,edited_at FROM claim", name),
                self.rows("SELECT mention_id,state,owner,until,note FROM waiting_decision ORDER BY 1", name)]

    def test_through_the_daemon_everything_ends_as_without_it(self):
        ids = self.find_something()
        with contextlib.closing(sqlite3.connect(f"{self.folder}/a.db", isolation_level=None)) as database:  # what somebody took up stays when the jobs run
            database.execute("UPDATE idea SET state='accepted'")
        other = self.write_config("b")
        self.tool("backup", self.folder / "b.db", "--config", self.config)
        self.decide_everything(other, ids)
        alone = self.decided("b")
        self.assertEqual(len(alone[0]), 2)
        self.assertEqual(alone[6], [("Summer sale", 1772323200000, 1773100800000, None, "hot")])
        self.assertEqual(alone[7], [(1, "Hub", "free for a year", "always free", None, 1772323200000, 1773014400000, 1772582400000)])

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        act, read = (self.tool("token", scope, "--scope", scope) for scope in ("act", "read"))
        config = self.config.with_name("served.toml")
        config.write_text(self.config.read_text().replace("127.0.0.1:1", address)
                          + "".join("[[http.token]]\n" + done.stderr.split("[[http.token]]")[1].split("Then:")[0] for done in (act, read)))
        self.start_daemon(config)
        self.assertIn("EARSHOT_TOKEN", self.tool("label", ids[0], "--polarity", "neutral", "--config", config, code=1).stderr)
        self.tool("label", ids[0], "--polarity", "neutral", "--config", config, code=1, env={"EARSHOT_TOKEN": read.stdout.strip()})
        self.assertEqual(self.rows("SELECT count(*) FROM label"), [(0,)])
        self.decide_everything(config, ids, env={"EARSHOT_TOKEN": act.stdout.strip()})
        self.assertEqual(self.decided(), alone)
        # A sitting of review and a pile of labels go the same way.
        self.assertIn("1 labelled", self.tool("review", "--config", config, "--limit", 2, stdin="1q", env={"EARSHOT_TOKEN": act.stdout.strip()}).stdout)
        lines = self.folder / "labels.jsonl"
        lines.write_text("".join(json.dumps({"id": id, "label": "positive"}) + "\n" for id in sorted(self.mentions(config))))
        self.assertIn("24 labels", self.tool("labels", "import", lines, "--config", config, env={"EARSHOT_TOKEN": act.stdout.strip()}).stderr)
        self.assertEqual(self.rows("SELECT count(*) FROM v_mention WHERE polarity='positive' AND labelled"), [(24,)])
        self.assertEqual(self.rows("SELECT sum(positive) FROM rollup_hour"), [(24,)])


if __name__ == "__main__":
    unittest.main()
