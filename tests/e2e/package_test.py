"""The Debian package: made twice with the same bytes, looked over by lintian, installed and purged in a copy of this
system that is thrown away (an overlay in a namespace of its own), and installed by CMake without it.

The programs are those of the build under test, so that nothing is compiled here."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["EARSHOT_BIN"]).parent
PAGE = BUILD / "generated/share/man/man1/earshot.1"

# Runs as root in a mount namespace: $1 is the folder with the package, $2 a scratch folder. Prints "step: what was seen".
LIFE = r"""
set -eu
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount --rbind /dev "$2/root/dev"
mount -t proc proc "$2/root/proc"
mount -t tmpfs tmpfs "$2/root/run"
mount -t tmpfs tmpfs "$2/root/tmp"
cp "$1"/earshotd_*.deb "$2/root/tmp/earshotd.deb"
run() { chroot "$SCRATCH/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
SCRATCH="$2"
run dpkg -i /tmp/earshotd.deb >&2
echo "user: $(run getent passwd earshot | cut -d: -f1,6)"
for path in /var/lib/earshot /etc/earshot/credentials /etc/earshot/conf.d /etc/earshot/earshot.toml /usr/bin/earshotd; do
  echo "mode: $path $(run stat -c '%a %U:%G' $path)"
done
echo "enabled: $(run systemctl is-enabled earshotd.service 2>/dev/null || true)"
echo "verify: $(run systemd-analyze verify --man=no --recursive-errors=no /lib/systemd/system/earshotd.service 2>&1 | grep earshotd || true)"
echo "check: $(run earshot check 2>&1 | head -1 || true)"
echo "# mine" >> "$2/root/etc/earshot/earshot.toml"
echo data > "$2/root/var/lib/earshot/earshot.db"
dpkg-deb -R "$2/root/tmp/earshotd.deb" "$2/root/tmp/next"
sed -i 's/^Version: .*/&+next/' "$2/root/tmp/next/DEBIAN/control"
dpkg-deb -Znone -b "$2/root/tmp/next" "$2/root/tmp/next.deb" >&2
run dpkg -i /tmp/next.deb >&2
echo "version: $(run dpkg-query -W -f='${Version}' earshotd | sed 's/.*+/+/')"
echo "upgraded: $(tail -1 "$2/root/etc/earshot/earshot.toml") $(cat "$2/root/var/lib/earshot/earshot.db")"
run dpkg --remove earshotd >&2
echo "removed: $([ -e "$2/root/usr/bin/earshotd" ] && echo program) $(cat "$2/root/var/lib/earshot/earshot.db")"
run dpkg --purge earshotd >&2
for path in /var/lib/earshot /etc/earshot /lib/systemd/system/earshotd.service /usr/share/earshot /usr/share/doc/earshotd /etc/systemd/system/multi-user.target.wants/earshotd.service; do
  [ ! -e "$2/root$path" ] || echo "left: $path"
done
echo "purged: $(run getent passwd earshot || true)$(run getent group earshot || true)"
"""


def tools(*names):
    """Skips the test by the name of what is missing."""
    for name in names:
        if not shutil.which(name):
            raise unittest.SkipTest(f"{name} is missing: tools/install_dependencies --tests")
    if not PAGE.exists() or not PAGE.stat().st_size:
        raise unittest.SkipTest(f"{PAGE} is missing: build the target earshot_manual")


def make(folder):
    done = subprocess.run([ROOT / "package", "--built", BUILD, "--output", folder], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return pathlib.Path(done.stdout.splitlines()[-1])


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tools("dpkg-buildpackage", "dh")
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="earshot-package-")))
        cls.package = make(cls.folder / "one")

    def test_a_package_is_the_same_wherever_it_is_made_is_clean_and_leaves_nothing(self):
        # One case, because making a package is what takes the time.
        with self.subTest("reproducible"):
            again = make(self.folder / "elsewhere" / "two")
            self.assertEqual(self.package.read_bytes(), again.read_bytes())
        with self.subTest("bill of materials"):
            self.bill()
        with self.subTest("lintian"):
            tools("lintian")
            done = subprocess.run(["lintian", "--allow-root", "-E", "--pedantic", self.package], capture_output=True, text=True)
            self.assertEqual(done.stdout, "")
        with self.subTest("life"):
            self.life()

    def bill(self):
        text = subprocess.run(f"dpkg-deb --fsys-tarfile '{self.package}' | tar -xO ./usr/share/doc/earshotd/earshotd.spdx.json",
                              shell=True, check=True, capture_output=True).stdout
        bill = json.loads(text)
        names = {package["name"] for package in bill["packages"]}
        self.assertLessEqual({"libsqlite3-0", "libcurl4", "libssl3", "preact", "uplot", "libboost1.81-dev"}, names)
        self.assertEqual({file["fileName"] for file in bill["files"]},
                         {f"./analysis/data/{path.name}" for path in (ROOT / "analysis/data").glob("*.tsv")})

    def life(self):
        if os.geteuid() != 0:
            self.skipTest("only root can install in a namespace")
        scratch = self.folder / "scratch"
        scratch.mkdir()
        probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True)
        if probe.returncode:
            self.skipTest("unshare --mount is not allowed here")
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", LIFE, "sh", self.package.parent, scratch],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        self.assertEqual(done.stdout.splitlines(), [
            "user: earshot:/var/lib/earshot",
            "mode: /var/lib/earshot 750 earshot:earshot",
            "mode: /etc/earshot/credentials 700 root:root",
            "mode: /etc/earshot/conf.d 755 root:root",
            "mode: /etc/earshot/earshot.toml 644 root:root",
            "mode: /usr/bin/earshotd 755 root:root",
            "enabled: disabled",
            "verify: ",
            "check: no [[brand]] is configured: there is nothing to listen for",
            "version: +next",
            "upgraded: # mine data",
            "removed:  data",
            "purged: ",
        ], done.stderr[-3000:])


class Prefix(unittest.TestCase):
    def test_cmake_installs_into_a_prefix_without_root(self):
        tools("cmake")
        with tempfile.TemporaryDirectory(prefix="earshot-prefix-") as folder:
            # Whatever runs this test: nothing that is installed may lie outside of the prefix, which is what root is for.
            prefix = pathlib.Path(folder) / "prefix"
            done = subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            for name in ("bin/earshot", "bin/earshotd", "etc/earshot/earshot.toml", "lib/systemd/system/earshotd.service",
                         "share/man/man8/earshotd.8", "share/earshot/connectors/zendesk.toml"):
                self.assertTrue((prefix / name).is_file(), name)
            outside = [line for line in (BUILD / "install_manifest.txt").read_text().splitlines() if not line.startswith(str(prefix))]
            self.assertEqual(outside, [])
