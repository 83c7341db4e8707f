"""Hacker News below /hn: the Algolia search API (/api/v1) and the Firebase item API (/v0)."""

import html
import re

import native_ids
from calendar_ms import iso
from reply import as_json
from world import tokens

HITS_MAX = 1000  # Algolia returns no more than this per query


class HackerNews:
    def __init__(self, world):
        self.world = world

    def handle(self, request):
        path, now = request.path, self.world.now()
        if path in ("/api/v1/search_by_date", "/api/v1/search"):
            return self.search(request, now, newest_first=path.endswith("by_date"))
        if found := re.fullmatch(r"/api/v1/items/(\d+)", path):
            post = self.world.by_id.get(("hackernews", found.group(1)))
            return as_json(self.tree(post, now)) if post and self.world.alive(post, now) else as_json({"status": 404, "error": "Not Found"}, 404)
        if found := re.fullmatch(r"/v0/item/(\d+)\.json", path):
            return as_json(self.item(self.world.by_id.get(("hackernews", found.group(1))), now))
        if path == "/v0/maxitem.json":
            return as_json(native_ids.hn_id(now))
        if path == "/v0/newstories.json":
            stories = [int(p["id"]) for p in self.world.visible("hackernews", now) if p["kind"] == "story"]
            return as_json(sorted(stories, reverse=True)[:500])
        if path == "/v0/updates.json":
            return as_json(self.updates(now))
        if found := re.fullmatch(r"/v0/user/([^/]+)\.json", path):
            return as_json(self.user(found.group(1), now))
        if path.startswith("/v0/"):
            return as_json(None)
        return as_json({"message": "Not Found", "status": 404}, 404)

    # ---- Algolia ------------------------------------------------------------------------------------------------

    def search(self, request, now, newest_first):
        try:
            filters = [parse_filter(f) for f in re.split(r",", request.get("numericFilters", "")) if f.strip()]
        except ValueError:
            return as_json({"message": "Invalid numericFilters", "status": 400}, 400)
        typos = request.get("typoTolerance", "true") != "false"
        query = request.get("query", "")
        words = tokens(query.replace('"', " "))
        exact = '"' in query or not typos
        found = []
        for post in self.world.visible("hackernews", now):
            fields = self.fields(post)
            values = {"created_at_i": post["ms"] // 1000, "points": post.get("points") or 0, "num_comments": post["replies"]}
            if all(compare(values.get(name, 0), sign, value) for name, sign, value in filters) and tag_match(request.get("tags", ""), self.tags(post)) \
                    and word_match(words, " ".join(v for v in fields.values() if v), exact):
                found.append(post)
        found.sort(key=lambda p: (p["ms"] if newest_first else (p.get("points") or 0), p["ms"]), reverse=True)
        per_page = max(1, min(request.number("hitsPerPage", 20), HITS_MAX))
        page = max(0, request.number("page", 0))
        reachable = found[:HITS_MAX]
        hits = [self.hit(p, words, now) for p in reachable[page * per_page:(page + 1) * per_page]]
        return as_json({"exhaustive": {"nbHits": True, "typo": True}, "exhaustiveNbHits": True, "exhaustiveTypo": True, "hits": hits, "hitsPerPage": per_page,
                        "nbHits": len(found), "nbPages": (len(reachable) + per_page - 1) // per_page, "page": page,
                        "params": request.query, "processingTimeMS": 3, "query": query, "serverTimeMS": 4})

    def story_of(self, post):
        while post["reply_to"]:
            post = self.world.by_key[post["reply_to"]]
        return post

    def fields(self, post):
        if post["kind"] == "story":
            return {"title": post["title"], "url": post.get("link"), "story_text": post["text"], "author": post["author"]["handle"]}
        story = self.story_of(post)
        return {"comment_text": post["text"], "story_title": story["title"], "author": post["author"]["handle"]}

    def tags(self, post):
        tags = [post["kind"], "author_" + post["author"]["handle"], "story_" + self.story_of(post)["id"]]
        if post["kind"] == "story":
            title = post["title"]
            tags += ["ask_hn"] * title.startswith("Ask HN") + ["show_hn"] * title.startswith("Show HN")
        return tags

    def hit(self, post, words, now):
        story = self.story_of(post)
        text = markup(post["text"])
        hit = {"_tags": self.tags(post), "author": post["author"]["handle"], "created_at": iso(post["ms"])[:19] + "Z", "created_at_i": post["ms"] // 1000,
               "objectID": post["id"], "updated_at": iso(post["ms"] + 60_000)[:19] + "Z"}
        children = [int(c["id"]) for c in self.world.children.get(post["key"], []) if self.world.alive(c, now)]
        if children:
            hit["children"] = children
        if post["kind"] == "story":
            hit.update({"title": post["title"], "num_comments": len(self.descendants(post, now)), "points": post["points"], "story_id": int(post["id"])})
            shown = {"author": hit["author"], "title": post["title"]}
            if post.get("link"):
                hit["url"] = shown["url"] = post["link"]
            if text:
                hit["story_text"] = shown["story_text"] = text
        else:
            hit.update({"comment_text": text, "parent_id": int(self.world.by_key[post["reply_to"]]["id"]), "story_id": int(story["id"]),
                        "story_title": story["title"], "points": None})
            shown = {"author": hit["author"], "comment_text": text, "story_title": story["title"]}
            if story.get("link"):
                hit["story_url"] = shown["story_url"] = story["link"]
        hit["_highlightResult"] = {name: highlight(value, words) for name, value in shown.items()}
        return hit

    def tree(self, post, now):
        children = [c for c in self.world.children.get(post["key"], []) if self.world.alive(c, now)]
        story = post["kind"] == "story"
        return {"author": post["author"]["handle"], "children": [self.tree(c, now) for c in children], "created_at": iso(post["ms"]), "created_at_i": post["ms"] // 1000,
                "id": int(post["id"]), "options": [], "parent_id": None if story else int(self.world.by_key[post["reply_to"]]["id"]),
                "points": post["points"] if story else None, "story_id": int(self.story_of(post)["id"]), "text": markup(post["text"]) or None,
                "title": post["title"] if story else None, "type": post["kind"], "url": post.get("link") if story else None}

    # ---- Firebase -----------------------------------------------------------------------------------------------

    def descendants(self, post, now):
        found = []
        for child in self.world.children.get(post["key"], []):
            if child["ms"] <= now:
                found += ([child] if self.world.alive(child, now) else []) + self.descendants(child, now)
        return found

    def item(self, post, now):
        if not post or post["ms"] > now:
            return None
        item = {"id": int(post["id"]), "time": post["ms"] // 1000, "type": post["kind"]}
        if post["kind"] == "comment":
            item["parent"] = int(self.world.by_key[post["reply_to"]]["id"])
        if not self.world.alive(post, now):
            return {"deleted": True} | item
        kids = [int(c["id"]) for c in self.world.children.get(post["key"], []) if c["ms"] <= now]
        item["by"] = post["author"]["handle"]
        if kids:
            item["kids"] = kids
        if post["text"]:
            item["text"] = markup(post["text"])
        if post["kind"] == "story":
            item.update({"title": post["title"], "score": post["points"], "descendants": len(self.descendants(post, now))})
            if post.get("link"):
                item["url"] = post["link"]
        return item

    def updates(self, now, window_ms=2 * 3_600_000):
        """Items that changed in the last two hours: new ones, their parents, and deleted ones."""
        items, users = [], []
        for post in self.world.platform_posts.get("hackernews", []):
            if now - window_ms < post["ms"] <= now:
                items.append(int(post["id"]))
                users.append(post["author"]["handle"])
                if post["reply_to"]:
                    items.append(int(self.world.by_key[post["reply_to"]]["id"]))
            if post["deleted_ms"] and now - window_ms < post["deleted_ms"] <= now:
                items.append(int(post["id"]))
        return {"items": sorted(set(items), reverse=True), "profiles": sorted(set(users))}

    def user(self, name, now):
        posts = [p for p in self.world.visible("hackernews", now) if p["author"]["handle"] == name]
        if not posts:
            return None
        seed = native_ids.digest("user", name)
        return {"created": 1_300_000_000 + seed % 350_000_000, "id": name, "karma": 5 + seed % 9000, "submitted": [int(p["id"]) for p in reversed(posts)]}


def markup(text):
    """HN keeps text as HTML: entities and <p> between paragraphs, without an opening one."""
    escaped = html.escape(text, quote=True).replace("/", "&#x2F;")
    return re.sub(r"\n+", "<p>", escaped)


def highlight(value, words):
    found = [w for w in words if re.search(rf"(?<!\w){re.escape(w)}", value, re.I)]
    marked = value
    for word in found:
        marked = re.sub(rf"(?<!\w)({re.escape(word)})", r"<em>\1</em>", marked, flags=re.I)
    if not found:
        return {"matchLevel": "none", "matchedWords": [], "value": value}
    return {"fullyHighlighted": False, "matchLevel": "full" if len(found) == len(words) else "partial", "matchedWords": found, "value": marked}


def parse_filter(text):
    found = re.fullmatch(r"\s*(\w+)\s*(<=|>=|<|>|!=|=)\s*(-?\d+)\s*", text)
    if not found:
        raise ValueError(text)
    return found.group(1), found.group(2), int(found.group(3))


def compare(have, sign, value):
    return {"<": have < value, "<=": have <= value, ">": have > value, ">=": have >= value, "=": have == value, "!=": have != value}[sign]


def tag_match(expression, tags):
    """"a,(b,c)": commas outside brackets are AND, inside they are OR."""
    for part in re.findall(r"\(([^)]*)\)|([^,()]+)", expression):
        options = [o.strip() for o in (part[0] or part[1]).split(",") if o.strip()]
        if options and not any(o in tags for o in options):
            return False
    return True


def distance(a, b, most):
    """Edit distance, or most + 1 when it is larger."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def word_match(words, text, exact):
    """All words; the last one may be a prefix; words of 4 letters allow one typo, of 8 letters two, and a word may stand split in two."""
    have = tokens(text)
    unique = set(have)
    pairs = {a + b for a, b in zip(have, have[1:])}
    for i, word in enumerate(words):
        if word in unique or (i == len(words) - 1 and any(t.startswith(word) for t in unique)):
            continue
        if exact:
            return False
        typos = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
        if word in pairs or typos and any(t[0] == word[0] and distance(word, t, typos) <= typos for t in unique):
            continue
        return False
    return True
