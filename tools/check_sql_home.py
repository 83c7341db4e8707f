#!/usr/bin/env python3
"""Checks that SQL lives in store/ alone.

Usage: check_sql_home.py ROOT    Exit status 1 when a statement stands elsewhere.
"""
import pathlib
import re
import sys

FOLDERS = ["core", "analysis", "net", "connectors", "insight", "delivery", "daemon"]
STATEMENT = re.compile(r'"\s*(SELECT\s|INSERT\s+(OR|INTO)|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|VIEW)|PRAGMA\s)')
# The report shows people three queries to try on the views; they are text, never run by us.
SHOWN = {"daemon/cli/report_command.cpp"}


def main():
    root = pathlib.Path(sys.argv[1])
    findings = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            name = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if name not in SHOWN and STATEMENT.search(line):
                    findings.append(f"{name}:{number}: SQL outside store/")
                if "sqlite3.h" in line and folder != "store":
                    findings.append(f"{name}:{number}: sqlite3 outside store/")
    print("\n".join(findings) if findings else "SQL is at home")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
