#include "tests/support/fake_http_client.hpp"

namespace earshot::test {

net::HttpReply make_reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers) {
  net::HttpReply made;
  made.status = status;
  made.body = std::move(body);
  made.body.reserve(made.body.size() + net::HttpReply::body_padding);
  for (auto& [name, value] : headers) made.headers.add(std::move(name), std::move(value));
  return made;
}

void FakeHttpClient::reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers) {
  script_.emplace_back(make_reply(status, std::move(body), std::move(headers)));
}

void FakeHttpClient::fail(ErrorKind kind) { script_.emplace_back(unexpected(kind, "scripted failure")); }

async::Awaitable<Result<net::HttpReply>> FakeHttpClient::send(net::HttpRequest request) {
  requests_.push_back(std::move(request));
  Result<net::HttpReply> answer = unexpected(ErrorKind::unreachable, "nothing scripted for " + requests_.back().url);
  if (!script_.empty()) {
    answer = std::move(script_.front());
    script_.pop_front();
  } else if (responder_) {
    answer = responder_(requests_.back());
  }
  if (answer && answer->url.empty()) answer->url = requests_.back().url;
  co_return answer;
}

}  // namespace earshot::test
