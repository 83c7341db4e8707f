#pragma once
#include "store/deliveries.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Works on the store's own connection.
class SqliteDeliveries final : public Deliveries {
 public:
  explicit SqliteDeliveries(Database& database) : database_(database) {}

  Status ensure_destination(std::string_view name, Timestamp since) override;
  Result<std::vector<OutboxItem>> unrouted(std::string_view destination, std::size_t limit) override;
  Status route(std::string_view destination, std::int64_t routed_to, const std::optional<NewDelivery>& chosen,
               Timestamp now) override;
  Result<std::int64_t> singles_due(std::string_view destination, Timestamp since, Timestamp until) override;
  Result<std::optional<Timestamp>> topic_due(std::string_view destination, std::string_view topic) override;
  Result<Precision> precision(std::string_view brand, std::string_view issue) override;
  Result<Thread> thread(std::string_view destination, std::string_view thread) override;
  Result<std::vector<Delivery>> claim(std::string_view destination, Timestamp now,
                                      Milliseconds lease) override;
  Status delivered(std::span<const std::int64_t> ids, std::string_view external_id, Timestamp now) override;
  Status retry(std::span<const std::int64_t> ids, Timestamp next_at, std::string_view error) override;
  Status give_up(std::span<const std::int64_t> ids, std::string_view error, Timestamp now) override;
  Status release(std::string_view destination, Timestamp now) override;
  Result<DestinationState> destination(std::string_view name) override;
  Status note(std::string_view destination, int failures, std::optional<Timestamp> paused_until,
              std::string_view error, Timestamp now) override;
  Status close(std::span<const std::string> destinations, Timestamp now) override;
  Status requeue(std::int64_t delivery_id, Timestamp now) override;
  Result<std::int64_t> requeue_dead(std::string_view destination, Timestamp now) override;
  Status drop(std::int64_t delivery_id, Timestamp now) override;

 private:
  Status make_up_digest(std::string_view destination, Timestamp now);
  Database& database_;
};

/// Both also read by a Reader.
Result<std::vector<Delivery>> list_deliveries(Database& database, const DeliveryFilter& filter);
Result<std::vector<DestinationState>> list_destinations(Database& database);

}  // namespace earshot::store::sqlite
