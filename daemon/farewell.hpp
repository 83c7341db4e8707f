#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "daemon/loop_services.hpp"

namespace earshot::daemon {

/// A source that is not in the configuration any more, until it has told others what it owes them (see
/// connectors::Leaving). It brings no mentions and says nothing about the source's state; what it has done is
/// durable step by step, so that the next start goes on. Lives on the io executor. `run` ends by itself or
/// after `stop`; the object must outlive it.
class Farewell {
 public:
  Farewell(LoopServices services, std::string name, SourceId id,
           std::unique_ptr<connectors::Connector> connector);

  async::Awaitable<void> run();
  void stop();

  const std::string& name() const { return name_; }
  std::shared_ptr<connectors::PushReceiver> receiver() { return connector_->receiver(); }

 private:
  async::Awaitable<Status> take_step(connectors::Stream stream);

  LoopServices services_;
  std::string name_;
  SourceId id_;
  std::unique_ptr<connectors::Connector> connector_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

}  // namespace earshot::daemon
