"""History by the real tool: what it costs, reading it, being killed in between, and reading kept items again."""
import json
import signal
import time
import unittest

from forum_site import PLATFORM, Site
from world import World, wait_until


class Bench(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.site = Site()
        self.addCleanup(self.site.close)
        self.world.env["EARSHOT_CREDENTIAL_TOY"] = "open sesame"
        self.platform = self.world.folder / "toy.toml"
        self.platform.write_text(PLATFORM)
        self.config = self.world.folder / "earshot.toml"
        self.write_config()

    def write_config(self, more=""):
        self.config.write_text(f'''
database = "{self.world.folder}/data/earshot.db"
[net]
allow = ["127.0.0.1"]
[http]
listen = "127.0.0.1:0"
[[brand]]
name = "Acme"
[[source]]
name = "board"
connector = "declarative"
file = "toy.toml"
base = "{self.site.base}"
boards = ["g"]
credential = "toy"
history_days = 2
{more}
''')
        (self.world.folder / "data").mkdir(exist_ok=True)

    def tool(self, *arguments, code=0):
        done = self.world.run("earshot", *arguments, "--config", self.config)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done

    def rows(self, sql):
        database = self.world.database()
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def days(self):
        return self.rows("SELECT round((max(created_at)-min(created_at))/86400000.0) FROM mention")[0][0]


class Backfill(Bench):
    def test_a_plan_says_what_history_costs_and_stores_nothing(self):
        plan = json.loads(self.tool("backfill", "board", "--since", "50d", "--dry-run", "--json").stdout)
        # Four posts a day, ten on a page: twenty pages for fifty days.
        self.assertAlmostEqual(plan["requests"], 20, delta=3)
        self.assertEqual(plan["streams"][0]["stream"], "board:g")
        self.assertEqual(plan["streams"][0]["posts"], 10)
        self.assertEqual(plan["budget"], {"requests": 100000, "per_seconds": 86400})
        self.assertAlmostEqual(plan["share_of_day"], plan["requests"] / 100000)
        self.assertEqual(self.site.asked, [1])
        self.assertFalse((self.world.folder / "data/earshot.db").exists())
        text = self.tool("backfill", "board", "--since", "50d", "-n").stdout
        self.assertIn("requests in all", text)
        self.assertIn("% of what a day allows (100000 requests in 24 h)", text)
        self.assertIn("if it is as dense throughout as its first page", text)
        # What cannot be known is said, and why.
        self.site.posts = [{**one, "at": self.site.posts[0]["at"]} for one in self.site.posts]
        plan = json.loads(self.tool("backfill", "board", "--dry-run", "--json").stdout)
        self.assertEqual((plan["requests"], plan["unknown"]), (None, 1))
        self.assertIn("nothing says how dense", plan["streams"][0]["why"])

    def test_wrong_usage_is_named(self):
        self.assertIn("known are: board", self.tool("backfill", "bord", code=2).stderr)
        self.assertIn("past", self.tool("backfill", "board", "--since", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400)), code=2).stderr)
        self.tool("backfill", "board", "--since", "some day", code=2)

    def test_history_is_read_beside_what_the_source_hears(self):
        self.tool("poll", "board")
        self.assertLessEqual(self.days(), 6)
        heard = self.rows("SELECT count(*) FROM mention")[0][0]
        before = self.rows("SELECT cursor FROM stream WHERE name='board:g'")
        self.tool("backfill", "board", "--since", "40d")
        self.assertGreaterEqual(self.days(), 39)
        self.assertLess(self.days(), 45)
        self.assertGreater(self.rows("SELECT count(*) FROM mention")[0][0], heard)
        # The source's own place is untouched; the same again asks for nothing.
        self.assertEqual(self.rows("SELECT cursor FROM stream WHERE name='board:g'"), before)
        asked = len(self.site.asked)
        self.tool("backfill", "board", "--since", "40d")
        self.assertEqual(len(self.site.asked), asked)
        # For another brand it is read again, and posts are not doubled.
        count = self.rows("SELECT count(*) FROM mention")[0][0]
        self.write_config('[[brand]]\nname = "Globex"\n')
        self.tool("backfill", "board", "--since", "40d")
        self.assertGreater(len(self.site.asked), asked)
        self.assertEqual(self.rows("SELECT count(*) FROM mention")[0][0], count)

    def test_a_backfill_that_is_killed_goes_on_and_ends_the_same(self):
        self.site.size = 1
        process = self.world.spawn("earshot", "backfill", "board", "--since", "50d", "--config", self.config)
        self.assertTrue(wait_until(lambda: len(self.site.asked) > 40, 120))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reached = max(self.site.asked)
        self.assertLess(reached, 190)
        mark = len(self.site.asked)
        self.tool("backfill", "board", "--since", "50d")
        # It goes on where the last committed page was, and begins nowhere else.
        self.assertGreater(self.site.asked[mark], 30)
        self.assertEqual(self.rows("SELECT count(*) FROM mention")[0][0], self.rows("SELECT count(DISTINCT native_id) FROM mention")[0][0])
        self.assertGreaterEqual(self.rows("SELECT count(*) FROM mention")[0][0], 199)

    def test_a_daemon_that_writes_is_not_written_beside(self):
        daemon = self.world.spawn("earshotd", "--config", self.config)
        self.assertTrue(wait_until(lambda: (self.world.folder / "data/earshot.db").exists() and len(self.site.asked) > 0, 60))
        self.assertIn(str(daemon.pid), self.tool("backfill", "board", code=1).stderr)
        self.tool("backfill", "board", "--dry-run")


