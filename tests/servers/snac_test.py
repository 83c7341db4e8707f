"""A real fediverse server (snac, which speaks Mastodon's API) under the real daemon: what recordings cannot show."""
import html
import http.client
import json
import re
import subprocess
import unittest
import urllib.parse

from real_server import MISSING, SERVERS, Listener, free_ports, wait_until

SNAC = SERVERS / "snac/usr/bin/snac"


@unittest.skipUnless(SNAC.exists(), f"snac {MISSING}")
class Snac(Listener):
    def setUp(self):
        super().setUp()
        self.data = self.world.folder / "snac"
        [self.port] = free_ports(1)
        self.host = f"localhost:{self.port}"
        subprocess.run([SNAC, "init", self.data], input=f"127.0.0.1\n{self.port}\n{self.host}\n\n\n", text=True, capture_output=True, check=True)
        settings = json.loads((self.data / "server.json").read_text())
        (self.data / "server.json").write_text(json.dumps({**settings, "protocol": "http"}))
        self.passwords = {name: self.add_user(name) for name in ("alice", "bob")}
        self.process = subprocess.Popen([SNAC, "httpd", self.data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        if not wait_until(lambda: self.status("/api/v1/timelines/public") == 200):
            self.skipTest("snac does not start here")

    def end(self):
        self.process.terminate()
        self.process.wait(30)

    def add_user(self, name):
        said = subprocess.run([SNAC, "adduser", self.data, name], text=True, capture_output=True, check=True)
        return re.search(r"password is (\S+)", said.stdout + said.stderr)[1]

    def ask(self, method, path, form=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": self.host, "Content-Type": "application/x-www-form-urlencoded"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def status(self, path):
        try:
            return self.ask("GET", path)[0]
        except OSError:
            return 0

    def note(self, text, user="alice"):
        subprocess.run([SNAC, "note", self.data, user, text], capture_output=True, check=True)

    def token(self, user):
        """By the code flow, as a person's program gets one."""
        app = json.loads(self.ask("POST", "/api/v1/apps", {"client_name": "earshot", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write"})[1])
        text = self.ask("POST", "/oauth/x-snac-login", {"login": user, "passwd": self.passwords[user], "redir": "urn:ietf:wg:oauth:2.0:oob", "cid": app["client_id"], "state": ""})[1]
        return json.loads(self.ask("POST", "/oauth/token", {"grant_type": "authorization_code", "code": html.unescape(text).strip(), "client_id": app["client_id"],
                                                            "client_secret": app["client_secret"], "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})[1])["access_token"]

    def fedi(self, more=""):
        return self.config(f'''
[[source]]
name = "fedi"
connector = "mastodon"
base = "http://{self.host}"
tags = ["fernwave"]
interval = "1s"
interval_max = "1s"
{more}
''')

    def test_what_people_write_is_heard_once_with_its_words_and_names(self):
        for n in range(5):
            self.note(f"Fernwave is down again, says number {n} & friends #fernwave", "alice" if n % 2 else "bob")
        config = self.fedi()
        for _ in range(2):
            self.poll("fedi", config)
        self.assertEqual(self.rows(), [f"Fernwave is down again, says number {n} & friends #fernwave" for n in range(5)])
        self.assertEqual(sorted(set(self.rows("SELECT author_handle FROM mention"))), [f"alice@{self.host}", f"bob@{self.host}"])
        # Its ids are no numbers, and its names are addresses.
        for name in self.rows("SELECT native_id FROM mention"):
            self.assertTrue(name.startswith(f"http://{self.host}/"), name)

    def test_the_daemon_hears_what_is_new_and_goes_on_after_a_kill(self):
        config = self.fedi()
        self.note("Fernwave hums, number 1 #fernwave")
        daemon = self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: len(self.rows()) == 1, 60))
        self.note("Fernwave hums, number 2 #fernwave")
        self.assertTrue(wait_until(lambda: len(self.rows()) == 2, 60))
        daemon.kill()
        daemon.wait()
        self.note("Fernwave hums, number 3 #fernwave")
        self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: len(self.rows()) == 3, 60), self.rows())
        self.assertEqual(self.rows("SELECT state FROM source"), ["ok"])

    def test_a_server_that_goes_and_comes_back_is_heard_again(self):
        config = self.fedi()
        self.note("Fernwave hums, number 1 #fernwave")
        self.world.spawn("earshotd", "--config", config)
        self.assertTrue(wait_until(lambda: len(self.rows()) == 1, 60))
        self.end()
        self.assertTrue(wait_until(lambda: self.rows("SELECT state FROM source") == ["failing"], 60))
        self.process = subprocess.Popen([SNAC, "httpd", self.data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.note("Fernwave hums, number 2 #fernwave")
        self.assertTrue(wait_until(lambda: len(self.rows()) == 2 and self.rows("SELECT state FROM source") == ["ok"], 60))

    def test_a_token_from_its_own_sign_in_opens_the_search(self):
        self.world.env["EARSHOT_CREDENTIAL_FEDI"] = self.token("bob")
        config = self.fedi('queries = ["fernwave"]\ncredential = "fedi"\n')
        self.poll("fedi", config)
        # What it finds depends on whom bob follows; that it may be asked is what is proved.
        self.assertEqual(self.rows("SELECT name FROM stream WHERE caught_up_at IS NOT NULL ORDER BY 1"), ["search:fernwave", "tag:fernwave"])


if __name__ == "__main__":
    unittest.main()
