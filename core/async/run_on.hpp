#pragma once
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"

namespace earshot::async {

/// Runs `work`, which returns a Result, on another executor and resumes the caller at home with what it
/// returned. An exception from the work becomes an `internal` error. What `work` refers to must outlive the
/// await.
template <typename Work>
auto run_on(Executor there, Work work) {
  using Outcome = std::invoke_result_t<Work&>;
  auto initiate = [](auto handler, Executor where, Work job) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const auto home = boost::asio::get_associated_executor(*shared, where);
    auto task = [shared, home, job = std::move(job)]() mutable {
      auto outcome = std::make_shared<Outcome>();
      try {
        *outcome = job();
      } catch (const std::exception& failure) {
        *outcome = Outcome(unexpected(ErrorKind::internal, failure.what()));
      }
      boost::asio::post(home, [shared, outcome] { std::move (*shared)(std::move(*outcome)); });
    };
    boost::asio::post(where, std::move(task));
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(
      initiate, boost::asio::use_awaitable, std::move(there), std::move(work));
}

}  // namespace earshot::async
