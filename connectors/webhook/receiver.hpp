#pragma once
#include <string>
#include <vector>

#include "connectors/push.hpp"
#include "connectors/webhook/body_map.hpp"
#include "connectors/webhook/inbox.hpp"
#include "connectors/webhook/signature.hpp"

namespace earshot::connectors::webhook {

/// A source's settings, checked.
struct WebhookSettings {
  std::string platform;
  Signing signing;
  std::vector<std::string> secrets;  ///< names of credentials; two while one replaces the other
  std::string verify_token;          ///< name of the credential that Meta's first question holds
  std::string event_header;          ///< names what a body is about; empty: nothing does
  BodyMap map;                       ///< empty: bodies are mentions in the interchange format
};

/// Makes a page of a body; what cannot be read is a bad item.
Page read_body(const WebhookSettings& settings, std::string_view event, std::string_view body, Timestamp now);

/// The sender's side of a source: proof, then what is no delivery, then the inbox.
class Receiver final : public PushReceiver {
 public:
  explicit Receiver(const WebhookSettings& settings) : settings_(settings) {}

  async::Awaitable<PushReply> receive(PushRequest request, Timestamp now) override;

  /// The keys that count from now on; none: everybody is asked to come again.
  void trust(std::vector<Secret> keys, Secret verify_token);
  Inbox& inbox() { return inbox_; }

 private:
  PushReply introduce(const PushRequest& request) const;
  std::optional<PushReply> handshake(const PushRequest& request, std::string_view event) const;

  WebhookSettings settings_;  ///< its own: it may outlive the connector
  std::vector<Secret> keys_;
  Secret verify_token_;
  Inbox inbox_;
};

}  // namespace earshot::connectors::webhook
