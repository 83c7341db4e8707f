#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/toml.hpp"

/// Where the daemon serves people and programs, and who may ask what.
namespace earshot::daemon {

enum class Scope : std::uint8_t { none, read, act, ingest, metrics, admin, feeds };
inline constexpr std::uint8_t every_scope = 0xFF;
constexpr std::uint8_t bit(Scope scope) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope));
}
std::string_view to_string(Scope scope);
std::optional<Scope> scope_from(std::string_view name);

struct HttpToken {
  std::string name;
  std::uint8_t scopes = 0;                ///< of `bit`
  std::string hash;                       ///< SHA-256 of the token, hexadecimal; the token itself is nowhere
  std::optional<Timestamp> expires = {};  ///< from here on it is refused
  bool operator==(const HttpToken&) const = default;
};

struct HttpConfig {
  std::string listen = "127.0.0.1:8765";  ///< numeric address and port (0: any that is free); empty: off
  bool listen_given = false;              ///< false: the default, which may be taken by somebody else
  std::string socket = {};                ///< path of a Unix socket as well; whoever may open it may do all
  std::vector<std::string> hosts = {};    ///< names by which browsers reach us, beside the address
  std::string public_address = {};        ///< where the internet reaches us; empty: it does not
  std::vector<HttpToken> tokens = {};     ///< none: everybody on this machine may do all
  bool operator==(const HttpConfig&) const = default;
};

struct HttpAddress {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};
/// "127.0.0.1:8765" or "[::1]:8765"; nothing for names and other text.
std::optional<HttpAddress> parse_http_address(std::string_view text);

/// Reads the [http] table; mistakes go to the reader's list. An address that others can reach without a token
/// is a mistake.
HttpConfig read_http(TomlReader& reader);

}  // namespace earshot::daemon
