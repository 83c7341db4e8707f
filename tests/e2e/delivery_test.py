"""Delivery under the real programs: receivers that fail in every way, kills, a real SMTP server, files and programs."""
import base64, email, email.policy, hashlib, hmac, json, random, signal, socket, sqlite3, ssl, subprocess, sys, time, unittest

from receiver import Receiver, add_rows
from world import World, wait_until

OLD, NEW = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode(), "whsec_" + base64.b64encode(b"F" * 32).decode()


class Bench(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.world.env.update(EARSHOT_CREDENTIAL_OLD=OLD, EARSHOT_CREDENTIAL_NEW=NEW)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        (self.world.folder / "data").mkdir()

    def config(self, *destinations, route="", head=""):
        path = self.world.folder / "earshot.toml"
        names = [block.split('name = "')[1].split('"')[0] for block in destinations]
        path.write_text(f'''
database = "{self.world.folder}/data/earshot.db"
insight_interval = "1h"
[net]
allow = ["127.0.0.1"]
{head}
[[brand]]
name = "Acme"
''' + "".join(f'[[destination]]\ninterval = "0ms"\n{block}\n' for block in destinations)
            + f"[[route]]\nto = {json.dumps(names)}\n{route}\n")
        return path

    def webhook(self, name, path=None, more=""):
        return f'name = "{name}"\nkind = "webhook"\nurl = "{self.receiver.url(path or "/" + name)}"\n{more}'

    def start(self, config):
        daemon = self.world.spawn("earshotd", "--config", config)
        database = self.world.folder / "data/earshot.db"

        def is_up():
            try:
                if (database.parent / "earshot.db.lock").read_text().strip() != str(daemon.pid):
                    return False
                with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as one:
                    return one.execute("SELECT count(*) FROM destination").fetchone()[0] > 0
            except (OSError, sqlite3.Error):
                return False
        self.assertTrue(wait_until(is_up, 60), "the daemon did not come up")
        return daemon

    def stop(self, daemon):
        daemon.send_signal(signal.SIGTERM)
        _, said = daemon.communicate(timeout=60)
        self.assertEqual(daemon.returncode, 0, said)
        return said

    def writer(self):
        return sqlite3.connect(self.world.folder / "data/earshot.db", timeout=30)

    def add(self, count, **more):
        database = self.writer()
        try:
            return add_rows(database, count, **more)
        finally:
            database.close()

    def states(self, destination):
        rows = self.world.database().execute("SELECT state,count(*) FROM delivery WHERE destination=? GROUP BY 1", (destination,))
        return dict(rows.fetchall())

    def check_signature(self, headers, body):
        signed = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
        wanted = ["v1," + base64.b64encode(hmac.new(base64.b64decode(key[6:]), signed, hashlib.sha256).digest()).decode()
                  for key in (OLD, NEW)]
        self.assertEqual(headers["webhook-signature"].split(), wanted)


class Delivery(Bench):
    def test_webhooks_are_signed_and_come_in_order(self):
        daemon = self.start(self.config(self.webhook("care", more='signing = ["old", "new"]')))
        self.add(20)
        self.assertTrue(wait_until(lambda: len(self.receiver.taken("/care")) >= 20, 60))
        said = self.stop(daemon)
        took = self.receiver.taken("/care")
        self.assertEqual([json.loads(body)["data"]["title"] for _, _, body in took], [f"Login fails {i}" for i in range(20)])
        self.assertEqual(len({headers["webhook-id"] for _, headers, _ in took}), 20)
        for _, headers, body in took:
            self.check_signature(headers, body)
            self.assertLess(abs(int(headers["webhook-timestamp"]) - time.time()), 300)
        self.assertNotIn(OLD, said)
        self.assertEqual(self.world.database().execute("SELECT count(*) FROM outbox WHERE delivered_at IS NULL").fetchone()[0], 0)
        self.stop(self.start(self.config(self.webhook("care", more='signing = ["old", "new"]'))))
        self.assertEqual(len(self.receiver.taken("/care")), 20)

    def test_receivers_that_fail_in_every_way_hold_up_nobody(self):
        closed = socket.socket()
        closed.bind(("127.0.0.1", 0))  # bound, and nobody listens
        self.addCleanup(closed.close)
        modes = ["500", "503", "429", "410", "404", "400", "401", "redirect", "reset", "garbage", "cut"]
        self.receiver.modes = {f"/{mode}": mode for mode in modes}
        self.receiver.modes["/giant"] = "giant"
        blocks = [self.webhook(mode) for mode in [*modes, "giant", "good"]]
        blocks.append(f'name = "refused"\nkind = "webhook"\nurl = "http://127.0.0.1:{closed.getsockname()[1]}/"')
        blocks.append(f'name = "no-tls"\nkind = "webhook"\nurl = "https://127.0.0.1:{self.receiver.port}/"')
        blocks.append('name = "private"\nkind = "webhook"\nurl = "http://10.0.0.1/"')
        daemon = self.start(self.config(*blocks))
        self.add(3)
        bad = [*modes, "refused", "no-tls", "private"]

        def errors():
            return dict(self.world.database().execute("SELECT name,last_error FROM destination WHERE last_error IS NOT NULL"))
        self.assertTrue(wait_until(lambda: len(errors()) == len(bad) and self.states("good") == {"delivered": 3}
                                   and self.states("giant") == {"delivered": 3}, 90), errors())
        said = self.stop(daemon)
        for name, words in {"500": "HTTP 500", "429": "HTTP 429", "410": "HTTP 410", "400": "HTTP 400", "401": "HTTP 401",
                            "redirect": "redirect", "private": "blocked", "refused": "unreachable", "no-tls": "unreachable",
                            "reset": "unreachable", "garbage": "HTTP/0.9", "cut": "unreachable"}.items():
            with self.subTest(name):
                self.assertIn(words, errors()[name])
                self.assertEqual(self.states(name), {"waiting": 3})
        self.assertEqual(self.receiver.tried("/stolen"), [])
        self.assertEqual(len(self.receiver.tried("/429")), 1)
        self.assertEqual(len(self.receiver.tried("/410")), 1)
        self.assertNotIn("\x1b", said)
        paused = self.world.database().execute("SELECT paused_until-last_error_at FROM destination WHERE name='429'").fetchone()[0]
        self.assertGreaterEqual(paused, 3_600_000)
        listed = self.world.run("earshot", "outbox", "--config", self.config(*blocks), "--destination", "500", "--json")
        self.assertEqual(len(json.loads(listed.stdout)["deliveries"]), 3)

    def test_killed_while_sending_nothing_is_lost_and_repeats_have_the_same_id(self):
        config = self.config(self.webhook("care"), f'name = "out"\nkind = "file"\npath = "{self.world.folder}/out.ndjson"')
        self.receiver.modes["/care"] = "slow"
        daemon = self.start(config)
        dice, first = random.Random(7), 0
        for _ in range(12):
            self.add(3, first=first)
            first += 3
            time.sleep(dice.uniform(0.1, 1.2))
            daemon.kill()
            daemon.wait()
            daemon = self.start(config)
        self.receiver.modes["/care"] = "ok"
        self.assertTrue(wait_until(lambda: self.states("care") == self.states("out") == {"delivered": first}, 90),
                        (self.states("care"), self.states("out")))
        self.stop(daemon)
        ids = {}
        for _, headers, body in self.receiver.taken("/care"):
            ids.setdefault(headers["webhook-id"], set()).add(body)
        self.assertEqual(len(ids), first)
        self.assertTrue(all(len(bodies) == 1 for bodies in ids.values()))
        lines = [json.loads(line) for line in (self.world.folder / "out.ndjson").read_text().splitlines()]
        self.assertEqual({line["id"] for line in lines}, set(ids))

    def test_stopping_waits_for_what_is_on_its_way(self):
        config = self.config(self.webhook("care"))
        self.receiver.modes["/care"] = "slow"
        daemon = self.start(config)
        self.add(1)
        self.assertTrue(wait_until(lambda: self.receiver.taken("/care"), 30))
        self.stop(daemon)
        self.assertEqual(self.states("care"), {"delivered": 1})

    def test_dead_letters_go_out_again_and_are_dropped_while_the_daemon_runs(self):
        config = self.config(self.webhook("care"), head=f'[http]\nlisten = "off"\nsocket = "{self.world.folder}/s"')
        self.receiver.modes["/care"] = "400"
        daemon = self.start(config)
        self.add(4)
        self.assertTrue(wait_until(lambda: self.states("care") == {"waiting": 4} and self.receiver.tried("/care"), 30))
        self.stop(daemon)
        database = self.writer()
        with database:  # eight days later
            database.execute("UPDATE delivery SET due_at=due_at-8*86400000,next_at=0")
            database.execute("UPDATE destination SET paused_until=NULL,failures=0")
        database.close()
        daemon = self.start(config)
        self.assertTrue(wait_until(lambda: self.states("care") == {"dead": 4}, 90), self.states("care"))
        outbox = lambda *words: self.world.run("earshot", "outbox", *words, "--config", config)
        ids = [row["id"] for row in json.loads(outbox("--dead", "--json").stdout)["deliveries"]]
        dropped = outbox("drop", ids[0])
        self.assertEqual(dropped.returncode, 0, dropped.stderr)
        self.assertEqual(outbox("drop", ids[0]).returncode, 0)
        self.assertIn("no delivery 99", outbox("drop", "99").stderr)
        self.assertEqual(outbox("drop", "x").returncode, 2)
        self.receiver.modes["/care"] = "ok"
        retried = outbox("retry", ids[1])
        self.assertEqual((retried.returncode, retried.stderr), (0, ""))
        # At once: the destination no longer rests, although it failed a moment ago.
        self.assertTrue(wait_until(lambda: self.states("care") == {"dropped": 1, "delivered": 1, "dead": 2}, 30), self.states("care"))
        self.assertEqual(outbox("retry", ids[0]).returncode, 1)
        self.assertIn("2 go out again now", outbox("retry", "--all-dead").stdout)
        self.assertTrue(wait_until(lambda: self.states("care") == {"dropped": 1, "delivered": 3}, 30), self.states("care"))
        shown = json.loads(outbox("--json").stdout)["destinations"][0]
        self.assertEqual((shown["sent"], shown["dead"], shown["queued"]), (3, 0, 0))
        self.assertGreater(shown["failed"], 3)
        self.stop(daemon)
        row = self.world.database().execute("SELECT sent,dead,queued FROM v_destination").fetchone()
        self.assertEqual(row, (3, 0, 0))

    def test_the_outbox_is_listed_and_dead_letters_go_out_again(self):
        config = self.config(self.webhook("care"), head='[http]\nlisten = "off"')
        self.receiver.modes["/care"] = "400"
        daemon = self.start(config)
        self.add(2)
        self.assertTrue(wait_until(lambda: self.states("care") == {"waiting": 2} and self.receiver.tried("/care"), 30))
        off = self.world.run("earshot", "outbox", "retry", "--all-dead", "--config", config)
        self.assertEqual(off.returncode, 1)
        self.assertIn(f"in use by pid {daemon.pid}", off.stderr)
        self.assertIn("switched off", off.stderr)
        self.stop(daemon)
        database = self.writer()
        with database:  # eight days later
            database.execute("UPDATE delivery SET due_at=due_at-8*86400000,next_at=0")
            database.execute("UPDATE destination SET paused_until=NULL,failures=0")
        database.close()
        daemon = self.start(config)
        self.assertTrue(wait_until(lambda: self.states("care") == {"dead": 2}, 60), self.states("care"))
        self.stop(daemon)
        dead = json.loads(self.world.run("earshot", "outbox", "--dead", "--json", "--config", config).stdout)
        self.assertEqual([row["last_error"].split(",")[0] for row in dead["deliveries"]], ["bad_request: HTTP 400: the request was refused"] * 2)
        self.assertIn("dead", self.world.run("earshot", "outbox", "--config", config).stdout)
        self.assertEqual(self.world.run("earshot", "outbox", "retry", "99", "--config", config).returncode, 1)
        self.assertEqual(self.world.run("earshot", "outbox", "retry", "--config", config).returncode, 2)
        self.assertEqual(self.world.run("earshot", "outbox", "retry", str(dead["deliveries"][0]["id"]), "--config", config).returncode, 0)
        self.assertEqual(self.world.run("earshot", "outbox", "retry", "--all-dead", "--config", config).returncode, 0)
        self.receiver.modes["/care"] = "ok"
        daemon = self.start(config)
        self.assertTrue(wait_until(lambda: self.states("care") == {"delivered": 2}, 30))
        self.stop(daemon)

    def test_a_destination_can_be_tried_out(self):
        config = self.config(self.webhook("care", more='signing = ["old", "new"]'), self.webhook("bad", "/500"))
        self.receiver.modes["/500"] = "500"
        good = self.world.run("earshot", "outbox", "test", "care", "--config", config)
        self.assertEqual(good.returncode, 0, good.stderr)
        _, headers, body = self.receiver.taken("/care")[0]
        self.check_signature(headers, body)
        self.assertEqual(json.loads(body)["type"], "test")
        bad = self.world.run("earshot", "outbox", "test", "bad", "--config", config)
        self.assertEqual(bad.returncode, 1)
        self.assertIn("HTTP 500", bad.stderr)
        self.assertEqual(self.world.run("earshot", "outbox", "test", "nobody", "--config", config).returncode, 2)

    def test_a_program_gets_what_is_delivered(self):
        script = self.world.folder / "page.sh"
        script.write_text(f'#!/bin/sh\ncat >> {self.world.folder}/pages\necho "page-$EARSHOT_ID"\n')
        script.chmod(0o755)
        daemon = self.start(self.config(f'name = "pager"\nkind = "exec"\ncommand = ["{script}"]'))
        self.add(2)
        self.assertTrue(wait_until(lambda: self.states("pager") == {"delivered": 2}, 30))
        self.stop(daemon)
        pages = [json.loads(line) for line in (self.world.folder / "pages").read_text().splitlines()]
        named = [row[0] for row in self.world.database().execute("SELECT external_id FROM delivery ORDER BY delivery_id")]
        self.assertEqual(named, ["page-" + page["id"] for page in pages])


class Waiting(Bench):
    def once(self, config):
        done = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_who_waits_is_told_of_where_that_is_asked_for_and_copies_are_one_case(self):
        post = "@acme my internet has been down for two days now and nobody answers my mails, can you please help?"
        texts = [post, post, "@acme help please, it is broken", "@acme help please, it is broken", "Acme is fine"]
        lines = [{"platform": "forum", "id": str(n), "text": text, "author": {"id": f"a{n}", "handle": f"h{n}"},
                  "created_at": int(time.time()) - 3600 + n} for n, text in enumerate(texts)]
        lines.append({**lines[0], "id": "old", "text": "@acme how long does it take until somebody answers here?", "created_at": int(time.time()) - 3 * 86400, "author": {"id": "a9"}})
        everything = self.webhook("everything", more="template = '{\"kind\": \"{{kind}}\"}'")
        care = self.webhook("care", more="template = '{\"kind\": \"{{kind}}\", \"thread\": \"{{thread}}\", \"text\": \"{{text}}\"}'")
        config = self.config(everything, care)
        config.write_text(config.read_text().replace('to = ["everything", "care"]', 'to = ["everything"]')
                          + '[[route]]\nto = ["care"]\nkinds = ["waiting"]\n')
        done = self.world.run("earshot", "import", "-", "--source", "archive", "--config", config,
                              stdin="".join(json.dumps(line) + "\n" for line in lines))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.once(config)
        told = [json.loads(body) for _, _, body in self.receiver.taken("/care")]
        self.assertEqual({one["kind"] for one in told}, {"waiting"})
        # The long post and its copy are one case; the same few words of two people are two. What waits for days is the queue's.
        self.assertEqual(len(told), 3, told)
        self.assertEqual(len({one["thread"] for one in told}), 3, told)
        self.assertEqual(len([one for one in told if "two days now" in one["text"]]), 1, told)
        self.assertEqual([one for one in told if "how long does it take" in one["text"]], [])
        self.assertEqual([one for one in map(lambda row: json.loads(row[2]), self.receiver.taken("/everything")) if one["kind"] == "waiting"], [])
        self.once(config)
        self.assertEqual(len(self.receiver.taken("/care")), 3)
        # A person who is erased is erased from what was to be told, too.
        database = self.world.database()
        self.assertIn("h2", "".join(row[0] for row in database.execute("SELECT payload FROM outbox WHERE kind='waiting'")))
        database.close()
        done = self.world.run("earshot", "erase", "--author", "forum:h2", "--force", "--config", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn('"h2"', "".join(row[0] for row in self.world.database().execute("SELECT payload FROM outbox WHERE kind='waiting'")))


class Mail(Bench):
    """A real SMTP server (aiosmtpd) with TLS and logins."""

    def setUp(self):
        super().setUp()
        sys.path.append("/usr/lib/python3/dist-packages")  # Debian's modules, whatever Python this is
        try:
            from aiosmtpd.controller import Controller
            from aiosmtpd.smtp import AuthResult, SMTP
        except ImportError:
            self.skipTest("python3-aiosmtpd is not installed")
        self.world.env["EARSHOT_CREDENTIAL_MAIL"] = "right password"
        certificate, key = self.world.folder / "certificate.pem", self.world.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.trusted = {"SSL_CERT_FILE": str(certificate)}
        self.mails, self.say, self.logins = [], None, []
        test = self

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if test.say:
                    return test.say
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                test.mails.append((envelope.mail_from, envelope.rcpt_tos, bool(session.ssl), envelope.content))
                return "250 OK"

        def login(server, session, envelope, mechanism, data):
            test.logins.append(bool(session.ssl))
            return AuthResult(success=data.login == b"earshot" and data.password == b"right password", handled=False)

        class Server(Controller):
            def factory(self):
                return SMTP(self.handler, **test.options)
        self.options = {"tls_context": context, "authenticator": login, "auth_required": True, "hostname": "localhost"}
        self.server = Server(Handler(), hostname="localhost", port=self.free_port())
        self.server.start()
        self.addCleanup(self.server.stop)

    @staticmethod
    def free_port():
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return one.getsockname()[1]

    def mail(self, more="", tls="starttls"):
        return self.config(f'''name = "mail"
kind = "email"
host = "localhost"
port = {self.server.port}
tls = "{tls}"
user = "earshot"
credential = "mail"
from = "Earshot ä <earshot@acme.example>"
to = ["care@acme.example", "Bob <bob@acme.example>"]
{more}''', head="")

    def try_out(self, config, code, **env):
        self.world.env.update(env or self.trusted)
        done = self.world.run("earshot", "outbox", "test", "mail", "--config", config)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def test_mails_arrive_whole_by_tls_and_follow_their_thread(self):
        self.world.env.update(self.trusted)
        daemon = self.start(self.mail())
        self.add(1, title="Zahlung ü\r\nBcc: thief@example.com\r\n\r\n.\r\n<script>")
        self.add(1, kind="incident_closed", title="over")
        self.assertTrue(wait_until(lambda: len(self.mails) >= 2, 60))
        self.stop(daemon)
        (sender, recipients, by_tls, bytes_), (_, _, _, second) = self.mails
        self.assertEqual((sender, recipients, by_tls), ("earshot@acme.example", ["care@acme.example", "bob@acme.example"], True))
        self.assertEqual(self.logins, [True, True])
        message = email.message_from_bytes(bytes_, policy=email.policy.default)
        self.assertEqual(message.get_content_type(), "multipart/alternative")
        self.assertIn("Zahlung ü Bcc: thief@example.com", message["Subject"])
        self.assertIsNone(message["Bcc"])
        self.assertEqual(message["From"].addresses[0].display_name, "Earshot ä")
        text, html = [part.get_content() for part in message.iter_parts()]
        self.assertIn("cannot log in", text)
        self.assertIn("<blockquote>cannot log in", html)
        self.assertNotIn("<script>", html)
        follows = email.message_from_bytes(second, policy=email.policy.default)
        self.assertEqual(follows["In-Reply-To"], message["Message-ID"])
        self.assertEqual(self.states("mail"), {"delivered": 2})

    def test_a_report_comes_at_its_time_and_once(self):
        self.world.env.update(self.trusted)
        at = time.strftime("%H:%M", time.gmtime(time.time() - 60))
        config = self.mail(f'''[[report]]
kind = "executive"
to = ["mail"]
send = "daily {at}"
dashboard = "https://earshot.acme.example/"
''')
        daemon = self.start(config)
        self.assertTrue(wait_until(lambda: self.mails, 60))
        # A page that was sent is not sent again, whoever runs next and however often it looks.
        daemon.kill()
        daemon.wait()
        once = self.world.run("earshotd", "--config", config, "--once")
        self.assertEqual(once.returncode, 0, once.stderr)
        self.assertEqual(self.states("mail"), {"delivered": 1})
        message = email.message_from_bytes(self.mails[0][3], policy=email.policy.default)
        self.assertRegex(message["Subject"], "^Report at Acme: ")
        text, html = [part.get_content() for part in message.iter_parts()]
        self.assertIn("Acme", text)
        self.assertEqual(html.count("<!doctype html>"), 1)
        self.assertIn('href="https://earshot.acme.example/#/mentions?', html)
        row = self.world.database().execute("SELECT key,payload FROM outbox").fetchall()
        self.assertEqual(len(row), 1)
        self.assertTrue(row[0][0].startswith("report:executive:Acme:"))
        self.assertTrue(json.loads(row[0][1])["figures"])

    def test_what_a_server_refuses_is_told_apart(self):
        config = self.mail()
        self.say = "451 try later"
        self.assertIn("unreachable", self.try_out(config, 1))
        self.say = "550 no such user"
        self.assertIn("bad_request", self.try_out(config, 1))
        self.say = None
        said = self.try_out(config, 1, **self.trusted, EARSHOT_CREDENTIAL_MAIL="wrong password")
        self.assertIn("unauthorized", said)
        self.assertNotIn("wrong password", said)
        self.assertEqual(self.mails, [])

    def test_without_trusted_tls_nothing_is_said(self):
        config = self.mail()
        said = self.try_out(config, 1, SSL_CERT_FILE="/nowhere.pem")
        self.assertIn("unreachable", said)
        self.options.pop("tls_context")
        self.options["auth_require_tls"] = False
        said = self.try_out(config, 1)
        self.assertIn("did not take it", said)
        self.assertEqual((self.mails, self.logins), ([], []))
        self.assertEqual(self.try_out(self.mail(tls="none"), 0), "")  # to this machine
        self.assertEqual(len(self.mails), 1)

