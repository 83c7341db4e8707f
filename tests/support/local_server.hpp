#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace earshot::test {

/// A loopback HTTP/1.1 server that answers with whatever bytes the test wants, well-formed or not, one
/// connection per request. Its thread ends with the object.
class LocalServer {
 public:
  struct Piece {
    std::string bytes;
    std::chrono::milliseconds before = {};
  };
  /// Gets the raw request head and body; gives the pieces to send before the connection closes.
  using Handler = std::function<std::vector<Piece>(const std::string& request)>;

  explicit LocalServer(Handler handler);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int port() const { return port_; }
  std::vector<std::string> requests() const;
  /// Bytes that the other side's and our socket buffers took so far.
  std::size_t bytes_sent() const { return sent_; }

 private:
  void serve();
  void answer(int connection);
  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> sent_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

/// A reply with a Content-Length.
std::string http_reply(int status, const std::string& body, const std::string& headers = "");

}  // namespace earshot::test
