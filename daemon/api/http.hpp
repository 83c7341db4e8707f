#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/url.hpp"
#include "daemon/http_config.hpp"

/// Requests and answers as our routes see them: plain data, whatever carries them.
namespace earshot::api {

struct Request {
  std::string method = "GET";  ///< HEAD arrives as GET
  std::string path = "/";      ///< decoded, without the query
  QueryPairs query = {};
  std::string body = {};
  std::string peer = {};  ///< numeric address of the other side; empty on a Unix socket
  bool unix_socket = false;
  // Header fields that somebody reads; absent ones are empty.
  std::string host = {}, origin = {}, fetch_site = {}, content_type = {}, authorization = {}, cookie = {},
              if_none_match = {}, accept_encoding = {}, idempotency_key = {};
  /// Every header field as it came, repeated ones too; of paths under /hooks/ alone.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::vector<std::string> params = {};  ///< what stood in place of the route's {…}, in order
  std::string caller = {};               ///< name of the token, "local" without; empty: nobody known
  std::uint8_t scopes = 0;               ///< what the caller may do
  std::stop_token gone = {};             ///< stops when who asked has gone; of whom we cannot know it, never

  /// First value of a query parameter; empty when it is absent.
  std::string text(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool lasting = false;  ///< of a kind that may be kept without asking again (its name changes with it)
  bool events = false;   ///< the connection becomes a stream of server-sent events
};

Response json(std::string body, int status = 200);
/// The text as it is, or the problem that its error stands for.
Response json(const Result<std::string>& text);
/// application/problem+json (RFC 9457).
Response problem(int status, std::string_view detail);
/// The status that an error's kind stands for.
Response problem(const Error& error);
std::string_view reason_phrase(int status);

/// A whole number from `low` to `high`; `fallback` when the parameter is absent, nothing when it is wrong.
std::optional<std::int64_t> number_of(const Request& request, std::string_view name, std::int64_t fallback,
                                      std::int64_t low, std::int64_t high);
/// A positive 64-bit id as it stands in paths; nothing for anything else.
std::optional<std::int64_t> id_from(std::string_view text);

}  // namespace earshot::api
