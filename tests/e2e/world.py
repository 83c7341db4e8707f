"""What the end-to-end tests share: the demo's server, a configuration for it, and the real programs."""
import datetime
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("EARSHOT_BIN", ROOT / "build/dev/bin"))
NOW = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class World:
    """A temporary folder with a configuration; ends every process it started."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="earshot-e2e-"))
        self.processes = []
        self.env = {**os.environ, "EARSHOT_CREDENTIAL_DEMO_TOKEN": "demo", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        self.env.pop("NOTIFY_SOCKET", None)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self, now=NOW):
        port_file = self.folder / "port"
        self.processes.append(subprocess.Popen(
            [sys.executable, ROOT / "demo/server.py", "--port", "0", "--port-file", port_file, "--now", now,
             "--limit", "1000000"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for _ in range(600):
            if port_file.exists() and port_file.read_text().strip():
                self.base = f"http://127.0.0.1:{port_file.read_text().strip()}"
                return self
            time.sleep(0.05)
        raise RuntimeError("the demo's server did not start")

    def config(self, name="earshot.toml", data="data", base=None, edit=lambda text: text):
        text = (ROOT / "config/demo.toml").read_text()
        text = text.replace("@BASE@", base or self.base).replace("@DATA@", str(self.folder / data))
        path = self.folder / name
        path.write_text(edit(text))
        return path

    def run(self, *args, stdin=None, timeout=120, **more):
        return subprocess.run([str(BIN / args[0]), *map(str, args[1:])], input=stdin, capture_output=True, text=True,
                              timeout=timeout, env=self.env, **more)

    def spawn(self, *args, **more):
        process = subprocess.Popen([str(BIN / args[0]), *map(str, args[1:])], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env={**self.env, **more.pop("env", {})}, **more)
        self.processes.append(process)
        return process

    def database(self, data="data"):
        return sqlite3.connect(f"file:{self.folder / data / 'earshot.db'}?mode=ro", uri=True, timeout=10)

    def truth(self, now=NOW):
        out = self.folder / "truth"
        subprocess.run([sys.executable, ROOT / "demo/generate.py", "--out", out, "--now", now], check=True,
                       stdout=subprocess.DEVNULL)
        return json.loads((out / "truth.json").read_text())


def state(database):
    """Everything that must be equal after the same input, however it came in: mentions, verdicts, rollups, cursors."""
    queries = {
        "mentions": "SELECT mention_id,CASE WHEN deleted_at IS NULL THEN native_hash END,text,deleted_at IS NOT NULL,author_key FROM mention ORDER BY 1",
        "verdicts": "SELECT * FROM verdict ORDER BY 1,2",
        "products": "SELECT mention_id,d.brand_id,name,polarity,score FROM verdict_products d "
                    "JOIN product USING(product_id) ORDER BY 1,2,3",
        "hours": "SELECT * FROM rollup_hour ORDER BY 1,2,3",
        "issues": "SELECT * FROM rollup_issue ORDER BY 1,2,3,4",
        "languages": "SELECT * FROM rollup_language ORDER BY 1,2,3,4",
        "tones": "SELECT * FROM rollup_tone ORDER BY 1,2,3,4,5",
        "cursors": "SELECT source_id,name,cursor FROM stream WHERE name<>'hydrate' ORDER BY 1,2",  # when it was last asked again is a matter of time
    }
    out = {name: database.execute(sql).fetchall() for name, sql in queries.items()}
    # "floor" is where a first walk into the past ends, counted from the moment it began.
    out["cursors"] = [(source, name, {k: v for k, v in json.loads(cursor or "{}").items() if k != "floor"})
                      for source, name, cursor in out["cursors"]]
    return out


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
