"""Secrets in the running programs: granted in a browser, used by the daemon, and never seen where they do not belong."""
import base64
import http.server
import itertools
import json
import os
import re
import signal
import stat
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from world import World, wait_until

CANARY = "c4n4ry"
SECRETS = {"fixed": "c4n4ry-fixed-token", "app": "c4n4ry-client-secret", "sky": "c4n4ry-app-password",
           "x": "c4n4ry-x-secret", "x-refresh-token": "c4n4ry-first-refresh", "desk": "c4n4ry-desk"}


class Provider:
    """A token endpoint and two platforms on loopback. `api` and `token` take a request and give (status, headers, body)."""

    def __init__(self, api, token):
        outer = self
        self.seen = []
        self.ways = set()
        self.numbers = itertools.count(1)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.handle_with(api)

            def do_POST(self):
                self.handle_with(token)

            def handle_with(self, answer):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                outer.seen.append((self.command, self.path, dict(self.headers), body))
                reply = answer(outer, self.path, self.headers, body)
                if isinstance(reply, bytes):
                    self.wfile.write(reply)
                    self.close_connection = True
                    return
                status, headers, text = reply
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def tokens(self, **more):
        number = next(self.numbers)
        return 200, {}, json.dumps({"access_token": f"{CANARY}-access-{number}", "token_type": "bearer",
                                    "expires_in": 3600, **more})


def status_of(number, text):
    return {"id": str(number), "uri": f"https://social.example/{number}", "url": f"https://social.example/{number}",
            "content": f"<p>Fernwave {text}</p>", "created_at": "2026-03-02T10:00:00.000Z", "language": "en",
            "account": {"id": "1", "acct": "ann", "display_name": "Ann", "username": "ann"}, "visibility": "public"}


def echoing_api(provider, path, headers, _):
    """Every way to fail, each with the token in it; and posts that quote it."""
    sent = headers.get("Authorization") or headers.get("Api-Key") or "nothing"
    way = next(provider.numbers) % 9
    provider.ways.add(("api", way))
    post = json.dumps([status_of(10_000 + next(provider.numbers), f"is down, says {sent}")])
    if "/xrpc/" in path:
        post = json.dumps({"posts": [], "cursor": sent} if way else {"posts": [{"uri": sent}]})
    return [(401, {"WWW-Authenticate": f'Bearer error="invalid_token", was="{sent}"'}, json.dumps({"error": sent})),
            (500, {"X-Debug": sent}, sent), (200, {"Content-Type": "text/html"}, f"<html>{sent}"),
            f"HTTP/1.1 200 {sent}\r\nContent-Length: 99\r\n\r\n{sent}".encode(), f"{sent}\r\n\r\n".encode(),
            (302, {"Location": f"http://{sent.split()[-1]}.example/{sent.split()[-1]}"}, ""),
            (429, {"Retry-After": "1"}, sent), (200, {}, post), (200, {}, post)][way]


def echoing_token(provider, path, headers, body):
    """Fails twice in three, quoting what it was sent."""
    sent = urllib.parse.unquote(body) + headers.get("Authorization", "")
    way = next(provider.numbers) % 4
    provider.ways.add(("token", way))
    if way == 0:
        return 400, {}, json.dumps({"error": "invalid_request", "error_description": f"wrong: {sent}"})
    if way == 1:
        return 500, {"X-Debug": sent.replace("\n", "")}, f"<html>{sent}"
    if "/xrpc/" in path:
        return 200, {}, json.dumps({"accessJwt": f"{CANARY}-jwt", "refreshJwt": f"{CANARY}-refresh-jwt", "did": "d"})
    return provider.tokens(refresh_token=f"{CANARY}-refresh-{next(provider.numbers)}")


