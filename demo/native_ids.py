"""Ids in the form each platform uses. They encode the time of the post, as the real ones do."""

import hashlib

BASE32_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
HN_EPOCH_S = 1_600_000_000
FORUM_EPOCH_S = 1_500_000_000


def digest(*parts):
    """A stable 256-bit number made from the parts."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest(), "big")


def base32(number, length):
    out = []
    for _ in range(length):
        out.append(BASE32_SORTABLE[number & 31])
        number >>= 5
    return "".join(reversed(out))


def mastodon_id(ms, key):
    """Snowflake: milliseconds in the upper 48 bits, a hash in the lower 16."""
    return str((ms << 16) | (digest("status", key) & 0xFFFF))


def mastodon_id_floor(ms):
    return ms << 16


def mastodon_account_id(author_id):
    return str(109_000_000_000_000_000 + digest("account", author_id) % 5_000_000_000_000_000)


def did(author_id):
    return "did:plc:" + base32(digest("did", author_id), 24).replace("1", "a")


def tid(ms, key):
    """Timestamp id: 53 bits of microseconds, 10 bits of clock id, 13 sortable characters."""
    micros = ms * 1000 + digest("micros", key) % 1000
    return base32((micros << 10) | (digest("clock", key) & 0x3FF), 13)


def tid_millis(text):
    number = 0
    for char in text:
        number = (number << 5) | BASE32_SORTABLE.index(char)
    return (number >> 10) // 1000


def cid(*parts):
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    number = digest("cid", *parts)
    return "bafyrei" + "".join(alphabet[(number >> (5 * i)) & 31] for i in range(51)) + alphabet[(number >> 255) & 1]


def hn_id(ms):
    """One id per 20 seconds; the generator keeps Hacker News posts further apart than that."""
    return 30_000_000 + (ms // 1000 - HN_EPOCH_S) // 20


def forum_id(ms):
    return 100_000 + (ms // 1000 - FORUM_EPOCH_S) // 20


def assign(post, ms):
    """(id, uri, url) of a post that is published at `ms`."""
    platform, key, author = post["platform"], post["key"], post["author"]
    if platform == "mastodon":
        native = mastodon_id(ms, key)
        home = native if author["instance"] == "social.example" else str(int(native) - 1 - digest("home", key) % 60000)
        if post.get("repost_of"):
            uri = f"https://{author['instance']}/users/{author['handle']}/statuses/{home}/activity"
            return native, uri, uri
        return (native, f"https://{author['instance']}/users/{author['handle']}/statuses/{home}",
                f"https://{author['instance']}/@{author['handle']}/{home}")
    if platform == "bluesky":
        rkey = tid(ms, key)
        uri = f"at://{did(author['id'])}/app.bsky.feed.post/{rkey}"
        return uri, uri, f"https://bsky.app/profile/{author['handle']}/post/{rkey}"
    if platform == "hackernews":
        native = str(hn_id(ms))
        url = f"https://news.ycombinator.com/item?id={native}"
        return native, url, url
    if platform == "forum":
        number = forum_id(ms)
        return (f"tag:forum.example,2019:post/{number}", f"tag:forum.example,2019:post/{number}",
                f"https://forum.example/t/{post['slug']}/{number}" + post.get("link_suffix", ""))
    number = forum_id(ms)
    guid = f"https://wirepost.example/?p={number}"
    return guid, guid, f"https://wirepost.example/{post['slug']}-{number}" + post.get("link_suffix", "")
