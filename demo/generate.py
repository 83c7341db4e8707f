#!/usr/bin/env python3
"""Makes the demo corpus: nine weeks of posts about the invented brand Fernwave and its competitor Quillnet.

    python3 demo/generate.py --out DIR [--seed N] [--now RFC3339]

writes DIR/posts.ndjson (what the demo server serves) and DIR/truth.json (labels, for tests only). The same seed and
the same --now give the same bytes. Without --now the nine weeks start at the reference Monday, 2025-01-06; with it they
are moved by whole weeks so that the ninth is the week of that moment.
"""

import argparse
import collections
import datetime
import json
import math
import os
import random
import re
import tomllib

import native_ids

SEED = 20250106
WEEKS = 9
HOUR, DAY, WEEK = 3_600_000, 86_400_000, 604_800_000
REFERENCE_MONDAY = 1_736_121_600_000  # 2025-01-06T00:00:00Z
CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")

SENTIMENT = {"neg": "negative", "neu": "neutral", "pos": "positive"}
DETAIL_OF = {
    "outage": "line", "performance": "line", "bug": "app", "usability": "app", "account": "app", "security": "app",
    "billing": "money", "refund": "money", "price": "money", "cancellation": "money", "expectation_gap": "money",
    "delivery": "parcel", "lost_item": "parcel", "damaged_item": "parcel", "booking_order": "service",
    "delay": "service", "customer_service": "service", "privacy": "service", "product_quality": "line",
    "staff_behaviour": "service", "availability": "service", "safety": "service",
}
# How often each complaint type is heard, relative to the others.
ISSUE_WEIGHT = {
    "outage": 11, "performance": 11, "customer_service": 10, "billing": 10, "bug": 9, "price": 6, "delay": 6, "usability": 5,
    "refund": 5, "delivery": 4, "cancellation": 5, "product_quality": 4, "account": 4, "expectation_gap": 4, "damaged_item": 3,
    "lost_item": 3, "booking_order": 4, "availability": 3, "security": 3, "privacy": 3, "staff_behaviour": 3, "safety": 2,
}
WEEKDAY = [1.04, 1.0, 1.02, 1.03, 0.98, 0.86, 0.93]
HOURS = [1.1, .6, .35, .25, .25, .4, 1.0, 2.0, 2.6, 2.8, 2.9, 3.0, 3.3, 3.0, 2.9, 3.0, 3.3, 3.9, 4.6, 5.2, 5.4, 5.0, 3.8, 2.2]


