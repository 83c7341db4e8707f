"""A real WordPress with MariaDB under the real programs: its comments by the REST API, its feeds, and what it says when it will not."""
import json
import re
import shutil
import time
import unittest

from real_server import HERE, MISSING, ROOT, SERVERS, Ground, Listener, answers, free_ports

UNPACKED = SERVERS / "wordpress"
EXTENSIONS = ["mysqlnd", "mysqli", "ctype", "curl", "dom", "fileinfo", "iconv", "simplexml", "tokenizer", "xmlreader"]
HOUR = 3600


def utc(seconds_ago):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - seconds_ago))


class Site:
    """WordPress, its database, and those who write on it."""

    def __init__(self):
        self.ground = Ground("wordpress")
        self.port, database = free_ports(2)
        self.base = f"http://127.0.0.1:{self.port}"
        environment = self.ground.environment("wordpress")
        data = self.ground.place("mariadb")
        self.ground.run(UNPACKED / "usr/bin/mariadb-install-db", "--no-defaults", f"--basedir={UNPACKED}/usr", f"--datadir={data}",
                        "--auth-root-authentication-method=normal", "--skip-test-db", env=environment)
        self.ground.start(UNPACKED / "usr/sbin/mariadbd", "--no-defaults", f"--basedir={UNPACKED}/usr", f"--datadir={data}", f"--port={database}", "--bind-address=127.0.0.1",
                          f"--socket={data}/socket", f"--pid-file={data}/pid", "--skip-grant-tables", "--skip-networking=0", "--innodb-flush-log-at-trx-commit=0",
                          log="mariadb.log", ready=lambda: answers(database), env=environment)
        self.ground.run(UNPACKED / "usr/bin/mariadb", "--no-defaults", f"--socket={data}/socket", "-e", "CREATE DATABASE wordpress", env=environment)
        self.folder = self.ground.place("site")
        # Its links lead to other packages' files; those that lead nowhere are of no use here.
        shutil.copytree(UNPACKED / "usr/share/wordpress", self.folder, dirs_exist_ok=True, ignore_dangling_symlinks=True)
        self.switches = self.folder / "wp-content/switches"
        for folder in (self.switches, self.folder / "wp-content/mu-plugins"):
            folder.mkdir(exist_ok=True)
        shutil.copy(HERE / "wordpress/switches.php", self.folder / "wp-content/mu-plugins")
        (self.folder / "wp-config.php").write_text(f'''<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', '127.0.0.1:{database}');
define('WP_HOME', '{self.base}'); define('WP_SITEURL', '{self.base}');
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
''')
        extensions = next((UNPACKED / "usr/lib/php").glob("2*"))
        self.php = [UNPACKED / "usr/bin/php8.2", "-n", "-d", f"extension_dir={extensions}", "-d", "sendmail_path=/bin/true", "-d", "date.timezone=UTC"]
        for name in EXTENSIONS:
            self.php += ["-d", f"extension={name}"]
        self.environment = environment
        self.act({"do": "install"})
        self.ground.start(*self.php, "-S", f"127.0.0.1:{self.port}", "-t", self.folder, HERE / "wordpress/route.php", log="access.log",
                          ready=lambda: answers(self.port), env={**environment, "PHP_CLI_SERVER_WORKERS": "3"})

    def act(self, *todo):
        said = self.ground.run(*self.php, HERE / "wordpress/act.php", self.folder, input=json.dumps(todo), env=self.environment)
        return json.loads(said[said.rindex("\n[") + 1 if "\n[" in said else said.index("["):])

    def turn(self, name, on):
        (self.switches / name).touch() if on else (self.switches / name).unlink()

    def asked(self, path):
        """Status and address of the requests whose address holds that."""
        found = re.findall(r"\[(\d{3})\]: \w+ (\S+)", self.ground.said("access.log"))
        return [(int(status), address) for status, address in found if path in address]


