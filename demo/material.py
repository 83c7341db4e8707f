"""Reads the hand-written files under corpus/."""

import os
import re

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
SENTIMENT = {"neg": "negative", "neu": "neutral", "pos": "positive"}


class Group:
    """Lines of hand-written text that share their labels, dealt like cards: none twice before all were used."""

    def __init__(self, sentiment, issues, intents, options):
        self.sentiment, self.issues, self.intents, self.options = sentiment, issues, intents, options
        self.lines, self.deck = [], []

    def deal(self, rng):
        if not self.deck:
            self.deck = self.lines[:]
            rng.shuffle(self.deck)
        return self.deck.pop()

    @property
    def lang(self):
        return next((o[5:] for o in self.options if o.startswith("lang=")), None)


def words_of(field):
    return [w.strip() for w in re.split(r"[ ,]+", field) if w.strip() not in ("", "-")]


def parse_sentiment(field):
    if field == "none":
        return {}
    if ":" not in field:
        return {"fernwave": SENTIMENT[field]}
    return {brand: SENTIMENT[value] for brand, value in (part.split(":") for part in field.split())}


def read_lines(name):
    with open(os.path.join(CORPUS, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if not line.startswith("# ")]


def read_groups(name):
    groups = []
    for line in read_lines(name):
        if line.startswith("= "):
            fields = [f.strip() for f in line[2:].split("|")] + ["", ""]
            groups.append(Group(parse_sentiment(fields[0]), words_of(fields[1]), words_of(fields[2]), words_of(fields[3])))
        elif line.strip():
            groups[-1].lines.append(line)
    return groups


def read_sections(name):
    sections, current = {}, None
    for line in read_lines(name):
        if line.startswith("= "):
            current = sections.setdefault(line[2:].strip(), [])
        elif current is not None:
            current.append(line)
    return {k: [line for line in v if line.strip()] for k, v in sections.items()}


def read_journeys():
    """[(kind, issue, {"c": text, "b": text, "h": text, "a": text}, order)]"""
    found, kind, issue, block = [], None, None, []
    for line in read_lines("journeys.txt") + [""]:
        if line.startswith("= "):
            kind, issue = (part.strip() for part in line[2:].split("|"))
        elif line.strip():
            block.append(line.split(": ", 1))
            continue
        if block:
            found.append((block_kind, block_issue, block))
            block = []
        block_kind, block_issue = kind, issue
    return found
