"""Everything around the plot: daily posts, the help account, news, noise, reposts, edits and deletions."""

import collections
import re

from calendar_ms import DAY, HOUR, REFERENCE_MONDAY
from material import SENTIMENT, read_groups, read_lines, read_sections

# How often each complaint type is heard, relative to the others.
ISSUE_WEIGHT = {
    "outage": 11, "performance": 11, "customer_service": 10, "billing": 10, "bug": 9, "price": 6, "delay": 6, "usability": 5,
    "refund": 5, "delivery": 4, "cancellation": 5, "product_quality": 4, "account": 4, "expectation_gap": 4, "damaged_item": 3,
    "lost_item": 3, "booking_order": 4, "availability": 3, "security": 3, "privacy": 3, "staff_behaviour": 3, "safety": 2,
}


class Everyday:
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
        deal(by_file["langs.txt"], 110, lambda g: len(g.lines))

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
                     extra={"h": "fernwavehelp"} if brand == "Fernwave" else None, exclude=self.journey_authors, tails="sarcasm" not in group.options, **more)

    def staff(self):
        rng, sections = self.rng, read_sections("staff.txt")
        journey_keys = {k for e in self.facts["journeys"] + self.facts["decoys"] for k in e.values()}
        answered = {p["reply_to"] for p in self.posts if p["author"]["role"] == "brand"}
        open_posts = [p for p in self.posts if p["platform"] in ("mastodon", "bluesky", "forum") and p["key"] not in answered | journey_keys
                      and p["author"]["role"] == "customer" and p["lang"] == "en" and not p["reply_to"] and "fernwave" in self.truth[p["key"]]["sentiment"]
                      and not {"incident", "promotion", "topic"} & set(self.truth[p["key"]])]
        rng.shuffle(open_posts)
        for post in [p for p in open_posts if self.truth[p["key"]]["sentiment"]["fernwave"] == "negative"][:58]:
            ms = post["ms"] + rng.randrange(15, 400) * 60_000
            agent = rng.choice(self.pieces["staff"])
            fitting = [p.split(" | ") for p in sections["promise"]]
            fitting = [p for p in fitting if p[0] == "any" or set(p[0].split(",")) & set(self.truth[post["key"]]["issues"])]
            _, line, kept = rng.choices(fitting, [1 if p[0] == "any" else 4 for p in fitting])[0]
            made = self.reply(post, line.replace("{sig}", agent), ms, promise="made")
            due = ms + (30 * HOUR if "tomorrow" in line or "evening" in line or "today" in line else 2 * HOUR if "two hours" in line else 3 * DAY)
            entry = {"promise": made["key"], "to": post["key"], "due_ms": due, "kept": rng.random() < .6, "followup": None}
            if entry["kept"]:
                entry["followup"] = self.reply(post, kept.replace("{sig}", agent), due - rng.randrange(10, 90) * 60_000, promise="kept")["key"]
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
