#include "connectors/live_session.hpp"

#include "net/classify.hpp"

namespace earshot::connectors {

async::Awaitable<Status> LiveSession::connect(Context& context, net::LiveRequest request) {
  close();
  if (!context.live) co_return unexpected(ErrorKind::invalid, "live streams cannot be heard here");
  auto reply = co_await context.live->open(std::move(request));
  if (!reply) co_return unexpected(reply.error());
  if (auto failure = net::classify_live(*reply, context.clock.now()))
    co_return unexpected(std::move(*failure));
  connection_ = std::move(reply->connection);
  given_.reset();
  fresh_ = true;
  co_return Done{};
}

async::Awaitable<Result<std::vector<std::string>>> LiveSession::gather(const Clock& clock, LivePage limits) {
  const auto wait = std::exchange(fresh_, false) ? limits.gather : limits.wait;
  auto messages = co_await connection_->read(wait);
  if (!messages) {
    close();
    co_return unexpected(messages.error());
  }
  if (messages->empty()) co_return messages;
  std::size_t bytes = 0;
  for (const auto& message : *messages) bytes += message.size();
  const auto until = clock.steady_now() + limits.gather;
  while (messages->size() < limits.messages_max && bytes < limits.bytes_max) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock.steady_now());
    if (left.count() <= 0) break;
    auto more = co_await connection_->read(left);
    // What came before an end counts; the end is told the next time.
    if (!more || more->empty()) break;
    for (auto& message : *more) {
      bytes += message.size();
      messages->push_back(std::move(message));
    }
  }
  co_return messages;
}

}  // namespace earshot::connectors
