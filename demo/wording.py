"""How a hand-written line becomes one person's post."""

import re

DETAIL_OF = {
    "outage": "line", "performance": "line", "bug": "app", "usability": "app", "account": "app", "security": "app",
    "billing": "money", "refund": "money", "price": "money", "cancellation": "money", "expectation_gap": "money",
    "delivery": "parcel", "lost_item": "parcel", "damaged_item": "parcel", "booking_order": "service",
    "delay": "service", "customer_service": "service", "privacy": "service", "product_quality": "line",
    "staff_behaviour": "service", "availability": "service", "safety": "service",
}


class Wording:
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

    def tail_for(self, platform, sentiment, intents, lang, plain):
        """The list of harmless additions that suits a line which gets no detail or ending otherwise."""
        if lang and lang != "en":
            return lang
        if platform == "hackernews":
            return "hn"
        for intent, tail in (("thanks", "thanks"), ("request", "request"), ("churn_threat", "churn")):
            if intent in intents and len(sentiment) < 2:
                return tail
        if len(sentiment) > 1:
            return "compare"
        return "chatter" if plain else None

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

    def forum_title(self, text, named, mood, issues, lang, extra):
        """Half of the subjects are written for the issue, the others are the start of the post."""
        topic = "praise" if mood == "pos" else issues[0] if issues and (mood == "neg" or issues[0] in ("how_to", "feature_request", "availability")) else "other"
        titles = self.forum["titles"][topic]
        if named and (lang or "en") == "en" and self.rng.random() < .55:
            title = self.fill(self.rng.choice(titles), named, extra)
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
        if rng.random() < .3 and not re.search(r"\b(hi|hello|hey|dear|good|morning)\b|@", text[:70], re.I):
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

    def slug(self, title):
        return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "topic"
