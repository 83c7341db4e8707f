"""Every command of docs/working_days.md, in its order, on the demo. `working_days_test.py --write` puts what they print
today into the page.

A block of the page is one or more commands (`$ …`, run by sh, one after the other in one environment) and what was
printed; a line "…" stands for more of it."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

from world import BIN, ROOT, World

PAGE = ROOT / "docs/working_days.md"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.S)
LINES_MAX = 14


class Desk:
    """A shell in which `earshot` is the tool with the demo's configuration."""

    def __init__(self):
        self.world = World().start_server()
        config = self.world.config()
        once = self.world.run("earshotd", "--config", config, "--once")
        assert once.returncode == 0, once.stderr
        programs = self.world.folder / "bin"
        programs.mkdir()
        tool = programs / "earshot"
        tool.write_text(f'#!/bin/sh\nexec "{BIN}/earshot" "$@" --config "{config}"\n')
        tool.chmod(0o755)
        (self.world.folder / "work").mkdir()
        self.env = {**self.world.env, "PATH": f"{programs}:{os.environ['PATH']}", "COLUMNS": "110",
                    "DATABASE": str(self.world.folder / "data/earshot.db")}

    def close(self):
        self.world.close()

    def run(self, command):
        """What it printed. A variable that a command sets has its value for those after it."""
        variable = re.match(r"([A-Z]+)=", command)
        script = command + (f'\nprintf %s "${variable[1]}"' if variable else "")
        done = subprocess.run(["sh", "-c", script], cwd=self.world.folder / "work", env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=120)
        if variable:
            self.env[variable[1]] = done.stdout
            done.stdout = ""
        return done

    def told(self, text):
        return text.replace(str(self.world.folder / "data"), "/var/lib/earshot").replace(str(self.world.folder), "/tmp")


def commands(block):
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


class WorkingDays(unittest.TestCase):
    def test_every_command_of_the_page_does_what_it_says(self):
        desk = Desk()
        self.addCleanup(desk.close)
        blocks = BLOCK.findall(PAGE.read_text())
        self.assertGreater(len(blocks), 20)
        for block in blocks:
            for command in commands(block):
                with self.subTest(command):
                    done = desk.run(command)
                    self.assertEqual(done.returncode, 0, done.stdout)
                    self.assertTrue(done.stdout.strip() or "=$(" in command, "it prints nothing")


def write():
    desk = Desk()

    def again(match):
        out = []
        for command in commands(match[1]):
            done = desk.run(command)
            if done.returncode:
                print(f"{command}: {done.returncode} {done.stdout}", file=sys.stderr)
            lines = [line.rstrip() for line in desk.told(done.stdout).splitlines()]
            out += [f"$ {command}", *lines[:LINES_MAX], *(["…"] if len(lines) > LINES_MAX else [])]
        return "```console\n" + "\n".join(out) + "\n```\n"

    try:
        PAGE.write_text(BLOCK.sub(again, PAGE.read_text()))
    finally:
        desk.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
