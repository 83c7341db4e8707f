"""Completions and manual pages are made from the table that parses: here they are asked, and held against what parses."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["EARSHOT_BIN"])
TOOL = str(BIN / "earshot")
PAGES = {"earshot": 1, "earshotd": 8, "earshot.toml": 5}


def run(*arguments, **more):
    return subprocess.run([*map(str, arguments)], capture_output=True, text=True, timeout=120, **more)


def commands():
    """Names as `--help` lists them."""
    text = run(TOOL, "--help").stdout
    return re.findall(r"^  (\w+)  +\S", text[text.index("Set up:"):], re.M)


def options_that_parse(program, command=None):
    """Every spelling of an option in the parser's own help, with the section's positionals left out."""
    text = run(program, *([command] if command else []), "--help").stdout
    text = text[text.index("\nOptions:"):]
    return {spelling for line in re.findall(r"^  (-\S+)", text, re.M) for spelling in line.split(",")}


class Completions(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.script = self.folder / "earshot.bash"
        self.script.write_text(run(TOOL, "completions", "bash").stdout)
        self.config = self.folder / "my earshot.toml"
        self.config.write_text('database = "none.db"\n[[brand]]\nname = "Acme Cloud"\n[[brand]]\nname = "Ac$(touch x)\'e"\n[[brand]]\nname = "Globex"\n'
                               '[[source]]\nconnector = "hacker_news"\nname = "hn"\n[[source]]\nconnector = "feed"\nname = "blogs"\nurls = ["https://a.example/f"]\n')
        self.env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def complete(self, *words):
        """What a bash that loaded the script offers for the last of these words."""
        asked = "set -u; source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _earshot; printf '%s\\n' \"${COMPREPLY[@]}\""
        done = run("bash", "--norc", "-c", asked, "bash", self.script, *words, env=self.env, cwd=self.folder)
        self.assertEqual(done.stderr, "", words)
        return [line for line in done.stdout.splitlines() if line]

    def test_bash_offers_commands_options_and_words(self):
        self.assertEqual(set(self.complete("earshot", "")), set(commands()) | {"--help", "--version"})
        self.assertEqual(self.complete("earshot", "incid"), ["incidents", "incident"])
        self.assertEqual(self.complete("earshot", "backtest", "--thr"), ["--threshold"])
        self.assertEqual(self.complete("earshot", "ideas", "--state", "w"), ["writing"])
        self.assertEqual(self.complete("earshot", "mentions", "--polarity", "ne"), ["neutral", "negative"])
        self.assertEqual(self.complete("earshot", "mentions", "--polarity", "=", "pos"), ["positive"])
        self.assertEqual(self.complete("earshot", "mentions", "--polarity", "="), ["positive", "neutral", "negative", "unscored"])
        self.assertEqual(self.complete("earshot", "idea", "re"), ["reject", "reopen"])
        self.assertEqual(self.complete("earshot", "idea", "--owner", "kim", "--json", "pub"), ["publish"])
        self.assertEqual(self.complete("earshot", "idea", "accept", ""), [])
        self.assertEqual(self.complete("earshot", "token", "grafana", "--scope", "read,m"), ["read,metrics"])
        self.assertEqual(self.complete("earshot", "nonsense", ""), [])

    def test_bash_offers_every_option_that_parses(self):
        for command in commands():
            offered = set(self.complete("earshot", command, "-"))
            self.assertEqual(offered | {"-h"}, options_that_parse(TOOL, command) | {"-h"}, command)

    def test_bash_offers_files_where_files_are_wanted(self):
        (self.folder / "posts.ndjson").touch()
        (self.folder / "posts").mkdir()
        self.assertEqual(sorted(self.complete("earshot", "import", "po")), ["posts", "posts.ndjson"])
        self.assertEqual(self.complete("earshot", "train", "--out", "po"), ["posts"])
        self.assertEqual(self.complete("earshot", "status", "--config", "my"), ["my earshot.toml"])

    def test_bash_offers_brands_and_sources_of_the_configuration(self):
        place = ("--config", str(self.config))
        self.assertEqual(self.complete("earshot", "report", *place, "--brand", "Gl"), ["Globex"])
        self.assertEqual(self.complete("earshot", "report", *place, "--brand", "Acm"), ["Acme\\ Cloud"])
        self.assertEqual(self.complete("earshot", "report", *place, "--brand", '"Acm'), ["Acme Cloud"])
        self.assertEqual(self.complete("earshot", "poll", *place, ""), ["hn", "blogs"])
        # What a name says is never run, neither while it is offered nor when it is taken.
        hostile = self.complete("earshot", "report", *place, "--brand", "Ac$")
        self.assertEqual(self.complete("earshot", "report", *place, "--brand", '"Ac$'), [])
        taken = run("bash", "--norc", "-c", f"printf %s {hostile[0]}", cwd=self.folder)
        self.assertEqual(taken.stdout, "Ac$(touch x)'e")
        self.assertFalse((self.folder / "x").exists())
        # Without a configuration there is nothing to offer, and nothing is said.
        self.assertEqual(self.complete("earshot", "report", "--config", "none.toml", "--db", "none.db", "--brand", ""), [])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_reads_its_script(self):
        script = self.folder / "_earshot"
        script.write_text(run(TOOL, "completions", "zsh").stdout)
        done = run("zsh", "-n", script)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        text = script.read_text()
        for command in commands():
            for option in options_that_parse(TOOL, command) - {"-h"}:
                self.assertIn(f"{option}[", text)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_offers_on_a_terminal(self):
        (self.folder / "_earshot").write_text(run(TOOL, "completions", "zsh").stdout)
        # Its own way to be asked without a terminal: zsh's pseudo-terminal module runs an inner one.
        asked = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; fpath=($PWD \$fpath); autoload -Uz compinit; compinit -u -d $PWD/dump; bindkey '^I' complete-word; zstyle ':completion:*' list-prompt ''; print READY"
zpty -r z out '*READY*READY*'
zpty -w -n z $'earshot mentions --polarity neg\t'
zpty -r -m z out '*negative*' && print FOUND
zpty -w -n z $'\C-uearshot idea pub\t'
zpty -r -m z out '*publish*' && print FOUND
zpty -d z
"""
        done = subprocess.run(["zsh", "-f", "-c", asked], capture_output=True, text=True, timeout=60, env={**self.env, "TERM": "vt100"}, cwd=self.folder)
        self.assertEqual(done.stdout.count("FOUND"), 2, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_reads_its_script_and_offers(self):
        script = self.folder / "earshot.fish"
        script.write_text(run(TOOL, "completions", "fish").stdout)
        env = {**self.env, "HOME": str(self.folder)}
        done = run("fish", "--no-config", "-n", script, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

        def offered(line):
            done = run("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'", env=env, cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            return [one.split("\t")[0] for one in done.stdout.splitlines()]
        self.assertEqual(set(offered("earshot ")), set(commands()))
        self.assertEqual(offered("earshot mentions --polarity neg"), ["negative"])
        self.assertEqual(offered("earshot idea pub"), ["publish"])
        self.assertEqual(offered(f'earshot report --config "{self.config}" --brand Glo'), ["Globex"])
        for command in commands():
            long = {one for one in options_that_parse(TOOL, command) if one.startswith("--")}
            self.assertEqual(set(offered(f"earshot {command} --")), long, command)


class Manual(unittest.TestCase):
    def page(self, name):
        done = run(TOOL, "man", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_pages_are_without_warnings(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, section in PAGES.items():
                file = pathlib.Path(folder) / f"{name}.{section}"
                file.write_text(self.page(name))
                if shutil.which("man"):
                    shown = run("man", "-l", "--warnings", "-E", "UTF-8", file, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
                    self.assertEqual((shown.returncode, shown.stderr), (0, ""), name)
                    self.assertIn(name, shown.stdout)
                if shutil.which("mandoc"):
                    checked = run("mandoc", "-T", "lint", "-W", "warning", file)
                    self.assertEqual((checked.returncode, checked.stdout), (0, ""), name)

    def options_in(self, text):
        """Spellings that stand at the head of an indented paragraph."""
        heads = re.findall(r"^\.TP\n(.*)$", text, re.M)
        return {one.replace("\\-", "-") for head in heads for one in re.findall(r"\\fB(\\-[^\\]*(?:\\-[^\\]*)*)\\fR", head)}

    def test_every_option_that_parses_is_in_the_page_and_the_reverse(self):
        text = self.page("earshot")
        common = self.options_in(text[text.index(".SH OPTIONS"):text.index(".SH COMMANDS")])
        self.assertEqual(common, {"--config", "--db", "-h", "--help", "--version"})
        parts = dict(re.findall(r"^\.SS earshot (\w+)\n(.*?)(?=^\.S[SH] |\Z)", text, re.M | re.S))
        self.assertEqual(set(parts), set(commands()))
        for command, part in parts.items():
            self.assertEqual(self.options_in(part) | {"-h", "--help"} | (options_that_parse(TOOL, command) & {"--config", "--db"}),
                             options_that_parse(TOOL, command), command)
        daemon = self.options_in(self.page("earshotd"))
        self.assertEqual(daemon, options_that_parse(BIN / "earshotd"))

    def test_every_argument_and_choice_is_in_the_page(self):
        text = self.page("earshot").replace("\\-", "-").replace("\n", " ")
        for command in commands():
            usage = run(TOOL, command, "--help").stdout
            section = text[text.index(f".SS earshot {command} "):]
            section = section[:section.find(".SS", 4)] if ".SS" in section[4:] else section
            for choices in re.findall(r":\{([^}]*)\}", usage):
                for choice in choices.split(","):
                    self.assertIn(choice, section)

    def test_what_was_built_is_what_would_be_installed(self):
        built = BIN.parent / "generated/share"
        if not built.exists():
            self.skipTest("the pages were not built")
        for name, section in PAGES.items():
            self.assertEqual((built / f"man/man{section}/{name}.{section}").read_text(), self.page(name))
        for shell, file in (("bash", "bash-completion/completions/earshot"), ("zsh", "zsh/site-functions/_earshot"), ("fish", "fish/vendor_completions.d/earshot.fish")):
            self.assertEqual((built / file).read_text(), run(TOOL, "completions", shell).stdout)

    def test_an_unknown_command_is_told_by_its_name(self):
        done = run(TOOL, "reprot", "--brand", "Acme")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no command 'reprot', did you mean 'report'?", done.stderr)
        self.assertEqual(run(TOOL, "\x1b[2J").stderr.count("\x1b"), 0)
        self.assertEqual(run(TOOL, "--version").returncode, 0)

    def test_an_unknown_page_is_wrong_usage(self):
        self.assertEqual(run(TOOL, "man", "ls").returncode, 2)
        self.assertEqual(run(TOOL, "completions", "tcsh").returncode, 2)


if __name__ == "__main__":
    unittest.main()
