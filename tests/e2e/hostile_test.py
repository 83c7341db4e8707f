"""The daemon against a site that has every bad day at once: what it stores in the end is what it stores on a good day."""
import collections
import json
import re
import signal
import time
import unittest

from hostile_proxy import PAUSING, RARE, TRANSIENT, HostileProxy
from world import World, state, wait_until

SOURCES = {"mastodon": "mastodon", "bluesky": "bluesky", "hn": "hacker_news", "forum": "forum", "news": "news"}


class Hostile(unittest.TestCase):
    def setUp(self):
        self.world = World().start_server()
        self.proxy = HostileProxy(self.world.base, seed=20260302)

    def tearDown(self):
        self.world.close()
        self.proxy.close()

    def config(self, name):
        def short(text):
            return re.sub(r'(?m)^interval = .*$', 'interval = "1s"\ninterval_max = "2s"', text)
        return self.world.config(name + ".toml", name, base=self.proxy.base, edit=short)

    def status(self, config):
        done = self.world.run("earshot", "status", "--config", config, "--json")
        return json.loads(done.stdout)["sources"] if done.returncode == 0 else []

    def test_every_bad_day_at_once_ends_in_the_same_database(self):
        once = self.world.run("earshotd", "--config", self.config("whole"), "--once")
        self.assertEqual(once.returncode, 0, once.stderr)
        expected = state(self.world.database("whole"))
        clean = self.proxy.total

        config = self.config("hostile")
        self.proxy.arm(SOURCES)
        before, started = self.proxy.total, time.monotonic()
        daemon = self.world.spawn("earshotd", "--config", config)
        reloads = []

        def heard_all():
            self.assertIsNone(daemon.poll(), "the daemon must outlive a hostile site")
            sources = self.status(config)
            paused = [s for s in sources if s["state"] == "paused"]
            if paused and time.monotonic() - (reloads[-1] if reloads else 0) > 1.5:
                # A pause waits for a person; here is one.
                daemon.send_signal(signal.SIGHUP)
                reloads.append(time.monotonic())
            if self.proxy.left() or [s for s in sources if s["state"] != "ok"] or not sources:
                time.sleep(0.2)
                return False
            return state(self.world.database("hostile"))["mentions"] == expected["mentions"]

        ended = wait_until(heard_all, 240)
        seconds = time.monotonic() - started
        requests = self.proxy.total - before
        daemon.send_signal(signal.SIGTERM)
        out, err = daemon.communicate(timeout=30)
        found = state(self.world.database("hostile"))
        names = dict(self.world.database("whole").execute("SELECT mention_id,name FROM mention JOIN source USING(source_id)"))
        missing = {row[0] for row in expected["mentions"]} - {row[0] for row in found["mentions"]}
        lost = collections.Counter(names[i] for i in missing)
        self.assertTrue(ended, f"lost {dict(lost)}, still to come: {self.proxy.left()}, played: {self.proxy.done}\n{err[-6000:]}")
        self.assertEqual(daemon.returncode, 0, err[-3000:])

        played = {fault for _, fault in self.proxy.done}
        self.assertEqual(played, {*TRANSIENT, *PAUSING, *RARE})
        for name in ("mentions", "verdicts", "products", "hours", "issues"):
            self.assertEqual(found[name], expected[name], name)
        self.assertEqual([c[:2] for c in found["cursors"]], [c[:2] for c in expected["cursors"]])
        self.assertEqual(self.world.database("hostile").execute("PRAGMA integrity_check").fetchone()[0], "ok")

        for wait in self.proxy.waits:
            end = wait.at + (wait.back_after or 0)
            if wait.back_after is not None and not any(wait.at < at < end for at in reloads):
                self.assertGreaterEqual(wait.back_after, wait.seconds, f"{wait.source} came back too soon")
        # Every page once, a page again for every fault and reload, and what two polls a second of eleven streams ask.
        bound = 2 * clean + 12 * (len(self.proxy.done) + len(reloads)) + 22 * seconds
        self.assertLess(requests, bound)
        # What is over is no gap, but for the pages that a walk itself gave up.
        left = {row[0] for row in self.world.database("hostile").execute("SELECT reason FROM gap")}
        self.assertLessEqual(left, {"page_cap", "repeated", "unavailable"})
        self.assertNotIn("a task failed", err)
        print(f"\n{len(self.proxy.done)} faults, {len(reloads)} reloads, {requests} requests ({clean} on a good day), "
              f"{len(found['mentions'])} mentions, {seconds:.0f} s")


if __name__ == "__main__":
    unittest.main()
