#include "net/curl_client.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/base/assert.hpp"
#include "core/base/url.hpp"

namespace earshot::net {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

CurlClient::CurlClient(async::Executor executor, const Clock& clock, ClientOptions options,
                       AddressGuard guard)
    : executor_(executor),
      clock_(clock),
      options_(std::move(options)),
      guard_(std::move(guard)),
      limiter_(clock),
      pump_(executor) {}

async::Awaitable<Status> CurlClient::wait_for_budget(std::string bucket) {
  for (;;) {
    const auto wait = limiter_.acquire(bucket);
    if (wait.count() == 0) co_return Done{};
    if (wait > options_.wait_max) {
      auto refusal = Error{
          .kind = ErrorKind::rate_limited, .message = "the rate budget is used up", .retry_after = wait};
      co_return unexpected(std::move(refusal));
    }
    boost::asio::steady_timer timer(executor_, wait);
    waiting_.insert(&timer);
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    waiting_.erase(&timer);
    if (stopping_) co_return unexpected(ErrorKind::cancelled, "shutting down");
  }
}

void CurlClient::stop() {
  stopping_ = true;
  for (auto* timer : waiting_) timer->cancel();
  pump_.stop();
}

void CurlClient::hold(const std::string& url, std::chrono::milliseconds wait) {
  if (const auto parsed = parse_url(url)) limiter_.block(parsed->host, wait);
}

async::Awaitable<Result<HttpReply>> CurlClient::send(HttpRequest request) {
  // Sent as it is, such a request would go out without what it needs.
  EARSHOT_ASSERT(request.credential.empty());
  for (int hop = 0;; ++hop) {
    const auto url = parse_url(request.url);
    if (!url || (url->scheme != "http" && url->scheme != "https")) {
      auto refusal = Error{.kind = ErrorKind::bad_request, .message = "not an http(s) URL"};
      co_return unexpected(std::move(refusal));
    }
    if (!guard_.permits_literal(url->host)) {
      auto refusal =
          Error{.kind = ErrorKind::blocked,
                .message = url->host + " is a private address; see net.allow in the configuration"};
      co_return unexpected(std::move(refusal));
    }
    const auto bucket = request.rate_bucket.empty() ? url->host : request.rate_bucket;
    auto ready = co_await wait_for_budget(bucket);
    if (!ready) co_return unexpected(ready.error());
    auto outgoing = request;
    auto outcome = co_await pump_.transfer(std::move(outgoing), options_.limits, options_.user_agent, guard_);
    if (!outcome) {
      auto failure = outcome.error();
      failure.message = url->origin() + ": " + failure.message;
      co_return unexpected(std::move(failure));
    }
    limiter_.learn(bucket, outcome->reply);
    if (!is_redirect(outcome->reply.status) || outcome->redirect_url.empty())
      co_return std::move(outcome->reply);
    if (hop >= options_.redirects_max) {
      auto refusal = Error{.kind = ErrorKind::blocked, .message = url->origin() + ": too many redirects"};
      co_return unexpected(std::move(refusal));
    }
    if (request.carries_secret && !same_origin(request.url, outcome->redirect_url)) {
      auto refusal =
          Error{.kind = ErrorKind::blocked,
                .message = url->origin() + ": redirects to another origin, where credentials must not go"};
      co_return unexpected(std::move(refusal));
    }
    if (outcome->reply.status == 303 || request.method == "POST") {
      request.method = "GET";
      request.body.clear();
    }
    request.url = outcome->redirect_url;
  }
}

}  // namespace earshot::net
