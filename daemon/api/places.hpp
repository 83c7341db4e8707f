#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>

namespace earshot::api {

struct ServerLimits {
  std::size_t connections_max = 1100;          ///< by TCP
  std::size_t local_connections_max = 100;     ///< by the Unix socket, apart from those
  std::size_t stranger_connections_max = 100;  ///< of one address that is not this machine's
  std::size_t streams_max = 1000;              ///< of events; they leave room for questions
  std::uint32_t head_bytes_max = 16 << 10;
  std::uint64_t body_bytes_max = 1 << 20;
  std::chrono::milliseconds request =
      std::chrono::seconds(10);  ///< for a request to arrive, from its first byte
  std::chrono::milliseconds answer = std::chrono::seconds(30);  ///< for an answer to be taken
  std::chrono::milliseconds idle = std::chrono::seconds(60);    ///< between requests
};

/// Who holds a connection, and who of them does nothing with it. When there is none left, the connection
/// gives way that has been idle longest: a client comes back when it needs one, and nobody is shut out by
/// those who only hold. Lives on the io thread.
class Places {
 public:
  /// A connection without a request under way, which `end` ends soon.
  struct Idle {
    std::string peer;
    std::function<void()> end;
  };
  using Mark = std::list<Idle>::iterator;

  explicit Places(const ServerLimits& limits) : limits_(limits) {}

  /// False: there is no place, and none who idles. Peers of the Unix socket have no address.
  bool take(const std::string& peer, bool stranger);
  void leave(const std::string& peer);
  std::size_t taken() const { return connections_ + local_connections_; }

  Mark begin_idle(Idle idle) { return idle_.insert(idle_.end(), std::move(idle)); }
  void end_idle(Mark mark) { idle_.erase(mark); }
  /// Ends every idle connection.
  void end_all_idle();

  bool begin_stream();
  void end_stream() { --streams_; }

 private:
  template <typename Matches>
  bool make_room(Matches matches);

  ServerLimits limits_;
  std::size_t connections_ = 0, local_connections_ = 0, streams_ = 0;
  std::map<std::string, std::size_t> strangers_;
  std::list<Idle> idle_;  ///< the longest first
};

}  // namespace earshot::api
