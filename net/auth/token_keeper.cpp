#include "net/auth/token_keeper.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/auth/digest.hpp"
#include "net/retry.hpp"

namespace earshot::net::auth {
namespace {

using std::chrono::milliseconds;

/// A refresh is at most three transfers and a wait for a lock.
constexpr milliseconds flight_max = std::chrono::minutes(5);
/// What waiting cannot cure is tried again this rarely, in case somebody did.
constexpr milliseconds hopeless_wait = std::chrono::minutes(5);

/// Lowers the flag however the flight ends, also by an exception.
struct Landing {
  std::shared_ptr<bool> flying;
  ~Landing() { *flying = false; }
};

std::chrono::steady_clock::time_point after(std::chrono::steady_clock::time_point from,
                                            std::optional<milliseconds> time) {
  return time ? from + *time : std::chrono::steady_clock::time_point::max();
}

}  // namespace

TokenKeeper::TokenKeeper(const CredentialSpec& spec, const AuthServices& services)
    : clock_(services.clock),
      name_(spec.name),
      minter_(spec, services),
      random_(services.seed),
      landed_(services.home) {}

void TokenKeeper::stop() {
  stopping_ = true;
  minter_.stop();
  landed_.cancel();
}

/// The failure as told to those who come while it is held: with what is left of the wait.
Error TokenKeeper::held(Steady now) const {
  auto error = *failure_;
  if (is_transient(error.kind))
    error.retry_after = std::chrono::duration_cast<milliseconds>(hold_until_ - now) + milliseconds(1);
  return error;
}

async::Awaitable<Result<AccessToken>> TokenKeeper::token() {
  for (;;) {
    const auto now = clock_.steady_now();
    if (current_ && now < current_->fresh_until) co_return current_->token;
    if (failure_ && now < hold_until_) {
      if (auto old = usable(now)) co_return *old;
      co_return unexpected(held(now));
    }
    if (stopping_) co_return unexpected(ErrorKind::cancelled, "shutting down");
    if (!*flying_) break;
    const auto flight = flights_;
    boost::system::error_code woken;
    co_await landed_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (flight == flights_ && !stopping_)
      co_return unexpected(ErrorKind::timed_out, "credential '" + name_ + "': no token came in time");
  }
  *flying_ = true;
  const Landing landing{flying_};
  landed_.expires_after(flight_max);
  const auto asked_at = clock_.steady_now();
  auto minted = co_await minter_.mint(refused_digest_);
  land(std::move(minted), asked_at);
  const auto now = clock_.steady_now();
  if (!failure_) co_return current_->token;
  if (auto old = usable(now)) co_return *old;
  co_return unexpected(*failure_);
}

std::optional<AccessToken> TokenKeeper::usable(Steady now) const {
  if (current_ && now < current_->good_until) return current_->token;
  return std::nullopt;
}

void TokenKeeper::land(Result<Minted> minted, Steady asked_at) {
  *flying_ = false;
  ++flights_;
  landed_.cancel();
  if (minted) {
    failure_.reset();
    failures_ = 0;
    auto text = std::make_shared<const Secret>(std::move(minted->token));
    current_ = Current{.token = {.text = std::move(text), .generation = ++generation_},
                       .fresh_until = after(asked_at, minted->fresh_for),
                       .good_until = after(asked_at, minted->good_for)};
    return;
  }
  failure_ = std::move(minted.error());
  failure_->message = "credential '" + name_ + "': " + failure_->message;
  const bool transient = is_transient(failure_->kind);
  hold_until_ = clock_.steady_now();
  // A stop is nobody's failure.
  if (failure_->kind == ErrorKind::cancelled) return;
  ++failures_;
  hold_until_ += transient ? next_delay({}, failures_, failure_->retry_after, random_) : hopeless_wait;
}

bool TokenKeeper::refuse(const AccessToken& token, const HttpReply& reply) {
  if (!current_ || token.generation != current_->token.generation) return true;
  const auto now = clock_.steady_now();
  if (now < settled_until_) return false;
  static_cast<void>(minter_.learn_time(reply));
  refused_digest_ = sha256_hex(token.text->reveal());
  current_.reset();
  return true;
}

void TokenKeeper::in_vain() { settled_until_ = clock_.steady_now() + hopeless_wait; }

}  // namespace earshot::net::auth
