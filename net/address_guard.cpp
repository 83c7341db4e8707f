#include "net/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>

namespace earshot::net {
namespace {

using Bytes = unsigned char[16];

constexpr unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

void map_v4(const void* v4, Bytes& out) {
  std::memcpy(out, mapped_prefix, 12);
  std::memcpy(out + 12, v4, 4);
}

bool within(const unsigned char* address, const unsigned char* network, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(address, network, whole) != 0) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
  return (address[whole] & mask) == (network[whole] & mask);
}

struct V4Range {
  unsigned char network[4];
  int bits;
};
// IANA's special-purpose registry: this host, private, shared, loopback, link-local, protocol assignments,
// documentation, 6to4 relays, benchmarking, multicast, reserved.
constexpr V4Range v4_refused[] = {{{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10},
                                  {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},
                                  {{192, 0, 0, 0}, 24},   {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24},
                                  {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15},  {{198, 51, 100, 0}, 24},
                                  {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4}};

bool v4_public(const unsigned char* address) {
  for (const auto& range : v4_refused)
    if (within(address, range.network, range.bits)) return false;
  return true;
}

bool v6_public(const Bytes& a) {
  static constexpr unsigned char nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
  if (within(a, mapped_prefix, 96)) return v4_public(a + 12);
  if (within(a, nat64, 96)) return v4_public(a + 12);
  if (a[0] == 0x20 && a[1] == 0x02) return v4_public(a + 2);                       // 6to4
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0) return false;        // Teredo
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) return false;  // documentation
  return (a[0] & 0xE0) == 0x20;  // only 2000::/3 is global unicast
}

}  // namespace

std::vector<std::string> AddressGuard::allow(const std::vector<std::string>& entries) {
  std::vector<std::string> bad;
  for (const auto& entry : entries) {
    const auto slash = entry.find('/');
    const auto host = entry.substr(0, slash);
    Range range{};
    int bits_max = 128;
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
      map_v4(&v4, range.bytes);
      bits_max = 32;
    } else if (inet_pton(AF_INET6, host.c_str(), range.bytes) != 1) {
      bad.push_back(entry);
      continue;
    }
    int bits = bits_max;
    if (slash != std::string::npos) {
      const auto* end = entry.data() + entry.size();
      const auto [stop, failure] = std::from_chars(entry.data() + slash + 1, end, bits);
      if (failure != std::errc{} || stop != end || bits < 0 || bits > bits_max) {
        bad.push_back(entry);
        continue;
      }
    }
    range.bits = bits + 128 - bits_max;
    allowed_.push_back(range);
  }
  return bad;
}

bool AddressGuard::allowed(const Bytes& bytes) const {
  for (const auto& range : allowed_)
    if (within(bytes, range.bytes, range.bits)) return true;
  return false;
}

bool AddressGuard::permits(const sockaddr* address) const {
  Bytes bytes{};
  if (address->sa_family == AF_INET) {
    map_v4(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr, bytes);
  } else if (address->sa_family == AF_INET6) {
    std::memcpy(bytes, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, sizeof bytes);
  } else {
    return false;
  }
  return v6_public(bytes) || (within(bytes, mapped_prefix, 96) && v4_public(bytes + 12)) || allowed(bytes);
}

bool AddressGuard::permits_literal(std::string_view host) const {
  std::string text(host);
  if (text.size() > 2 && text.front() == '[') text = text.substr(1, text.size() - 2);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  // inet_aton also takes the forms 127.1, 0x7f000001 and 2130706433, as resolvers do.
  if (inet_aton(text.c_str(), &v4.sin_addr) != 0) return permits(reinterpret_cast<const sockaddr*>(&v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1)
    return permits(reinterpret_cast<const sockaddr*>(&v6));
  return true;
}

}  // namespace earshot::net
