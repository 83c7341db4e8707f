"""The posts as they stand at one moment: not yet written ones are unknown, edits have happened or not, deleted ones are gone."""

import bisect
import datetime
import json
import os
import re
import threading
import time

import generate
import native_ids
from calendar_ms import REFERENCE_MONDAY, WEEK, iso, shift_for


class Clock:
    """Wall time, or one fixed moment."""

    def __init__(self, fixed_ms=None):
        self.fixed_ms = fixed_ms

    def now_ms(self):
        return self.fixed_ms if self.fixed_ms is not None else int(time.time() * 1000)


class World:
    """Holds the corpus moved to the weeks before `clock`; the move is decided once, so ids stay what they are while it runs."""

    def __init__(self, clock, data_dir=None, seed=generate.SEED):
        self.clock = clock
        if data_dir:
            with open(os.path.join(data_dir, "posts.ndjson"), encoding="utf-8") as file:
                posts = [json.loads(line) for line in file]
            monday = min(p["ms"] for p in posts)
            monday -= (monday - REFERENCE_MONDAY) % WEEK
            shift = shift_for(clock.now_ms(), monday)
            self.posts = [self.moved(p, shift) for p in posts]
        else:
            self.posts, _ = generate.Corpus(seed).build().render(shift_for(clock.now_ms()))
        self.by_key = {p["key"]: p for p in self.posts}
        self.platform_posts, self.times = {}, {}
        for post in self.posts:
            # Search services see a post some seconds after it was written.
            post["seen_ms"] = post["ms"] + (native_ids.digest("lag", post["key"]) % 4000 if post["platform"] == "bluesky" else 0)
            post["tags"] = [t.lower() for t in re.findall(r"(?<![\w/&])#(\w*[^\W\d]\w*)", self.original(post)["text"])]
            self.platform_posts.setdefault(post["platform"], []).append(post)
        for platform, posts in self.platform_posts.items():
            posts.sort(key=lambda p: (p["seen_ms"], p["key"]))
            self.times[platform] = [p["seen_ms"] for p in posts]
        self.by_id = {(p["platform"], p["id"]): p for p in self.posts}
        self.authors = {p["author"]["id"]: p["author"] for p in self.posts}
        self.children = {}
        for post in self.posts:
            if post["reply_to"]:
                self.children.setdefault(post["reply_to"], []).append(post)

    @staticmethod
    def moved(post, shift):
        post["ms"] += shift
        if post["edit"]:
            post["edit"]["ms"] += shift
        if post["deleted_ms"]:
            post["deleted_ms"] += shift
        post["id"], post["uri"], post["url"] = native_ids.assign(post, post["ms"])
        post["created_at"] = iso(post["ms"])
        return post

    def original(self, post):
        return self.by_key[post["repost_of"]] if post["repost_of"] else post

    def now(self):
        return self.clock.now_ms()

    def alive(self, post, now):
        if post["repost_of"] and not self.alive(self.by_key[post["repost_of"]], now):
            return False
        return post["seen_ms"] <= now and not (post["deleted_ms"] and post["deleted_ms"] <= now)

    def visible(self, platform, now):
        """Posts of the platform that exist now, oldest first."""
        posts = self.platform_posts.get(platform, [])
        return [p for p in posts[:bisect.bisect_right(self.times[platform], now)] if self.alive(p, now)]

    def text(self, post, now):
        edit = post["edit"]
        return edit["text"] if edit and edit["ms"] <= now else post["text"]

    def edited_ms(self, post, now):
        return post["edit"]["ms"] if post["edit"] and post["edit"]["ms"] <= now else None

    def last_change(self, platforms, now):
        """Time of the newest creation, edit or deletion up to now."""
        latest = 0
        for platform in platforms:
            for post in self.platform_posts.get(platform, []):
                for ms in (post["seen_ms"], self.edited_ms(post, now) or 0, post["deleted_ms"] or 0):
                    if latest < ms <= now:
                        latest = ms
        return latest


def tokens(text):
    return re.findall(r"[\w']+", text.lower())


def stem(word):
    """A light English stem, as full-text indexes apply: fernwaves and fernwave meet, fernwater does not."""
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[:-len(ending)]
    return word


class Query:
    """Words that must all occur, "phrases" and -exclusions."""

    def __init__(self, text):
        self.phrases = [[stem(t) for t in tokens(p)] for p in re.findall(r'"([^"]+)"', text)]
        rest = re.sub(r'"[^"]*"', " ", text).split()
        self.without = [stem(t) for word in rest if word.startswith("-") for t in tokens(word)]
        self.words = [stem(t) for word in rest if not word.startswith("-") for t in tokens(word)]

    def matches(self, text):
        found = [stem(t) for t in tokens(text)]
        have = set(found)
        return (all(w in have for w in self.words) and not any(w in have for w in self.without)
                and all(any(found[i:i + len(p)] == p for i in range(len(found))) for p in self.phrases)
                and bool(self.words or self.phrases))


class RateWindow:
    """Counts requests per window, for the headers; refuses only when asked to enforce."""

    def __init__(self, limit, seconds=300):
        self.limit, self.seconds, self.lock = limit, seconds, threading.Lock()
        self.window, self.used = None, 0

    def take(self):
        """(remaining, reset in epoch seconds, allowed)"""
        now = int(time.time())
        with self.lock:
            window = now // self.seconds
            if window != self.window:
                self.window, self.used = window, 0
            self.used += 1
            return max(0, self.limit - self.used), (window + 1) * self.seconds, self.used <= self.limit


def http_date(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
