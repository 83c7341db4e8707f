"""What a machine does to the daemon: clocks that jump, disks that fail, streams that are closed, upgrades that are broken off, copies."""
import json
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import time
import unittest

from world import ROOT, World, state, wait_until

MIGRATIONS = sorted((ROOT / "store/sqlite/migrations").glob("*.sql"))


class Bench(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def quiet(self):
        """A configuration without sources."""
        path = self.world.folder / "quiet.toml"
        path.write_text(f'database = "{self.world.folder}/data/earshot.db"\n[http]\nlisten = "127.0.0.1:0"\n[[brand]]\nname = "Acme"\n')
        (self.world.folder / "data").mkdir(exist_ok=True)
        return path

    def count(self, sql="SELECT count(*) FROM mention", data="data"):
        try:
            database = self.world.database(data)
            try:
                return database.execute(sql).fetchone()[0]
            finally:
                database.close()
        except sqlite3.Error:
            return 0

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1] if process.stderr and not process.stderr.closed else process.wait(60)
        self.assertEqual(process.returncode, 0, said)
        return said


class Machine(Bench):
    def faulty(self):
        """A daemon on a machine whose faults are switched by the returned function."""
        library, switch = self.world.folder / "faults.so", self.world.folder / "switch"
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", library, pathlib.Path(__file__).with_name("faults.c")], check=True)
        switch.write_bytes(bytes(16))

        def turn(seconds=0, syncs_fail=0):
            with open(switch, "r+b") as file:
                file.write(struct.pack("qq", seconds, syncs_fail))
        return turn, {"LD_PRELOAD": str(library), "EARSHOT_FAULTS": str(switch)}

    def test_a_clock_that_jumps_loses_nothing_and_stops_nothing(self):
        self.world.start_server()
        turn, env = self.faulty()

        def edit(text):
            text = re.sub(r'(?m)^interval = .*$', 'interval = "1s"\ninterval_max = "1s"', text)
            return re.sub(r"(?m)^insight_interval.*$", "", text).replace("database =", 'insight_interval = "1s"\ndatabase =', 1) + '\n[http]\nlisten = "127.0.0.1:0"\n[retention]\nkeep = "360d"\n'
        daemon = self.world.spawn("earshotd", "--config", self.world.config(edit=edit), env=env)
        self.assertTrue(wait_until(lambda: self.count() > 3000, 90), self.count())
        for seconds in (3600, -3600, 10 * 365 * 86400, -10 * 365 * 86400, 0):
            before = self.count()
            turn(seconds)
            expected = (time.time() + seconds) * 1000
            # Sources go on to be asked, by a clock that never jumps.
            self.assertTrue(wait_until(lambda: abs((self.count("SELECT last_ok_at FROM source ORDER BY abs(last_ok_at - %d) LIMIT 1" % expected) or 0) - expected) < 60_000, 30), seconds)
            used = cpu_of(daemon.pid)
            time.sleep(1.5)
            self.assertIsNone(daemon.poll())
            self.assertLess(cpu_of(daemon.pid) - used, 1.4, "it must not run in circles")
            self.assertGreaterEqual(self.count(), before, "nothing is let go because a clock was wrong")
        said = self.end(daemon)
        self.assertIn("the clock was set", said)
        self.assertEqual(self.count("SELECT count(*) FROM mention WHERE created_at > %d" % ((time.time() + 86400) * 1000)), 0)
        self.assertEqual(self.world.database().execute("PRAGMA integrity_check").fetchone()[0], "ok")

    def test_a_failed_sync_ends_the_daemon_and_the_next_start_goes_on(self):
        self.world.start_server()
        turn, env = self.faulty()
        config = self.world.config()
        daemon = self.world.spawn("earshotd", "--config", config, env=env)
        self.assertTrue(wait_until(lambda: self.count() > 0, 60))
        turn(syncs_fail=1)
        said = daemon.communicate(timeout=60)[1]
        self.assertEqual(daemon.returncode, 1, said)
        self.assertIn("the database failed; stopping", said)
        turn()
        whole = self.world.config("whole.toml", "whole")
        for one in (config, whole):
            done = self.world.run("earshotd", "--config", one, "--once")
            self.assertEqual(done.returncode, 0, done.stderr)
        found, expected = state(self.world.database()), state(self.world.database("whole"))
        for name in expected:
            self.assertEqual(found[name], expected[name], name)


