"""What a person may demand, by the tool alone and with the daemon at work: a copy of everything, and that it goes."""
import contextlib
import json
import pathlib
import subprocess
import sys
import unittest

from api_test import Api, schema_of, with_http
from world import World, wait_until

import jsonschema

SEARCH = """
import pathlib, sys
words = sys.stdin.buffer.read()
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.is_file() and words in path.read_bytes(): print(path.name)
"""


class Erase(unittest.TestCase):
    """Of the demo's people the one who wrote most."""

    @classmethod
    def setUpClass(cls):
        cls.world = World().start_server()
        cls.config = cls.world.config(edit=lambda text: with_http(text, ""))
        run = cls.world.run("earshotd", "--config", cls.config, "--once")
        assert run.returncode == 0, run.stderr

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def tool(self, *args, code=0, config=None):
        done = self.world.run("earshot", *args, "--config", config or self.config)
        self.assertEqual(done.returncode, code, done.stdout[-500:] + done.stderr[-500:])
        return done

    def chatterer(self, nth=0):
        """Platform, handle and id of somebody with several posts, whose names are no common words and no part of others' names."""
        return self.rows(
            "SELECT p.name,author_handle,author_id FROM mention JOIN platform p USING(platform_id) WHERE length(author_handle)>6 AND length(author_id)>6 "
            "AND text IS NOT NULL AND author_handle NOT IN (SELECT author_handle FROM mention JOIN verdict USING(mention_id) WHERE match=2 AND author_handle IS NOT NULL) "
            "AND NOT EXISTS(SELECT 1 FROM mention o WHERE o.author_handle<>mention.author_handle AND instr(o.author_handle,mention.author_handle)) "
            "GROUP BY author_key HAVING count(*)>1 AND count(DISTINCT author_handle)=1 ORDER BY count(*) DESC,author_key LIMIT 1 OFFSET ?", nth)[0]

    def texts_of(self, handle):
        return [text for (text,) in self.rows("SELECT text FROM mention WHERE author_handle=? AND text IS NOT NULL", handle)]

    def rows(self, sql, *values):
        with contextlib.closing(self.world.database()) as database:
            return database.execute(sql, values).fetchall()

    def files_with(self, words):
        # By another process: whoever closes a file gives up the locks that SQLite holds on it for the whole of his own.
        found = subprocess.run([sys.executable, "-c", SEARCH, self.world.folder / "data"], input=words.encode(), capture_output=True, check=True)
        return found.stdout.decode().split()

    def assert_gone(self, handle, author_id, texts, feeds=True):
        # What others wrote about them, or wrote word for word themselves, is theirs.
        kept = [text or "" for (text,) in self.rows("SELECT text FROM mention")]
        for words in [handle, author_id, *texts]:
            if not any(words in text for text in kept):
                # Feed files are written anew by the daemon, soon or when it runs next.
                where = lambda: [name for name in self.files_with(words) if feeds or not name.endswith((".atom", ".json"))]
                self.assertTrue(wait_until(lambda: not where()), (words, where()))

    def test_by_the_tool_alone(self):
        platform, handle, author_id = self.chatterer()
        who, texts = f"{platform}:{handle}", self.texts_of(handle)
        hours = "SELECT sum(mentions),sum(negative) FROM rollup_hour"
        counted = self.rows(hours)
        copy = [json.loads(line) for line in self.tool("export", "--author", who).stdout.splitlines()]
        mentions = [row["row"] for row in copy if row["table"] == "mention"]
        self.assertEqual(sorted(row["text"] for row in mentions if row["text"]), sorted(texts))
        self.assertTrue(all(isinstance(row["mention_id"], str) for row in mentions))
        self.assertIn(f"{len(mentions)} mentions", self.tool("erase", "--author", who, "--dry-run").stderr)
        self.assertIn("--force", self.tool("erase", "--author", who, code=2).stderr)
        self.assertEqual(self.texts_of(handle), texts)
        done = json.loads(self.tool("erase", "--author", who, "--reason", "their letter", "--force", "--json").stdout)
        self.assertEqual((done["mentions"], done["settled"]), (len(mentions), True))
        self.assert_gone(handle, author_id, texts, feeds=False)
        self.assertEqual(self.rows(hours), counted)
        self.assertIn("nothing is kept", self.tool("erase", "--author", who, "--force", code=1).stderr)
        for wrong in ("nocolon", ":name", "x:"):
            self.assertIn("PLATFORM:ID", self.tool("erase", "--author", wrong, "--force", code=2).stderr)
        # Polled anew from the beginning, nothing comes back.
        run = self.world.run("earshotd", "--config", self.config, "--once")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.texts_of(handle), [])
        self.assert_gone(handle, author_id, texts)

    def test_while_the_daemon_is_at_work(self):
        platform, handle, author_id = self.chatterer(2)
        texts = self.texts_of(handle)
        api = Api(self.world, self.config)
        try:
            path = "/api/v1/admin/erase"
            self.assertEqual(api.json(path, method="POST", body={"platform": platform})[0], 400)
            self.assertEqual(api.json(path, method="POST", body={"platform": platform, "author": "nobody-at-all"})[0], 404)
            status, answer = api.json(path, method="POST", body={"platform": platform, "author": handle, "reason": "by letter"})
            self.assertEqual(status, 200, answer)
            jsonschema.validate(answer, schema_of(path, "post"))
            self.assertGreaterEqual(answer["mentions"], len(texts))
            self.assertTrue(answer["settled"])
            self.assert_gone(handle, author_id, texts)
            with_daemon = self.world.config("other.toml", edit=lambda text: text + f'\n[http]\nlisten = "{api.address}"\n')
            done = self.tool("erase", "--author", f"{platform}:nobody-at-all", "--force", code=1, config=with_daemon)
            self.assertIn("nothing is kept", done.stderr)
        finally:
            api.process.terminate()
            api.process.wait(30)


if __name__ == "__main__":
    unittest.main()