class Reparse(Bench):
    """The platform's file is mended, and what was kept is read again."""

    def hear_half(self):
        """Until now every text ended at its first semicolon."""
        self.platform.write_text(PLATFORM.replace('text = "/text"', 'text = { at = "/text", before = ";" }'))
        self.tool("backfill", "board", "--since", "40d")
        self.platform.write_text(PLATFORM)
        self.assertEqual(self.rows("SELECT count(*) FROM mention WHERE text LIKE '%;%'")[0][0], 0)

    def state(self):
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1,2,3") for table in ("rollup_hour", "verdict")}

    def test_mended_texts_are_counted_and_then_written(self):
        self.hear_half()
        count = self.rows("SELECT count(*) FROM mention")[0][0]
        before = self.state()
        dry = json.loads(self.tool("reparse", "board", "--dry-run", "--json").stdout)
        self.assertEqual((dry["items"], dry["changed"], dry["fields"]), (count, count, {"text": count}))
        self.assertEqual(self.state(), before)
        text = self.tool("reparse", "board", "--dry-run").stdout
        self.assertIn(f"board: {count} items, 0 read as before, {count} would change", text)
        self.assertIn(f"  text: {count}", text)
        done = json.loads(self.tool("reparse", "board", "--json").stdout)
        self.assertEqual(done["changed"], count)
        self.assertEqual(self.rows("SELECT count(*) FROM mention WHERE text LIKE '%;%hate it'")[0][0], count)
        self.assertNotEqual(self.state(), before)
        # Everybody is angry now, and the hours say so.
        self.assertEqual(self.rows("SELECT sum(negative) FROM rollup_hour")[0][0], self.rows("SELECT sum(polarity=-1) FROM verdict")[0][0])
        self.assertGreater(self.rows("SELECT sum(polarity=-1) FROM verdict")[0][0], count * 0.9)
        again = json.loads(self.tool("reparse", "board", "--json").stdout)
        self.assertEqual((again["same"], again["changed"]), (count, 0))

    def test_what_is_deleted_stays_so_and_what_no_longer_parses_stays_as_it_is(self):
        self.hear_half()
        erased = self.rows("SELECT count(*) FROM mention WHERE author_handle='u3'")[0][0]
        self.assertGreater(erased, 10)
        self.tool("erase", "--author", "toy:u3", "--force")
        alive = "SELECT count(*) FROM mention WHERE deleted_at IS NULL"
        count = self.rows(alive)[0][0]
        self.platform.write_text(PLATFORM.replace('created_at = "/at"', 'created_at = "/when"'))
        dry = json.loads(self.tool("reparse", "board", "--json").stdout)
        self.assertEqual((dry["unreadable"], dry["changed"]), (count, 0))
        self.assertEqual(dry["reasons"], {"no created_at": count})
        self.assertEqual(self.rows("SELECT count(*) FROM mention WHERE text LIKE '%;%'")[0][0], 0)
        self.platform.write_text(PLATFORM)
        done = json.loads(self.tool("reparse", "board", "--json").stdout)
        self.assertEqual((done["items"], done["changed"]), (count, count))
        self.assertEqual(self.rows(alive)[0][0], count)
        self.assertEqual(self.rows("SELECT count(*) FROM mention WHERE deleted_at IS NOT NULL AND (text IS NOT NULL OR raw IS NOT NULL)")[0][0], 0)
        # A platform that keeps nothing says so.
        self.config.write_text(self.config.read_text() + '[[source]]\nname = "blogs"\nconnector = "feed"\nurls = ["https://a.example/f"]\n')
        self.assertIn("keeps no items", self.tool("reparse", "blogs", code=1).stderr)

    def test_a_reparse_that_is_killed_goes_on(self):
        self.site.posts = [{**self.site.posts[n % len(self.site.posts)], "id": f"q{n}", "at": self.site.posts[n * 190 // 6000]["at"]} for n in range(6000)]
        self.site.size = 500
        self.hear_half()
        count = self.rows("SELECT count(*) FROM mention")[0][0]
        self.assertGreater(count, 4000)
        process = self.world.spawn("earshot", "reparse", "board", "--config", self.config)
        changed = "SELECT count(*) FROM mention WHERE text LIKE '%;%'"
        self.assertTrue(wait_until(lambda: self.rows(changed)[0][0] > 0, 120))
        process.send_signal(signal.SIGKILL)
        process.wait()
        half = self.rows(changed)[0][0]
        done = self.tool("reparse", "board", "--json")
        counts = json.loads(done.stdout)
        if half < count:  # it may have been quicker than the signal
            self.assertIn("going on where it was broken off", done.stderr)
            self.assertEqual(counts["items"], count - half)
        self.assertEqual(self.rows(changed)[0][0], count)
        self.assertEqual(self.rows("SELECT sum(negative) FROM rollup_hour")[0][0], self.rows("SELECT sum(polarity=-1) FROM verdict")[0][0])


if __name__ == "__main__":
    unittest.main()
