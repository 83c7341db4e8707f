#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "store/rows.hpp"

namespace earshot::store {

/// What a route decided: this row of the outbox goes to that destination.
struct NewDelivery {
  std::int64_t outbox_id = 0;
  std::string thread = {};
  std::string topic = {};
  bool digest = false;
  Timestamp due_at = {};  ///< not before
};

/// One row of `delivery`, with what it carries.
struct Delivery {
  std::int64_t id = 0;
  std::string destination = {};
  OutboxItem item = {};
  std::string thread = {};
  std::string state = {};  ///< waiting, sending, delivered, dead, dropped
  bool digest = false;
  int attempts = 0;  ///< this one included, while it is being sent
  Timestamp due_at = {};
  Timestamp next_at = {};
  std::optional<Timestamp> settled_at = {};
  std::string external_id = {};
  std::string last_error = {};
  /// What the receiver called the first delivered item of the thread; empty: there is none.
  std::string thread_external_id = {};
};

struct DestinationState {
  std::string name = {};
  int failures = 0;  ///< in a row
  std::optional<Timestamp> paused_until = {};
  std::optional<Timestamp> last_ok_at = {};
  std::optional<Timestamp> last_error_at = {};
  std::string last_error = {};
  std::int64_t waiting = 0;   ///< waiting or being sent
  std::int64_t retrying = 0;  ///< of those, what was tried before
  std::int64_t dead = 0;
  std::int64_t sent = 0;                        ///< deliveries that were taken, ever
  std::int64_t failed = 0;                      ///< attempts that were not, ever
  std::optional<Timestamp> oldest_due_at = {};  ///< of what waits
};

struct DeliveryFilter {
  std::string destination = {};  ///< empty: all
  std::string state = {};        ///< empty: all
  std::int64_t id = 0;           ///< 0: all
  std::size_t limit = 100;
};

/// The part of the store that delivery needs: which row of the outbox goes where, and how far it got.
/// Blocking; on the store thread alone. Fails like the store.
class Deliveries {
 public:
  virtual ~Deliveries() = default;

  /// Makes a destination known. A new one begins with the rows of the outbox from `since` on; one that is
  /// known goes on where it was.
  virtual Status ensure_destination(std::string_view name, Timestamp since) = 0;
  /// The oldest rows for which it is not decided yet whether they go there.
  virtual Result<std::vector<OutboxItem>> unrouted(std::string_view destination, std::size_t limit) = 0;
  /// One transaction: everything up to `routed_to` is decided, and `chosen` goes there. A row that goes there
  /// already is left as it is.
  virtual Status route(std::string_view destination, std::int64_t routed_to,
                       const std::optional<NewDelivery>& chosen, Timestamp now) = 0;
  /// Messages of their own (no digests) that were or will be due in [since, until).
  virtual Result<std::int64_t> singles_due(std::string_view destination, Timestamp since,
                                           Timestamp until) = 0;
  /// When a message of its own on this topic was last due; nothing: never.
  virtual Result<std::optional<Timestamp>> topic_due(std::string_view destination,
                                                     std::string_view topic) = 0;

  /// Mentions of a brand that people judged for issue types and that the rules now give this one, and of
  /// those the ones that people gave it too.
  struct Precision {
    std::int64_t labels = 0, agreed = 0;
  };
  virtual Result<Precision> precision(std::string_view brand, std::string_view issue) = 0;

  struct Thread {
    bool known = false;      ///< something of it goes or went there
    bool in_digest = false;  ///< … and waits for a digest
  };
  virtual Result<Thread> thread(std::string_view destination, std::string_view thread) = 0;

  /// Leases what goes out next: one message of its own, or every part of one digest. Nothing when nothing is
  /// due, or all that is waits for an earlier one of its thread. A lease that ran out counts as not taken.
  virtual Result<std::vector<Delivery>> claim(std::string_view destination, Timestamp now,
                                              Milliseconds lease) = 0;
  virtual Status delivered(std::span<const std::int64_t> ids, std::string_view external_id,
                           Timestamp now) = 0;
  /// Back to waiting, until `next_at`. Without an error the attempt does not count.
  virtual Status retry(std::span<const std::int64_t> ids, Timestamp next_at, std::string_view error) = 0;
  virtual Status give_up(std::span<const std::int64_t> ids, std::string_view error, Timestamp now) = 0;
  /// Ends a destination's leases: their holder is gone.
  virtual Status release(std::string_view destination, Timestamp now) = 0;

  virtual Result<DestinationState> destination(std::string_view name) = 0;
  /// How a destination is doing. An empty error: it took something.
  virtual Status note(std::string_view destination, int failures, std::optional<Timestamp> paused_until,
                      std::string_view error, Timestamp now) = 0;
  /// Marks rows of the outbox that every one of `destinations` has decided on, and of which nothing waits or
  /// is dead, as delivered.
  virtual Status close(std::span<const std::string> destinations, Timestamp now) = 0;

  /// Dead letters go out again, at once and with a fresh count; `invalid` when there is no such dead letter.
  virtual Status requeue(std::int64_t delivery_id, Timestamp now) = 0;
  /// All of them, or those of one destination; how many.
  virtual Result<std::int64_t> requeue_dead(std::string_view destination, Timestamp now) = 0;
  /// What waits or is dead goes out no more; it stays, as dropped. The rest of a digest is made up anew.
  /// Again changes nothing; `invalid` when there is no such delivery or it went out, `busy` while it is being
  /// sent.
  virtual Status drop(std::int64_t delivery_id, Timestamp now) = 0;
};

}  // namespace earshot::store
