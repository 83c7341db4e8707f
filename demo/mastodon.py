"""Mastodon's REST API below /mastodon: tag timelines, search, statuses, accounts, instance."""

import html
import re
from urllib.parse import quote

import native_ids
from calendar_ms import iso
from reply import as_json
from world import Query, RateWindow

DOMAIN = "social.example"


class Mastodon:
    def __init__(self, world, enforce_limits=False, limit=300):
        self.world, self.window, self.enforce = world, RateWindow(limit), enforce_limits
        self.accounts = {native_ids.mastodon_account_id(a["id"]): a for a in world.authors.values() if a["id"].startswith("mastodon:")}
        self.by_acct = {acct(a): a for a in self.accounts.values()}

    def handle(self, request):
        remaining, reset, allowed = self.window.take()
        if self.enforce and not allowed:
            reply = as_json({"error": "Too many requests"}, 429)
        else:
            reply = self.route(request)
        reply.headers.update({"X-RateLimit-Limit": str(self.window.limit), "X-RateLimit-Remaining": str(remaining if self.enforce else max(1, remaining)),
                              "X-RateLimit-Reset": iso(reset * 1000)[:-1] + "000Z", "Cache-Control": "private, no-store", "Vary": "Authorization, Origin"})
        return reply

    def route(self, request):
        path, now = request.path, self.world.now()
        if found := re.fullmatch(r"/api/v1/timelines/tag/([^/]+)", path):
            return self.tag_timeline(request, found.group(1), now)
        if path == "/api/v1/timelines/public":
            posts = [p for p in self.world.visible("mastodon", now) if not p["repost_of"]]
            return self.page(request, posts, now)
        if path == "/api/v2/search":
            return self.search(request, now)
        if path == "/api/v1/statuses":
            ids = request.all("id[]", "id")
            posts = [self.world.by_id.get(("mastodon", i)) for i in ids[:20]]
            return as_json([self.status(p, now) for p in posts if p and self.world.alive(p, now)])
        if found := re.fullmatch(r"/api/v1/statuses/(\d+)(/context|/history)?", path):
            return self.one_status(found.group(1), found.group(2), now)
        if path == "/api/v1/accounts/lookup":
            author = self.by_acct.get((request.get("acct") or "").lstrip("@").removesuffix("@" + DOMAIN))
            return as_json(self.account(author)) if author else not_found()
        if found := re.fullmatch(r"/api/v1/accounts/(\d+)(/statuses)?", path):
            author = self.accounts.get(found.group(1))
            if not author:
                return not_found()
            if not found.group(2):
                return as_json(self.account(author))
            posts = [p for p in self.world.visible("mastodon", now) if p["author"]["id"] == author["id"]
                     and not (request.get("exclude_reblogs") == "true" and p["repost_of"])
                     and not (request.get("exclude_replies") == "true" and p["reply_to"])]
            return self.page(request, posts, now)
        if path == "/api/v2/instance":
            return as_json(instance())
        return not_found()

    def tag_timeline(self, request, tag, now):
        anyof = {t.lower().lstrip("#") for t in [tag] + request.all("any[]", "any")}
        allof = {t.lower().lstrip("#") for t in request.all("all[]", "all")}
        noneof = {t.lower().lstrip("#") for t in request.all("none[]", "none")}
        posts = [p for p in self.world.visible("mastodon", now)
                 if anyof & set(p["tags"]) and allof <= set(p["tags"]) and not noneof & set(p["tags"])]
        if request.get("local") == "true":
            posts = [p for p in posts if p["author"]["instance"] == DOMAIN]
        if request.get("remote") == "true":
            posts = [p for p in posts if p["author"]["instance"] != DOMAIN]
        if request.get("only_media") == "true":
            posts = []
        return self.page(request, posts, now)

    def page(self, request, posts, now):
        """`posts` oldest first. min_id gives the page just above the id, since_id the newest page above it; both newest first."""
        limit = max(1, min(request.number("limit", 20), 40))
        posts = sorted(posts, key=lambda p: int(p["id"]))
        above, below, newest_above = request.number("min_id", None), request.number("max_id", None), request.number("since_id", None)
        posts = [p for p in posts if (below is None or int(p["id"]) < below)]
        if above is not None:
            posts = [p for p in posts if int(p["id"]) > above][:limit]
        else:
            posts = [p for p in posts if newest_above is None or int(p["id"]) > newest_above][-limit:]
        posts.reverse()
        reply = as_json([self.status(p, now) for p in posts])
        if posts:
            keep = "".join(f"&{quote(k)}={quote(v)}" for k in ("limit", "local", "remote", "only_media", "any[]", "all[]", "none[]")
                           for v in request.args.get(k, []))
            url = f"{request.base}/mastodon{request.path}"
            reply.headers["Link"] = (f'<{url}?max_id={posts[-1]["id"]}{keep}>; rel="next", <{url}?min_id={posts[0]["id"]}{keep}>; rel="prev"')
        return reply

    def search(self, request, now):
        text = request.get("q", "")
        if not text.strip():
            return as_json({"error": "Parameter q is missing"}, 400)
        found = []
        if request.get("type") in (None, "", "statuses"):
            query = Query(text)
            above, below = request.number("min_id", 0), request.number("max_id", None)
            found = [p for p in self.world.visible("mastodon", now) if not p["repost_of"] and int(p["id"]) > above
                     and (below is None or int(p["id"]) < below) and query.matches(self.world.text(p, now))]
            found.sort(key=lambda p: -int(p["id"]))
        offset, limit = request.number("offset", 0), max(1, min(request.number("limit", 20), 40))
        return as_json({"accounts": [], "statuses": [self.status(p, now) for p in found[offset:offset + limit]], "hashtags": []})

    def one_status(self, native, part, now):
        post = self.world.by_id.get(("mastodon", native))
        if not post or not self.world.alive(post, now):
            return not_found()
        if part == "/history":
            versions = [{"content": self.content(post["text"]), "created_at": post["created_at"]}]
            if edited := self.world.edited_ms(post, now):
                versions.append({"content": self.content(self.world.text(post, now)), "created_at": iso(edited)})
            return as_json([v | {"spoiler_text": post.get("spoiler", ""), "sensitive": False, "account": self.account(post["author"]),
                                 "media_attachments": [], "emojis": []} for v in versions])
        if part == "/context":
            above, at = [], post
            while at["reply_to"]:
                at = self.world.by_key[at["reply_to"]]
                if self.world.alive(at, now):
                    above.insert(0, at)
            below, queue = [], list(self.world.children.get(post["key"], []))
            while queue:
                child = queue.pop(0)
                if self.world.alive(child, now):
                    below.append(child)
                queue.extend(self.world.children.get(child["key"], []))
            return as_json({"ancestors": [self.status(p, now) for p in above], "descendants": [self.status(p, now) for p in below]})
        return as_json(self.status(post, now))

    def status(self, post, now):
        author, inner = post["author"], None
        if post["repost_of"]:
            inner = self.status(self.world.by_key[post["repost_of"]], now)
        text = self.world.text(post, now)
        parent = self.world.by_key[post["reply_to"]] if post["reply_to"] else None
        edited = self.world.edited_ms(post, now)
        tags = [] if inner else sorted({t.lower() for t in re.findall(r"(?<![\w/&])#(\w*[^\W\d]\w*)", text)})
        spoiler = post.get("spoiler", "")
        return {
            "id": post["id"], "created_at": post["created_at"], "in_reply_to_id": parent["id"] if parent else None,
            "in_reply_to_account_id": native_ids.mastodon_account_id(parent["author"]["id"]) if parent else None,
            "sensitive": bool(spoiler), "spoiler_text": inner["spoiler_text"] if inner else spoiler, "visibility": "public",
            "language": post["lang"], "uri": post["uri"], "url": post["url"],
            "replies_count": 0 if inner else sum(self.world.alive(c, now) for c in self.world.children.get(post["key"], [])),
            "reblogs_count": 0 if inner else post["reposts"], "favourites_count": 0 if inner else post["likes"], "quotes_count": 0,
            "edited_at": iso(edited) if edited else None, "content": inner["content"] if inner else self.content(text), "filtered": [],
            "reblog": inner, "application": {"name": "Web", "website": None} if author["instance"] == DOMAIN else None,
            "account": self.account(author), "media_attachments": [], "mentions": [] if inner else self.mentions(text),
            "tags": inner["tags"] if inner else [{"name": t, "url": f"https://{DOMAIN}/tags/{t}"} for t in tags],
            "emojis": [], "quote": None, "card": None, "poll": None,
        }

    def account(self, author):
        native = native_ids.mastodon_account_id(author["id"])
        host, handle = author["instance"], author["handle"]
        seed = native_ids.digest("profile", author["id"])
        since = 1_480_000_000_000 + seed % 230_000_000_000
        avatar = f"https://files.{DOMAIN}/avatars/{native}.png"
        return {
            "id": native, "username": handle, "acct": acct(author), "display_name": author["name"], "locked": False, "bot": False,
            "discoverable": True, "indexable": True, "group": False, "created_at": iso(since)[:11] + "00:00:00.000Z",
            "note": "<p>Help for customers, 8 to 20 every day.</p>" if handle == "fernwavehelp" else "", "url": f"https://{host}/@{handle}",
            "uri": f"https://{host}/users/{handle}", "avatar": avatar, "avatar_static": avatar, "header": f"https://{DOMAIN}/headers/original/missing.png",
            "header_static": f"https://{DOMAIN}/headers/original/missing.png", "followers_count": author["followers"], "following_count": seed % 900,
            "statuses_count": 10 + seed % 8000, "last_status_at": iso(self.world.now())[:10], "hide_collections": None, "noindex": False,
            "emojis": [], "roles": [], "fields": [],
        }

    def mentions(self, text):
        found = []
        for name in re.findall(r"(?<![\w@/])@(\w+(?:@[\w.]+\w)?)", text):
            author = self.by_acct.get(name)
            if author and name not in [m["acct"] for m in found]:
                found.append({"id": native_ids.mastodon_account_id(author["id"]), "username": author["handle"],
                              "url": f"https://{author['instance']}/@{author['handle']}", "acct": name})
        return found

    def content(self, text):
        """Plain text to the HTML that Mastodon serves: paragraphs, breaks, links, h-card mentions, hashtag spans."""

        def markup(match):
            link, mention, tag = match.groups()
            if link:
                shown = link.split("://", 1)[1]
                return (f'<a href="{html.escape(link)}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://</span>'
                        f'<span class="">{html.escape(shown)}</span><span class="invisible"></span></a>')
            if mention:
                author = self.by_acct.get(mention[1:])
                if not author:
                    return html.escape(mention)
                return (f'<span class="h-card" translate="no"><a href="https://{author["instance"]}/@{author["handle"]}" class="u-url mention">'
                        f'@<span>{author["handle"]}</span></a></span>')
            return f'<a href="https://{DOMAIN}/tags/{tag[1:].lower()}" class="mention hashtag" rel="tag">#<span>{tag[1:]}</span></a>'

        pattern = re.compile(r"(https://\S+[^\s.,!?])|(?<![\w@/])(@\w+(?:@[\w.]+\w)?)|(?<![\w/&])(#\w*[^\W\d]\w*)")
        out, last = [], 0
        for match in pattern.finditer(text):
            out += [escape(text[last:match.start()]), markup(match)]
            last = match.end()
        out.append(escape(text[last:]))
        paragraphs = re.split(r"\n{2,}", "".join(out).strip("\n"))
        return "".join("<p>" + p.replace("\n", "<br />") + "</p>" for p in paragraphs)


def escape(text):
    return html.escape(text, quote=True).replace("&#x27;", "&#39;")


def acct(author):
    return author["handle"] if author["instance"] == DOMAIN else f"{author['handle']}@{author['instance']}"


def not_found():
    return as_json({"error": "Record not found"}, 404)


def instance():
    return {
        "domain": DOMAIN, "title": "Social Example", "version": "4.3.8", "source_url": "https://github.com/mastodon/mastodon",
        "description": "A made-up server for the demo.", "usage": {"users": {"active_month": 1432}},
        "thumbnail": {"url": f"https://files.{DOMAIN}/thumbnail.png"}, "languages": ["en", "de"],
        "configuration": {"urls": {"streaming": f"wss://{DOMAIN}"}, "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
                          "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
                          "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
                          "translation": {"enabled": False}},
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "api_versions": {"mastodon": 2}, "contact": {"email": "admin@social.example", "account": None}, "rules": [],
    }
