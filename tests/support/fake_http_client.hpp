#pragma once
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.hpp"

namespace earshot::test {

/// Answers from a script or a function and records what was asked. With neither left it fails as
/// `unreachable`.
class FakeHttpClient final : public net::HttpClient {
 public:
  using Responder = std::function<Result<net::HttpReply>(const net::HttpRequest&)>;

  void reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {});
  void fail(ErrorKind kind);
  void respond_with(Responder responder) { responder_ = std::move(responder); }

  const std::vector<net::HttpRequest>& requests() const { return requests_; }
  const net::HttpRequest& last() const { return requests_.at(requests_.size() - 1); }

  async::Awaitable<Result<net::HttpReply>> send(net::HttpRequest request) override;
  void hold(const std::string& url, std::chrono::milliseconds wait) override {
    holds_.emplace_back(url, wait);
  }
  /// What it was told to hold back, and for how long.
  const std::vector<std::pair<std::string, std::chrono::milliseconds>>& holds() const { return holds_; }

 private:
  std::deque<Result<net::HttpReply>> script_;
  Responder responder_;
  std::vector<net::HttpRequest> requests_;
  std::vector<std::pair<std::string, std::chrono::milliseconds>> holds_;
};

net::HttpReply make_reply(int status, std::string body,
                          std::vector<std::pair<std::string, std::string>> headers = {});

}  // namespace earshot::test