def cpu_of(pid):
    """Seconds of the processor that a process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Start(Bench):
    def test_a_place_that_cannot_be_written_is_one_clear_line(self):
        config = self.quiet()
        config.write_text(config.read_text().replace(f"{self.world.folder}/data", "/proc/nowhere"))
        done = self.world.run("earshotd", "--config", config)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("/proc/nowhere/earshot.db", done.stderr)

    def test_a_newer_database_is_refused_untouched(self):
        config = self.quiet()
        self.assertEqual(self.world.run("earshotd", "--config", config, "--once").returncode, 0)
        path = self.world.folder / "data/earshot.db"
        database = sqlite3.connect(path)
        database.execute("PRAGMA user_version=999")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        before = path.read_bytes()
        done = self.world.run("earshotd", "--config", config)
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn("schema 999", done.stderr)
        self.assertIn(f"knows up to {len(MIGRATIONS)}", done.stderr)
        self.assertEqual(path.read_bytes(), before)

    def test_upgrades_that_are_killed_end_whole(self):
        config = self.quiet()
        path = self.world.folder / "data/earshot.db"
        rng = random.Random(17)
        kills = 0
        for version in range(2, len(MIGRATIONS), 4):
            for old in path.parent.glob("earshot*"):
                old.unlink()
            self.make(path, version, 400)
            for _ in range(2):
                process = self.world.spawn("earshotd", "--config", config, "--once")
                time.sleep(rng.uniform(0.0, 0.12))
                kills += process.poll() is None
                process.kill()
                process.communicate()
                self.world.processes.remove(process)
            done = self.world.run("earshotd", "--config", config, "--once")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.count(), 400, version)
            self.assertEqual(self.count("SELECT count(*) FROM verdict"), 400)
            database = self.world.database()
            self.assertEqual(database.execute("PRAGMA user_version").fetchone()[0], len(MIGRATIONS))
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            database.close()
        self.assertGreater(kills, 3)

    def make(self, path, version, mentions):
        """A database as the program of that schema left it."""
        database = sqlite3.connect(path)
        # What migrations may call; of nothing they make nothing.
        database.create_function("distinct_count", 1, lambda sketch: 0)
        database.create_aggregate("distinct_union", 1, type("Union", (), {"step": lambda self, one: None, "finalize": lambda self: b""}))
        database.execute("PRAGMA journal_mode=WAL")
        for migration in MIGRATIONS[:version]:
            database.executescript(migration.read_text())
        database.executescript(f"PRAGMA application_id=1164014195;PRAGMA user_version={version};INSERT INTO meta VALUES('schema_version','{version}');"
                               "INSERT INTO brand VALUES(1,'Acme');INSERT INTO platform VALUES(1,'mastodon');INSERT INTO source(source_id,name,connector) VALUES(1,'s','mastodon');")
        for i in range(1, mentions + 1):
            database.execute("INSERT INTO mention(mention_id,native_hash,platform_id,source_id,kind,created_at,fetched_at,content_hash,text) VALUES(?,?,1,1,0,1000,1000,5,?)",
                             (i << 40, i, "Acme is down " * 20))
            database.execute("INSERT INTO verdict(mention_id,brand_id,match,polarity,score,p_negative,p_positive,issues,top_issue,intents,emotion,question,complaint,lang,lexicon_version) "
                             "VALUES(?,1,0,-1,-500,600,100,1,0,0,0,0,1,'en',9)", (i << 40,))
        database.commit()
        database.close()


class Streams(Bench):
    def test_closed_streams_and_vanished_readers_do_not_end_it(self):
        config = self.quiet()
        lock = self.world.folder / "data/earshot.db.lock"
        daemon = self.world.spawn("earshotd", "--config", config)
        said = daemon.stderr.readline()
        while said and "listening" not in said:
            said = daemon.stderr.readline()
        self.assertTrue(said)
        daemon.stdout.close()
        daemon.stderr.close()
        for _ in range(5):
            daemon.send_signal(signal.SIGHUP)
            time.sleep(0.1)
        self.assertIsNone(daemon.poll())
        self.end(daemon)
        # Closed from the start: nothing that is written to them may land in a file of the store.
        process = subprocess.Popen(["/bin/sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', str(pathlib.Path(os.environ.get("EARSHOT_BIN", ROOT / "build/dev/bin")) / "earshotd"),
                                    "--config", str(config)], env=self.world.env)
        self.world.processes.append(process)
        self.assertTrue(wait_until(lambda: lock.read_text().split() == [str(process.pid)], 30))
        time.sleep(0.5)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertEqual(lock.read_text().split(), [str(process.pid)])
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(lock.read_text().split(), [str(process.pid)])
        self.assertEqual(self.world.database().execute("PRAGMA integrity_check").fetchone()[0], "ok")

    def test_a_loop_that_is_blocked_no_longer_says_that_it_is_alive(self):
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        path = str(self.world.folder / "notify")
        notify.bind(path)
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        config = self.quiet()
        daemon = subprocess.Popen([str(pathlib.Path(os.environ.get("EARSHOT_BIN", ROOT / "build/dev/bin")) / "earshotd"), "--config", str(config)], stdout=subprocess.DEVNULL, stderr=write,
                                  env={**self.world.env, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        self.world.processes.append(daemon)

        def hear(seconds):
            """What is said within a time, or until it is alive."""
            said, end = [], time.monotonic() + seconds
            while time.monotonic() < end and "WATCHDOG=1" not in said:
                notify.settimeout(max(0.01, end - time.monotonic()))
                try:
                    said.append(notify.recv(4096).decode())
                except TimeoutError:
                    break
            return said
        self.assertIn("WATCHDOG=1", hear(30))
        # Whoever reads the log stops reading: the next line blocks the thread that writes it.
        os.set_blocking(write, False)
        try:
            while True:
                os.write(write, b"x" * 4096)
        except BlockingIOError:
            pass
        os.set_blocking(write, True)
        os.close(write)
        daemon.send_signal(signal.SIGHUP)
        self.assertTrue(wait_until(lambda: hear(2) == [], 20), "a blocked loop must fall silent")
        drained = 0
        while drained < 60_000:
            drained += len(os.read(read, 65536))
        self.assertIn("WATCHDOG=1", hear(30))
        daemon.send_signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(30), 0)


class Copies(Bench):
    def test_a_copy_made_under_load_is_whole_and_goes_on_where_it_was(self):
        self.world.start_server()
        config = self.world.config()
        daemon = self.world.spawn("earshotd", "--config", config, "--once")
        self.assertTrue(wait_until(lambda: self.count() > 200, 60))
        copy = self.world.folder / "copy.db"
        done = self.world.run("earshot", "backup", copy, "--config", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        daemon.communicate(timeout=120)
        self.assertEqual(daemon.returncode, 0)
        (self.world.folder / "restored").mkdir()
        copy.rename(self.world.folder / "restored/earshot.db")
        part = self.count(data="restored")
        restored = self.world.config("restored.toml", "restored")
        self.assertEqual(self.world.run("earshotd", "--config", restored, "--once").returncode, 0)
        found, expected = state(self.world.database("restored")), state(self.world.database())
        for name in expected:
            self.assertEqual(found[name], expected[name], name)
        self.assertLessEqual(part, len(found["mentions"]))

    def test_a_reader_that_lingers_holds_up_nobody_and_its_log_goes_with_it(self):
        self.world.start_server()
        config = self.world.config()
        self.assertEqual(self.world.run("earshotd", "--config", self.quiet(), "--once").returncode, 0)
        reader = sqlite3.connect(f"file:{self.world.folder}/data/earshot.db?mode=ro", uri=True, isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("BEGIN")
        self.assertEqual(reader.execute("SELECT count(*) FROM mention").fetchone()[0], 0)
        done = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(reader.execute("SELECT count(*) FROM mention").fetchone()[0], 0)
        log = self.world.folder / "data/earshot.db-wal"
        self.assertGreater(log.stat().st_size, 1_000_000)
        reader.execute("COMMIT")
        self.assertGreater(reader.execute("SELECT count(*) FROM mention").fetchone()[0], 3000)
        self.assertEqual(self.world.run("earshotd", "--config", config, "--once").returncode, 0)
        self.assertLess(log.stat().st_size if log.exists() else 0, 1_000_000)


if __name__ == "__main__":
    unittest.main()
