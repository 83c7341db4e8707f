#include "core/async/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

namespace earshot::async {
namespace asio = boost::asio;
namespace {

constexpr std::size_t complaint_bytes_max = 16 << 10;

struct Pipe {
  ~Pipe() {
    for (const int fd : ends)
      if (fd >= 0) ::close(fd);
  }
  int take(std::size_t end) { return std::exchange(ends[end], -1); }
  std::array<int, 2> ends = {-1, -1};
};

/// posix_spawn's two parameters, released whatever happens.
struct SpawnPlan {
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void prepare(const std::string& folder, int in, int out, int err) {
    if (in < 0)
      ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    else
      ::posix_spawn_file_actions_adddup2(&actions, in, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out, 1);
    ::posix_spawn_file_actions_adddup2(&actions, err, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    sigset_t none, ours;
    ::sigemptyset(&none);
    ::sigemptyset(&ours);
    for (const int number : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2})
      ::sigaddset(&ours, number);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &ours);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// A nameless file in memory, at its beginning: unlike a pipe it takes any input at once, and a program that
/// does not read it hurts nobody. −1: errno says why.
int input_file(std::string_view bytes) {
  const int fd = ::memfd_create("input", MFD_CLOEXEC);
  while (fd >= 0 && !bytes.empty()) {
    const auto put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      ::close(fd);
      return -1;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (fd >= 0) ::lseek(fd, 0, SEEK_SET);
  return fd;
}

Unexpected refusal(const std::string& program, int code) {
  const auto kind = code == ENOENT   ? ErrorKind::invalid
                    : code == EACCES ? ErrorKind::forbidden
                                     : ErrorKind::busy;
  return unexpected(kind, "cannot run " + program + ": " + std::strerror(code));
}

}  // namespace

struct Process::State {
  State(const Executor& home, ProcessSpec given)
      : spec(std::move(given)), out(home), err(home), deadline(home), pause(home) {}
  ~State() { kill_and_reap(); }

  void signal_group(int number) {
    if (pid > 0 && !code) ::kill(-pid, number);
  }

  /// Whether the program has ended. Its children that go on are killed before it is reaped: until then the
  /// number of the group cannot become another's.
  bool has_ended() {
    if (pid <= 0 || code) return true;
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0)
      return false;
    kill_and_reap();
    return true;
  }

