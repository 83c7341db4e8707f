"""The addresses that the unit lets the daemon reach: all public ones, and none that a host has for itself."""
import ipaddress, os, unittest

UNIT = os.path.join(os.path.dirname(__file__), "..", "..", "systemd", "earshotd.service")
# Private, shared, link-local, multicast and reserved (RFC 6890).
KEPT_OUT = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
            "fc00::/7", "fe80::/10", "ff00::/8", "::ffff:0:0/96"]


class UnitFile(unittest.TestCase):
    def setUp(self):
        with open(UNIT) as unit: self.lines = unit.read().splitlines()
        words = [word for line in self.lines if line.startswith("IPAddressAllow=") for word in line.split("=", 1)[1].split()]
        self.assertIn("localhost", words)
        self.allowed = [ipaddress.ip_network(word) for word in words if word != "localhost"]

    def test_whatever_is_not_allowed_is_denied(self):
        self.assertIn("IPAddressDeny=any", self.lines)

    def test_nothing_private_is_allowed(self):
        for private in map(ipaddress.ip_network, KEPT_OUT):
            for network in self.allowed:
                self.assertFalse(network.version == private.version and network.overlaps(private), f"{network} holds some of {private}")

    def test_every_public_address_is_allowed(self):
        rest = [ipaddress.ip_network("0.0.0.0/0")]
        taken = [n for n in self.allowed if n.version == 4] + [n for n in map(ipaddress.ip_network, KEPT_OUT + ["127.0.0.0/8"]) if n.version == 4]
        for network in taken:
            rest = [piece for whole in rest for piece in ([] if whole.subnet_of(network) else
                    whole.address_exclude(network) if network.subnet_of(whole) else [whole])]
        self.assertEqual(rest, [])
        for address in ("2606:4700::1111", "2a00:1450:4001:80b::200e", "2400:cb00::1"):
            self.assertTrue(any(ipaddress.ip_address(address) in network for network in self.allowed), address)


if __name__ == "__main__":
    unittest.main()
