#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/url.hpp"

namespace earshot::connectors {

/// What somebody sent to a source that is pushed to; nothing of it is believed yet.
struct PushRequest {
  std::string method = "POST";  ///< POST, or GET when the sender asks whether we are there
  QueryPairs query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< as they came, repeated ones too
  std::string body = {};

  /// A header's value, whatever the case of its name; nothing when it is absent or there are several.
  std::optional<std::string_view> header(std::string_view name) const;
  /// A query parameter's value; nothing when it is absent or there are several.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

/// 2xx only when everything in the request is durable, or there was nothing to keep. 401: the signature is
/// wrong. 503: not now, send it again.
struct PushReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};  ///< of a refusal: one line of why
  bool operator==(const PushReply&) const = default;
};

/// The answer to a delivery that is durable.
PushReply receipt(std::size_t accepted, std::size_t malformed, bool repeated);

/// Takes what is pushed to one source. Lives on the io executor, and may outlive its connector.
class PushReceiver {
 public:
  virtual ~PushReceiver() = default;
  /// Answers after the commit, ten seconds later at the latest.
  virtual async::Awaitable<PushReply> receive(PushRequest request, Timestamp now) = 0;
};

}  // namespace earshot::connectors
