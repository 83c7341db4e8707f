"""What the tests against real servers share: where the servers are, how one is started and ended, a configuration, and what was stored."""
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from world import ROOT, World, wait_until  # noqa: F401  (wait_until is for those who import this)

HERE = pathlib.Path(__file__).resolve().parent
SERVERS = pathlib.Path(os.environ.get("EARSHOT_SERVERS", ROOT / "var/servers"))
MISSING = "is not here: tools/install_test_servers fetches it"


def free_ports(count):
    """Ports of 127.0.0.1 that nobody had a moment ago, all different."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError:
        return False


class Ground:
    """Where servers stand: a folder that goes with them, and a user who is not root, since databases refuse to be his."""

    def __init__(self, name):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"earshot-{name}-"))
        self.user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.getuid() == 0 else {}
        os.chmod(self.folder, 0o755)
        self.processes = []

    def place(self, name):
        """A folder in which that user may write."""
        folder = self.folder / name
        folder.mkdir()
        if self.user:
            shutil.chown(folder, **self.user)
        return folder

    def environment(self, unpacked, **more):
        """Of a program that was unpacked and not installed: its libraries stand beside it."""
        return {**os.environ, "LD_LIBRARY_PATH": str(SERVERS / unpacked / "usr/lib/x86_64-linux-gnu"), "LC_ALL": "C.UTF-8", **more}

    def run(self, *command, **more):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=self.folder, **self.user, **more)
        if done.returncode != 0:
            raise unittest.SkipTest(f"{pathlib.Path(command[0]).name} does not run here: {done.stderr[-300:]}")
        return done.stdout

    def start(self, *command, log, ready, **more):
        """Starts a server and waits until `ready()`."""
        with open(self.folder / log, "ab") as said:
            process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=self.folder, start_new_session=True,
                                       **{**self.user, **more})
        self.processes.append(process)
        if not wait_until(lambda: ready() or process.poll() is not None, 120) or process.poll() is not None:
            raise unittest.SkipTest(f"{pathlib.Path(command[0]).name} does not start here: {self.said(log)[-300:]}")
        return process

    def said(self, log):
        return (self.folder / log).read_text(errors="replace")

    def close(self):
        for process in reversed(self.processes):
            process.stdin.close()
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            # PHP leaves its workers behind; they are of the group that was begun with it.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)


def start_node(ground, name, script, settings, **environment):
    """One of the scripts beside this file, which say "ready" and end with their standard input."""
    log = f"{script.removesuffix('.mjs')}.log"
    command = ["node", HERE / name / script, SERVERS / name, json.dumps(settings)]
    return ground.start(*command, log=log, ready=lambda: "ready" in ground.said(log).split(), env={**os.environ, **environment})


class Listener(unittest.TestCase):
    """A world of its own for each test: a configuration, the programs, and the database they leave."""

    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        (self.world.folder / "data").mkdir()

    def config(self, sources, more="", brand="Fernwave"):
        path = self.world.folder / "earshot.toml"
        path.write_text(f'''
database = "{self.world.folder}/data/earshot.db"
[net]
allow = ["127.0.0.1", "::1"]
[http]
listen = "127.0.0.1:0"
[[brand]]
name = "{brand}"
{more}
{sources}
''')
        return path

    def poll(self, source, config, code=0):
        done = self.world.run("earshot", "poll", source, "--config", config)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr

    def rows(self, sql="SELECT text FROM mention WHERE deleted_at IS NULL ORDER BY 1"):
        """The first column; nothing while there is no database."""
        try:
            database = self.world.database()
        except Exception:
            return []
        try:
            return [row[0] for row in database.execute(sql)]
        except Exception:
            return []
        finally:
            database.close()

    def wait_for(self, expected, sql="SELECT text FROM mention WHERE deleted_at IS NULL ORDER BY 1", seconds=180):
        self.assertTrue(wait_until(lambda: self.rows(sql) == expected, seconds), self.rows(sql))
