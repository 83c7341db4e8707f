"""The parts with a plot: the outage, the promotion, the ten questions, the people who change their minds."""

import datetime
import re

from calendar_ms import DAY, HOUR, REFERENCE_MONDAY, WEEK
from material import SENTIMENT, read_journeys, read_lines, read_sections, words_of


class Story:
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
            self.say(text, {brand.lower(): SENTIMENT[sentiment]}, issues, intents, sentiment, ms, "hackernews", brand=brand, tails=True)

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
        lines = more + rng.sample(more, 8)
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
