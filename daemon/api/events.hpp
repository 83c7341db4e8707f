#pragma once
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "core/async/awaitable.hpp"

namespace earshot::api {

/// Tells everybody who listens that something changed. Nothing is kept for who does not: a listener that is
/// slow gets what it missed in one piece, and when that grows too long only the word that it missed
/// something. Lives on the io thread.
class EventHub {
 public:
  explicit EventHub(async::Executor home) : pace_(std::move(home)) {}

  class Listener {
   public:
    Listener(std::shared_ptr<EventHub> hub, async::Executor home);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    /// The next events as they go on the wire; a comment when there were none for 15 s; empty: it is over.
    async::Awaitable<std::string> next();

   private:
    friend class EventHub;
    std::shared_ptr<EventHub> hub_;  ///< a listener may be the last to go
    std::string pending_;
    boost::asio::steady_timer wake_;
    std::list<Listener*>::iterator place_;
  };

  /// `data` is JSON on one line.
  void publish(std::string_view event, std::string_view data);
  /// New mentions of a source; told of at most once a second, with their sum.
  void stored(const std::string& source, std::int64_t mentions);
  /// Ends every stream.
  void close();
  std::size_t listeners() const { return listeners_.size(); }

 private:
  void flush_stored();
  boost::asio::steady_timer pace_;
  std::map<std::string, std::int64_t> stored_;
  bool pacing_ = false;
  bool closed_ = false;
  std::list<Listener*> listeners_;
};

}  // namespace earshot::api
