"""The community forum's Atom and JSON feeds and the news desk's RSS feed, with conditional GET."""

import email.utils
import html
import json
import re
from xml.sax.saxutils import escape, quoteattr

import native_ids
from calendar_ms import iso
from reply import Reply, as_json
from world import http_date

PAGE = 50


class Feeds:
    def __init__(self, world):
        self.world = world

    def handle(self, request):
        now = self.world.now()
        routes = {"/forum/latest.atom": (self.atom, ["forum"]), "/forum/feed.json": (self.json_feed, ["forum"]), "/news/rss.xml": (self.rss, ["news"])}
        if request.path not in routes:
            return as_json({"error": "not found"}, 404)
        build, platforms = routes[request.path]
        changed = self.world.last_change(platforms, now)
        tag = 'W/"%x"' % (native_ids.digest(request.path, request.query, request.base, changed) >> 192)
        headers = {"ETag": tag, "Last-Modified": http_date(changed), "Cache-Control": "public, max-age=60"}
        if not_modified(request, tag, changed):
            return Reply(304, b"", "", headers)
        reply = build(request, now)
        reply.headers.update(headers)
        return reply

    def entries(self, platform, now):
        """Newest change first, so that an edited post comes up again."""
        return sorted(self.world.visible(platform, now), key=lambda p: (self.world.edited_ms(p, now) or p["ms"], p["key"]), reverse=True)

    def paged(self, request, platform, now):
        posts = self.entries(platform, now)
        pages = max(1, (len(posts) + PAGE - 1) // PAGE)
        page = max(1, request.number("page", 1))
        return posts[(page - 1) * PAGE:page * PAGE], page, pages

    def atom(self, request, now):
        posts, page, pages = self.paged(request, "forum", now)
        url = f"{request.base}/forum/latest.atom"
        links = [("self", url if page == 1 else f"{url}?page={page}"), ("first", url), ("last", f"{url}?page={pages}")]
        links += [("previous", f"{url}?page={page - 1}")] * (page > 1) + [("next", f"{url}?page={page + 1}")] * (page < pages)
        updated = max((self.world.edited_ms(p, now) or p["ms"] for p in posts), default=now)
        out = ['<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="en">',
               "<title>Home Network Forum: latest posts</title><id>tag:forum.example,2019:latest</id>",
               f"<updated>{iso(updated)}</updated><generator>Home Network Forum</generator>",
               '<link rel="alternate" type="text/html" href="https://forum.example/"/>']
        out += [f"<link rel={quoteattr(rel)} type=\"application/atom+xml\" href={quoteattr(href)}/>" for rel, href in links]
        for post in posts:
            text = self.world.text(post, now)
            edited = self.world.edited_ms(post, now)
            out.append(f"<entry><id>{escape(post['id'])}</id><title>{escape(post['title'])}</title><link rel=\"alternate\" type=\"text/html\" href={quoteattr(post['url'])}/>"
                       f"<published>{iso(post['ms'])}</published><updated>{iso(edited or post['ms'])}</updated>"
                       f"<author><name>{escape(post['author']['handle'])}</name><uri>https://forum.example/u/{escape(post['author']['handle'])}</uri></author>"
                       f"<category term={quoteattr(post['category'])}/>")
            if post["reply_to"]:
                parent = self.world.by_key[post["reply_to"]]
                out.append(f"<thr:in-reply-to ref={quoteattr(parent['id'])} href={quoteattr(parent['url'])} type=\"text/html\"/>")
            out.append(f"<content type=\"html\">{escape(paragraphs(text))}</content></entry>")
        out.append("</feed>\n")
        return Reply(200, "\n".join(out).encode(), "application/atom+xml; charset=utf-8")

    def rss(self, request, now):
        posts = self.entries("news", now)[:PAGE] if request.get("page") is None else self.paged(request, "news", now)[0]
        built = email.utils.formatdate((posts[0]["ms"] if posts else now) / 1000, usegmt=True)
        out = ['<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
               'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
               "<title>Wirepost</title><link>https://wirepost.example/</link><description>News about networks and the people on them</description>",
               f"<language>en</language><lastBuildDate>{built}</lastBuildDate><ttl>15</ttl>",
               f"<atom:link rel=\"self\" type=\"application/rss+xml\" href={quoteattr(request.base + '/news/rss.xml')}/>"]
        for post in posts:
            text = self.world.text(post, now)
            teaser = re.split(r"(?<=[.!?])\s", text)[0]
            out.append(f"<item><title>{escape(post['title'])}</title><link>{escape(post['url'])}</link><guid isPermaLink=\"false\">{escape(post['id'])}</guid>"
                       f"<pubDate>{email.utils.formatdate(post['ms'] / 1000, usegmt=True)}</pubDate><dc:creator>{escape(post['author']['name'])}</dc:creator>"
                       f"<category>{escape(post['category'])}</category><description>{escape(teaser)}</description>"
                       f"<content:encoded><![CDATA[{paragraphs(text)}]]></content:encoded></item>")
        out.append("</channel></rss>\n")
        return Reply(200, "\n".join(out).encode(), "application/rss+xml; charset=utf-8")

    def json_feed(self, request, now):
        posts, page, pages = self.paged(request, "forum", now)
        url = f"{request.base}/forum/feed.json"
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Home Network Forum: latest posts", "home_page_url": "https://forum.example/",
                "feed_url": url, "language": "en", "items": []}
        if page < pages:
            feed["next_url"] = f"{url}?page={page + 1}"
        for post in posts:
            text, edited = self.world.text(post, now), self.world.edited_ms(post, now)
            item = {"id": post["id"], "url": post["url"], "title": post["title"], "content_html": paragraphs(text), "date_published": iso(post["ms"]),
                    "authors": [{"name": post["author"]["handle"], "url": f"https://forum.example/u/{post['author']['handle']}"}], "tags": [post["category"]],
                    "language": post["lang"]}
            if edited:
                item["date_modified"] = iso(edited)
            feed["items"].append(item)
        return Reply(200, json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json; charset=utf-8")


def not_modified(request, tag, changed):
    """If-None-Match decides alone when it is present; only without it does If-Modified-Since count."""
    sent = request.headers.get("If-None-Match")
    if sent is not None:
        plain = tag.removeprefix("W/")
        return sent.strip() == "*" or plain in [t.strip().removeprefix("W/") for t in sent.split(",")]
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return changed // 1000 <= email.utils.parsedate_to_datetime(since).timestamp()
    except (TypeError, ValueError):
        return False


def paragraphs(text):
    return "".join("<p>" + html.escape(p, quote=False).replace("\n", "<br>") + "</p>" for p in re.split(r"\n{2,}", text))
