#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/hydration.hpp"
#include "connectors/legal.hpp"
#include "connectors/settings.hpp"
#include "core/async/awaitable.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/brand.hpp"
#include "core/model/page.hpp"
#include "net/http_client.hpp"
#include "net/live_client.hpp"

namespace earshot::net {
class MailClient;
class SecretSource;
}  // namespace earshot::net

namespace earshot::connectors {

class PushReceiver;

/// What a connector may touch. Everything else (schedule, retry, rate, credentials, persistence) is the
/// engine's.
struct Context {
  net::HttpClient& http;
  const Clock& clock;
  net::LiveClient* live = nullptr;       ///< nothing: live streams cannot be fetched
  net::SecretSource* secrets = nullptr;  ///< for connectors that do not speak HTTP
  net::MailClient* mail = nullptr;
};

/// One place a connector listens to on its own cursor, such as one hashtag or one feed URL.
struct Stream {
  std::string name;  ///< stable over restarts, unique within the source: "tag:fernwave", "search:quillnet"
  /// Heard as it happens: `fetch` waits for news on a connection that it holds from call to call, and is
  /// called again as soon as its page is durable. Every page has a cursor; a call with another one than the
  /// last page's means that this page was lost, and connects anew. The first page after connecting comes at
  /// once, with whatever is there.
  bool live = false;
  bool operator==(const Stream&) const = default;
};

/// How a source understands one recorded reply; with what was found where, when the connector can tell.
struct Reading {
  Result<Page> page = Page{};
  std::vector<std::string> findings = {};
};

/// Polls one configured source. `fetch` is a pure function of settings, cursor and replies: no sleeping, no
/// retry, no clock beyond stamping. Calls on one stream never overlap. Lives on the io executor.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual std::vector<Stream> streams() const = 0;
  /// One page. The reference to `stream` and the cursor must outlive the call (the engine owns both).
  virtual async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                               std::optional<Cursor> cursor) = 0;
  /// How many mentions one request asks for again; 0: the platform cannot be asked for single ones. `hydrate`
  /// takes so many at most, makes one request, and may run beside a fetch.
  virtual std::size_t hydrate_batch() const { return 0; }
  virtual async::Awaitable<Result<Hydrated>> hydrate(Context& context, std::vector<KeptMention> asked);
  /// Requests the platform allows its clients, where that is known without asking it.
  virtual std::optional<RequestBudget> budget() const { return std::nullopt; }
  /// Ends what a fetch waits for, where that is not an HTTP reply; the fetch returns `cancelled`.
  virtual void stop() {}
  /// Takes what is pushed to this source; nothing: it is not pushed to.
  virtual std::shared_ptr<PushReceiver> receiver() { return nullptr; }
  /// Nothing: the connector's `parse` says it all.
  virtual std::optional<Reading> read_recorded(std::string_view url, std::string_view body,
                                               Timestamp now) const;
  /// Reads one item that was kept as it was received (`Mention::raw`) again; `fetched_at` is when that was.
  /// What stood beside the item in its page is not there. `invalid`: this connector keeps no items.
  virtual Result<Page> reread(std::string_view raw, Timestamp fetched_at) const;
};

/// What a connector needs to be built: the source's own settings, and the brands it listens for (their names
/// become search terms where the source gives none).
struct ConnectorInput {
  std::string source;  ///< the source's name, for messages
  Settings settings;
  std::vector<Brand> brands;
  std::string callback = {};  ///< address at which others reach the source's receiver; empty: they cannot
};

/// Settings that say how far back a first run reads; empty: the connector has none of that kind.
struct HistoryKeys {
  std::string_view days = {};
  std::string_view pages = {};  ///< pages of one walk at most
  std::int64_t pages_max = 0;   ///< the most that setting takes
};

/// What a source that is not listened to any more still owes others, by what one of its streams kept: a hub,
/// for example, sends on until it is told to stop.
struct Leaving {
  std::string_view stream = {};  ///< empty: nothing is ever owed
  /// A connector that has that stream until all is told, and no stream afterwards; nothing: nothing is owed.
  std::function<std::unique_ptr<Connector>(const ConnectorInput& input, const Cursor& cursor)> make = {};
};

/// What others push to sources of a connector, by what one of their streams keeps.
struct Pushes {
  std::string_view stream = {};  ///< empty: nobody pushes to them
  /// When something came last; nothing: never, or the cursor is none of this stream's.
  std::function<std::optional<Timestamp>(const Cursor& cursor)> last_at = {};
};

/// Registration of one connector. `make` checks settings, touches no network, and returns every mistake at
/// once (one per line in the error's message).
struct ConnectorSpec {
  std::string_view name;     ///< "mastodon"
  std::string_view summary;  ///< one line for `earshot sources`
  std::string_view access;   ///< what access costs and who gets it
  std::function<Result<std::unique_ptr<Connector>>(const ConnectorInput& input)> make = {};
  /// Parses one recorded reply body of this platform into a page, for `earshot poll --recorded`, fuzzing and
  /// tests.
  std::function<Result<Page>(std::string_view url, std::string_view body, Timestamp now)> parse = {};
  std::string home = {};  ///< host of a platform that has only one
  HistoryKeys history = {};
  LegalProfile legal = {};  ///< what the platform's own rules say
  Leaving leaving = {};
  Pushes pushes = {};
};

/// All connectors built in, sorted by name: those of connectors/CMakeLists.txt and the platforms of
/// config/connectors/.
std::span<const ConnectorSpec* const> catalog();
const ConnectorSpec* find_connector(std::string_view name);

}  // namespace earshot::connectors
