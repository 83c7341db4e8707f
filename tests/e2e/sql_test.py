"""earshot sql: answers in every form, safe for spreadsheets and terminals, and never more than reading."""
import contextlib
import csv
import hashlib
import io
import json
import os
import pathlib
import pty
import select
import sqlite3
import subprocess
import tempfile
import unittest

BIN = os.environ["EARSHOT_BIN"]
HOSTILE = "Acme is \x1b]0;owned\x07\x1b[2Jbad \u009b31m \u202eevil\nsecond line"


class Sql(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.database = self.folder / "a.db"
        config = self.folder / "a.toml"
        config.write_text(f'database = "{self.database}"\n[[brand]]\nname = "Acme"\n')
        self.env = {**os.environ, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        lines = [{"platform": "x", "id": "1", "text": HOSTILE, "created_at": 1_772_409_600, "author": {"id": "a", "handle": "=cmd|' /C calc'!A0"}},
                 {"platform": "x", "id": "2", "text": "Acme is great, thanks", "created_at": 1_772_409_700, "author": {"id": "b", "handle": "b"}}]
        done = subprocess.run([f"{BIN}/earshot", "import", "-", "--source", "archive", "--config", config], input="".join(json.dumps(one) + "\n" for one in lines),
                              capture_output=True, text=True, env=self.env, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        # Ingestion takes control characters out; a database that others wrote to may hold them.
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            database.execute("UPDATE mention SET text=? WHERE text LIKE '%owned%'", (HOSTILE,))
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ask(self, *arguments, stdin="", code=0):
        done = subprocess.run([f"{BIN}/earshot", "sql", "--db", str(self.database), *arguments], input=stdin.encode(), capture_output=True, env=self.env, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def test_the_same_answer_in_every_form(self):
        query = "SELECT mention_id, brand, score, NULL AS nil, x'00ff' AS bytes, brand AS brand FROM v_mention WHERE text LIKE '%great%'"
        row = json.loads(self.ask("--json", query))
        self.assertEqual((row["brand"], row["nil"], row["bytes"], row["brand_2"]), ("Acme", None, "x'00ff'", "Acme"))
        # More bits than a double has: a text, as everywhere.
        self.assertGreater(int(row["mention_id"]), 2**53)
        self.assertIsInstance(row["mention_id"], str)
        self.assertIsInstance(row["score"], float)
        head, line = list(csv.reader(io.StringIO(self.ask("--format", "csv", query))))
        self.assertEqual(head, ["mention_id", "brand", "score", "nil", "bytes", "brand_2"])
        self.assertEqual((line[0], line[1], float(line[2]), line[3]), (row["mention_id"], "Acme", row["score"], ""))
        head, line = self.ask(query).splitlines()
        self.assertEqual(head.split(), ["mention_id", "brand", "score", "nil", "bytes", "brand_2"])
        self.assertIn(row["mention_id"], line)
        # From standard input, several at once; comments are no answers.
        self.assertEqual(self.ask("--json", stdin="SELECT 1 AS a; -- x\nSELECT 2 AS a;\n"), '{"a":1}\n{"a":2}\n')

    def test_long_answers_come_whole(self):
        numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT x, x * x FROM n"
        self.assertEqual([int(line.split()[0]) for line in self.ask(numbers).splitlines()[1:]], list(range(1, 1001)))
        self.assertEqual(len(self.ask("--format", "csv", numbers).splitlines()), 1001)

    def test_what_people_wrote_does_nothing_to_a_spreadsheet(self):
        _, line = list(csv.reader(io.StringIO(self.ask("--format", "csv", "SELECT author_handle, -5 FROM v_mention WHERE author_handle LIKE '=%'"))))
        self.assertEqual(line, ["'=cmd|' /C calc'!A0", "-5"])

    def on_terminal(self, *arguments, typed=b""):
        """What comes out where output, or all of it, is a terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([f"{BIN}/earshot", "sql", "--db", str(self.database), *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=self.env)
        os.close(theirs)
        screen = b""
        try:
            if typed:
                os.write(ours, typed)
            while select.select([ours], [], [], 30)[0]:
                try:
                    piece = os.read(ours, 65536)
                except OSError:
                    break
                if not piece:
                    break
                screen += piece
            self.assertEqual(process.wait(30), 0)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            os.close(ours)
        return screen.decode()

    def test_what_people_wrote_does_nothing_to_a_terminal(self):
        for form in ("table", "csv", "json"):
            shown = self.on_terminal("--format", form, "SELECT text FROM v_mention")
            self.assertIn("owned", shown)
            for bad in ("\x1b", "\x07", "\u009b", "\u202e"):
                self.assertNotIn(bad, shown, form)
        # Into a file the text is what it was.
        self.assertEqual(json.loads(self.ask("--json", "SELECT text FROM v_mention WHERE text LIKE '%bad%'"))["text"], HOSTILE)

    def test_a_shell_takes_statements_over_several_lines(self):
        shown = self.on_terminal(typed=b".views\nSELECT 41 +\n1 AS answer;\n.mode json\nSELECT 7 AS seven;\nDELETE FROM mention;\n.describe v_gap\n.nonsense\n.quit\n")
        self.assertIn("v_mention", shown)
        self.assertIn("answer\r\n42", shown)
        self.assertIn('{"seven":7}', shown)
        self.assertIn("only reads", shown)
        self.assertIn("minutes", shown)
        self.assertIn("there is no .nonsense", shown)

    def test_it_lists_the_views_and_says_what_a_row_is(self):
        listed = self.ask(".views")
        self.assertIn("a mention and what was thought of it", listed)
        self.assertNotIn("sqlite_", self.ask(".tables"))
        self.assertIn("net_sentiment", self.ask(".describe v_day"))
        self.assertIn("did you mean 'v_day'", self.ask(".describe v_dai", code=1))

    def test_it_reads_and_does_nothing_else(self):
        before = hashlib.sha256(self.database.read_bytes()).hexdigest()
        other = self.folder / "other.db"
        for query in ("DELETE FROM mention", f"ATTACH '{other}' AS o", f"VACUUM INTO '{other}'", "SELECT load_extension('x')", "PRAGMA journal_mode=DELETE",
                      "PRAGMA query_only=0; DELETE FROM mention", "CREATE TEMP TABLE t(x)", "BEGIN", "SELECT 1; DROP TABLE mention", f"SELECT writefile('{other}','x')"):
            self.assertTrue(self.ask(query, code=1).startswith("earshot: "), query)
        self.assertFalse(other.exists())
        self.assertEqual(hashlib.sha256(self.database.read_bytes()).hexdigest(), before)

    def test_a_query_without_end_is_ended(self):
        said = self.ask("--limit-time", "200ms", "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT max(x) FROM n", code=1)
        self.assertIn("--limit-time", said)
        self.ask("--limit-time", "never", "SELECT 1", code=2)
        gone = subprocess.run([f"{BIN}/earshot", "sql", "--db", self.folder / "none.db", "SELECT 1"], capture_output=True, text=True, env=self.env, timeout=60)
        self.assertEqual(gone.returncode, 1)
        self.assertIn("there is no database", gone.stderr)


if __name__ == "__main__":
    unittest.main()
