#!/usr/bin/env python3
"""A tap of the Singer protocol that counts tickets, and fails in whichever way its configuration asks for.

--config FILE: {"tickets": N, "state_every": N, "mode": …, "at": N, …}; --state FILE: {"last": N} goes on after it.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
for option in ("config", "state", "catalog", "mark"):
    parser.add_argument("--" + option)
arguments = parser.parse_args()
config = json.load(open(arguments.config, encoding="utf-8")) if arguments.config else {}
state = json.load(open(arguments.state, encoding="utf-8")) if arguments.state else {}
mode, at = config.get("mode", ""), config.get("at", 10 ** 9)


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def die(code):
    sys.stdout.flush()
    os._exit(code)


if arguments.mark:  # a line per run, for tests that count them
    with open(arguments.mark, "a", encoding="utf-8") as out:
        report = {"pid": os.getpid(), "state": state, "environment": dict(os.environ), "folder": os.getcwd(),
                  "stdin": sys.stdin.read(), "group": os.getpgrp() == os.getpid(),
                  "config": arguments.config, "config_mode": oct(os.stat(arguments.config).st_mode & 0o777) if arguments.config else "",
                  "folder_mode": oct(os.stat(".").st_mode & 0o777), "catalog": arguments.catalog,
                  "config_text": config}
        out.write(json.dumps(report) + "\n")
if mode == "child":  # its child holds the output open, and ignores polite requests
    child = subprocess.Popen([sys.executable, "-c", "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
    with open(config["child_file"], "w", encoding="utf-8") as out:
        out.write(str(child.pid))
if mode == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

say({"type": "SCHEMA", "stream": "tickets", "schema": {"type": "object"}, "key_properties": ["id"]})
count = state.get("last", 0)
unmarked = mode == "never_state"
while count < config.get("tickets", 0):
    count += 1
    if count == at:
        if mode == "mid_record":
            sys.stdout.write('{"type": "RECORD", "stream": "tickets", "rec')
            die(3)
        if mode == "before_state":
            die(4)
        if mode == "secret":
            sys.stderr.write("login with " + os.environ["EARSHOT_CREDENTIAL_TAP_TOKEN"] + " failed \x1b[31mred\n")
            sys.stderr.flush()
            die(5)
        if mode == "signal":
            os.kill(os.getpid(), signal.SIGSEGV)
        if mode == "garbage":
            for line in ("not json at all", "[1, 2]", '{"type": "RECORD"}', '{"type": "STATE"}', "\x00\x01\xff", '{"a": 1}'):
                sys.stdout.write(line + "\n")
        if mode == "long":
            sys.stdout.write('{"type": "RECORD", "stream": "tickets", "record": {"id": "' + "x" * (5 << 20) + '"}}\n')
        if mode in ("hang", "deaf", "child"):
            sys.stdout.flush()
            time.sleep(600)
        if mode == "closes_and_hangs":
            sys.stdout.flush()
            os.close(1)
            time.sleep(600)
        if mode == "stderr_flood":
            for _ in range(20_000):
                sys.stderr.write("noise " * 20 + "\n")
        if mode == "big_state":
            say({"type": "STATE", "value": {"last": count, "padding": "x" * 70_000}})
        if mode == "wait_file":
            while not os.path.exists(config["file"]):
                time.sleep(0.02)
    say({"type": "RECORD", "stream": "tickets",
         "record": {"id": count, "subject": f"Acme ticket {count}", "description": "<p>The Acme app is broken &amp; slow</p>",
                    "created": "2026-03-02T10:00:00Z", "requester": {"id": 7, "name": "Mona"}, "channel": "mail", "custom": {"plan": "gold"}}})
    if mode == "comments":
        say({"type": "RECORD", "stream": "comments", "record": {"id": count}})
    if not unmarked and count % config.get("state_every", 10) == 0:
        say({"type": "STATE", "value": {"last": 0 if mode == "same_state" else count}})
if not unmarked:
    say({"type": "STATE", "value": {"last": count}})
