"""A mailbox under the real programs: a scripted server with every bad manner, and Dovecot where it is installed."""
import imaplib, json, os, pathlib, shutil, signal, socket, subprocess, time, unittest

from imap_server import ImapServer, mail
from world import World, wait_until


class Mailbox(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.world.env["EARSHOT_CREDENTIAL_MAILBOX"] = "right"
        self.server = ImapServer()
        self.addCleanup(self.server.close)

    def config(self, port=None, more="", allow='["127.0.0.1"]', host="127.0.0.1", tls="false", user="support"):
        (self.world.folder / "data").mkdir(exist_ok=True)
        path = self.world.folder / "earshot.toml"
        path.write_text(f'''
database = "{self.world.folder}/data/earshot.db"
log_level = "debug"
[net]
allow = {allow}
[[brand]]
name = "Acme"
[[source]]
name = "mail"
connector = "imap"
interval = "100ms"
interval_max = "200ms"
host = "{host}"
port = {port or self.server.port}
tls = {tls}
user = "{user}"
credential = "mailbox"
history_days = 3650
{more}
''')
        return path

    def poll(self, config, code=0):
        done = self.world.run("earshot", "poll", "mail", "--config", config)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def titles(self):
        return sorted(row[0] for row in self.world.database().execute("SELECT title FROM mention"))

    def cursor(self):
        return json.loads(self.world.database().execute("SELECT cursor FROM stream").fetchone()[0])

    def test_new_mail_is_read_once_and_nothing_is_changed(self):
        config = self.config()
        self.server.mails = {uid: mail(uid) for uid in range(3, 63)}
        self.poll(config)
        self.assertEqual(len(self.titles()), 60)
        self.assertEqual(self.cursor(), {"uid_validity": 77, "uid": 62})
        self.server.commands.clear()
        self.server.mails[63] = mail(63)
        self.poll(config)
        self.assertEqual(len(self.titles()), 61)
        self.assertIn("UID SEARCH UID 63:*", self.server.commands)
        fetches = [command for command in self.server.commands if command.startswith("UID FETCH")]
        self.assertEqual(fetches, ["UID FETCH 63 (UID INTERNALDATE BODY.PEEK[]<0.1048576>)"])
        self.assertFalse([command for command in self.server.commands if command.startswith(("SELECT", "STORE"))])
        # Nothing new: not even a search.
        self.server.commands.clear()
        self.poll(config)
        self.assertFalse([command for command in self.server.commands if command.startswith("UID")])

    def test_ids_given_anew_are_a_gap_and_no_mail_comes_twice(self):
        config = self.config()
        self.server.mails = {uid: mail(uid) for uid in range(1, 31)}
        self.poll(config)
        self.server.validity = 78
        self.server.mails = {uid + 500: mail(uid) for uid in range(1, 36)}
        self.poll(config)
        self.assertEqual(len(self.titles()), 35)
        self.assertEqual(self.cursor(), {"uid_validity": 78, "uid": 535})
        gaps = self.world.database().execute("SELECT reason FROM gap").fetchall()
        self.assertIn(("cursor_invalid",), gaps)

    def test_automatic_mail_is_left_out_and_junk_counted(self):
        config = self.config()
        self.server.mails = {1: mail(1), 2: mail(2, extra="Auto-Submitted: auto-replied\r\n"), 3: mail(3, extra="List-Id: <x.y>\r\n"),
                             4: b"\x00\xff no mail at all", 5: b"", 6: mail(6, text="A" * 3_000_000)}
        said = self.poll(config)
        self.assertEqual(self.titles(), ["Acme 1", "Acme 6"])
        self.assertIn("2 bad items", said)

    def test_a_wrong_password_pauses_and_is_not_repeated_in_what_is_said(self):
        self.world.env["EARSHOT_CREDENTIAL_MAILBOX"] = "wrong-secret"
        config = self.config()
        said = self.poll(config, code=1)
        self.assertIn("login was refused", said)
        self.assertNotIn("wrong-secret", said)
        daemon = self.world.spawn("earshotd", "--config", config)
        time.sleep(2)
        attempts = len([c for c in self.server.commands if c.startswith("LOGIN")])
        self.assertLessEqual(attempts, 3)  # paused: not at every 100 ms
        daemon.send_signal(signal.SIGTERM)
        _, said = daemon.communicate(timeout=60)
        self.assertIn("kind=unauthorized", said)
        self.assertNotIn("wrong-secret", said)

    def test_hostile_servers_fail_with_a_reason_and_lose_nothing(self):
        config = self.config()
        self.server.mails = {uid: mail(uid) for uid in range(1, 6)}
        for mode, words in {"no_imap": "no IMAP server", "bye": "too many connections", "endless_line": "without an end", "unavailable": "later",
                            "too_much": "were asked for", "hang_up": "closed the connection", "search_flood": "no end"}.items():
            with self.subTest(mode):
                self.server.mode = mode
                said = self.poll(config, code=1)
                self.assertIn(words, said)
                self.assertNotIn("\x1b", said)
        self.server.mode = "other_mails"
        self.poll(config)
        self.assertEqual(len(self.titles()), 5)

    def test_the_guard_and_tls_stand_before_the_password(self):
        said = self.poll(self.config(allow="[]"), code=1)
        self.assertIn("private address", said)
        # Its answer to a TLS hello is none.
        said = self.poll(self.config(tls="true"), code=1)
        self.assertNotIn("right", said)
        self.assertEqual([c for c in self.server.commands if c.startswith("LOGIN")], [])
        checked = self.world.run("earshot", "check", "--config", self.config(host="imap.example.org"))
        self.assertEqual(checked.returncode, 1)
        self.assertIn("`tls` may be off for this machine only", checked.stdout + checked.stderr)

    def test_a_folder_that_is_not_there_says_so(self):
        said = self.poll(self.config(more='folders = ["Missing"]'), code=1)
        self.assertIn("the folder 'Missing' cannot be opened", said)

    def test_killed_at_any_page_nothing_is_lost_and_nothing_doubled(self):
        self.server.mails = {uid: mail(uid) for uid in range(1, 301)}
        self.server.mode = "slow"
        config = self.config()
        count = lambda: self.world.database().execute("SELECT count(*) FROM mention").fetchone()[0]
        for limit in (20, 120):
            daemon = self.world.spawn("earshotd", "--config", config)
            def reached():
                try:
                    return count() >= limit
                except Exception:
                    return False
            self.assertTrue(wait_until(reached))
            os.kill(daemon.pid, signal.SIGKILL)
            daemon.wait()
        self.server.mode = ""
        self.poll(config)
        self.assertEqual(len(self.titles()), 300)
        self.assertEqual(self.cursor(), {"uid_validity": 77, "uid": 300})

    def test_an_mbox_goes_in_by_import(self):
        path = self.world.folder / "old.mbox"
        path.write_bytes(b"".join(b"From x Mon Mar  2 11:00:00 2026\n" + mail(n).replace(b"\r\n", b"\n") + b"\n" for n in range(1, 6)))
        config = self.config()
        done = self.world.run("earshot", "import", path, "--source", "archive", "--config", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("5 new", done.stderr)
        # The same mails in the mailbox are known already.
        self.server.mails = {uid: mail(uid) for uid in range(1, 8)}
        self.poll(config)
        self.assertEqual(len(self.titles()), 7)


@unittest.skipUnless(shutil.which("dovecot"), "Dovecot is not installed")
class Dovecot(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.base = self.world.folder / "dovecot"
        self.base.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as probe, socket.create_server(("127.0.0.1", 0)) as another:
            self.port, self.tls_port = probe.getsockname()[1], another.getsockname()[1]
        self.certificate = self.base / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.base / "key.pem", "-out", self.certificate], check=True, capture_output=True)
        user = "nobody" if os.getuid() == 0 else os.environ.get("USER", "nobody")
        (self.base / "mail").mkdir()
        for folder in (self.world.folder, self.base, self.base / "mail"):
            os.chmod(folder, 0o755 if folder != self.base / "mail" else 0o777)
        (self.base / "dovecot.conf").write_text(f'''
base_dir = {self.base}/run
state_dir = {self.base}/state
log_path = {self.base}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.certificate}
ssl_key = <{self.base}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{self.base}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password=right
}}
userdb {{
  driver = static
  args = uid={user} gid=nogroup home={self.base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
  }}
}}
''')
        self.process = subprocess.Popen([shutil.which("dovecot"), "-F", "-c", str(self.base / "dovecot.conf")], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        if not wait_until(self.answers):
            self.skipTest("Dovecot does not start here: " + (self.base / "log").read_text()[-500:] if (self.base / "log").exists() else "no log")

    def end(self):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        try:
            with self.client():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def client(self):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("support", "right")
        return client

    config, poll, titles, cursor = Mailbox.config, Mailbox.poll, Mailbox.titles, Mailbox.cursor

    def test_a_real_server_is_read_without_a_trace(self):
        self.world.env["EARSHOT_CREDENTIAL_MAILBOX"] = "right"
        config = self.config(port=self.port)
        with self.client() as client:
            for n in range(1, 31):
                client.append("INBOX", None, None, mail(n, extra="Content-Type: text/plain; charset=utf-8\r\n", text=f"Acme is slow {n}\r\n* 1 FETCH (UID 1)\r\nE4 OK done"))
        self.poll(config)
        self.assertEqual(len(self.titles()), 30)
        with self.client() as client:
            client.select("INBOX", readonly=True)
            self.assertEqual(client.search(None, "SEEN")[1], [b""])
            client.append("INBOX", None, None, mail(31))
        self.poll(config)
        self.assertEqual(len(self.titles()), 31)
        # A mailbox made anew numbers its mails anew.
        before = self.cursor()["uid_validity"]
        shutil.rmtree(self.base / "mail" / "support")
        time.sleep(1.1)  # UIDVALIDITY is the second in which it was made
        with self.client() as client:
            for n in range(20, 41):
                client.append("INBOX", None, None, mail(n))
        self.poll(config)
        self.assertNotEqual(self.cursor()["uid_validity"], before)
        self.assertEqual(len(self.titles()), 40)
        self.world.env["EARSHOT_CREDENTIAL_MAILBOX"] = "wrong"
        self.assertIn("login was refused", self.poll(config, code=1))

    def test_a_certificate_that_nobody_trusts_is_said_with_what_to_do(self):
        self.world.env["EARSHOT_CREDENTIAL_MAILBOX"] = "right"
        config = self.config(port=self.tls_port, allow='["127.0.0.1", "::1"]', host="localhost", tls="true")
        with self.client() as client:
            client.append("INBOX", None, None, mail(1))
        said = self.poll(config, code=1)
        self.assertIn(f"localhost:{self.tls_port}", said)
        self.assertIn("self-signed certificate", said)
        self.assertIn("SSL_CERT_FILE", said)
        self.world.env["SSL_CERT_FILE"] = str(self.certificate)
        self.poll(config)
        self.assertEqual(len(self.titles()), 1)
