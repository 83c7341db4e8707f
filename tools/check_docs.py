#!/usr/bin/env python3
"""Checks that what must be documented is: a page per connector, every view, every command, and links that lead somewhere.

Usage: check_docs.py ROOT    Exit status 1 when something is missing.
"""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    findings = []
    listed = re.search(r"earshot_connectors\(([^)]*)\)", (root / "connectors/CMakeLists.txt").read_text())
    for name in listed.group(1).split():
        if not (root / f"docs/connectors/{name}.md").exists():
            findings.append(f"docs/connectors/{name}.md is missing")
    for platform in sorted((root / "config/connectors").glob("*.toml")):
        if not (root / f"docs/connectors/{platform.stem}.md").exists():
            findings.append(f"docs/connectors/{platform.stem}.md is missing")
    store_page = (root / "docs/store.md").read_text(encoding="utf-8")
    for view in re.findall(r"CREATE VIEW (v_\w+)", (root / "store/views.sql").read_text()):
        if f"`{view}`" not in store_page:
            findings.append(f"docs/store.md does not explain {view}")
    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = [name for file in sorted((root / "daemon/cli").glob("*.cpp"))
                for name in re.findall(r'CommandSpec \w+_command\(\) \{\s+return \{\s*\.name = "(\w+)"', file.read_text(encoding="utf-8"))]
    declared = re.findall(r"CommandSpec (\w+)_command\(\);", (root / "daemon/cli/commands.hpp").read_text(encoding="utf-8"))
    if sorted(commands) != sorted(declared):
        findings.append(f"commands described and declared differ: {sorted(set(commands) ^ set(declared))}")
    for command in commands:
        if f"earshot {command}" not in readme:
            findings.append(f"README.md does not show `earshot {command}`")
    for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / link).exists():
                findings.append(f"{page.relative_to(root)}: link to {link} leads nowhere")
    print("\n".join(findings) if findings else "the documentation is complete")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
