"""What people begin and cease to write of, and the pages that the help account sends them to.

Made last of all: what is written here changes no other post of the same seed."""

from calendar_ms import DAY, HOUR, REFERENCE_MONDAY
from material import read_lines

# A page, the topic of the question that it answers, and how many of those who got no answer are sent there.
HELP_PAGES = [
    ("https://fernwave.example/help/invoices-csv-export", "invoice_csv", 3),
    ("https://fernwave.example/help/esim-new-phone", "esim_transfer", 3),
    ("https://fernwave.example/help/fibre-build-dates", "fibre_when", 3),
]
SENT = ["It is all written up here: {url} ^{sig}", "We have a page on that, with pictures: {url} ^{sig}", "Step by step: {url} ^{sig}"]


class Moving:
    def moving(self):
        self.facts["movers"] = []
        for term in self.read_movers():
            self.move(term)
        self.help_pages()

    def read_movers(self):
        terms = []
        for line in read_lines("moving.txt"):
            if line.startswith("= "):
                name, term, direction, first, last, rate = (f.strip() for f in line[2:].split("|"))
                terms.append({"id": name, "term": term, "direction": direction, "first": int(first), "last": int(last), "rate": int(rate),
                              "<": [], ">": [], "?": []})
            elif line[:1] in ("<", ">", "?"):
                terms[-1][line[0]].append(line[2:])
        return terms

    def move(self, term):
        """So many posts every day, each by somebody else."""
        rng, keys, used = self.rng, [], set()
        count = term["rate"] * (term["last"] - term["first"]) // 7
        for i in range(count):
            day = term["first"] + i * (term["last"] - term["first"]) // count
            platform = self.pick_platform((37, 37, 11, 15))
            asks = term["?"] and i % 4 == 3
            line = rng.choice(term["?"]) if asks else f"{rng.choice(term['<'])} {rng.choice(term['>'])}"
            post = self.say(line, {"fernwave": "neutral"}, ["how_to" if asks else "other"], ["question"] if asks else [], "neu", self.moment(day, day),
                            platform, plain=True, exclude=used, moves=term["id"])
            used.add(post["author"]["id"])
            keys.append(post["key"])
        self.facts["movers"].append({"id": term["id"], "term": term["term"], "direction": term["direction"], "brand": "fernwave", "posts": keys,
                                     "from_ms": REFERENCE_MONDAY + term["first"] * DAY, "to_ms": REFERENCE_MONDAY + term["last"] * DAY})

    def help_pages(self):
        """A link that two people were sent is a page that answers."""
        rng, out = self.rng, []
        for url, topic, count in HELP_PAGES:
            question = next(q for q in self.facts["questions"] if q["id"] == topic)
            known = {a["question"] for a in question["answers"]}
            waiting = [p for p in map(self.by_key, question["asked"]) if p["key"] not in known and p["platform"] in ("mastodon", "bluesky")]
            replies = []
            for post in waiting[1:1 + count]:
                line = rng.choice(SENT).replace("{url}", url)
                answer = self.reply(post, line, post["ms"] + rng.randrange(1, 10) * HOUR, answers=topic)
                replies.append({"question": post["key"], "answer": answer["key"]})
                question["answers"].append({"question": post["key"], "answer": answer["key"], "by": "brand"})
            out.append({"url": url, "topic": topic, "replies": replies})
        self.facts["pages"] = out
