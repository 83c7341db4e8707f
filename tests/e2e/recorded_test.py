"""A platform of one's own: one file, checked by line and column, and tried on a recorded reply."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ.get("EARSHOT_BIN", "build/dev/bin"))
TOY = """platform = "toy"
summary = "a toy"
access = "free"
terms = "none"
base = "https://toy.example"
[settings]
boards = { kind = "list" }
[[stream]]
name = "board"
each = "boards"
path = "/b/{each}"
[items]
at = "/threads"
[fields]
native_id = "/no"
text = { at = "/com", as = "html" }
created_at = "/time"
author = { name = "/name" }
"""


class Recorded(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "toy.toml").write_text(TOY)
        (self.path / "earshot.toml").write_text(
            '[[brand]]\nname = "Acme"\n[[source]]\nname = "board"\nconnector = "declarative"\n'
            'file = "toy.toml"\nboards = ["g"]\n[[source]]\nname = "hn"\nconnector = "hacker_news"\n')

    def run_tool(self, *arguments):
        return subprocess.run([BIN / "earshot", *arguments, "--config", self.path / "earshot.toml"],
                              capture_output=True, text=True, timeout=60, check=False)

    def test_a_recorded_reply_shows_what_each_pointer_found(self):
        reply = self.path / "reply.json"
        reply.write_text(json.dumps({"threads": [{"no": 7, "com": "<b>Acme</b> hums", "time": 1776080000}, {"no": 8}]}))
        done = self.run_tool("poll", "board", "--recorded", str(reply))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('item 0: text  /com  "Acme hums"', done.stdout)
        self.assertIn("item 0: author.name  \n", done.stdout)
        self.assertIn("item 1 is left out: no created_at", done.stdout)
        self.assertIn("1 mentions", done.stdout)

    def test_recorded_lines_and_other_connectors(self):
        lines = self.path / "lines.jsonl"
        hit = {"hits": [{"objectID": "1", "author": "ann", "comment_text": "c", "created_at_i": 1776080000}]}
        lines.write_text("".join(json.dumps({"url": "https://a.example/", "body": body}) + "\n"
                                 for body in (json.dumps(hit), "<html>")))
        done = self.run_tool("poll", "hn", "--recorded", str(lines))
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 mentions", done.stdout)
        self.assertIn("malformed: ", done.stdout)
        self.assertEqual(self.run_tool("poll", "hn", "--recorded", str(self.path / "none")).returncode, 1)

    def test_a_mistake_in_the_file_is_named_with_its_place(self):
        (self.path / "toy.toml").write_text(TOY.replace("as =", "ass ="))
        done = self.run_tool("check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("toy.toml:16:29: fields: unknown key `ass`; did you mean `as`?", done.stderr)


if __name__ == "__main__":
    unittest.main()
