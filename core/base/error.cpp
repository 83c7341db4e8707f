#include "core/base/error.hpp"

namespace earshot {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::internal: return "internal";
    case ErrorKind::unreachable: return "unreachable";
    case ErrorKind::timed_out: return "timed_out";
    case ErrorKind::rate_limited: return "rate_limited";
    case ErrorKind::busy: return "busy";
    case ErrorKind::disk_full: return "disk_full";
    case ErrorKind::unauthorized: return "unauthorized";
    case ErrorKind::forbidden: return "forbidden";
    case ErrorKind::gone: return "gone";
    case ErrorKind::bad_request: return "bad_request";
    case ErrorKind::cursor_invalid: return "cursor_invalid";
    case ErrorKind::blocked: return "blocked";
    case ErrorKind::too_large: return "too_large";
    case ErrorKind::malformed: return "malformed";
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::corrupt: return "corrupt";
    case ErrorKind::cancelled: return "cancelled";
  }
  return "internal";
}

bool is_transient(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::timed_out || kind == ErrorKind::rate_limited ||
         kind == ErrorKind::busy || kind == ErrorKind::disk_full;
}

}  // namespace earshot
