// The process and its unit: what they may do, and what they would leave behind.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <fstream>
#include <sstream>

#include "core/async/process.hpp"
#include "core/base/text.hpp"
#include "daemon/doctor/checks.hpp"

namespace earshot::daemon::doctor {
namespace {

namespace asio = boost::asio;
constexpr const char* service_group = "service";
/// The unit that is shipped has 1.1 (docs/security.md).
constexpr double exposure_warn = 2.0;
/// Six connections to a host, a hundred of the API's, and the files.
constexpr long files_least = 1024;

std::string read_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// What follows a line's label, its first word.
std::string_view first_word_after(const std::string& text, std::string_view label) {
  for (const auto line : split(text, '\n')) {
    if (!line.starts_with(label)) continue;
    const auto rest = trim(line.substr(label.size()));
    return rest.substr(0, rest.find_first_of(" \t"));
  }
  return {};
}

async::Awaitable<void> read_exposure(async::Process& program, Result<double>& out) {
  static constexpr std::string_view label = "Overall exposure level";
  const auto wait = std::chrono::milliseconds(20'000);
  for (;;) {
    auto line = co_await program.read_line(wait);
    if (!line) {
      out = unexpected(line.error());
      co_return;
    }
    if (!*line) co_return;
    const std::string_view text((*line)->text);
    const auto at = text.find(label);
    if (at == std::string_view::npos) continue;
    // "… level for earshotd.service: 1.1 OK :-)"
    const auto number = trim(text.substr(text.find(": ", at) + 1));
    double value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{}) out = value;
  }
}

}  // namespace

ProcessSight look_at_process(int pid) {
  const auto folder = "/proc/" + std::to_string(pid);
  return {.pid = pid, .status = read_text(folder + "/status"), .limits = read_text(folder + "/limits")};
}

Findings check_process(const ProcessSight& sight) {
  const auto pid = "pid " + std::to_string(sight.pid);
  if (sight.status.empty() || sight.limits.empty())
    return {{.level = Level::note,
             .group = service_group,
             .what = pid + " cannot be looked at",
             .why = "it belongs to somebody else",
             .advice = "run doctor as root or as the daemon's user"}};
  Findings out;
  if (first_word_after(sight.status, "Uid:") == "0")
    out.push_back({.level = Level::warn,
                   .group = service_group,
                   .what = pid + " runs as root",
                   .why = "what a hostile server could do to it, it could do to the machine",
                   .advice = "run it by the unit: systemctl enable --now earshotd"});
  if (first_word_after(sight.limits, "Max core file size") != "0")
    out.push_back({.level = Level::bad,
                   .group = service_group,
                   .what = pid + " may leave core dumps",
                   .why = "they would hold every secret in memory",
                   .advice = "LimitCORE=0 in the unit"});
  const auto files = first_word_after(sight.limits, "Max open files");
  long most = 0;
  const auto read = std::from_chars(files.data(), files.data() + files.size(), most);
  if (files != "unlimited" && (read.ec != std::errc{} || most < files_least))
    out.push_back({.level = Level::warn,
                   .group = service_group,
                   .what = pid + " may open " + std::string(files) + " files",
                   .why = "connections are refused when there are no more",
                   .advice = "LimitNOFILE=65536 in the unit"});
  if (out.empty())
    out.push_back({.level = Level::ok,
                   .group = service_group,
                   .what = pid + ": not root, no core dumps, " + std::string(files) + " files"});
  return out;
}

Result<double> exposure_of(const std::string& unit_file) {
  asio::io_context io(1);
  auto program = async::Process::start(
      io.get_executor(),
      {.command = {"systemd-analyze", "security", "--offline=yes", "--no-pager", unit_file},
       .environment = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}}});
  if (!program) return unexpected(program.error());
  Result<double> out = unexpected(ErrorKind::malformed, "systemd-analyze gave no level");
  asio::co_spawn(io, read_exposure(**program, out), asio::detached);
  io.run();
  return out;
}

Findings check_unit(const std::string& unit_file, const Result<double>& exposure) {
  if (unit_file.empty())
    return {{.level = Level::note,
             .group = service_group,
             .what = "no unit earshotd.service is installed",
             .why = "nothing restarts the daemon, and nothing shuts it in",
             .advice = "install the package, or systemd/earshotd.service by hand"}};
  if (!exposure)
    return {{.level = Level::note,
             .group = service_group,
             .what = unit_file + " could not be judged",
             .why = exposure.error().message,
             .advice = "systemd-analyze security earshotd"}};
  auto level = std::to_string(*exposure);
  level.resize(level.find('.') + 2);
  const bool open = *exposure > exposure_warn;
  return {{.level = open ? Level::warn : Level::ok,
           .group = service_group,
           .what = unit_file + ": exposure " + level + " of 10",
           .why = open ? "the unit that is shipped has 1.1" : "",
           .advice = open ? "systemctl cat earshotd shows what a drop-in took away" : ""}};
}

}  // namespace earshot::daemon::doctor
