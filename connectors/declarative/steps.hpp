#pragma once
#include <chrono>
#include <map>
#include <string>

#include "connectors/connector.hpp"
#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/source_settings.hpp"

namespace earshot::connectors::declarative {

/// The requests that go before a source's others, and what their replies said. That is kept in memory alone,
/// for as long as it is good: it may be a secret. Lives on the io executor; platform and settings outlive it.
class Steps {
 public:
  Steps(const Platform& platform, const SourceSettings& settings)
      : platform_(platform), settings_(settings) {}

  /// The variables, and with them the values of every step that goes before this stream. Makes the requests
  /// whose values are not there or no longer good; their trouble is that of the stream.
  async::Awaitable<Result<Variables>> provide(Context& context, const StreamSpec& stream,
                                              Variables variables);
  /// The server did not want them: what this stream used is made anew before the next request. False: there
  /// was none.
  bool forget(const StreamSpec& stream, const Variables& variables);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Known {
    Variables values;
    Steady good_until = {};
  };
  static std::string key_of(const StepSpec& step, const Variables& variables);
  Result<net::HttpRequest> request_of(const StepSpec& step, const Variables& variables) const;
  Result<Known> read(const StepSpec& step, const net::HttpReply& reply, const Variables& variables,
                     const Clock& clock) const;

  const Platform& platform_;
  const SourceSettings& settings_;
  std::map<std::string, Known> known_;
};

}  // namespace earshot::connectors::declarative
