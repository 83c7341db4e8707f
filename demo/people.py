"""The authors: names, followers, and a voice each."""

import math
import re


class People:
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
        if platform not in self.weights:
            total, sums = 0, []
            for author in self.authors[platform]:
                total += min(author["activity"], 6)
                sums.append(total)
            self.weights[platform] = sums
        return self.weights[platform]

    def author_by_id(self, author_id):
        platform = author_id.split(":")[0]
        return next(a for a in self.authors[platform] if a["id"] == author_id)

    def acct(self, author):
        return author["handle"] if author["instance"] in (None, "social.example") else f"{author['handle']}@{author['instance']}"
