"""Parses feeds back strictly: python3 check_feeds.py DIRECTORY BASE [KIND…]. Exits 1 naming what is wrong."""

import datetime
import json
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
ALLOWED = {"feed", "id", "title", "updated", "author", "generator", "entry", "published", "link", "category", "content", "name"}


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_atom(path):
    feed = tree.parse(path).getroot()
    assert feed.tag == ATOM + "feed", feed.tag
    for node in feed.iter():
        assert node.tag.startswith(ATOM) and node.tag[len(ATOM):] in ALLOWED, node.tag
    ids = []
    for part in [feed, *feed.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):
            assert len(part.findall(ATOM + name)) == 1, (path, name)
            assert part.find(ATOM + name).text, (path, name)
        moment(part.find(ATOM + "updated").text)
        ids.append(part.find(ATOM + "id").text)
        for link in part.findall(ATOM + "link"):
            assert link.get("href").startswith(("http://", "https://")), link.get("href")
    assert len(ids) == len(set(ids)), ids
    return ids[1:]


def check_json(path):
    feed = json.loads(Path(path).read_bytes().decode("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["id"]
        assert isinstance(item["content_text"], str)
        moment(item["date_published"]), moment(item["date_modified"])
        assert item.get("url", "https://").startswith(("http://", "https://"))
    return [item["id"] for item in feed["items"]]


def check_with_feedparser(path):
    """By the parser that most readers' authors know."""
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's modules, whatever Python this is
    import feedparser
    read = feedparser.parse(str(path))
    assert read.version == "atom10" and not read.bozo, (path, read.get("bozo_exception"))
    assert all(entry.id and entry.title and entry.updated_parsed for entry in read.entries), path


directory, base = Path(sys.argv[1]), sys.argv[2]
for kind in ("ideas", "incidents", *sys.argv[3:]):
    check_with_feedparser(directory / f"{base}-{kind}.atom")
    assert check_atom(directory / f"{base}-{kind}.atom") == check_json(directory / f"{base}-{kind}.json"), kind
assert not list(directory.glob("*.tmp*")), "a temporary file was left behind"