  void kill_and_reap() {
    if (pid <= 0 || code) return;
    ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  std::optional<Line> take_line() {
    for (;;) {
      const auto at = pending.find('\n', scanned);
      if (at == std::string::npos) {
        scanned = pending.size();
        if (scanned - begin > spec.line_bytes_max) drop_pending();
        return std::nullopt;
      }
      Line line;
      line.too_long = std::exchange(overflowed, false) || at - begin > spec.line_bytes_max;
      if (!line.too_long) line.text = pending.substr(begin, at - begin);
      begin = scanned = at + 1;
      if (begin == pending.size() || begin > (1U << 20)) {
        pending.erase(0, begin);
        begin = scanned = 0;
      }
      return line;
    }
  }

  void drop_pending() {
    overflowed = true;
    pending.clear();
    begin = scanned = 0;
  }

  void complain(std::string_view bytes) {
    for (const char c : bytes) {
      if (c == '\n') {
        if (spec.complaint && !complaint.empty()) spec.complaint(complaint);
        complaint.clear();
      } else if (complaint.size() < complaint_bytes_max) {
        complaint.push_back(c);
      }
    }
  }

  ProcessSpec spec;
  asio::posix::stream_descriptor out, err;
  asio::steady_timer deadline, pause;
  pid_t pid = 0;
  std::optional<int> code;
  std::array<char, 64 << 10> chunk;
  std::array<char, 4 << 10> err_chunk;
  std::string pending, complaint;
  std::size_t begin = 0, scanned = 0;  ///< in `pending`
  std::uint64_t reads = 0;             ///< tells the deadline of this read from that of an earlier one
  bool overflowed = false, late = false, stopped = false, out_ended = false, err_ended = false;
};

namespace {

/// Reads stderr for as long as there is any: a program whose complaints nobody reads would stand still.
template <typename State>
void listen(std::shared_ptr<State> state) {
  auto* raw = state.get();
  raw->err.async_read_some(asio::buffer(raw->err_chunk),
                           [state = std::move(state)](boost::system::error_code failure, std::size_t size) {
                             if (failure) {
                               state->complain("\n");
                               state->err_ended = true;
                               return;
                             }
                             state->complain(std::string_view(state->err_chunk.data(), size));
                             listen(state);
                           });
}

}  // namespace

Process::Process(std::shared_ptr<State> state) : state_(std::move(state)) {}

Process::~Process() {
  state_->spec.complaint = {};
  state_->kill_and_reap();
  boost::system::error_code ignored;
  state_->out.close(ignored);
  state_->err.close(ignored);
  state_->deadline.cancel();
  state_->pause.cancel();
}

Result<std::unique_ptr<Process>> Process::start(Executor home, ProcessSpec spec) {
  auto state = std::make_shared<State>(home, std::move(spec));
  auto& given = state->spec;
  if (given.command.empty()) return unexpected(ErrorKind::invalid, "there is no program to run");
  Pipe out, err;
  if (::pipe2(out.ends.data(), O_CLOEXEC) != 0 || ::pipe2(err.ends.data(), O_CLOEXEC) != 0)
    return unexpected(ErrorKind::busy, std::string("cannot make a pipe: ") + std::strerror(errno));
  Pipe in;
  if (!given.input.empty()) {
    in.ends[0] = input_file(given.input);
    if (in.ends[0] < 0)
      return unexpected(ErrorKind::busy, std::string("cannot hold its input: ") + std::strerror(errno));
  }
  SpawnPlan plan;
  plan.prepare(given.folder, in.ends[0], out.ends[1], err.ends[1]);
  auto arguments = given.command;
  std::vector<std::string> environment;
  for (const auto& [name, value] : given.environment) environment.push_back(name + "=" + value);
  const int code = ::posix_spawnp(&state->pid, given.command[0].c_str(), &plan.actions, &plan.attributes,
                                  pointers(arguments).data(), pointers(environment).data());
  for (auto& pair : environment) explicit_bzero(pair.data(), pair.size());
  for (auto& [name, value] : given.environment) explicit_bzero(value.data(), value.size());
  given.environment.clear();
  if (code != 0) {
    state->pid = 0;
    return refusal(given.command[0], code);
  }
  state->out.assign(out.take(0));
  state->err.assign(err.take(0));
  listen(state);
  return std::unique_ptr<Process>(new Process(std::move(state)));
}

bool Process::has_line() const { return state_->pending.find('\n', state_->scanned) != std::string::npos; }

Awaitable<Result<std::optional<Process::Line>>> Process::read_line(std::chrono::milliseconds timeout) {
  const auto state = state_;
  state->deadline.expires_after(timeout);
  const auto number = ++state->reads;
  state->late = false;
  state->deadline.async_wait([state, number](boost::system::error_code failure) {
    if (failure || state->reads != number) return;
    state->late = true;
    boost::system::error_code ignored;
    state->out.cancel(ignored);
  });
  Result<std::optional<Line>> outcome;
  for (;;) {
    if (state->stopped) {
      outcome = unexpected(ErrorKind::cancelled, "stopped");
      break;
    }
    if (auto line = state->take_line()) {
      outcome = std::optional<Line>(std::move(*line));
      break;
    }
    if (state->out_ended) {
      std::optional<Line> last;
      if (state->pending.size() > state->begin || state->overflowed)
        last =
            Line{.text = state->pending.substr(state->begin), .too_long = state->overflowed, .cut_off = true};
      state->drop_pending();
      state->overflowed = false;
      outcome = std::move(last);
      break;
    }
    if (state->late) {
      outcome = unexpected(ErrorKind::timed_out, "no line for " + std::to_string(timeout.count()) + " ms");
      break;
    }
    boost::system::error_code failure;
    const auto size = co_await state->out.async_read_some(asio::buffer(state->chunk),
                                                          asio::redirect_error(asio::use_awaitable, failure));
    if (!failure)
      state->pending.append(state->chunk.data(), size);
    else if (failure != asio::error::operation_aborted)
      state->out_ended = true;
  }
  ++state->reads;
  state->deadline.cancel();
  co_return outcome;
}

Awaitable<Result<int>> Process::wait(std::chrono::milliseconds timeout) {
  const auto state = state_;
  const auto until = std::chrono::steady_clock::now() + timeout;
  boost::system::error_code ignored;
  // A program that has closed its output is about to end: looked for often at first, then seldom.
  for (std::chrono::milliseconds step{1}; !state->has_ended();
       step = std::min(step * 2, std::chrono::milliseconds(100))) {
    if (state->stopped) co_return unexpected(ErrorKind::cancelled, "stopped");
    if (std::chrono::steady_clock::now() >= until)
      co_return unexpected(ErrorKind::timed_out, "its output has ended, but the program has not");
    state->pause.expires_after(step);
    co_await state->pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  // Its last words may still be in the pipe.
  for (int tries = 0; tries < 100 && !state->err_ended && !state->stopped; ++tries) {
    state->pause.expires_after(std::chrono::milliseconds(2));
    co_await state->pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return *state->code;
}

Awaitable<void> Process::end(std::chrono::milliseconds grace) {
  const auto state = state_;
  const auto until = std::chrono::steady_clock::now() + grace;
  boost::system::error_code ignored;
  state->signal_group(SIGTERM);
  while (!state->has_ended() && std::chrono::steady_clock::now() < until) {
    state->pause.expires_after(std::chrono::milliseconds(10));
    co_await state->pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  state->kill_and_reap();
}

void Process::stop() {
  state_->stopped = true;
  state_->signal_group(SIGTERM);
  boost::system::error_code ignored;
  state_->out.cancel(ignored);
  state_->pause.cancel();
}

}  // namespace earshot::async