class Credentials(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.secrets = self.world.folder / "secrets"
        self.secrets.mkdir()
        for name, text in SECRETS.items():
            path = self.secrets / name
            path.write_text(text + "\n")
            path.chmod(0o600)

    def tearDown(self):
        self.world.close()
        if hasattr(self, "provider"):
            self.provider.close()

    def config(self, text):
        path = self.world.folder / "earshot.toml"
        path.write_text(f'database = "{self.world.folder}/data/earshot.db"\nlog_level = "debug"\n'
                        f'credentials_folder = "{self.secrets}"\n' +
                        text.replace("@BASE@", self.provider.base) +
                        '\n[net]\nallow = ["127.0.0.1"]\n[[brand]]\nname = "Fernwave"\n')
        (self.world.folder / "data").mkdir(exist_ok=True)
        return path

    def everything_written(self):
        """All files under the data folder and beside it, except where secrets belong."""
        for path in self.world.folder.rglob("*"):
            if path.is_file() and "tokens" not in path.parts and self.secrets not in path.parents:
                yield path, path.read_bytes()

    def assert_clean(self, where, data):
        data = data.encode() if isinstance(data, str) else data
        for shape in [CANARY.encode(), *(base64.b64encode(f"listener:{s}".encode()) for s in SECRETS.values())]:
            at = data.find(shape)
            self.assertEqual(at, -1, f"{where}: …{data[max(0, at - 80):at + 40]!r}…")

    def test_no_secret_is_seen_through_all_failures(self):
        self.provider = Provider(echoing_api, echoing_token)
        kinds = {
            "app": 'kind = "oauth2_client"\ntoken_url = "@BASE@/token"\nclient_id = "listener"',
            "x": 'kind = "oauth2_refresh"\ntoken_url = "@BASE@/token"\nclient_id = "listener"\nclient_auth = "post"',
            "sky": 'kind = "atproto_session"\nservice = "@BASE@"\nidentifier = "ann.test"',
            "desk": 'kind = "header"\nheader = "Api-Key"'}
        text = "".join(f'[[credential]]\nname = "{name}"\n{rest}\n' for name, rest in kinds.items())
        for number, name in enumerate([*kinds, "fixed"]):
            if name == "sky":
                text += '[[source]]\nname = "sky"\nconnector = "bluesky"\n'
            else:
                text += f'[[source]]\nname = "source{number}"\nconnector = "mastodon"\ntags = ["fernwave"]\n'
            text += f'base = "@BASE@"\ncredential = "{name}"\ninterval = "100ms"\ninterval_max = "200ms"\n'
        config = self.config(text)
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: len(self.provider.seen) > 5))
        with open(f"/proc/{daemon.pid}/limits") as limits:
            self.assertRegex(limits.read(), r"Max core file size +0 +0 ")
        daemon.send_signal(signal.SIGTERM)
        said = list(daemon.communicate(timeout=30))
        self.assertEqual(daemon.returncode, 0)
        # What waiting cannot cure is left alone for minutes; a new start asks anew.
        for _ in range(40):
            if len(self.provider.ways) == 13 and len(self.provider.seen) > 60 and self.stored():
                break
            done = self.world.run("earshotd", "--config", config, "--once")
            said += [done.stdout, done.stderr]
        self.assertEqual(len(self.provider.ways), 13, self.provider.ways)
        for command in (["status"], ["status", "--json"], ["mentions", "--json", "--limit", "100"], ["check"],
                        ["credentials"], ["credentials", "--json"], ["poll", "source0", "--dry-run"], ["poll", "sky"],
                        ["export", "--format", "csv"], ["report"]):
            for _ in range(4 if command[0] == "poll" else 1):
                done = self.world.run("earshot", *command, "--config", config)
                self.assert_clean(command, done.stdout + done.stderr)
        for text in said:
            self.assert_clean("earshotd", text)
        self.assertIn("source cannot be heard", "".join(said))
        for path, data in self.everything_written():
            self.assert_clean(path, data)
        # The secrets were used, or the test would have shown nothing; and the posts that quoted them are there.
        used = json.dumps(self.provider.seen)
        for secret in ("c4n4ry-fixed-token", "c4n4ry-desk", "c4n4ry-x-secret", "c4n4ry-app-password", "c4n4ry-access-",
                       base64.b64encode(b"listener:c4n4ry-client-secret").decode()):
            self.assertIn(secret, used)
        texts = [row[0] for row in self.world.database().execute("SELECT text FROM mention")]
        self.assertTrue(any("is down, says" in text and "****" in text for text in texts), texts[:3])

    def stored(self):
        try:
            return self.world.database().execute("SELECT count(*) FROM mention").fetchone()[0]
        except Exception:
            return 0

    def test_access_is_granted_in_a_browser_and_used_by_the_daemon(self):
        def api(provider, path, headers, _):
            if headers.get("Authorization", "").startswith(f"Bearer {CANARY}-access-"):
                return 200, {}, json.dumps([status_of(1, "is down")] if "timelines" in path else [])
            return 401, {}, "{}"

        codes, spent = {}, set()

        def token(provider, _, headers, body):
            form = dict(urllib.parse.parse_qsl(body))
            if form["grant_type"] == "authorization_code" and form["code"] == codes.get("code"):
                return provider.tokens(refresh_token=f"{CANARY}-refresh-1")
            if form["grant_type"] == "refresh_token" and form["refresh_token"] not in spent:
                spent.add(form["refresh_token"])
                return provider.tokens(refresh_token=f"{CANARY}-refresh-{next(provider.numbers)}")
            return 400, {}, '{"error":"invalid_grant"}'

        self.provider = Provider(api, token)
        (self.secrets / "x-refresh-token").unlink()
        config = self.config('[[credential]]\nname = "x"\nkind = "oauth2_refresh"\ntoken_url = "@BASE@/token"\n'
                             'authorize_url = "@BASE@/authorize"\nclient_id = "listener"\nscopes = ["read"]\n'
                             '[[source]]\nname = "social"\nconnector = "mastodon"\nbase = "@BASE@"\ntags = ["fernwave"]\n'
                             'credential = "x"\n')
        before = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(before.returncode, 1)
        self.assertIn("run `earshot auth x`", before.stderr)

        process = self.world.spawn("earshot", "auth", "social", "--config", config, "--timeout", "20s")
        line = next(text for text in process.stdout if "authorize?" in text).strip()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(line).query))
        self.assertEqual(query["code_challenge_method"], "S256")
        codes["code"] = "the-code"

        def visit(**pairs):
            try:
                with urllib.request.urlopen(query["redirect_uri"] + "?" + urllib.parse.urlencode(pairs), timeout=5) as r:
                    return r.status
            except urllib.error.HTTPError as failure:
                return failure.code

        self.assertEqual(visit(code="the-code", state="forged"), 403)
        self.assertIsNone(process.poll())
        self.assertEqual(visit(code="the-code", state=query["state"]), 200)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0, err)
        self.assert_clean("earshot auth", out + err)
        stored = self.world.folder / "data/tokens/x.json"
        self.assertEqual(stat.S_IMODE(os.stat(stored).st_mode), 0o600)
        self.assertIn(f"{CANARY}-refresh-1", stored.read_text())

        after = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(after.returncode, 0, after.stderr)
        self.assertEqual(self.stored(), 1)
        self.assertNotIn(f"{CANARY}-refresh-1\"", stored.read_text())
        # The grant is withdrawn: the source pauses with what to do, and one request was spent on finding out.
        spent.add(json.loads(stored.read_text())["refresh_token"])
        stored.write_text(re.sub(r'"refresh_at":\d+', '"refresh_at":1', stored.read_text()))
        asked = len(self.provider.seen)
        daemon = self.world.spawn("earshotd", "--config", config)

        def paused():
            done = self.world.run("earshot", "status", "--config", config, "--json")
            return done.returncode == 0 and any(s["state"] == "paused" and "earshot auth x" in s["last_error"]
                                                for s in json.loads(done.stdout)["sources"])
        self.assertTrue(wait_until(paused, 20))
        time.sleep(2)
        self.assertEqual(len(self.provider.seen) - asked, 1)
        daemon.send_signal(signal.SIGTERM)
        _, err = daemon.communicate(timeout=30)
        self.assertIn("a credential was refused for good", err)

    def test_an_exposed_secret_is_refused(self):
        self.provider = Provider(echoing_api, echoing_token)
        (self.secrets / "fixed").chmod(0o644)
        config = self.config('[[source]]\nname = "social"\nconnector = "mastodon"\nbase = "@BASE@"\ntags = ["fernwave"]\n'
                             'credential = "fixed"\n')
        done = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is open to every user: chmod 0600 it", done.stderr)
        self.assertEqual(self.provider.seen, [])
        self.assert_clean("stderr", done.stderr)


if __name__ == "__main__":
    unittest.main()
