#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "net/curl_handle.hpp"
#include "net/curl_stream.hpp"

namespace earshot::net {

/// What a stream and its pump know of a connection; in a header of its own for these two alone.
struct CurlStream::State {
  State(const async::Executor& executor, CURL* given, std::shared_ptr<void> keeper);
  void close();

  CURL* easy;
  std::shared_ptr<void> owner;                       ///< of `easy` and of what it refers to
  boost::asio::posix::stream_descriptor descriptor;  ///< a duplicate: libcurl closes its own when it likes
  boost::asio::steady_timer deadline;
  std::uint64_t waits = 0;
  bool closed = false;
};

}  // namespace earshot::net
