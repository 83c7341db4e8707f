#!/usr/bin/env python3
"""Checks that include lines run down the house's floors only.

Usage: check_layers.py ROOT    Exit status 1 when an include climbs.
"""
import pathlib
import re
import sys

# A folder may include itself and what stands to its right.
FLOORS = {
    "core": set(),
    "analysis": {"core"},
    "store": {"core"},
    "net": {"core"},
    "connectors": {"net", "core"},
    "insight": {"store", "analysis", "core"},
    "delivery": {"net", "store", "core"},
    "daemon": {"core", "analysis", "store", "net", "connectors", "insight", "delivery"},
}
# Within core: base knows no nouns, model no coroutines.
CORE = {"base": set(), "model": {"base"}, "async": {"base", "model"}}
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.M)
HEAVY = re.compile(r'^\s*#include\s+<(boost/beast|CLI/|toml\+\+|simdjson|spdlog|curl/|expat|sqlite3|gmime/)[^>]*>', re.M)
# The one header per library that owns its handles, or its messages for one server.
OWNERS_OF_HEAVY = {"core/base/gmime_handle.hpp", "net/curl_handle.hpp", "daemon/api/wire.hpp"}


def main():
    root = pathlib.Path(sys.argv[1])
    findings = []
    for folder, below in FLOORS.items():
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(root).as_posix()
            for match in INCLUDE.finditer(text):
                parts = match.group(1).split("/")
                target = parts[0]
                if target == "embedded":
                    continue
                if target not in FLOORS:
                    findings.append(f"{name}: include \"{match.group(1)}\" from the repository's root")
                elif target != folder and target not in below:
                    findings.append(f"{name}: {folder} must not include {target}")
                elif folder == "core" and target == "core":
                    room, other = name.split("/")[1], parts[1]
                    if room != other and other not in CORE[room]:
                        findings.append(f"{name}: core/{room} must not include core/{other}")
                elif folder == "analysis" and match.group(1).startswith("core/async"):
                    findings.append(f"{name}: analysis knows no coroutines")
            if path.suffix == ".hpp" and name not in OWNERS_OF_HEAVY:
                for match in HEAVY.finditer(text):
                    findings.append(f"{name}: keep <{match.group(1)}…> out of headers")
    print("\n".join(findings) if findings else "include floors hold")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
