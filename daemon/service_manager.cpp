#include "daemon/service_manager.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace earshot::daemon {

ServiceManager::ServiceManager() {
  if (const char* path = std::getenv("NOTIFY_SOCKET")) socket_ = path;
  const char* period = std::getenv("WATCHDOG_USEC");
  const char* pid = std::getenv("WATCHDOG_PID");
  if (period && (!pid || std::strtol(pid, nullptr, 10) == ::getpid())) {
    const auto us = std::strtoll(period, nullptr, 10);
    if (us > 0) watchdog_ = std::chrono::milliseconds(us / 2000);
  }
}

std::vector<int> ServiceManager::take_sockets() {
  constexpr int first = 3, most = 16;
  std::vector<int> out;
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (pid && count && std::strtol(pid, nullptr, 10) == ::getpid())
    for (int i = 0; i < std::min(most, std::atoi(count)); ++i) {
      ::fcntl(first + i, F_SETFD, FD_CLOEXEC);
      out.push_back(first + i);
    }
  // Programs that we start must not take them for theirs.
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  return out;
}

void ServiceManager::send(const std::string& message) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // The manager not listening is no reason for the daemon to fail.
  static_cast<void>(::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<sockaddr*>(&address), size));
  ::close(fd);
}

void ServiceManager::ready(std::string_view text) { send("READY=1\nSTATUS=" + std::string(text)); }

void ServiceManager::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto us = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us));
}

void ServiceManager::stopping() { send("STOPPING=1"); }
void ServiceManager::status(std::string_view text) { send("STATUS=" + std::string(text)); }
void ServiceManager::alive() { send("WATCHDOG=1"); }

}  // namespace earshot::daemon
