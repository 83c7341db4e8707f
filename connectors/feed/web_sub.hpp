#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/feed/subscription.hpp"
#include "connectors/push.hpp"
#include "connectors/webhook/inbox.hpp"

namespace earshot::connectors::feed {

struct WebSubSettings {
  std::vector<std::string> urls;  ///< of the source's feeds
  std::string callback;           ///< address at which hubs reach us
  std::string secret;  ///< name of the credential that hubs' secrets are made of; empty: off, or only leaving
};

/// Makes a page of what a hub sent for a feed.
using ReadPush = std::function<Result<Page>(std::string_view body, std::string_view content_type,
                                            const std::string& url, Timestamp now)>;

/// The hubs' side of a source, and its live stream: subscribes where a feed names a hub, renews what is
/// granted, leaves when a feed goes, and takes what is pushed. Polls go on beside it, so a hub that is away
/// costs time and nothing else. Lives on the io executor, and may outlive its connector.
class WebSub final : public PushReceiver {
 public:
  WebSub(WebSubSettings settings, ReadPush read) : settings_(std::move(settings)), read_(std::move(read)) {}

  /// What a poll has seen of a feed: its hub, and how that knows it.
  void note(const std::string& url, const std::string& hub, const std::string& topic);
  /// Whether a hub knows us, or is to, by what the stream kept.
  static bool is_known_to_hubs(const Cursor& cursor);
  /// When a hub sent something last, by what the stream kept; nothing: never.
  static std::optional<Timestamp> last_push(const Cursor& cursor);
  bool has_subscriptions() const { return !subscriptions_.all.empty(); }
  /// The live stream's next page.
  async::Awaitable<Result<Page>> fetch(Context& context, std::optional<Cursor> cursor);
  async::Awaitable<PushReply> receive(PushRequest request, Timestamp now) override;
  void stop() { inbox_.close(); }

 private:
  Status restore(const std::optional<Cursor>& cursor, Timestamp now);
  Cursor write() const;
  async::Awaitable<Status> take_secret(Context& context);
  async::Awaitable<void> ask_hubs(Context& context);
  PushReply introduce(const PushRequest& request, Timestamp now);

  WebSubSettings settings_;
  ReadPush read_;
  Subscriptions subscriptions_;
  Secret own_;
  webhook::Inbox inbox_;
  webhook::Place place_;
  std::optional<Cursor> given_;
};

}  // namespace earshot::connectors::feed
