#include "connectors/webhook/inbox.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/time_format.hpp"

namespace earshot::connectors::webhook {
namespace {

constexpr std::size_t waiting_max = 64;
constexpr std::size_t bytes_max = 8 << 20;
constexpr std::chrono::seconds patience{10};
constexpr std::size_t key_bytes_max = 64;

}  // namespace

Result<Place> Place::read(const Cursor& cursor) {
  const auto json = read_cursor(cursor, schema);
  if (!json) return unexpected(json.error());
  Place out;
  out.count = (*json)["count"].count().value_or(0);
  out.last_at = (*json)["last_at"].time();
  for (const auto delivery : (*json)["deliveries"])
    if (delivery.text().size() <= key_bytes_max) out.deliveries.emplace_back(delivery.text());
  while (out.deliveries.size() > deliveries_max) out.deliveries.pop_front();
  return out;
}

Cursor Place::write() const {
  JsonWriter out;
  out.begin_object().field("count", count);
  if (last_at) out.field("last_at", format_rfc3339(*last_at));
  out.key("deliveries").begin_array();
  for (const auto& delivery : deliveries) out.value(delivery);
  out.end_array().end_object();
  return Cursor{.schema = schema, .json = out.str()};
}

bool Place::knows(const std::string& delivery) const {
  return std::ranges::find(deliveries, delivery) != deliveries.end();
}

void Inbox::answer(Waiting& waiting, Outcome outcome) {
  waiting.sender->outcome = outcome;
  waiting.sender->timer.cancel();
}

async::Awaitable<Inbox::Outcome> Inbox::deliver(Delivery delivery) {
  if (closed_ || queue_.size() + taken_.size() >= waiting_max || bytes_ + delivery.bytes > bytes_max)
    co_return Outcome::refused;
  auto executor = co_await boost::asio::this_coro::executor;
  auto sender = std::make_shared<Waiter>(std::move(executor));
  sender->timer.expires_after(patience);
  bytes_ += delivery.bytes;
  queue_.push_back(Waiting{.delivery = std::move(delivery), .sender = sender});
  if (reader_) reader_->timer.cancel();
  boost::system::error_code cancelled;
  co_await sender->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  co_return sender->outcome.value_or(Outcome::refused);
}

async::Awaitable<void> Inbox::wait(std::chrono::milliseconds time) {
  if (closed_ || !queue_.empty() || std::exchange(woken_, false)) co_return;
  auto executor = co_await boost::asio::this_coro::executor;
  auto reader = std::make_shared<Waiter>(std::move(executor));
  reader->timer.expires_after(time);
  reader_ = reader;
  boost::system::error_code cancelled;
  co_await reader->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  reader_.reset();
  woken_ = false;
}

void Inbox::wake() {
  woken_ = true;
  if (reader_) reader_->timer.cancel();
}

Page Inbox::take(Place& place, Timestamp now) {
  Page page;
  while (!queue_.empty()) {
    auto& waiting = taken_.emplace_back(std::move(queue_.front()));
    queue_.pop_front();
    auto& delivery = waiting.delivery;
    waiting.repeated = place.knows(delivery.key);
    if (waiting.repeated) continue;
    ++place.count;
    place.last_at = now;
    // What nothing could be read of may come again, when the map has been mended.
    if (!delivery.page.mentions.empty() || delivery.page.bad_items.empty())
      place.deliveries.push_back(delivery.key);
    if (place.deliveries.size() > Place::deliveries_max) place.deliveries.pop_front();
    auto& from = delivery.page;
    for (auto& mention : from.mentions) page.mentions.push_back(std::move(mention));
    for (auto& bad : from.bad_items) page.bad_items.push_back(std::move(bad));
  }
  collapse_echoes(page.mentions);
  page.cursor = place.write();
  return page;
}

void Inbox::settle(bool durable) {
  for (auto& waiting : taken_) {
    bytes_ -= waiting.delivery.bytes;
    answer(waiting, !durable ? Outcome::refused : waiting.repeated ? Outcome::repeated : Outcome::stored);
  }
  taken_.clear();
}

void Inbox::close() {
  closed_ = true;
  settle(false);
  for (auto& waiting : queue_) answer(waiting, Outcome::refused);
  queue_.clear();
  bytes_ = 0;
  if (reader_) reader_->timer.cancel();
}

}  // namespace earshot::connectors::webhook
