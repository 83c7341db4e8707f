#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::daemon {

/// Talks to the service manager over $NOTIFY_SOCKET (sd_notify protocol). Does nothing outside systemd.
class ServiceManager {
 public:
  ServiceManager();
  void ready(std::string_view status);
  void reloading();
  void stopping();
  void status(std::string_view text);
  void alive();
  /// Listening sockets that the manager opened for us (sd_listen_fds protocol); taken once, closed on exec.
  std::vector<int> take_sockets();
  /// Half of the watchdog period, when the manager watches this process.
  std::optional<std::chrono::milliseconds> watchdog_interval() const { return watchdog_; }

 private:
  void send(const std::string& message) const;
  std::string socket_;
  std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace earshot::daemon
