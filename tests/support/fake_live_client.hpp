#pragma once
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/live_client.hpp"

namespace earshot::test {

/// What one connection says, read by read; then it ends, or is silent for good.
struct LiveScript {
  int status = 101;
  std::vector<std::vector<std::string>> reads = {};
  bool ends = true;
  std::string body = {};  ///< of an answer without a stream
};

/// Plays scripts in turn, one a connection, and notes what was asked. Without one left nobody is there.
class FakeLiveClient final : public net::LiveClient {
 public:
  std::deque<LiveScript> scripts;
  std::vector<net::LiveRequest> requests;

  async::Awaitable<Result<net::LiveReply>> open(net::LiveRequest request) override {
    requests.push_back(std::move(request));
    if (scripts.empty()) co_return unexpected(ErrorKind::unreachable, "nobody there");
    auto script = std::move(scripts.front());
    scripts.pop_front();
    net::LiveReply out;
    out.reply.status = script.status;
    out.reply.body = script.body;
    if (script.status == 101 || script.status == 200)
      out.connection = std::make_unique<Connection>(std::move(script));
    co_return out;
  }

 private:
  class Connection final : public net::LiveConnection {
   public:
    explicit Connection(LiveScript script) : script_(std::move(script)) {}
    async::Awaitable<Result<std::vector<std::string>>> read(std::chrono::milliseconds) override {
      if (at_ < script_.reads.size()) co_return script_.reads[at_++];
      if (script_.ends) co_return unexpected(ErrorKind::unreachable, "the server closed the connection");
      co_return std::vector<std::string>();
    }

   private:
    LiveScript script_;
    std::size_t at_ = 0;
  };
};

}  // namespace earshot::test