def rfc3339_ms(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def shift_for(now_ms, first_monday=REFERENCE_MONDAY):
    """Milliseconds, a whole number of weeks, that bring the ninth week onto the week of `now_ms`."""
    return (now_ms - first_monday) // WEEK * WEEK - (WEEKS - 1) * WEEK


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


class Corpus:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        with open(os.path.join(CORPUS, "pieces.toml"), "rb") as file:
            self.pieces = tomllib.load(file)
        with open(os.path.join(CORPUS, "people.toml"), "rb") as file:
            self.people = tomllib.load(file)
        with open(os.path.join(CORPUS, "forum.toml"), "rb") as file:
            self.forum = tomllib.load(file)
        with open(os.path.join(CORPUS, "replies.toml"), "rb") as file:
            self.phrases = tomllib.load(file)
        self.decks = {}
        self.posts, self.truth = [], {}
        self.facts = {"questions": [], "journeys": [], "decoys": [], "promises": [], "incident": {}, "promotion": {},
                      "edits": [], "deletions": [], "reposts": []}
        self.seen_texts = set()
        self.used_times = collections.defaultdict(set)
        self.authors = {p: self.make_authors(p, n) for p, n in
                        (("mastodon", 760), ("bluesky", 780), ("hackernews", 170), ("forum", 330))}
        self.own = {p: self.own_accounts(p) for p in ("mastodon", "bluesky", "hackernews", "forum")}

    # ---- people -------------------------------------------------------------------------------------------------

    def make_authors(self, platform, count):
        rng, people, authors, handles = self.rng, self.people, [], set()
        while len(authors) < count:
            first, last = rng.choice(people["first"]), rng.choice(people["last"])
            plain = (first + last).lower().translate(str.maketrans("öäüë", "oaue"))
            style = rng.random()
            if style < .35:
                handle = rng.choice(people["nick"]) + rng.choice(people["tail"])
            elif style < .6:
                handle = first.lower() + rng.choice(["", "_", "."])[:1] + rng.choice(people["nick"])
            elif style < .85:
                handle = plain + rng.choice(people["tail"])
            else:
                handle = first.lower()[0] + last.lower().translate(str.maketrans("öäüë", "oaue")) + str(rng.randrange(10, 99))
            handle = re.sub(r"[^a-z0-9_]", "", handle)
            if platform == "bluesky":
                handle = handle.replace("_", "-").strip("-") + ".bsky.example"
            if handle in handles:
                continue
            handles.add(handle)
            name = first if rng.random() < .4 else f"{first} {last}" if rng.random() < .6 else handle.split(".")[0]
            authors.append({
                "id": f"{platform}:{handle}", "handle": handle, "name": name + rng.choice(people["name_extra"]), "role": "customer",
                "followers": int(math.exp(rng.gauss(4.6, 1.5))),
                "instance": rng.choice(people["instances"]) if platform == "mastodon" else None,
                "voice": self.make_voice(platform), "activity": rng.paretovariate(1.7),
            })
        return authors

    def make_voice(self, platform):
        rng = self.rng
        if platform == "hackernews":
            return {"case": "sentence", "apostrophes": True, "typos": 0.004, "emoji": 0, "ramble": .75, "open": .02, "end": .02}
        case = rng.choices(["asis", "lower", "sentence", "shout"], [42, 22, 34, 2])[0]
        return {
            "case": case,
            "apostrophes": not (case in ("lower", "asis") and rng.random() < .35),
            "typos": rng.choices([0, .004, .014, .03], [45, 30, 18, 7])[0],
            "emoji": rng.choices([0, .12, .4], [60, 28, 12])[0],
            "ramble": rng.choice([.1, .3, .5, .85]) if platform != "forum" else rng.choice([.4, .6, .9]),
            "open": rng.choice([.02, .1, .25, .4]), "end": rng.choice([.03, .12, .25, .35]),
        }

    def own_accounts(self, platform):
        suffix = {"mastodon": "", "bluesky": ".example", "hackernews": "", "forum": ""}[platform]
        made = {}
        for handle, name, followers in (("fernwave", "Fernwave", 48210), ("fernwavehelp", "Fernwave Help", 12840),
                                        ("quillnet", "Quillnet", 39400)):
            made[handle] = {"id": f"{platform}:{handle}{suffix}", "handle": handle + suffix, "name": name,
                            "role": "competitor" if handle == "quillnet" else "brand", "followers": followers,
                            "instance": "social.example" if platform == "mastodon" else None}
        return made

    def author(self, platform, exclude=()):
        pool = self.authors[platform]
        while True:
            author = self.rng.choices(pool, cum_weights=self.cumulative(platform))[0]
            if author["id"] not in exclude:
                return author

    def cumulative(self, platform):
        if not hasattr(self, "_cumulative"):
            self._cumulative = {}
        if platform not in self._cumulative:
            total, sums = 0, []
            for author in self.authors[platform]:
                total += min(author["activity"], 6)
                sums.append(total)
            self._cumulative[platform] = sums
        return self._cumulative[platform]

    # ---- time ---------------------------------------------------------------------------------------------------

    def moment(self, first=0, last=WEEKS * 7 - 1):
        """A time between two days (numbered from the first Monday) in the rhythm of a week."""
        rng = self.rng
        days = range(first, last + 1)
        day = rng.choices(days, [WEEKDAY[d % 7] * (1 + .06 * math.sin(d)) for d in days])[0]
        hour = rng.choices(range(24), HOURS if day % 7 < 5 else HOURS[-1:] + HOURS[:-1])[0]
        return REFERENCE_MONDAY + day * DAY + hour * HOUR + rng.randrange(HOUR)

    def free_time(self, platform, ms):
        """Keeps posts of one platform far enough apart that ids made from the time differ."""
        step = 20_000 if platform in ("hackernews", "forum", "news") else 1000
        family = "forum" if platform in ("forum", "news") else platform
        slot = ms // step
        while slot in self.used_times[family]:
            slot += 1
            ms += step
        self.used_times[family].add(slot)
        return ms

    # ---- words --------------------------------------------------------------------------------------------------

    def phrase(self, name):
        """A short phrase, none twice before all were used."""
        if not self.decks.get(name):
            self.decks[name] = self.phrases[name][:]
            self.rng.shuffle(self.decks[name])
        return self.decks[name].pop()

    def fill(self, line, brand="Fernwave", extra=None):
        rng, pieces = self.rng, self.pieces
        hub = {"Fernwave": ["Fernwave Hub", "Fernwave Hub", "Hub", "hub"], "Quillnet": ["QuillBox"]}[brand]
        towns = rng.sample(pieces["towns"], 2)
        amounts = rng.sample(pieces["amounts"], 2)
        chosen_hub = rng.choice(hub)
        values = {
            "b": brand, "hub": chosen_hub, "app": {"Fernwave": "MyFernwave", "Quillnet": "the Quillnet app"}[brand], "h": "fernwavehelp" if brand == "Fernwave" else "quillnet",
            "town": towns[0], "town2": towns[1], "room": rng.choice(pieces["rooms"]), "device": rng.choice(pieces["devices"]),
            "day": rng.choice(pieces["days"]), "time": rng.choice(pieces["times"]), "since": rng.choice(pieces["since"]),
            "speed": rng.choice(pieces["speeds"]), "speed2": rng.choice(pieces["speeds2"]), "amt": amounts[0], "amt2": amounts[1],
            "n": str(rng.randrange(3, 10)), "N": str(rng.randrange(12, 70)), "staff": rng.choice(pieces["staff"]),
            "sig": rng.choice(pieces["staff"]),
        }
        values.update(extra or {})
        return re.sub(r"\{(\w+)\}", lambda m: str(values[m.group(1)]), line)

    def voiced(self, line, author, mood, issues, brand="Fernwave", plain=False, extra=None):
        """The line as this author would write it."""
        rng, voice = self.rng, author.get("voice") or {"case": "asis", "apostrophes": True, "typos": 0, "emoji": 0, "ramble": 0, "open": 0, "end": 0}
        text = self.fill(line, brand, extra)
        if not plain:
            group = {"neg": DETAIL_OF.get(issues[0] if issues else "", "service"), "pos": "pos", "neu": "question"}[mood]
            opener_seen = ending_seen = False
            if rng.random() < voice["open"] and not re.match(r"(hi|hello|dear|thank|ok|so|good|@)", text, re.I):
                opener = self.fill(rng.choice(self.pieces["openers"][mood]), brand, extra)
                if opener[-1] in ".?!:," or opener[0] == "@":
                    text = opener + " " + text
                else:
                    text = opener + " " + text[0].lower() + text[1:] if not text[:2].isupper() else opener + " " + text
                opener_seen = True
            wants_detail = rng.random() < voice["ramble"] * (.75 if len(text) < 90 else .4)
            if wants_detail and "feature_request" not in issues and (mood != "neu" or "?" in text or "how_to" in issues):
                detail = self.fill(rng.choice(self.pieces["details"][group]), brand, extra)
                text = self.join(text, detail)
                if rng.random() < voice["ramble"] - .55:
                    more = self.fill(rng.choice(self.pieces["details"][group]), brand, extra)
                    if more.split()[0] != detail.split()[0]:
                        text = self.join(text, more)
            if rng.random() < voice["end"] and not opener_seen and not re.search(r"(thanks|please|cheers)[.!]?$", text, re.I):
                ending = rng.choice(self.pieces["endings"][mood])
                if ending and not (ord(ending[0]) > 0x2000 or ending[0] in ":!"):
                    text = self.join(text, ending)
                elif ending:
                    text = text.rstrip(".") + ("" if ending[0] == "!" else " ") + ending
        return self.cased(text, voice)

    def join(self, text, tail):
        rng = self.rng
        if text[-1] in ".?!…":
            return text + " " + (tail[0].upper() + tail[1:] if rng.random() < .6 else tail)
        glue = rng.choice([". ", ". ", ", ", " - ", "... ", "\n", "; "])
        return text + glue + (tail[0].upper() + tail[1:] if glue == ". " and rng.random() < .6 else tail)

    def cased(self, text, voice):
        rng = self.rng
        pieces = re.split(r"(https?://\S+|[@#]\w+)", text)
        for i in range(0, len(pieces), 2):
            part = pieces[i]
            if voice["case"] == "lower":
                part = part.lower()
            elif voice["case"] == "shout" and rng.random() < .5:
                part = part.upper()
            elif voice["case"] == "sentence":
                part = re.sub(r"(^|[.?!]\s+|\n)([a-z])", lambda m: m.group(1) + m.group(2).upper(), part) if i == 0 else part
                part = re.sub(r"\bi\b", "I", part)
            if not voice["apostrophes"]:
                part = re.sub(r"(?<=\w)'(?=(t|s|m|re|ve|ll|d)\b)", "", part)
            if voice["typos"]:
                part = self.typos(part, voice["typos"])
            pieces[i] = part
        text = "".join(pieces)
        if voice["case"] == "sentence" and text[-1].isalpha():
            text += "."
        if voice["emoji"] and rng.random() < voice["emoji"] and ord(text[-1]) < 0x2000:
            text += rng.choice([" 😅", " 🙂", " 👀", " 🤷", " 🫠", " ☕", " 🐌", " 🌧️"])
        return text

    def typos(self, text, rate):
        """Swapped, doubled or dropped letters, never in a name that the brand match needs."""
        rng, out = self.rng, []
        for word in re.split(r"(\s+)", text):
            if len(word) > 4 and word.isalpha() and not re.search("fern|quill|hub|box", word, re.I) and rng.random() < rate * 4:
                at = rng.randrange(1, len(word) - 2)
                kind = rng.random()
                if kind < .5:
                    word = word[:at] + word[at + 1] + word[at] + word[at + 2:]
                elif kind < .75:
                    word = word[:at] + word[at + 1:]
                else:
                    word = word[:at] + word[at] + word[at:]
            out.append(word)
        return "".join(out)

    def brand_visible(self, text, platform, brand, tag_chance):
        """Ties the text to the brand the way people do: a hashtag, a mention, or the plain name."""
        rng, name = self.rng, brand.lower()
        if platform == "mastodon" and rng.random() < tag_chance and f"#{name}" not in text.lower():
            found = re.search(rf"(?<![@#/\w]){brand}(?![\w.])(?! Hub| Play)", text, re.I)
            if found and rng.random() < .55:
                text = text[:found.start()] + "#" + found.group(0) + text[found.end():]
            else:
                text += rng.choice([" ", "\n\n", " "]) + "#" + rng.choice([brand, name, name])
                if rng.random() < .3:
                    text += " " + rng.choice(self.pieces["hashtags"]["any"])
        elif platform == "bluesky" and rng.random() < .12 and "#" not in text:
            text += " #" + rng.choice([brand, name])
        if not re.search(rf"(?<!\w){name}(?!\w)", text, re.I):
            if platform in ("mastodon", "bluesky"):
                choice = rng.random()
                if choice < .5:
                    text += " #" + rng.choice([brand, name])
                elif choice < .75:
                    text = f"@{name} " + text
                else:
                    text = f"{brand}: " + text
            elif platform == "forum":
                text = rng.choice([f"{text}\n\n({brand} customer)", f"{brand} here.\n\n{text}", f"With {brand}: {text}"])
            else:
                text += f" ({brand})"
        return text

    # ---- posts --------------------------------------------------------------------------------------------------

    def add(self, platform, author, ms, text, sentiment, issues, intents, **more):
        ms = self.free_time(platform, ms)
        key = f"p{len(self.posts) + 1:05d}"
        rng = self.rng
        reach = math.log1p(author["followers"])
        post = {
            "key": key, "platform": platform, "ms": ms,
            "author": {k: author[k] for k in ("id", "handle", "name", "role", "followers", "instance")},
            "text": text, "title": more.pop("title", None), "lang": more.pop("lang", "en"),
            "reply_to": more.pop("reply_to", None), "repost_of": more.pop("repost_of", None), "quote_of": more.pop("quote_of", None),
            "edit": None, "deleted_ms": None,
            "likes": int(rng.expovariate(1 / (reach * .6 + .3))), "reposts": int(rng.expovariate(1 / (reach * .12 + .05))), "replies": 0,
        }
        for name in ("slug", "link_suffix", "kind", "link", "category", "points"):
            if name in more:
                post[name] = more.pop(name)
        if platform == "mastodon" and rng.random() < .02 and post["author"]["role"] == "customer":
            post["spoiler"] = rng.choice(["internet rant", "isp talk", "boring tech stuff", "complaining"])
        self.posts.append(post)
        truth = {"key": key, "sentiment": sentiment, "issues": list(issues), "intents": list(intents), "lang": post["lang"],
                 "role": author["role"]}
        truth.update(more)
        self.truth[key] = truth
        if post["reply_to"]:
            parent = self.by_key(post["reply_to"])
            parent["replies"] += 1
        return post

    def by_key(self, key):
        return self.posts[int(key[1:]) - 1]

    def slug(self, title):
        return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "topic"

    def forum_title(self, line, text, named, issues, lang, brand, extra):
        """Half of the subjects are written for the issue, the others are the start of the post."""
        titles = self.forum["titles"].get(issues[0] if issues else "other", self.forum["titles"]["other"])
        if named and (lang or "en") == "en" and self.rng.random() < .55:
            title = self.fill(self.rng.choice(titles), brand, extra)
        else:
            body = re.sub(r"^(Fernwave|Quillnet) here\.\n+|^With (Fernwave|Quillnet): |\n+\((Fernwave|Quillnet) customer\)$", "", text)
            parts = [p for p in re.split(r"(?<=[.?!:,])\s|\n", re.sub(r"[#@]", "", body).strip()) if len(p.split()) > 2] or [body]
            title = " ".join(parts[0].split()[:9]).rstrip(".,:;!-( ")
        if named and named.lower() not in title.lower() and self.rng.random() < .6:
            title = self.rng.choice([f"{named}: {title}", f"[{named}] {title}", f"{title} ({named})"])
        return title[0].upper() + title[1:]

    def forum_text(self, text, who, brand, mood, issues):
        """A forum post: greeting, the matter, a line or two about the setup, a closing. Each of them only sometimes."""
        rng, forum = self.rng, self.forum
        devices = rng.sample(self.pieces["devices"], 2)
        extra = {"name": re.split(r"[ ,|]", who["name"])[0], "device": devices[0], "device2": devices[1]}
        parts = [text]
        if rng.random() < .3 and not re.match(r"(hi|hello|hey|dear|good|morning|@)", text, re.I):
            parts.insert(0, rng.choice(forum["greetings"]))
        if rng.random() < .5:
            technical = not issues or DETAIL_OF.get(issues[0]) in ("line", "app") or "how_to" in issues
            second = [] if mood == "pos" or "feature_request" in issues else forum["troubles" if technical else "paperwork"]
            setups = rng.sample(forum["setups"] if technical else forum["setups"][3:6], 1) + rng.sample(second, min(1, len(second)))
            rng.shuffle(setups)
            parts.append(" ".join(self.fill(s, brand, extra) for s in setups[:rng.choice([1, 1, 2])]))
        if rng.random() < .3:
            parts.append(self.fill(rng.choice(forum["closings"]), brand, extra))
        return "\n\n".join(parts)

    def pick_platform(self, weights=(37, 37, 7, 19)):
        return self.rng.choices(["mastodon", "bluesky", "hackernews", "forum"], weights)[0]

    def say(self, line, group_sentiment, issues, intents, mood, ms, platform=None, author=None, brand="Fernwave", plain=False,
            lang=None, tag_chance=.74, extra=None, exclude=(), **more):
        """Writes one organic post: picks who and where, words it and stores it."""
        platform = platform or self.pick_platform()
        if platform == "hackernews" and (lang or "en") != "en":
            platform = "mastodon"
        for attempt in range(6):
            who = author or self.author(platform, exclude)
            if lang and lang != "en" and not author:
                for _ in range(6):
                    if who["voice"]["case"] in ("asis", "sentence"):
                        break
                    who = self.author(platform, exclude)
            if lang and lang != "en":
                voice = dict(who["voice"], typos=0, apostrophes=True)
                text = self.cased(self.fill(line, brand, extra), voice)
            else:
                text = self.voiced(line, who, mood, issues, brand, plain, extra)
            if brand and group_sentiment:
                text = self.brand_visible(text, platform, brand, tag_chance)
            folded = re.sub(r"\W+", " ", text.lower()).strip()
            if folded not in self.seen_texts:
                break
        self.seen_texts.add(folded)
        if mood == "neg" and "question" not in intents and re.search(r"(any news|anyone else|what now|write to|look at this|explain this\?.*)\?", text, re.I):
            intents = [*intents, "question"]
        if platform == "forum":
            title = self.forum_title(line, text, brand if group_sentiment else None, issues, lang, brand, extra)
            if (lang or "en") == "en" and group_sentiment and not plain:
                text = self.forum_text(text, who, brand, mood, issues)
            more.setdefault("title", title)
            more.setdefault("slug", self.slug(more["title"]))
            more.setdefault("category", brand if group_sentiment else "Off topic")
        if platform == "hackernews":
            more.update(self.hn_place(ms, more.get("reply_to")))
        return self.add(platform, who, ms, text, group_sentiment, issues, intents, lang=lang or "en", **more)

    def hn_place(self, ms, reply_to):
        if reply_to:
            return {"kind": "comment", "reply_to": reply_to}
        stories = [s for s in self.hn_stories if s["ms"] < ms - HOUR // 4]
        recent = [s for s in stories if s["ms"] > ms - 9 * DAY] or stories[-3:] or self.hn_stories[:1]
        return {"kind": "comment", "reply_to": self.rng.choice(recent)["key"]}

    # ---- the parts of the story ---------------------------------------------------------------------------------

    def build(self):
        self.hn()
        self.incident()
        self.promotion()
        self.questions()
        self.journeys()
        self.everyday()
        self.staff()
        self.conversations()
        self.news()
        self.noise()
        self.reposts()
        self.edits_and_deletions()
        return self

    def hn(self):
        """Stories first, because every comment hangs below one."""
        stories, comments, current = [], [], None
        for line in read_lines("hn.txt"):
            if line.startswith("= comments"):
                current = None
            elif line.startswith("= "):
                sentiment, issues, intents = (f.strip() for f in line[2:].split("|"))
                current = {"sentiment": sentiment, "issues": words_of(issues), "intents": words_of(intents), "t": "", "x": "", "u": None}
                stories.append(current)
            elif current is not None and line[1:2] == ":":
                current[line[0]] = line[3:]
            elif line.startswith("c "):
                head, text = line.split(": ", 1)
                _, sentiment, issues, intents = head.split(" ")
                comments.append((sentiment, words_of(issues), words_of(intents), text))
        self.hn_stories, self.hn_comments = [], comments
        for i, story in enumerate(stories):
            day = {"bug,outage": 45, "expectation_gap,price": 24}.get(",".join(story["issues"]), (i * 61 // len(stories)) % 61)
            brand = "Fernwave" if "Fernwave" in story["t"] else "Quillnet"
            sentiment = {brand.lower(): SENTIMENT[story["sentiment"]]}
            if "Quillnet" in story["t"] and brand == "Fernwave":
                sentiment["quillnet"] = "neutral"
            post = self.add("hackernews", self.author("hackernews"), self.moment(day, day) if i else REFERENCE_MONDAY + 7 * 60_000, story["x"], sentiment, story["issues"], story["intents"],
                            title=story["t"], kind="story", link=story["u"], points=self.rng.randrange(3, 240))
            self.hn_stories.append(post)
        self.hn_stories.sort(key=lambda p: p["ms"])
        deck = comments * 3
        self.rng.shuffle(deck)
        for sentiment, issues, intents, text in deck:
            ms = self.moment()
            brand = "Quillnet" if self.rng.random() < .1 and "{hub}" not in text else "Fernwave"
            self.say(text, {brand.lower(): SENTIMENT[sentiment]}, issues, intents, sentiment, ms, "hackernews", brand=brand)

    def incident(self):
        rng, sections = self.rng, read_sections("incident.txt")
        start = REFERENCE_MONDAY + 6 * WEEK + 2 * DAY + 18 * HOUR + 10 * 60_000
        end = start + 4 * HOUR + 55 * 60_000
        used, ids = set(), []
        labels = ({"fernwave": "negative"}, ["outage"], ["complaint"])

        def affected(line, ms, platform=None, lang=None, plain=False):
            minutes = ms // 60_000 % 60
            spoken = rng.choice(["ten past six", "18:10", "quarter past six", "6pm", "shortly after six", "18:15"])
            later = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%H:%M") if minutes % 2 else \
                f"{(ms // HOUR) % 24 - 12 + 0}pm"
            town = rng.choice(self.pieces["lindmoor"])
            extra = {"town": town, "town2": "Highmarsh" if town != "Highmarsh" else "Tarn End", "itime": spoken, "itime2": later}
            issues = ["outage", "bug"] if re.search(r"update|4\.2|firmware", line) else ["outage"]
            intents = ["complaint", "question"] if "?" in line else ["complaint"]
            post = self.say(line, labels[0], issues, intents, "neg", ms, platform or self.pick_platform((42, 40, 4, 14)), extra=extra,
                            lang=lang, exclude=used, plain=plain, tag_chance=.85, incident="lindmoor")
            used.add(post["author"]["id"])
            ids.append(post["key"])
            return post

        for i, line in enumerate(sections["first"]):
            affected(line, start + [20_000, 170_000, 400_000, 560_000, 700_000, 860_000, 1_080_000][i],
                     ["mastodon", "bluesky", "mastodon", "forum", "bluesky", "bluesky", "mastodon"][i], plain=True)
        more = sections["more"][:]
        rng.shuffle(more)
        lines = more + rng.sample(more, 46)
        for line in lines:
            ms = start + 20 * 60_000 + int(rng.betavariate(1.5, 2.6) * 250 * 60_000)
            affected(line, ms)
        for line in sections["lang"]:
            lang = {"F": "de", "l": "es", "V": "fr", "r": "de"}[line[0]]
            affected(line, start + rng.randrange(30, 200) * 60_000, rng.choice(["mastodon", "bluesky"]), lang=lang)
        own = []
        for line, minute in zip(sections["brand"], (28, 70, 105, 150, 220, 295, 295 + 15 * 60)):
            for platform in ("mastodon", "bluesky"):
                text = self.brand_visible(self.fill(line), platform, "Fernwave", 1)
                issues = ["outage"]
                own.append(self.add(platform, self.own[platform]["fernwave"], start + minute * 60_000 + rng.randrange(40_000), text,
                                    {"fernwave": "neutral"}, issues, [], incident="lindmoor")["key"])
        for key in rng.sample(ids, 42):
            target = self.by_key(key)
            if target["platform"] not in ("mastodon", "bluesky"):
                continue
            ms = min(target["ms"] + rng.randrange(6, 45) * 60_000, end + HOUR)
            if ms > start + 25 * 60_000:
                own.append(self.reply(target, rng.choice(sections["reply"]), ms, incident="lindmoor")["key"])
        thanked = [self.by_key(k)["author"]["id"] for k in rng.sample(ids, 50)]
        happy = []
        for i in range(34):
            line = sections["after"][i % len(sections["after"])]
            ms = start + 215 * 60_000 + int(rng.betavariate(1.2, 2.2) * 14 * HOUR)
            author = self.author_by_id(thanked[i])
            platform = author["id"].split(":")[0]
            thankful = [] if platform == "hackernews" else ["thanks"]
            happy.append(self.say(line, {"fernwave": "positive"}, ["outage"], thankful, "pos", ms, platform, author=author,
                                  extra={"town": rng.choice(self.pieces["lindmoor"])}, incident="lindmoor-after")["key"])
        for line in sections["tail"]:
            self.say(line, {"fernwave": "negative"}, ["outage"], ["complaint"] + (["question"] if "?" in line else []), "neg",
                     start + rng.randrange(14, 60) * HOUR, extra={"town": "Lindmoor"}, incident="lindmoor-after")
        ids.sort(key=lambda k: self.by_key(k)["ms"])
        self.facts["incident"] = {
            "id": "lindmoor", "summary": "Fernwave outage in Lindmoor: router shows red light since the 4.2 update", "brand": "fernwave", "region": "Lindmoor",
            "start_ms": start, "end_ms": end, "first_post": ids[0], "affected": ids, "distinct_authors": len(used), "brand_posts": own, "thanks_after": happy}

    def author_by_id(self, author_id):
        platform = author_id.split(":")[0]
        return next(a for a in self.authors[platform] if a["id"] == author_id)

    def promotion(self):
        rng, sections = self.rng, read_sections("promo.txt")
        first, last = 21, 32  # Monday of week 4, Friday of week 5
        own, ids, asked = [], [], []
        for i in range(8):
            platform = ("mastodon", "bluesky")[i % 2]
            own.append(self.add(platform, self.own[platform]["fernwave"], REFERENCE_MONDAY + (first + i * 3 // 2) * DAY + 9 * HOUR + i * 700_000,
                                sections["brand"][i % 3], {"fernwave": "neutral"}, ["other"], [], promotion="roaming-summer")["key"])
        used = set()
        lines = sections["complaint"] + rng.sample(sections["complaint"], 14)
        for line in lines:
            issues = ["expectation_gap"] + (["price"] if "{amt}" in line or "fee" in line else []) + (["billing"] if "bill" in line else [])
            post = self.say(line, {"fernwave": "negative"}, issues, ["complaint"] + (["question"] if "?" in line else []), "neg",
                            self.moment(first + 1, last + (2 if rng.random() < .15 else 0)), exclude=used, promotion="roaming-summer")
            used.add(post["author"]["id"])
            ids.append(post["key"])
            if rng.random() < .3 and post["platform"] in ("mastodon", "bluesky"):
                own.append(self.reply(post, rng.choice(sections["brand_reply"]), post["ms"] + rng.randrange(1, 9) * HOUR)["key"])
        for line in sections["question"] * 2:
            asked.append(self.say(line, {"fernwave": "neutral"}, ["how_to"], ["question"], "neu", self.moment(first, last), promotion="roaming-summer")["key"])
        for platform in ("mastodon", "bluesky"):
            own.append(self.add(platform, self.own[platform]["fernwave"], REFERENCE_MONDAY + (last + 3) * DAY + 10 * HOUR, sections["brand_end"][0],
                                {"fernwave": "neutral"}, ["other"], [])["key"])
        ids.sort(key=lambda k: self.by_key(k)["ms"])
        self.facts["promotion"] = {
            "id": "roaming-summer", "name": "Unlimited Roaming Summer", "claim": "unlimited calls and data, everywhere", "brand": "fernwave",
            "from_ms": REFERENCE_MONDAY + first * DAY, "to_ms": REFERENCE_MONDAY + (last + 1) * DAY - 1, "misled": ids, "questions": asked, "brand_posts": own}

    def questions(self):
        rng = self.rng
        topics = []
        for line in read_lines("questions.txt"):
            if line.startswith("= "):
                topic, title, issues = (f.strip() for f in line[2:].split("|"))
                topics.append({"id": topic, "title": title, "issues": words_of(issues), "ask": [], "b": [], "p": []})
            elif line.startswith(">"):
                topics[-1][line[1]].append(line[3:])
            elif line.strip():
                topics[-1]["ask"].append(line)
        for topic in topics:
            asked, answered, used = [], [], set()
            lines = topic["ask"] + rng.sample(topic["ask"], 5)
            for i, line in enumerate(lines):
                day = (i * 63) // len(lines)
                ms = self.moment(max(0, day - 2), min(62, day + 3))
                post = self.say(line, {"fernwave": "neutral"}, topic["issues"], ["question"], "neu", ms, exclude=used, topic=topic["id"],
                                platform=self.pick_platform((34, 34, 5, 27)))
                used.add(post["author"]["id"])
                asked.append(post["key"])
                roll = rng.random()
                if roll < .3 and post["platform"] in ("mastodon", "bluesky", "forum"):
                    answer = self.reply(post, "Hi! " * (rng.random() < .4) + rng.choice(topic["b"]) + " ^{sig}" + rng.choice([", Fernwave", " @ Fernwave", " Fernwave Help"]),
                                        ms + rng.randrange(1, 10) * HOUR, answers=topic["id"])
                elif roll < .58:
                    helper = self.author(post["platform"], {post["author"]["id"]})
                    answer = self.peer(post, rng.choice(topic["p"]), helper, ms + rng.randrange(600, 40_000) * 1000, "neutral", topic["issues"], [], answers=topic["id"])
                    if rng.random() < .6:
                        self.peer(answer, self.phrase("helped"), self.author_by_id(post["author"]["id"]), answer["ms"] + rng.randrange(300, 20_000) * 1000,
                                  "neutral", ["other"], ["thanks"])
                else:
                    answer = None
                if answer:
                    answered.append({"question": post["key"], "answer": answer["key"], "by": self.truth[answer["key"]]["role"]})
            self.facts["questions"].append({"id": topic["id"], "question": topic["title"], "asked": asked, "answers": answered})

    def peer(self, target, line, author, ms, polarity, issues, intents, **more):
        """A reply by an ordinary person, on the platform of the post it answers."""
        platform = target["platform"]
        text = self.cased(self.fill(line), author["voice"])
        if platform == "mastodon":
            text = f"@{self.acct(target['author'])} {text}"
        if platform in ("mastodon", "bluesky"):
            text = self.brand_visible(text, platform, "Fernwave", .8)
        if platform == "forum":
            base = target["title"] if target["title"].startswith("Re: ") else "Re: " + target["title"]
            more.update(title=base, slug=target["slug"], category=target["category"])
        if platform == "hackernews":
            more.update(kind="comment")
        return self.add(platform, author, ms, text, {"fernwave": polarity}, issues, intents, reply_to=target["key"], **more)

    def acct(self, author):
        return author["handle"] if author["instance"] in (None, "social.example") else f"{author['handle']}@{author['instance']}"

    def reply(self, target, line, ms, account="fernwavehelp", **more):
        """A reply by the help account."""
        platform = target["platform"]
        text = self.fill(line)
        if platform == "mastodon":
            text = f"@{self.acct(target['author'])} {text} #fernwave"
        elif "fernwave" not in re.findall(r"\w+", text.lower()):
            text += " Fernwave"
        if platform == "forum":
            base = target["title"] if target["title"].startswith("Re: ") else "Re: " + target["title"]
            more.update(title=base, slug=target["slug"], category=target["category"])
        if platform == "hackernews":
            more.update(kind="comment")
        return self.add(platform, self.own[platform][account], ms, text, {"fernwave": "neutral"}, ["other"], [], reply_to=target["key"], **more)

    def journeys(self):
        rng, taken = self.rng, set()
        for kind, issue, block in read_journeys():
            platform = rng.choices(["mastodon", "bluesky", "forum"], [45, 40, 15])[0]
            author = self.author(platform, taken)
            taken.add(author["id"])
            if kind == "staff":
                author = dict(author, role="staff", name=author["name"].split(" ")[0] + " (works at Fernwave)")
            agent = rng.choice(self.pieces["staff"])
            ms = self.moment(2, 42 if kind != "fallen" else 25)
            entry = {"kind": kind, "author": author["id"], "platform": platform, "issue": issue}
            previous = None
            for who, line in block:
                extra = {"sig": agent}
                if who == "b":
                    line = line.replace("{sig}", agent)
                    previous = self.reply(previous, line, ms + rng.randrange(20, 300) * 60_000, journey=kind)
                    entry["brand_reply"] = previous["key"]
                    continue
                if previous is not None:
                    days = rng.randrange(2, 9) if kind != "fallen" else 18 + rng.randrange(5)
                    ms = ms + days * DAY + rng.randrange(1, 20) * HOUR
                positive = who == "h"
                intents = ["praise"] if positive else ["complaint"]
                if positive and re.search("thank|cheers", line):
                    intents.append("thanks")
                previous = self.say(line, {"fernwave": "positive" if positive else "negative"}, [issue if issue != "other" else "performance"],
                                    intents, "pos" if positive else "neg", ms, platform, author=author, plain=True, extra=extra, journey=kind)
                entry["happy" if positive else "complaint" if "complaint" not in entry and who == "c" else "angry"] = previous["key"]
            (self.facts["journeys"] if kind == "raver" else self.facts["decoys"]).append(entry)
        self.journey_authors = taken

    def everyday(self):
        rng = self.rng
        plan = []
        by_file = {name: read_groups(name) for name in ("complaints.txt", "praise.txt", "chatter.txt", "quillnet.txt", "langs.txt")}

        def deal(groups, count, weight):
            weights = [weight(g) for g in groups]
            for group in rng.choices(groups, weights, k=count):
                plan.append((group, group.deal(rng)))

        complaints = by_file["complaints.txt"]
        total = collections.Counter(g.issues[0] for g in complaints for _ in g.lines)
        deal(complaints, 1120, lambda g: ISSUE_WEIGHT[g.issues[0]] * len(g.lines) / total[g.issues[0]])
        sarcastic = [g for g in by_file["praise.txt"] if "sarcasm" in g.options]
        deal([g for g in by_file["praise.txt"] if "sarcasm" not in g.options], 440, lambda g: len(g.lines))
        for group in sarcastic:
            plan.extend((group, line) for line in group.lines)
        deal(by_file["chatter.txt"], 590, lambda g: len(g.lines))
        deal(by_file["quillnet.txt"], 165, lambda g: len(g.lines))
        for group in by_file["langs.txt"]:
            plan.extend((group, line) for line in group.lines)
        deal(by_file["langs.txt"], 70, lambda g: len(g.lines))

        for group, line in plan:
            sentiment, brand = dict(group.sentiment), "Fernwave"
            if set(sentiment) == {"quillnet"}:
                brand = "Quillnet"
            elif set(sentiment) == {"fernwave"} and not re.search(r"fernwave|quillnet|\{h\}|\{app\}|Play|otter", line, re.I) and not group.lang and rng.random() < .16:
                brand, sentiment = "Quillnet", {"quillnet": sentiment["fernwave"]}
            value = sentiment.get("fernwave") or sentiment.get("quillnet")
            mood = {"negative": "neg", "neutral": "neu", "positive": "pos"}[value]
            plain = bool({"sarcasm"} & set(group.options)) or "thanks" in group.intents or len(sentiment) > 1 or group.lang is not None \
                or (mood == "neu" and not {"question", "suggestion"} & set(group.intents))
            intents = list(group.intents)
            if "?" in line and "question" not in intents and mood == "neg":
                intents.append("question")
            more = {"sarcasm": True} if "sarcasm" in group.options else {}
            platform = self.pick_platform((38, 37, 5, 20))
            if len(sentiment) > 1:
                more["comparison"] = True
            if platform == "hackernews" and group.intents == ["thanks"]:
                platform = "bluesky"
            self.say(line, sentiment, group.issues, intents, mood, self.moment(), platform, brand=brand, plain=plain, lang=group.lang,
                     extra={"h": "fernwavehelp"} if brand == "Fernwave" else None, exclude=self.journey_authors, **more)

    def staff(self):
        rng, sections = self.rng, read_sections("staff.txt")
        journey_keys = {k for e in self.facts["journeys"] + self.facts["decoys"] for k in e.values()}
        answered = {p["reply_to"] for p in self.posts if p["author"]["role"] == "brand"}
        open_posts = [p for p in self.posts if p["platform"] in ("mastodon", "bluesky", "forum") and p["key"] not in answered | journey_keys
                      and p["author"]["role"] == "customer" and not p["reply_to"] and "fernwave" in self.truth[p["key"]]["sentiment"]
                      and not {"incident", "promotion", "topic"} & set(self.truth[p["key"]])]
        rng.shuffle(open_posts)
        for post in [p for p in open_posts if self.truth[p["key"]]["sentiment"]["fernwave"] == "negative"][:58]:
            ms = post["ms"] + rng.randrange(15, 400) * 60_000
            agent = rng.choice(self.pieces["staff"])
            line = rng.choice(sections["promise"])
            made = self.reply(post, line.replace("{sig}", agent), ms, promise="made")
            due = ms + (30 * HOUR if "tomorrow" in line or "evening" in line or "today" in line else 2 * HOUR if "two hours" in line else 3 * DAY)
            entry = {"promise": made["key"], "to": post["key"], "due_ms": due, "kept": rng.random() < .6, "followup": None}
            if entry["kept"]:
                entry["followup"] = self.reply(post, rng.choice(sections["kept"]).replace("{sig}", agent), due - rng.randrange(10, 90) * 60_000, promise="kept")["key"]
            elif rng.random() < .6:
                line = self.phrase("reminders")
                entry["reminder"] = self.peer(made, self.fill(line), self.author_by_id(post["author"]["id"]), due + rng.randrange(2, 50) * HOUR, "negative",
                                              ["customer_service"], ["complaint"])["key"]
            self.facts["promises"].append(entry)
        promised = {e["to"] for e in self.facts["promises"]}
        done = 0
        for post in open_posts:
            if done >= 175:
                break
            if post["key"] in promised:
                continue
            truth = self.truth[post["key"]]
            value, issue = truth["sentiment"]["fernwave"], (truth["issues"] or ["any"])[0]
            if value == "neutral" and not {"question", "request", "suggestion"} & set(truth["intents"]) or truth.get("comparison") or rng.random() < .3:
                continue
            lines = sections["praise"] if value == "positive" else sections.get(issue, []) + (sections["any"] if value == "negative" else [])
            if not lines:
                continue
            answer = self.reply(post, rng.choice(lines), post["ms"] + rng.randrange(10, 600) * 60_000)
            done += 1
            if value == "negative" and rng.random() < .35:
                self.peer(answer, self.phrase("acknowledged"), self.author_by_id(post["author"]["id"]), answer["ms"] + rng.randrange(5, 300) * 60_000, "neutral",
                          ["other"], ["thanks"])
        for i, line in enumerate(sections["brand_posts"] * 2):
            platform = ("mastodon", "bluesky")[i % 2]
            day = (i * 5 + 1) % 62
            self.add(platform, self.own[platform]["fernwave"], REFERENCE_MONDAY + day * DAY + (9 + i % 8) * HOUR + rng.randrange(HOUR), line,
                     {"fernwave": "neutral"}, ["other"], [])

    def conversations(self):
        """People answer each other: agreement, hints, questions back. Neutral, whatever the first post was."""
        rng = self.rng
        journeys = {k for e in self.facts["journeys"] + self.facts["decoys"] for k in e.values() if isinstance(k, str)}
        roots = [p for p in self.posts if p["platform"] in ("mastodon", "bluesky", "forum") and not p["reply_to"] and p["author"]["role"] == "customer"
                 and p["key"] not in journeys and p["lang"] == "en" and "fernwave" in self.truth[p["key"]]["sentiment"] and "topic" not in self.truth[p["key"]]]
        for root in rng.sample(roots, 130):
            line = self.phrase("agreed")
            value = self.truth[root["key"]]["sentiment"]["fernwave"]
            glad = re.match(r"congrats|glad|oh nice", line)
            if bool(glad) != (value == "positive"):
                continue
            self.peer(root, line, self.author(root["platform"], {root["author"]["id"]}), root["ms"] + int(rng.expovariate(1 / (4 * HOUR))) + 90_000,
                      "neutral", ["other"], ["question"] if line.endswith("?") else [])

    def news(self):
        rng = self.rng
        desks = [{"id": f"news:{n}", "handle": n, "name": full, "role": "press", "followers": 9000, "instance": None}
                 for n, full in (("hvale", "Henrike Vale"), ("desk", "Wirepost desk"), ("omarsh", "Oliver Marsh"), ("press", "Fernwave press office"))]
        weeks = {"w4": (21, 23), "w5": (29, 32), "w6": (35, 37), "w7": (44, 46), "w8": (50, 52), "any": (0, 61)}
        lines = read_lines("news.txt")
        plan = [line for line in lines if line.count("|") == 4]
        plan += [line for line in plan if line.startswith("any") and ("{town" in line or "{N}" in line)]
        for line in plan:
            when, sentiment, issue, title, body = (f.strip() for f in line.split("|"))
            seed_extra = dict(zip(("town", "town2"), rng.sample(self.pieces["towns"], 2)), N=rng.randrange(12, 70), n=rng.randrange(3, 9),
                              day=rng.choice(self.pieces["days"]))
            title, body = self.fill(title, extra=seed_extra), self.fill(body, extra=seed_extra)
            brands = [b for b in ("fernwave", "quillnet") if b in (title + body).lower()]
            labels = {b: SENTIMENT[sentiment] for b in brands} if len(brands) < 2 or sentiment == "neu" else \
                {b: SENTIMENT[sentiment] if i == 0 else "neutral" for i, b in enumerate(brands)}
            day = weeks[when]
            ms = self.moment(*day)
            ms = ms // DAY * DAY + rng.randrange(6 * 60, 19 * 60) * 60_000
            post = self.add("news", rng.choice(desks), ms, body, labels, [issue], [], title=title, slug=self.slug(title), category="Telecoms",
                            **({} if brands else {"near_miss": "substring"}))
            if rng.random() < .35:
                again = self.add("news", post["author"] | {}, ms + rng.randrange(2, 30) * HOUR, body, labels, [issue], [], title=title, slug=post["slug"],
                                 category="Telecoms", link_suffix=rng.choice(["?utm_source=feed&utm_medium=rss", "?utm_campaign=evening&fbclid=IwAR0x1", "?ref=newsletter"]),
                                 duplicate_of=post["key"])
                self.facts["reposts"].append({"repost": again["key"], "of": post["key"], "kind": "feed_duplicate"})

    def noise(self):
        rng = self.rng
        for group in read_groups("noise.txt"):
            option = (group.options or [""])[0]
            copies = {"near_miss": 2, "spam": 4, "job": 4, "event": 3}[option]
            lines = [line for line in group.lines for _ in range(copies if "{" in line or option == "near_miss" and "other_meaning" not in group.options else 1)]
            spammer = [self.author("mastodon") for _ in range(4)] + [self.author("bluesky") for _ in range(5)]
            for line in lines:
                author = rng.choice(spammer) if option == "spam" else None
                platform = author["id"].split(":")[0] if author else self.pick_platform((46, 44, 2, 8))
                more = {"spam": True} if option == "spam" else {"near_miss": "other_meaning" if "other_meaning" in group.options else "substring"} \
                    if option == "near_miss" else {"noise": option}
                brand = "Quillnet" if "Quillnet" in line and "Fernwave" not in line else "Fernwave"
                sentiment = {brand.lower(): "neutral"} if group.sentiment else {}
                self.say(line, sentiment, group.issues, group.intents, "neu", self.moment(), platform, author=author, brand=brand, plain=True,
                         tag_chance=.6, **more)

    def reposts(self):
        rng, facts = self.rng, self.facts["reposts"]
        affected = set(self.facts["incident"]["affected"])

        def candidates(platform):
            found = [p for p in self.posts if p["platform"] == platform and not p["reply_to"] and not p["repost_of"] and self.truth[p["key"]]["sentiment"]
                     and not self.truth[p["key"]].get("spam")]
            weights = [3 + 12 * (p["key"] in affected) + 6 * (p["author"]["role"] == "brand") + p["likes"] / 10 for p in found]
            return found, weights

        found, weights = candidates("mastodon")
        for target in rng.choices(found, weights, k=120):
            boost = self.add("mastodon", self.author("mastodon", {target["author"]["id"]}), target["ms"] + int(rng.expovariate(1 / (3 * HOUR))) + 60_000, target["text"],
                             self.truth[target["key"]]["sentiment"], self.truth[target["key"]]["issues"], self.truth[target["key"]]["intents"],
                             repost_of=target["key"], lang=target["lang"], duplicate_of=target["key"])
            boost["likes"] = boost["reposts"] = 0
            facts.append({"repost": boost["key"], "of": target["key"], "kind": "boost"})
        found, weights = candidates("bluesky")
        found_weights = list(zip(found, weights))
        for target in rng.choices([f for f, _ in found_weights], [w for _, w in found_weights], k=62):
            text = self.phrase("wrappers").format(target["text"])
            copy = self.add("bluesky", self.author("bluesky", {target["author"]["id"]}), target["ms"] + rng.randrange(4, 300) * 60_000, text[:295],
                            self.truth[target["key"]]["sentiment"], self.truth[target["key"]]["issues"], self.truth[target["key"]]["intents"], lang=target["lang"],
                            duplicate_of=target["key"])
            facts.append({"repost": copy["key"], "of": target["key"], "kind": "copy"})
        for target in rng.choices([f for f, _ in found_weights], [w for _, w in found_weights], k=44):
            quote = self.add("bluesky", self.author("bluesky", {target["author"]["id"]}), target["ms"] + rng.randrange(4, 900) * 60_000,
                             self.fill(self.phrase("quotes"), "Quillnet" if "fernwave" not in self.truth[target["key"]]["sentiment"] else "Fernwave"),
                             {b: "neutral" for b in list(self.truth[target["key"]]["sentiment"])[:1]}, ["other"], [], quote_of=target["key"])
            facts.append({"repost": quote["key"], "of": target["key"], "kind": "quote"})

    def edits_and_deletions(self):
        rng = self.rng
        linked = {p["reply_to"] for p in self.posts} | {p["repost_of"] for p in self.posts} | {p["quote_of"] for p in self.posts}
        fixed = {k for e in self.facts["journeys"] + self.facts["decoys"] + self.facts["promises"] for k in e.values() if isinstance(k, str)}
        linked |= fixed | {k for q in self.facts["questions"] for k in q["asked"]} | set(self.facts["incident"]["affected"][:12])
        free = [p for p in self.posts if p["key"] not in linked and not p["reply_to"] and not p["repost_of"] and p["author"]["role"] in ("customer", "press")]
        rng.shuffle(free)
        endings = {"negative": ["Edit: and again this morning.", "EDIT: still the case.", "Update: no answer yet.", "edit: typo", "Edit: support says 'next week'."],
                   "positive": ["Edit: still great a day later.", "edit: typo", "Update: even the neighbour is jealous."],
                   "neutral": ["Edit: typo.", "Edit: found a bit more, see below.", "edit: added the town", "Update: asked in the shop too."]}
        editable = [p for p in free if p["platform"] in ("mastodon", "forum", "news")][:62]
        for post in editable:
            truth = self.truth[post["key"]]
            mood = next(iter(truth["sentiment"].values()), "neutral")
            delay = int(rng.choice([.2, .7, 3, 9, 26, 50, 80]) * HOUR * rng.uniform(.6, 1.4))
            if rng.random() < .3:
                text = re.sub(r"(\w)\1{2,}", r"\1", post["text"]).replace("  ", " ")
                text = (text[0].upper() + text[1:]).rstrip() + " (reworded)"
            else:
                text = post["text"] + ("\n\n" if rng.random() < .6 else " ") + rng.choice(endings[mood])
            post["edit"] = {"ms": post["ms"] + delay, "text": text}
            self.facts["edits"].append({"key": post["key"], "ms": post["edit"]["ms"]})
        edited = {p["key"] for p in editable}
        gone = [p for p in free if p["key"] not in edited and p["platform"] != "news"][:52]
        leaves = [p for p in self.posts if p["platform"] == "hackernews" and p["kind"] == "comment" and p["key"] not in linked and p["author"]["role"] == "customer"]
        gone += rng.sample(leaves, 10)
        for post in gone:
            post["deleted_ms"] = post["ms"] + int(rng.choice([.3, 2, 8, 30, 70, 140]) * HOUR * rng.uniform(.6, 1.4))
            self.facts["deletions"].append({"key": post["key"], "ms": post["deleted_ms"]})

    # ---- output -------------------------------------------------------------------------------------------------

    def render(self, shift=0):
        """(posts, truth) moved by `shift` ms, with native ids and RFC 3339 times, posts in the order of time."""
        ids = {}
        posts = []
        for post in sorted(self.posts, key=lambda p: (p["ms"], p["key"])):
            out = dict(post)
            out["ms"] += shift
            if out["edit"]:
                out["edit"] = dict(out["edit"], ms=out["edit"]["ms"] + shift)
            if out["deleted_ms"]:
                out["deleted_ms"] += shift
            out["id"], out["uri"], out["url"] = native_ids.assign(out, out["ms"])
            out["created_at"] = iso(out["ms"])
            ids[out["key"]] = out
            posts.append(out)
        labels = []
        for post in posts:
            truth = dict(self.truth[post["key"]])
            whole = f"{post['text']} {post['title'] or ''}".lower()
            truth["named"] = [b for b in ("fernwave", "quillnet") if re.search(rf"(?<!\w){b}(?!\w)", whole)]
            labels.append({"key": post["key"], "platform": post["platform"], "id": post["id"], "uri": post["uri"], "author": post["author"]["id"],
                           "created_at": post["created_at"], **{k: v for k, v in truth.items() if k != "key"}})

        def native(value):
            if isinstance(value, str) and re.fullmatch(r"p\d{5}", value):
                return {"key": value, "platform": ids[value]["platform"], "id": ids[value]["id"], "uri": ids[value]["uri"]}
            if isinstance(value, list):
                return [native(v) for v in value]
            if isinstance(value, dict):
                return {(k[:-3] + "_at" if k.endswith("_ms") else "at" if k == "ms" else k): iso(v + shift) if k == "ms" or k.endswith("_ms") else native(v)
                        for k, v in value.items()}
            return value

        start = REFERENCE_MONDAY + shift
        head = {"first_monday": iso(start), "weeks": WEEKS, "counts": self.counts(posts)}
        return posts, {**head, **{k: native(v) for k, v in self.facts.items()}, "posts": labels}

    def counts(self, posts):
        full = [p for p in self.posts if p["ms"] < REFERENCE_MONDAY + 8 * WEEK]
        tally = lambda values: dict(sorted(collections.Counter(values).items(), key=lambda kv: (-kv[1], kv[0])))
        truths = [self.truth[p["key"]] for p in posts]
        return {
            "posts": len(posts), "first_eight_weeks": len(full), "platforms": tally(p["platform"] for p in posts),
            "authors": len({p["author"]["id"] for p in posts}), "languages": tally(t["lang"] for t in truths), "roles": tally(t["role"] for t in truths),
            "issues": tally(i for t in truths for i in t["issues"]), "intents": tally(i for t in truths for i in t["intents"]),
            "fernwave": tally(t["sentiment"]["fernwave"] for t in truths if "fernwave" in t["sentiment"]),
            "quillnet": tally(t["sentiment"]["quillnet"] for t in truths if "quillnet" in t["sentiment"]),
            "sarcasm": sum(bool(t.get("sarcasm")) for t in truths), "spam": sum(bool(t.get("spam")) for t in truths),
            "near_miss": tally(t["near_miss"] for t in truths if t.get("near_miss")), "comparisons": sum(bool(t.get("comparison")) for t in truths),
            "edits": len(self.facts["edits"]), "deletions": len(self.facts["deletions"]), "reposts": tally(r["kind"] for r in self.facts["reposts"]),
            "journeys": len(self.facts["journeys"]), "decoys": len(self.facts["decoys"]), "promises": len(self.facts["promises"]),
            "incident_authors": self.facts["incident"]["distinct_authors"], "misled_by_promotion": len(self.facts["promotion"]["misled"]),
            "askers": {q["id"]: len(q["asked"]) for q in self.facts["questions"]},
        }


def iso(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def main():
    parser = argparse.ArgumentParser(description="Writes the demo corpus and its truth labels.")
    parser.add_argument("--out", required=True, help="directory for posts.ndjson and truth.json")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--now", help="RFC 3339 time whose week becomes the ninth")
    args = parser.parse_args()
    corpus = Corpus(args.seed).build()
    posts, truth = corpus.render(shift_for(rfc3339_ms(args.now)) if args.now else 0)
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "posts.ndjson"), "w", encoding="utf-8") as file:
        for post in posts:
            file.write(json.dumps(post, ensure_ascii=False, sort_keys=True) + "\n")
    with open(os.path.join(args.out, "truth.json"), "w", encoding="utf-8") as file:
        json.dump(truth, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
