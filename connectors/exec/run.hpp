#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/exec/complaints.hpp"
#include "connectors/exec/output.hpp"
#include "connectors/exec/run_folder.hpp"
#include "core/async/process.hpp"
#include "core/base/secret.hpp"

namespace earshot::connectors::exec {

/// A source's settings, checked.
struct ExecSettings {
  std::string source, platform;
  std::vector<std::string> command;
  std::optional<TomlNode> config;  ///< becomes --config FILE
  std::string catalog;             ///< path; empty: none
  std::vector<std::string> grant;  ///< credentials that the program is given
  std::chrono::milliseconds timeout{0};
  std::size_t page_records = 0;
  RecordMap map;
};

/// One run of the program, from its start to its end. It is read page by page: what it prints in between
/// waits in the pipe.
class Run {
 public:
  static async::Awaitable<Result<std::unique_ptr<Run>>> begin(const ExecSettings& settings, Context& context,
                                                              Place place);
  /// The next page. After a good end the page's `more` is false; after a bad one the error follows the last
  /// page, so that what was good stays.
  async::Awaitable<Result<Page>> next(Timestamp now);
  /// After the page that was given last.
  const Place& place() const { return place_; }
  /// A STATE came with this run that its start did not have.
  bool advanced() const { return advanced_; }
  async::Awaitable<void> end();
  void stop();

 private:
  Run(const ExecSettings& settings, Place place) : settings_(settings), place_(std::move(place)) {}
  Result<std::vector<std::string>> arguments(const declarative::Variables& granted) const;
  Status launch(async::Executor home, const std::vector<Secret>& secrets);
  async::Awaitable<Result<Page>> finish(Page page, bool anything);

  const ExecSettings& settings_;
  Place place_;
  std::unique_ptr<RunFolder> folder_;  ///< goes after the process
  std::unique_ptr<Complaints> complaints_;
  std::unique_ptr<async::Process> process_;
  std::unique_ptr<Output> output_;
  std::optional<Error> failure_;
  bool advanced_ = false;
};

}  // namespace earshot::connectors::exec
