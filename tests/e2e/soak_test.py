"""A daemon at work for a while: memory, descriptors and threads stay where they were. Only with EARSHOT_SOAK, its minutes."""
import os
import pathlib
import re
import signal
import time
import unittest

from api_test import Api, with_http
from world import World, wait_until

MINUTES = float(os.environ.get("EARSHOT_SOAK", "0"))


def use_of(pid):
    """Bytes of memory, open descriptors, threads."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    kilobytes = int(re.search(r"VmRSS:\s+(\d+)", status)[1])
    return kilobytes * 1024, len(os.listdir(f"/proc/{pid}/fd")), int(re.search(r"Threads:\s+(\d+)", status)[1])


@unittest.skipUnless(MINUTES, "EARSHOT_SOAK is not set")
class Soak(unittest.TestCase):
    def test_what_it_uses_stays_flat(self):
        world = World().start_server()
        self.addCleanup(world.close)

        def edit(text):
            text = re.sub(r'(?m)^interval = .*$', 'interval = "1s"\ninterval_max = "1s"', text)
            text = re.sub(r"(?m)^insight_interval.*$", "", text).replace("database =", 'insight_interval = "5s"\ndatabase =', 1)
            return with_http(text, "")
        api = Api(world, world.config(edit=edit))
        pid = api.process.pid
        rounds = lambda: sum(s["received"] for s in api.json("/api/v1/sources")[1]["sources"])
        self.assertTrue(wait_until(lambda: rounds() > 3000, 120))
        paths = ("/api/v1/overview", "/api/v1/mentions?search=router&limit=100", "/metrics", "/feeds/ideas.atom")
        samples, questions = [], 0
        warm = time.monotonic() + MINUTES * 60 / 3
        end = time.monotonic() + MINUTES * 60
        while time.monotonic() < end:
            for path in paths:
                api.ask(path)
                questions += 1
            if questions % 200 == 0:
                api.process.send_signal(signal.SIGHUP)
            if time.monotonic() > warm:
                samples.append(use_of(pid))
            time.sleep(0.2)
        # Thirds of the time after it was warm; the highest of each, since pages come and go.
        third = len(samples) // 3
        first, last = samples[:third], samples[-third:]
        peak = lambda part, what: max(sample[what] for sample in part)
        grown = peak(last, 0) - peak(first, 0)
        print(f"\n{MINUTES:g} minutes, {questions} questions, {rounds()} items heard: {peak(last, 0) / 1e6:.1f} MB ({grown / 1e6:+.1f}), "
              f"{peak(last, 1)} descriptors ({peak(last, 1) - peak(first, 1):+}), {peak(last, 2)} threads")
        self.assertLess(grown, 4_000_000)
        self.assertLessEqual(peak(last, 1), peak(first, 1) + 2)
        self.assertEqual(peak(last, 2), peak(first, 2))
        api.process.terminate()
        self.assertEqual(api.process.wait(60), 0)


if __name__ == "__main__":
    unittest.main()
