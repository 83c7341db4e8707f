"""GitHub's GraphQL, of which no server can be had: its published schema stands for it."""
import json
import subprocess
import tomllib
import unittest

from real_server import HERE, MISSING, ROOT, SERVERS

MODULES = SERVERS / "github/node_modules"


def discussions():
    platform = tomllib.loads((ROOT / "config/connectors/github.toml").read_text())
    return next(stream for stream in platform["stream"] if stream["name"] == "discussions")


def comments():
    platform = tomllib.loads((ROOT / "config/connectors/github.toml").read_text())
    return next(follow for follow in platform["follow"] if follow["name"] == "discussion_comments")


def hold_against_schema(query, variables, answer):
    done = subprocess.run(["node", HERE / "github/check_query.mjs", MODULES], capture_output=True, text=True, timeout=120,
                          input=json.dumps({"query": query, "variables": variables, "answer": answer}))
    assert done.returncode == 0, done.stderr[-500:]
    return json.loads(done.stdout)


@unittest.skipUnless((MODULES / "@octokit/graphql-schema").exists(), f"github's schema {MISSING}")
class Discussions(unittest.TestCase):
    def setUp(self):
        self.body = discussions()["body"]
        self.query = self.body["query"].replace("{{", "{").replace("}}", "}")
        self.variables = {name: "x" for name in self.body["variables"]}
        self.answer = json.loads((ROOT / "tests/data/declarative/github_discussions.json").read_text())["data"]

    def test_the_query_is_one_that_the_schema_knows(self):
        said = hold_against_schema(self.query, self.variables, {"search": {"pageInfo": {"hasNextPage": False}, "nodes": []}})
        self.assertEqual(said["errors"], [])
        # The same with a word that is none: the schema would have said so.
        said = hold_against_schema(self.query.replace("lastEditedAt", "lastEditedOn", 1), self.variables, {})
        self.assertIn("lastEditedOn", said["errors"][0])

    def test_the_recorded_answer_is_one_that_the_query_may_get(self):
        said = hold_against_schema(self.query, self.variables, self.answer)
        self.assertEqual(said["errors"], [])
        self.assertEqual(said["answer"], self.answer)

    def test_the_question_after_comments_is_one_that_the_schema_knows(self):
        query = comments()["body"]["query"].replace("{{", "{").replace("}}", "}")
        said = hold_against_schema(query, {"id": "x", "after": "x"}, {"node": None})
        self.assertEqual(said["errors"], [])
        said = hold_against_schema(query.replace("replies(", "answers(", 1), {"id": "x", "after": "x"}, {})
        self.assertIn("answers", said["errors"][0])


if __name__ == "__main__":
    unittest.main()
