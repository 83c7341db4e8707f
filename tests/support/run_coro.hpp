#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "core/async/awaitable.hpp"

namespace earshot::test {

/// Runs one coroutine to its end on an executor of its own and hands back what it returned or threw.
template <typename T>
T run_coro(async::Awaitable<T> work) {
  boost::asio::io_context context;
  std::optional<T> result;
  std::exception_ptr thrown;
  const auto done = [&](std::exception_ptr failure, T value) {
    thrown = failure;
    if (!failure) result.emplace(std::move(value));
  };
  boost::asio::co_spawn(context, std::move(work), done);
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*result);
}

}  // namespace earshot::test
