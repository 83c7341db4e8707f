#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "connectors/declarative/platform.hpp"
#include "net/http_types.hpp"

/// Requests as a platform's file words them, and what its replies mean beyond their status.
namespace earshot::connectors::declarative {

/// `invalid` when a place of the path has no value.
Result<net::HttpRequest> make_request(const StreamSpec& stream, const std::string& base,
                                      const Variables& variables);

/// A body with its templates filled; members whose places have no value are left out.
std::string fill_body(const TomlNode& body, const Variables& variables);

/// What a reply is: a page to be read, an empty one, or trouble.
struct Judgement {
  std::optional<Error> trouble;
  bool empty = false;
};
/// `root` is absent when the body is no JSON. With status 0 (a recorded body) only what the body says counts.
/// `variables` are those of the request; {answered_by} is the address after redirects.
Judgement judge(const Platform& platform, const net::HttpReply& reply, JsonValue root, Variables variables,
                Timestamp now);

/// A wait in seconds that a reply names, at most a day.
std::optional<std::chrono::milliseconds> wait_in(const Value& seconds, const Scope& scope);

/// Finds the values of a request's variables in a recorded address; false when the path is another one.
bool match_request(const StreamSpec& stream, std::string_view url, Variables& variables);

}  // namespace earshot::connectors::declarative
