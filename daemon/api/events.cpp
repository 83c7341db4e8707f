#include "daemon/api/events.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/base/json_writer.hpp"

namespace earshot::api {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds heartbeat{15};
constexpr std::chrono::seconds stored_pace{1};
constexpr std::size_t pending_max = 16 << 10;  ///< bytes that wait for a slow listener

std::string event_text(std::string_view event, std::string_view data) {
  std::string out;
  out.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
  return out;
}

}  // namespace

EventHub::Listener::Listener(std::shared_ptr<EventHub> hub, async::Executor home)
    : hub_(std::move(hub)), wake_(std::move(home)) {
  place_ = hub_->listeners_.insert(hub_->listeners_.end(), this);
}

EventHub::Listener::~Listener() { hub_->listeners_.erase(place_); }

async::Awaitable<std::string> EventHub::Listener::next() {
  if (pending_.empty() && !hub_->closed_) {
    wake_.expires_after(heartbeat);
    boost::system::error_code ignored;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (hub_->closed_) co_return std::string();
  if (pending_.empty()) co_return std::string(": still here\n\n");
  co_return std::exchange(pending_, {});
}

void EventHub::publish(std::string_view event, std::string_view data) {
  const auto text = event_text(event, data);
  for (auto* listener : listeners_) {
    if (listener->pending_.size() + text.size() > pending_max)
      listener->pending_ = event_text("missed", "{}");
    else
      listener->pending_ += text;
    listener->wake_.cancel();
  }
}

void EventHub::stored(const std::string& source, std::int64_t mentions) {
  if (mentions <= 0 || listeners_.empty() || closed_) return;
  stored_[source] += mentions;
  if (pacing_) return;
  pacing_ = true;
  pace_.expires_after(stored_pace);
  pace_.async_wait([this](boost::system::error_code ec) {
    if (ec) return;
    pacing_ = false;
    flush_stored();
  });
}

void EventHub::flush_stored() {
  for (const auto& [source, mentions] : std::exchange(stored_, {})) {
    JsonWriter out;
    out.begin_object().field("source", source).field("mentions", mentions).end_object();
    publish("stored", out.view());
  }
}

void EventHub::close() {
  closed_ = true;
  pace_.cancel();
  for (auto* listener : listeners_) listener->wake_.cancel();
}

}  // namespace earshot::api
