#pragma once
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace earshot::net {

/// Decides on the binary address, after name resolution, whether we may connect to it: private, loopback,
/// link-local, multicast and reserved ranges are refused, also when they hide in IPv4-mapped, 6to4 or NAT64
/// addresses, so numeric spellings and DNS rebinding gain nothing. The allow-list opens ranges for
/// self-hosted targets.
class AddressGuard {
 public:
  AddressGuard() = default;
  /// Entries are "10.1.0.0/16", "127.0.0.1", "fd00::/8"; returns the entries that do not parse.
  std::vector<std::string> allow(const std::vector<std::string>& entries);

  bool permits(const sockaddr* address) const;
  /// For numeric hosts in URLs, which a proxy would resolve out of our sight. Names pass: their address is
  /// checked.
  bool permits_literal(std::string_view host) const;

 private:
  struct Range {
    unsigned char bytes[16];
    int bits;
  };
  bool allowed(const unsigned char (&bytes)[16]) const;
  std::vector<Range> allowed_;
};

}  // namespace earshot::net
