#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

/// Streams of text that arrive in pieces cut anywhere. Pure; no I/O.
namespace earshot::net {

/// Cuts a stream into lines, ended by CRLF, LF or CR, which are not part of them. The last one waits for its
/// end.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t line_bytes_max = 1 << 20) : line_bytes_max_(line_bytes_max) {}
  /// Adds what arrived. `too_large` when a line without an end grows over its limit: the stream is lost.
  Status add(std::string_view piece);
  /// The next complete line, or nothing for now; valid until the next call.
  std::optional<std::string_view> next();

 private:
  std::size_t line_bytes_max_;
  std::string text_;
  std::size_t at_ = 0;
  std::size_t searched_ = 0;  ///< up to here there is no line's end
  bool after_cr_ = false;     ///< a CR was the last: an LF that follows belongs to it
};

/// One event of a text/event-stream.
struct StreamEvent {
  std::string type = {};  ///< empty: "message"
  std::string data = {};
  std::string id = {};  ///< the last one heard, also by an earlier event
  bool operator==(const StreamEvent&) const = default;
};

/// Reads text/event-stream as the WHATWG HTML standard says ("Interpreting an event stream"): comments are
/// passed over, several data lines are joined by LF, an id with NUL does not count, an event without a data
/// line is none, a byte order mark may stand at the beginning.
class EventReader {
 public:
  explicit EventReader(std::size_t event_bytes_max = 1 << 20)
      : event_bytes_max_(event_bytes_max), lines_(event_bytes_max) {}
  Status add(std::string_view piece) { return lines_.add(piece); }
  /// The next complete event, or nothing for now; `too_large` when one grows over its limit.
  Result<std::optional<StreamEvent>> next();
  const std::string& last_id() const { return id_; }
  /// How long the server asks to wait before a new connection.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  void field(std::string_view name, std::string_view value);
  std::size_t event_bytes_max_;
  LineSplitter lines_;
  std::string type_, data_, id_;
  bool has_data_ = false;
  bool first_line_ = true;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace earshot::net
