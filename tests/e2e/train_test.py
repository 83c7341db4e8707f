"""`earshot train` as a person uses it: labelled lines in, readable layers out."""
import json, os, pathlib, subprocess, tempfile, unittest

BIN = os.environ["EARSHOT_BIN"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
SETS = ROOT.parent / "shared" / "sentiment" / "dev"


def train(*arguments):
    return subprocess.run([f"{BIN}/earshot", "train", *arguments], capture_output=True, text=True, timeout=900)


class Train(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def labels(self):
        path = self.folder / "labels.jsonl"
        with open(path, "w", encoding="utf-8") as f:
            for i in range(60):
                text, label, issues = [("the zorky came again at %d", "negative", ["billing"]), ("a plonk at %d o'clock", "positive", []),
                                       ("it is %d today", "neutral", [])][i % 3]
                f.write(json.dumps({"text": text % i + " x" * (i // 3), "label": label, "issues": issues, "complaint": label == "negative"}) + "\n")
        return path

    def score(self, text, *arguments):
        line = json.dumps({"id": "1", "text": text, "lang": "en"}) + "\n"
        done = subprocess.run([f"{BIN}/earshot", "score", *arguments], input=line, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_labels_become_an_overlay_that_is_the_same_every_time(self):
        for name in ("one", "two"):
            done = train("--data", str(self.labels()), "--out", str(self.folder / name))
            self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.folder / "one" / "en_labels.tsv").read_text(encoding="utf-8")
        self.assertEqual(text, (self.folder / "two" / "en_labels.tsv").read_text(encoding="utf-8"))
        self.assertIn("# licence:", text)
        self.assertIn("\nzorky\t", text)

    def test_an_overlay_of_labels_changes_what_they_speak_of_and_nothing_else(self):
        done = train("--data", str(self.labels()), "--out", str(self.folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        config = self.folder / "earshot.toml"
        config.write_text(f'database = "{self.folder}/x.db"\n[analysis]\nlexicon = "en_labels.tsv"\n[[brand]]\nname = "Acme"\n', encoding="utf-8")
        new = "the zorky came again at 9"
        self.assertGreater(self.score(new, "--config", str(config))["probabilities"]["negative"], self.score(new)["probabilities"]["negative"] + 0.1)
        self.assertIn("billing", [i["type"] for i in self.score(new, "--config", str(config))["issues"]])
        for text, label in (("Worst service ever, still waiting for my refund", "negative"), ("Love it, thank you so much!", "positive")):
            self.assertEqual(self.score(text, "--config", str(config))["label"], label)

    def test_a_bad_line_is_named(self):
        path = self.labels()
        with open(path, "a", encoding="utf-8") as f:
            f.write('{"text": "x", "label": "bad"}\n')
        done = train("--data", str(path), "--out", str(self.folder))
        self.assertEqual(done.returncode, 2)
        self.assertIn("line 61", done.stderr)
        self.assertIn("negative, neutral or positive", done.stderr)

    def test_without_a_place_to_write_nothing_is_learned(self):
        done = train("--data", str(self.labels()))
        self.assertEqual(done.returncode, 2)
        self.assertIn("--out", done.stderr)

    def test_folds_print_figures_and_write_nothing(self):
        done = train("--data", str(self.labels()), "--folds", "3", "--only", "polarity", "--penalty", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("macro-F1", done.stdout)

    @unittest.skipUnless(SETS.is_dir(), "the public sets are not here")
    def test_the_shipped_weights_come_out_bit_for_bit(self):
        for lang, more in (("en", []), ("de", ["--penalty", "10", "--words-min", "2", "--pairs-min", "4"])):
            done = train("--data", str(SETS), "--recipe", str(ROOT / f"analysis/training/{lang}.recipe"), "--lang", lang, "--out", str(self.folder), *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            for layer in self.folder.glob(f"{lang}_*.tsv"):
                self.assertEqual(layer.read_bytes(), (ROOT / "analysis/data" / layer.name).read_bytes(), layer.name)


if __name__ == "__main__":
    unittest.main()