@unittest.skipUnless((UNPACKED / "usr/share/wordpress/wp-load.php").exists(), f"wordpress {MISSING}")
class WordPress(Listener):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.addClassCleanup(cls.site.ground.close)
        cls.numbers = iter(range(1, 100))

    def setUp(self):
        super().setUp()
        # Each test has its own words: the site is one.
        self.word = f"Zaunkoenig{next(self.numbers)}"

    def source(self, connector, more="", interval="500ms"):
        return f'''
[[source]]
name = "blog"
connector = "{connector}"
interval = "{interval}"
interval_max = "{interval}"
{more}
'''

    def comments(self, more="", connector="wordpress"):
        return self.config(self.source(connector, f'base = "{self.site.base}"\n{more}'), brand=self.word)

    def mine(self):
        return self.rows(f"SELECT text FROM mention WHERE text LIKE '{self.word} %' AND deleted_at IS NULL ORDER BY 1")

    def test_every_comment_is_found_once_page_by_page_and_what_is_approved_late_as_well(self):
        [post] = self.site.act({"do": "post", "title": "News", "text": "Something new", "at": utc(40 * HOUR)})
        made = self.site.act(*({"do": "comment", "post": post, "author": f"Ann & {n}", "text": f"{self.word} hums &amp; hums, says {n:03d}", "at": utc(30 * HOUR - n)} for n in range(230)))
        [answer, waiting] = self.site.act(
            {"do": "comment", "post": post, "author": "Bob", "text": f"{self.word} answers", "parent": made[0], "at": utc(HOUR)},
            {"do": "comment", "post": post, "author": "Eve", "text": f"{self.word} waits", "approved": 0, "at": utc(2 * HOUR)})
        config = self.comments()
        for _ in range(2):
            self.poll("blog", config)
        self.assertEqual(self.mine(), [f"{self.word} answers"] + [f"{self.word} hums & hums, says {n:03d}" for n in range(230)])
        self.assertTrue([address for status, address in self.site.asked("/wp/v2/comments") if status == 200 and "page=3" in address])
        self.assertEqual(self.rows(f"SELECT in_reply_to FROM mention WHERE text='{self.word} answers'"), [f"127.0.0.1#comment-{made[0]}"])
        self.assertEqual(self.rows(f"SELECT author_name FROM mention WHERE text LIKE '%says 007'"), ["Ann & 7"])
        self.site.act({"do": "approve", "comment": waiting})
        self.poll("blog", config)
        self.assertIn(f"{self.word} waits", self.mine())
        self.assertEqual(len(self.mine()), 232)

    def test_a_site_that_lets_nobody_in_says_so_and_an_application_password_opens_it(self):
        [post] = self.site.act({"do": "post", "title": "Closed", "text": "Something", "at": utc(10 * HOUR)})
        self.site.act({"do": "comment", "post": post, "author": "Ann", "text": f"{self.word} is inside", "at": utc(HOUR)})
        self.site.turn("closed", True)
        self.addCleanup(self.site.turn, "closed", False)
        said = self.poll("blog", self.comments(), code=1)
        self.assertIn("rest_not_logged_in", said)
        [password] = self.site.act({"do": "application_password"})
        config = self.comments('credential = "blog"')
        self.world.env["EARSHOT_CREDENTIAL_BLOG"] = "editor:" + password
        self.poll("blog", config)
        self.assertEqual(self.mine(), [f"{self.word} is inside"])
        self.world.env["EARSHOT_CREDENTIAL_BLOG"] = "editor:wrong wrong"
        self.assertIn("HTTP 401", self.poll("blog", config, code=1))

    def test_a_request_that_it_does_not_take_is_told_by_its_own_words(self):
        text = (ROOT / "config/connectors/wordpress.toml").read_text().replace('per_page = "100"', 'per_page = "500"')
        (self.world.folder / "greedy.toml").write_text(text)
        said = self.poll("blog", self.comments('file = "greedy.toml"', connector="declarative"), code=1)
        self.assertIn("rest_invalid_param", said)

    def test_feeds_are_asked_for_what_changed_and_answered_with_nothing_else(self):
        [post] = self.site.act({"do": "post", "title": f"{self.word} hums", "text": f"<p>{self.word} hums &amp; <b>hums</b></p>", "at": utc(10 * HOUR)})
        self.site.act({"do": "comment", "post": post, "author": "Ann", "text": f"{self.word} is loud", "at": utc(9 * HOUR)})
        feeds = ["/feed/", "/feed/atom/", "/comments/feed/"]
        urls = json.dumps([self.site.base + feed for feed in feeds])
        config = self.config(self.source("feed", f"urls = {urls}"), brand=self.word)
        self.poll("blog", config)
        titles = f"SELECT title FROM mention WHERE title LIKE '{self.word}%' ORDER BY 1"
        self.assertIn(f"{self.word} hums", self.rows(titles))
        self.assertIn(f"{self.word} is loud", self.mine())
        stored = self.rows("SELECT count(*) FROM mention")
        self.poll("blog", config)
        for feed in feeds:
            self.assertEqual([status for status, address in self.site.asked(feed) if address == feed][-2:], [200, 304], feed)
        self.assertEqual(self.rows("SELECT count(*) FROM mention"), stored)
        self.site.act({"do": "post", "title": f"{self.word} rests", "text": "Not a sound", "at": utc(0)})
        self.poll("blog", config)
        self.assertIn(f"{self.word} rests", self.rows(titles))
        self.assertEqual(self.site.asked("/feed/")[-3:][0][0], 200)

    def test_a_flood_is_waited_out(self):
        self.site.turn("flooded", True)
        config = self.config(self.source("feed", f'urls = ["{self.site.base}/feed/"]'))
        self.world.spawn("earshotd", "--config", config)
        try:
            self.wait_for(["failing"], "SELECT state FROM source")
            self.assertIn("HTTP 429", self.rows("SELECT last_error FROM source")[0])
        finally:
            self.site.turn("flooded", False)
        self.wait_for(["ok"], "SELECT state FROM source")
        # It came back by itself, more slowly each time while it was sent away.
        refused = [status for status, _ in self.site.asked("/feed/")].count(429)
        self.assertLess(refused, 20)


if __name__ == "__main__":
    unittest.main()
