"""When and where posts are written, and the records that hold them."""

import math
import re

from calendar_ms import DAY, HOUR, REFERENCE_MONDAY, WEEKS

WEEKDAY = [1.04, 1.0, 1.02, 1.03, 0.98, 0.86, 0.93]
HOURS = [1.1, .6, .35, .25, .25, .4, 1.0, 2.0, 2.6, 2.8, 2.9, 3.0, 3.3, 3.0, 2.9, 3.0, 3.3, 3.9, 4.6, 5.2, 5.4, 5.0, 3.8, 2.2]


class Posting:
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

    def pick_platform(self, weights=(37, 37, 7, 19)):
        return self.rng.choices(["mastodon", "bluesky", "hackernews", "forum"], weights)[0]

    def say(self, line, group_sentiment, issues, intents, mood, ms, platform=None, author=None, brand="Fernwave", plain=False,
            lang=None, tag_chance=.74, extra=None, exclude=(), tails=False, **more):
        """Writes one organic post: picks who and where, words it and stores it."""
        platform = platform or self.pick_platform()
        if platform == "hackernews" and (lang or "en") != "en":
            platform = "mastodon"
        for attempt in range(6):
            who = author or self.author(platform, exclude)
            if "journey" in more:
                who = who | {"voice": who["voice"] | {"emoji": 0}}
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
            tail = tails and self.tail_for(platform, group_sentiment, intents, lang, plain)
            if tail and self.rng.random() < (.3 if attempt == 0 else 1):
                text = self.cased(self.join(text, self.fill(self.rng.choice(self.pieces["tails"][tail]), brand, extra)), who["voice"] | {"typos": 0})
            if brand and group_sentiment:
                text = self.brand_visible(text, platform, brand, tag_chance)
            folded = re.sub(r"\W+", " ", text.lower()).strip()
            if folded not in self.seen_texts:
                break
        self.seen_texts.add(folded)
        if mood == "neg" and "question" not in intents and re.search(r"(any news|anyone else|what now|write to|look at this|explain this\?.*)\?", text, re.I):
            intents = [*intents, "question"]
        if platform == "forum":
            title = self.forum_title(text, brand if group_sentiment else None, mood, issues, lang, extra)
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

    def peer(self, target, line, author, ms, polarity, issues, intents, **more):
        """A reply by an ordinary person, on the platform of the post it answers."""
        platform = target["platform"]
        text = self.fill(line)
        if more.get("answers") and self.rng.random() < .6:
            text = self.join(text, self.fill(self.rng.choice(self.pieces["tails"]["peer"])))
        text = self.cased(text, author["voice"])
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
