#pragma once
#include <sys/socket.h>

#include <cerrno>

#include <boost/system/error_code.hpp>
#include <memory>
#include <stop_token>

namespace earshot::api {

/// Tells when a client ends its connection while it waits for an answer. What it may have sent behind its
/// request hides that; then nobody tells.
class Watch {
 public:
  template <typename Stream>
  explicit Watch(Stream& stream) {
    auto& socket = stream.socket();
    const int descriptor = socket.native_handle();
    socket.async_wait(Stream::socket_type::wait_read,
                      [state = state_, descriptor](boost::system::error_code ec) {
                        char next = 0;
                        if (ec || state->over) return;
                        const auto got = ::recv(descriptor, &next, 1, MSG_PEEK | MSG_DONTWAIT);
                        if (got == 0 || (got < 0 && errno != EAGAIN)) state->gone.request_stop();
                      });
  }
  std::stop_token gone() const { return state_->gone.get_token(); }
  template <typename Stream>
  void end(Stream& stream) {
    state_->over = true;
    boost::system::error_code ignored;
    stream.socket().cancel(ignored);
  }

 private:
  struct State {
    std::stop_source gone;
    bool over = false;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace earshot::api
