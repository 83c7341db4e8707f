#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

/// What an IMAP server says (RFC 9051), read without trust.
namespace earshot::net::imap {

/// One response: its line without the line break. Where a literal stood, "{n}" is left in the line, and its
/// bytes are in `literals`, in their order.
struct Response {
  std::string line = {};
  std::vector<std::string> literals = {};
  bool operator==(const Response&) const = default;
};

/// Takes bytes in any pieces and cuts them into responses. `too_large` for a line over 64 KiB, a literal over
/// the limit given or a response of more than 4 literals; there is no going on after that.
class ResponseReader {
 public:
  explicit ResponseReader(std::size_t literal_bytes_max) : literal_bytes_max_(literal_bytes_max) {}
  void push(std::string_view bytes) { pending_ += bytes; }
  Result<std::optional<Response>> next();

 private:
  std::size_t literal_bytes_max_;
  std::string pending_;
  std::size_t at_ = 0, scanned_ = 0;
  std::optional<std::size_t> literal_;  ///< bytes of the one that comes next
  Response response_;
};

/// A message as a FETCH response gives it.
struct Fetched {
  std::uint32_t uid = 0;
  std::optional<Timestamp> received_at = {};
  std::optional<std::string> body = {};
};

/// "* 2 FETCH (UID 7 … BODY[]<0> {5}…)"; nothing for any other response, and for one without UID or body.
std::optional<Fetched> parse_fetch(const Response& response);
/// The numbers of "* SEARCH 2 84 882", at most a million.
std::optional<std::vector<std::uint32_t>> parse_search(std::string_view line);
/// The number of a code such as "[UIDVALIDITY 3857529045]".
std::optional<std::uint32_t> code_number(std::string_view line, std::string_view code);

}  // namespace earshot::net::imap
