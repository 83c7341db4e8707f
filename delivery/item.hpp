#pragma once
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "store/deliveries.hpp"

namespace earshot::delivery {

/// What one message is made of: a row of the outbox, or several in a digest.
struct Item {
  std::string id = {};       ///< "msg_…", the same on every attempt: receivers know a repeat by it
  std::string kind = {};     ///< incident_opened, incident_closed, idea_new, …, digest
  std::string payload = {};  ///< JSON object; of a digest empty
  Timestamp created_at = {};
  std::string thread = {};
  /// What this receiver called the first message of the thread, where it said so.
  std::string thread_external_id = {};
  int attempt = 1;
  std::vector<Item> parts = {};  ///< of a digest
};

/// Every kind of row that insight writes into the outbox; routes choose among them.
const std::vector<std::string>& item_kinds();

/// The item that some leased rows stand for: one row, or all parts of one digest.
Item item_of(const std::vector<store::Delivery>& rows);

/// An example for `earshot outbox test`, marked as one. Every call gives another id.
Item example_item(Timestamp now);

/// The item as JSON, as webhooks, files and programs get it:
/// {"type","id","timestamp","data"}; `data` of a digest is {"items":[…]}.
std::string to_json(const Item& item);

/// What belongs together and goes out in order: "incident_opened:1:0:17" and "incident_closed:1:0:17" share
/// "incident:1:0:17".
std::string thread_of(const store::OutboxItem& item);

}  // namespace earshot::delivery
