"""Live streams through the real daemon: kills, stops, reloads, hosts that refuse."""
import random
import signal
import time
import unittest

from live_server import LiveServer, make_events
from world import World, state, wait_until

CONFIG = """
database = "{data}/earshot.db"
[net]
allow = ["127.0.0.1"]
[[brand]]
name = "Fernwave"
must_match = ["Fernwave is slow"]
[[source]]
name = "sky"
connector = "bluesky"
live = true
live_only = true
live_hosts = [{hosts}]
"""


class Live(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.servers = []
        # An hour ago, so that nothing depends on the moment in which the test runs.
        self.start_us = (int(time.time()) - 3600) * 1_000_000

    def tearDown(self):
        self.world.close()
        for server in self.servers:
            server.close()

    def serve(self, events, **more):
        self.servers.append(LiveServer(events, **more))
        return self.servers[-1]

    def config(self, name, *servers):
        path = self.world.folder / f"{name}.toml"
        data = self.world.folder / name
        data.mkdir(exist_ok=True)
        path.write_text(CONFIG.format(data=data, hosts=", ".join(f'"{server.base}"' for server in servers)))
        return path

    def position(self, name):
        try:
            row = self.world.database(name).execute("SELECT cursor FROM stream WHERE name='jetstream'").fetchone()
        except Exception:
            return 0
        return int(row[0].split(":")[1].rstrip("}")) if row and row[0] else 0

    def hear_all(self, name, config, events):
        before = sum(len(server.connections) for server in self.servers)
        process = self.world.spawn("earshotd", "--config", config)
        # All may have been heard before: it must be up before it is asked to stop.
        self.assertTrue(wait_until(lambda: sum(len(server.connections) for server in self.servers) > before, 60))
        self.assertTrue(wait_until(lambda: self.position(name) == events[-1]["time_us"], 60), self.position(name))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(30), 0, process.stderr.read())

    def test_kills_lose_nothing_and_double_nothing(self):
        events = make_events(4000, self.start_us)
        server = self.serve(events, pace=0.03)
        whole = self.config("whole", server)
        self.hear_all("whole", whole, events)
        expected = state(self.world.database("whole"))
        self.assertEqual(len(expected["mentions"]), 2000)
        self.assertGreater(sum(1 for mention in expected["mentions"] if mention[3]), 150)
        self.assertEqual(len(server.connections), 1)

        config = self.config("killed", server)
        rng = random.Random(7)
        kills = 0
        while kills < 15 and self.position("killed") < events[-1]["time_us"]:
            before = self.position("killed")
            process = self.world.spawn("earshotd", "--config", config)
            # Some pages are durable, and others under way.
            self.assertTrue(wait_until(lambda: self.position("killed") > before, 60))
            time.sleep(rng.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
        self.hear_all("killed", config, events)
        self.assertGreater(kills, 1)
        self.assertTrue(any(cursor > 0 for cursor in server.connections))
        found = state(self.world.database("killed"))
        for name in expected:
            self.assertEqual(found[name], expected[name], f"{name} differ after {kills} kills")

    def test_stop_and_reload_end_an_open_stream(self):
        events = make_events(20, self.start_us)
        server = self.serve(events)
        config = self.config("sky", server)
        process = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: server.finished == 1 and self.position("sky") == events[-1]["time_us"]))
        process.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: server.finished == 2))
        self.assertTrue(wait_until(lambda: server.open == 1))
        self.assertEqual(server.connections[1], events[-1]["time_us"] - 10_000_000)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(15), 0, process.stderr.read())
        self.assertTrue(wait_until(lambda: server.open == 0))

    def test_another_host_is_asked_when_one_refuses(self):
        events = make_events(20, (int(time.time()) - 5) * 1_000_000)
        refusing = self.serve([], refuse=503)
        server = self.serve(events)
        process = self.world.spawn("earshotd", "--config", self.config("sky", refusing, server))
        self.assertTrue(wait_until(lambda: self.position("sky") == events[-1]["time_us"], 60))
        # All that the outage might have cost was replayed.
        gaps = "SELECT count(*) FROM gap"
        self.assertTrue(wait_until(lambda: self.world.database("sky").execute(gaps).fetchone()[0] == 0, 60))
        self.assertIsNone(process.poll())

    def test_a_run_that_ends_by_itself_does_not_wait_for_news(self):
        server = self.serve(make_events(20, self.start_us))
        done = self.world.run("earshotd", "--config", self.config("sky", server), "--once")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(server.connections, [])


if __name__ == "__main__":
    unittest.main()
