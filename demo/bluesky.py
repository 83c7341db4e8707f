"""Bluesky's XRPC queries below /bluesky: searchPosts, getPosts, getAuthorFeed, getProfiles."""

import re

import native_ids
from calendar_ms import iso, rfc3339_ms
from reply import as_json
from world import Query, RateWindow


class Bluesky:
    def __init__(self, world, enforce_limits=False, limit=3000):
        self.world, self.window, self.enforce = world, RateWindow(limit), enforce_limits
        self.actors = {}
        for author in world.authors.values():
            if author["id"].startswith("bluesky:"):
                self.actors[author["handle"]] = self.actors[native_ids.did(author["id"])] = author

    def handle(self, request):
        remaining, reset, allowed = self.window.take()
        if self.enforce and not allowed:
            reply = as_json({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429)
        else:
            method = request.path.removeprefix("/xrpc/")
            route = {"app.bsky.feed.searchPosts": self.search_posts, "app.bsky.feed.getPosts": self.get_posts,
                     "app.bsky.feed.getAuthorFeed": self.author_feed, "app.bsky.actor.getProfiles": self.profiles,
                     "app.bsky.actor.getProfile": self.profile}.get(method)
            reply = route(request, self.world.now()) if route else as_json({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
        reply.headers.update({"RateLimit-Limit": str(self.window.limit), "RateLimit-Remaining": str(remaining if self.enforce else max(1, remaining)),
                              "RateLimit-Reset": str(reset), "RateLimit-Policy": f"{self.window.limit};w={self.window.seconds}",
                              "Vary": "Authorization, Accept-Encoding"})
        return reply

    def limit(self, request, default=25, most=100):
        """(limit, error reply)"""
        text = request.get("limit", str(default))
        if not re.fullmatch(r"-?\d+", text):
            return 0, bad("Error: Params must have the property \"limit\" as an integer")
        value = int(text)
        if value > most:
            return 0, bad(f"Error: limit can not be greater than {most}")
        if value < 1:
            return 0, bad("Error: limit can not be less than 1")
        return value, None

    def search_posts(self, request, now):
        limit, error = self.limit(request)
        if error:
            return error
        if not request.get("q"):
            return bad('Error: Params must have the property "q"')
        query = Query(re.sub(r"\b(from|lang|since|until|domain|mentions):\S+", "", request.get("q")))
        try:
            since = rfc3339_ms(request.get("since")) if request.get("since") else None
            until = rfc3339_ms(request.get("until")) if request.get("until") else None
        except ValueError:
            return bad("Error: since and until must be a valid datetime or date")
        author = self.actors.get(request.get("author", "").lstrip("@"))
        tags = {t.lower() for t in request.all("tag", "tag[]")}
        found = []
        for post in self.world.visible("bluesky", now):
            if since is not None and post["ms"] < since or until is not None and post["ms"] >= until:
                continue
            if request.get("author") and (not author or post["author"]["id"] != author["id"]) or request.get("lang") and post["lang"] != request.get("lang"):
                continue
            if tags <= set(post["tags"]) and query.matches(self.world.text(post, now)):
                found.append(post)
        found.sort(key=lambda p: (p["likes"], p["ms"]) if request.get("sort", "top") == "top" else (p["ms"], p["key"]), reverse=True)
        cursor = request.get("cursor")
        if cursor is not None and not cursor.isdigit():
            return bad("Invalid cursor")
        offset = int(cursor or 0)
        body = {"posts": [self.view(p, now) for p in found[offset:offset + limit]], "hitsTotal": len(found)}
        if offset + limit < len(found):
            body = {"cursor": str(offset + limit), **body}
        return as_json(body)

    def get_posts(self, request, now):
        uris = request.all("uris", "uris[]")
        if not uris:
            return bad('Error: Params must have the property "uris"')
        if len(uris) > 25:
            return bad("Error: uris must not have more than 25 elements")
        posts = [self.world.by_id.get(("bluesky", u)) for u in uris]
        return as_json({"posts": [self.view(p, now) for p in posts if p and self.world.alive(p, now)]})

    def author_feed(self, request, now):
        limit, error = self.limit(request, 50)
        if error:
            return error
        author = self.actors.get(request.get("actor", "").lstrip("@"))
        if not author:
            return bad("Profile not found")
        posts = [p for p in self.world.visible("bluesky", now) if p["author"]["id"] == author["id"]]
        if request.get("filter") == "posts_no_replies":
            posts = [p for p in posts if not p["reply_to"]]
        posts.sort(key=lambda p: p["ms"], reverse=True)
        if request.get("cursor"):
            try:
                before = rfc3339_ms(request.get("cursor"))
            except ValueError:
                return bad("Malformed cursor")
            posts = [p for p in posts if p["ms"] < before]
        feed = []
        for post in posts[:limit]:
            item = {"post": self.view(post, now)}
            if post["reply_to"]:
                parent, root = self.parent_and_root(post)
                item["reply"] = {"root": self.view_or_missing(root, now), "parent": self.view_or_missing(parent, now)}
            feed.append(item)
        body = {"feed": feed}
        if len(posts) > limit:
            body["cursor"] = iso(posts[limit - 1]["ms"])
        return as_json(body)

    def profiles(self, request, now):
        names = request.all("actors", "actors[]")
        if not names or len(names) > 25:
            return bad("Error: actors must have between 1 and 25 elements")
        return as_json({"profiles": [self.profile_view(self.actors[n]) for n in names if n in self.actors]})

    def profile(self, request, now):
        author = self.actors.get(request.get("actor", "").lstrip("@"))
        return as_json(self.profile_view(author)) if author else bad("Profile not found")

    def profile_view(self, author):
        seed = native_ids.digest("profile", author["id"])
        posts = self.world.platform_posts["bluesky"]
        return self.basic(author) | {"description": "", "followersCount": author["followers"], "followsCount": seed % 1200,
                                     "postsCount": sum(p["author"]["id"] == author["id"] for p in posts) + seed % 3000,
                                     "indexedAt": iso(posts[0]["ms"])}

    def basic(self, author):
        seed = native_ids.digest("profile", author["id"])
        native = native_ids.did(author["id"])
        return {"did": native, "handle": author["handle"], "displayName": author["name"],
                "avatar": f"https://cdn.bsky.example/img/avatar/plain/{native}/{native_ids.cid('avatar', native)}@jpeg",
                "associated": {"chat": {"allowIncoming": "following"}, "activitySubscription": {"allowSubscriptions": "followers"}},
                "labels": [], "createdAt": iso(1_680_000_000_000 + seed % 50_000_000_000)}

    def cid(self, post, now):
        return native_ids.cid(post["key"], self.world.text(post, now))

    def ref(self, post, now):
        return {"cid": self.cid(post, now), "uri": post["uri"]}

    def parent_and_root(self, post):
        parent = root = self.world.by_key[post["reply_to"]]
        while root["reply_to"]:
            root = self.world.by_key[root["reply_to"]]
        return parent, root

    def record(self, post, now):
        text = self.world.text(post, now)
        record = {"$type": "app.bsky.feed.post", "createdAt": post["created_at"]}
        if post["quote_of"]:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self.ref(self.world.by_key[post["quote_of"]], now)}
        if facets := self.facets(text):
            record["facets"] = facets
        # Not every client sends a language.
        if post["lang"] != "en" or native_ids.digest("langs", post["key"]) % 100 < 61:
            record["langs"] = [post["lang"]]
        if post["reply_to"]:
            parent, root = self.parent_and_root(post)
            record["reply"] = {"parent": self.ref(parent, now), "root": self.ref(root, now)}
        record["text"] = text
        return record

    def facets(self, text):
        """Tags and links with offsets in bytes of UTF-8."""
        found = []
        for match in re.finditer(r"(?<![\w/&])#(\w*[^\W\d]\w*)|(https://\S+[^\s.,!?])", text):
            start = len(text[:match.start()].encode())
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": match.group(1)} if match.group(1) else \
                {"$type": "app.bsky.richtext.facet#link", "uri": match.group(2)}
            found.append({"features": [feature], "index": {"byteEnd": start + len(match.group(0).encode()), "byteStart": start}})
        return found

    def view(self, post, now, depth=0):
        view = {"uri": post["uri"], "cid": self.cid(post, now), "author": self.basic(post["author"]), "record": self.record(post, now)}
        if post["quote_of"] and depth == 0:
            quoted = self.world.by_key[post["quote_of"]]
            if self.world.alive(quoted, now):
                embedded = {"$type": "app.bsky.embed.record#viewRecord", "uri": quoted["uri"], "cid": self.cid(quoted, now), "author": self.basic(quoted["author"]),
                            "value": self.record(quoted, now), "labels": [], "likeCount": quoted["likes"], "replyCount": quoted["replies"],
                            "repostCount": quoted["reposts"], "quoteCount": 1, "indexedAt": iso(quoted["seen_ms"]), "embeds": []}
            else:
                embedded = {"$type": "app.bsky.embed.record#viewNotFound", "uri": quoted["uri"], "notFound": True}
            view["embed"] = {"$type": "app.bsky.embed.record#view", "record": embedded}
        view.update({"bookmarkCount": 0, "replyCount": sum(self.world.alive(c, now) for c in self.world.children.get(post["key"], [])), "repostCount": post["reposts"],
                     "likeCount": post["likes"], "quoteCount": 0, "indexedAt": iso(post["seen_ms"]), "labels": []})
        return view

    def view_or_missing(self, post, now):
        if self.world.alive(post, now):
            return {"$type": "app.bsky.feed.defs#postView", **self.view(post, now)}
        return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": post["uri"], "notFound": True}


def bad(message):
    return as_json({"error": "InvalidRequest", "message": message}, 400)
