#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/base/toml.hpp"
#include "delivery/item.hpp"
#include "net/http_client.hpp"
#include "net/mail_sender.hpp"
#include "net/secret_source.hpp"

namespace earshot::delivery {

/// What a sink may touch. When to send, retry and pace are the loop's.
struct SinkServices {
  net::HttpClient& http;  ///< puts credentials into requests; follows no redirect
  net::MailSender& mail;
  net::SecretSource& secrets;
  const Clock& clock;
  async::Executor home;      ///< where `deliver` runs
  async::Executor blocking;  ///< for what waits on a disk
};

struct Receipt {
  std::string external_id = {};  ///< what the receiver calls it, where it says so
};

/// One destination's way out. `deliver` makes one attempt and succeeds once the receiver has the item for
/// good; it may be called again with an item that was received already, which then has the same id. Calls
/// never overlap. Lives on the io executor.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual async::Awaitable<Result<Receipt>> deliver(Item item) = 0;
  /// Ends what `deliver` waits for, where that is neither HTTP nor mail; it returns `cancelled`.
  virtual void stop() {}
};

/// A checked configuration of one sink: what is needed to make it, as often as the daemon reloads.
struct SinkPlan {
  std::function<std::unique_ptr<Sink>(const SinkServices& services)> make = {};
  std::vector<std::string> credentials = {};  ///< names of the secrets it will ask for
};

/// Registration of one kind of destination. `read` takes the kind's own keys of a [[destination]]; mistakes
/// go to the reader.
struct SinkSpec {
  std::string_view name;     ///< "slack"
  std::string_view summary;  ///< one line
  SinkPlan (*read)(TomlReader& reader) = nullptr;
};

/// All kinds there are, sorted by name.
std::span<const SinkSpec* const> sinks();
const SinkSpec* find_sink(std::string_view name);

}  // namespace earshot::delivery
