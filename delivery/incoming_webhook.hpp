#pragma once
#include "core/base/url.hpp"
#include "delivery/sink.hpp"

namespace earshot::delivery {

/// How a chat system takes messages at an address that is itself the secret.
struct IncomingWebhook {
  std::string (*body_of)(const Item& item) = nullptr;
  QueryPairs query = {};  ///< goes to the address, too
  std::string_view id_at =
      {};  ///< where the answer has the message's id, as a JSON pointer; empty: it has none
  std::string_view missing = {};  ///< what `credential` is, told when it is left out
};

/// Reads `credential` and plans a sink that posts one body a message.
SinkPlan read_incoming_webhook(TomlReader& reader, const IncomingWebhook& webhook);

}  // namespace earshot::delivery
