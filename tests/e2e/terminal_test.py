"""The live commands on a real (pseudo) terminal: top, tail and the queue by keys; the terminal is left as it was."""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import tempfile
import termios
import time
import unittest

BIN = os.environ["EARSHOT_BIN"]
START = int(time.time()) - 7200
HOSTILE = "Acme \x1b]0;owned\x07 is \x1b[2J down, terrible \u009b31m\u202e"


class Terminal:
    """A program on a terminal of its own, and the screen that its output makes."""

    def __init__(self, arguments, env, rows=24, columns=80):
        self.ours, self.theirs = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.theirs)
        self.raw = b""
        self.process = subprocess.Popen(list(map(str, arguments)), stdin=self.theirs, stdout=self.theirs, stderr=self.theirs, env=env, start_new_session=True)

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        self.raw += os.read(self.ours, 65536)
        return True

    def screen(self):
        """The last whole drawing, without colours, line by line."""
        last = self.raw.decode(errors="replace").split("\x1b[H")[-1]
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", last)

    def wait_for(self, *texts, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(text in self.screen() for text in texts):
                return self.screen()
            self.read(0.2)
        raise AssertionError(f"{texts} did not come: {self.screen()!r}")

    def press(self, keys):
        os.write(self.ours, keys.encode())

    def end(self, seconds=60):
        """The exit code; what is still written is read."""
        limit = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < limit:
            self.read(0.1)
        while self.read(0):
            pass
        return self.process.wait(1)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


class Live(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.database = self.folder / "a.db"
        self.config = self.folder / "a.toml"
        self.config.write_text(f'database = "{self.database}"\n[http]\nlisten = "off"\n[[brand]]\nname = "Acme"\n', encoding="utf-8")
        self.env = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        self.env.pop("EARSHOT_TOKEN", None)
        self.env.pop("NO_COLOR", None)
        self.load("Acme owned is down, terrible", "thanks Acme, works great now", "Acme, how do I reset the router?", "Acme is awful today")
        # Ingestion takes control characters out; a database that others wrote to may hold them.
        self.poison("owned")

    def poison(self, word):
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            database.execute("UPDATE mention SET text=?, author_handle=author_handle||char(27)||'[2J' WHERE text LIKE ?", (HOSTILE, f"%{word}%"))

    def load(self, *texts, first=0):
        lines = [json.dumps({"platform": "x", "id": str(((START + n) * 1000 - 1_288_834_974_657 << 22) + n), "text": text, "created_at": START + n,
                             "url": f"https://x.example/{n}", "author": {"id": f"a{n}", "handle": f"h{n}"}, "conversation": "c1"})
                 for n, text in enumerate(texts, first)]
        done = subprocess.run([f"{BIN}/earshot", "import", "-", "--source", "archive", "--config", self.config], input="\n".join(lines), capture_output=True, text=True,
                              env=self.env, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(sql).fetchall()

    def make_queue(self):
        ids = [row[0] for row in self.rows("SELECT mention_id FROM mention ORDER BY 1")]
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            for id, priority in zip(ids, (90, 50, 30, 10)):
                database.execute("INSERT INTO waiting(brand_id,mention_id,priority,reasons) VALUES(1,?,?,'{\"complaint\":12}')", (id, priority))
        return ids

    def start(self, *arguments, **more):
        terminal = Terminal([f"{BIN}/earshot", *arguments, "--config", self.config], self.env, **more)
        self.addCleanup(terminal.close)
        return terminal

    def assert_left_as_it_was(self, terminal):
        self.assertEqual(termios.tcgetattr(terminal.theirs), terminal.before)
        self.assertTrue(terminal.raw.rstrip().endswith(b"\x1b[?1049l") or b"\x1b[?1049l" in terminal.raw[-200:], terminal.raw[-200:])
        self.assertIn(b"\x1b[?25h", terminal.raw)

    def assert_harmless(self, terminal):
        """Nothing of what people wrote reached the terminal as an order to it."""
        for bad in (b"\x1b]", b"\x07", "\u009b".encode(), "\u202e".encode(), b"\x1b[2J"):
            self.assertNotIn(bad, terminal.raw)

    def test_top_shows_and_quits(self):
        self.make_queue()
        terminal = self.start("top")
        terminal.wait_for("archive", "Acme", "4 wait", "q quits", "per min")
        terminal.press("q")
        self.assertEqual(terminal.end(), 0)
        self.assert_left_as_it_was(terminal)

    def test_top_refreshes_by_itself(self):
        terminal = self.start("top")
        terminal.wait_for("archive", "q quits")
        drawn = terminal.raw.count(b"\x1b[H")
        self.load("Acme again", first=10)
        end = time.monotonic() + 60
        while not re.search(r"archive .* 5 ", terminal.screen()) and time.monotonic() < end:
            terminal.read(0.5)
        self.assertRegex(terminal.screen(), r"archive .* 5 ")
        self.assertGreater(terminal.raw.count(b"\x1b[H"), drawn)
        terminal.press("\x03")
        self.assertEqual(terminal.end(), 0)

    def test_top_without_a_terminal_looks_once(self):
        done = subprocess.run([f"{BIN}/earshot", "top", "--config", self.config], capture_output=True, text=True, env=self.env, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("archive", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        state = json.loads(subprocess.run([f"{BIN}/earshot", "top", "--json", "--config", self.config], capture_output=True, text=True, env=self.env, timeout=60).stdout)
        self.assertEqual((state["sources"][0]["source"], state["sources"][0]["stored"], state["brands"][0]["brand"]), ("archive", 4, "Acme"))

    def test_narrow_terminals_and_others_are_survived(self):
        self.make_queue()
        for command in (["top"], ["queue", "--interactive"]):
            terminal = self.start(*command, rows=12, columns=32)
            terminal.wait_for("Acme")
            for rows, columns in ((3, 10), (1, 1), (40, 200), (12, 32)):
                terminal.resize(rows, columns)
                drawn = terminal.raw.count(b"\x1b[H")
                os.kill(terminal.process.pid, signal.SIGWINCH)
                end = time.monotonic() + 30
                while terminal.raw.count(b"\x1b[H") == drawn and time.monotonic() < end:
                    terminal.read(0.2)
                self.assertGreater(terminal.raw.count(b"\x1b[H"), drawn)
                terminal.read(0.1)
                for line in re.split(r"[\r\n]+", terminal.screen()):
                    self.assertLessEqual(len(line), columns, line)
                for line in re.split(rb"[\r\n]+", terminal.raw.split(b"\x1b[H")[-1]):
                    # To erase behind a full line would take its last cell away.
                    cells = len(re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", line).decode(errors="replace"))
                    self.assertFalse(cells == columns and line.endswith(b"\x1b[K"), line)
            terminal.press("q")
            self.assertEqual(terminal.end(), 0)
            self.assert_harmless(terminal)

    def test_signals_leave_the_terminal_as_it_was(self):
        self.make_queue()
        for command in (["top"], ["queue", "--interactive"]):
            for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                terminal = self.start(*command)
                terminal.wait_for("Acme")
                self.assertNotEqual(termios.tcgetattr(terminal.theirs), terminal.before)
                os.kill(terminal.process.pid, ending)
                self.assertEqual(terminal.end(), -ending)
                self.assert_left_as_it_was(terminal)

    def test_the_queue_by_keys(self):
        ids = self.make_queue()
        terminal = self.start("queue", "--interactive", "--by", "kim")
        terminal.wait_for("4 wait", "> 90", "@h0")
        terminal.press("o")
        terminal.wait_for("yours now", "[kim]")
        terminal.press("j")
        terminal.wait_for("> 50")
        terminal.press("\x1b[B\x1b[A")
        terminal.press("d")
        terminal.wait_for("3 wait", "done")
        terminal.press("u")
        terminal.wait_for("4 wait", "back in the queue")
        terminal.press("k\r")
        opened = terminal.wait_for("q back", "answer at https://x.example/0", "complaint 12", "kim looks after it", "The conversation around it")
        self.assertIn("terrible", opened)
        self.assertIn(b"\x1b[31mterrible", terminal.raw)  # the word that spoke against it
        terminal.press("ncall h\xf6m\x7fer\r")
        terminal.wait_for("noted", "note: call h\xf6er")
        terminal.press("lpositive\r")
        terminal.wait_for("labelled", "positive +1.00, labelled by a person")
        terminal.press("lnonsense\r")
        terminal.wait_for("there is no issue type 'nonsense'")
        terminal.press("lbilling\r")
        terminal.wait_for("labelled", "billing")
        terminal.press("s\x1b")
        terminal.press("ssoon\r")
        terminal.wait_for("is no time to come")
        terminal.press("s2d\r")
        terminal.wait_for("put off", "3 wait")
        terminal.press("x")
        terminal.wait_for("dismissed", "2 wait")
        terminal.press("q")
        self.assertEqual(terminal.end(), 0)
        self.assert_left_as_it_was(terminal)
        self.assert_harmless(terminal)
        self.assertEqual(self.rows("SELECT polarity,issues,labelled_by FROM v_label"), [("positive", "billing", "kim")])
        left = json.loads(subprocess.run([f"{BIN}/earshot", "queue", "--json", "--config", self.config], capture_output=True, text=True, env=self.env, timeout=60).stdout)
        self.assertEqual([one["mention"]["id"] for one in left], [str(one) for one in ids[2:]])

    def test_who_only_looks_holds_nobody_up(self):
        self.make_queue()
        terminal = self.start("queue", "--interactive")
        terminal.wait_for("4 wait")
        self.load("Acme is fine", first=20)  # a writer, while the queue is open
        terminal.press("r")
        terminal.press("q")
        self.assertEqual(terminal.end(), 0)

    def test_interactive_needs_a_terminal(self):
        done = subprocess.run([f"{BIN}/earshot", "queue", "--interactive", "--config", self.config], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=self.env, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs a terminal", done.stderr)

    def test_any_keys_at_all_end_in_order(self):
        self.make_queue()
        terminal = self.start("queue", "--interactive")
        terminal.wait_for("4 wait")
        for n in range(0, 256, 8):
            # No control-C and no q; whatever asks for a line gets one, and is broken off.
            keys = bytes(one for one in range(n, n + 8) if one not in (3, ord("q"), 27))
            os.write(terminal.ours, keys + b"\x1b[9999;1~\x1b[Z\x1bOP\r")
            time.sleep(0.02)
            terminal.read(0)
            self.assertIsNone(terminal.process.poll(), f"ended by keys from {n}")
        end = time.monotonic() + 60
        while terminal.process.poll() is None and time.monotonic() < end:
            terminal.press("\x1b")
            terminal.read(0.3)
            terminal.press("q")
            terminal.read(0.3)
        self.assertEqual(terminal.end(), 0)
        self.assert_left_as_it_was(terminal)

    def test_tail_follows_what_is_stored(self):
        terminal = self.start("tail", "--limit", "2")
        terminal.wait_for("@h2", "@h3")
        self.assertNotIn("@h1", terminal.screen())
        self.load("Acme is down again", "Acme \x1b[2J is great", first=30)
        terminal.wait_for("@h30", "@h31", "great")  # the row is written before its text
        self.assertRegex(terminal.raw, rb"\x1b\[32m[^\x1b]*great\x1b\[0m")
        self.assertEqual(terminal.raw.count(b"@h30"), 1)
        os.kill(terminal.process.pid, signal.SIGINT)
        self.assertEqual(terminal.end(), -signal.SIGINT)
        self.assert_harmless(terminal)
        self.assertEqual(termios.tcgetattr(terminal.theirs), terminal.before)

    def test_tail_filters_and_speaks_json(self):
        def once(*arguments, code=0):
            done = subprocess.run([f"{BIN}/earshot", "tail", "--once", "--json", "--config", self.config, *arguments], capture_output=True, text=True, env=self.env, timeout=60)
            self.assertEqual(done.returncode, code, done.stderr)
            return [json.loads(line)["author"][:2] for line in done.stdout.splitlines()]
        self.assertEqual(once(), ["h0", "h1", "h2", "h3"])
        self.assertEqual(once("--limit", "1"), ["h3"])
        self.assertEqual(once("--polarity", "positive"), ["h1"])
        self.assertEqual(once("--source", "elsewhere"), [])
        once("--polarity", "angry", code=2)
        once("--brand", "Globex", code=2)


if __name__ == "__main__":
    unittest.main()
