#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/async/awaitable.hpp"
#include "core/base/result.hpp"

namespace earshot::async {

struct ProcessSpec {
  /// The program (by its path, or looked for in our PATH) and its arguments. No shell reads them.
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< all of it: nothing is inherited
  std::string folder = "/";                                           ///< where it runs
  std::string input = {};                                             ///< what it reads from its stdin
  std::size_t line_bytes_max = 4 << 20;
  /// Each line of its stderr, cut at 16 KiB; called on the process's executor.
  std::function<void(std::string_view line)> complaint = {};
};

/// A program that runs beside us and prints lines. It leads a process group of its own, so that its end is
/// that of its children too; its stdin holds `input` and ends. What it prints waits in the pipe until it is
/// asked for, and stderr is read all the while. Everything happens on the executor given; one call at a time,
/// save `stop`.
class Process {
 public:
  struct Line {
    std::string text;       ///< without its line break; empty when `too_long`
    bool too_long = false;  ///< longer than `line_bytes_max`: it was passed over
    bool cut_off = false;   ///< the output ended within it
  };

  /// `invalid` when there is no such program, `forbidden` when it may not be run, else `busy`.
  static Result<std::unique_ptr<Process>> start(Executor home, ProcessSpec spec);
  /// Kills the group (KILL) when it is still there, and waits for that.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line; nothing when the output has ended. `timed_out` when none is complete in time: nothing is
  /// lost, and it may be asked for again. `cancelled` after `stop`.
  Awaitable<Result<std::optional<Line>>> read_line(std::chrono::milliseconds timeout);
  /// A whole line is here already.
  bool has_line() const;
  /// Waits for the program's end: its code, or 128 and the number of the signal that ended it. `timed_out`,
  /// `cancelled`.
  Awaitable<Result<int>> wait(std::chrono::milliseconds timeout);
  /// TERM to the group, KILL when it has not ended within `grace`.
  Awaitable<void> end(std::chrono::milliseconds grace);
  /// Ends what is being waited for, and asks the group to end (TERM).
  void stop();

 private:
  struct State;
  explicit Process(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  ///< outlives us in handlers that the executor has not dropped yet
};

}  // namespace earshot::async
