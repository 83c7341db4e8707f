#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

/// What kind of trouble the world made. The kind drives policy, the message serves the operator.
enum class ErrorKind {
  internal,        ///< our own failure; stops the loop loudly
  unreachable,     ///< DNS, connect or TLS failed, the peer reset, 5xx: retried
  timed_out,       ///< retried
  rate_limited,    ///< retried not before `retry_after`
  busy,            ///< a local resource is taken (locked database, full queue): retried
  disk_full,       ///< pauses ingestion until space returns
  unauthorized,    ///< credentials missing, expired or revoked: pauses the source
  forbidden,       ///< never retried in a loop
  gone,            ///< 404, 410, 451: the thing was deleted
  bad_request,     ///< 400, 422: a configuration error
  cursor_invalid,  ///< the platform no longer knows our checkpoint
  blocked,         ///< refused by our own guard (private address, other origin)
  too_large,       ///< over a limit of ours (body, headers, items)
  malformed,       ///< outside bytes that do not parse: skipped and counted
  invalid,         ///< the person's input is wrong (config, query, argument)
  corrupt,         ///< stored data is damaged: stops loudly
  cancelled,       ///< asked to stop; never reported
};

std::string_view to_string(ErrorKind kind);
/// True for kinds that a later attempt can cure; the one place that says so.
bool is_transient(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  /// How long the peer asked us to wait, when it did.
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;

  bool operator==(const Error&) const = default;
};

}  // namespace earshot
