// A program of one's own: it gets the item as JSON on its stdin and says by its exit code whether it has it.
#include <sysexits.h>

#include <algorithm>
#include <cstdlib>

#include "core/async/process.hpp"
#include "delivery/escape.hpp"
#include "delivery/sink.hpp"
#include "net/credentials.hpp"

namespace earshot::delivery::exec {
namespace {

constexpr std::chrono::milliseconds grace = std::chrono::seconds(3);

struct Settings {
  std::vector<std::string> command;
  std::vector<std::string> grant;  ///< credentials it gets, in variables of their names
  std::chrono::milliseconds timeout = std::chrono::minutes(1);
};

std::string our(const char* variable, const char* fallback) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : fallback;
}

/// What its end means, and with what its last words explain it.
Result<Receipt> judge(int code, const std::string& first_line, const std::string& complaint) {
  if (code == 0) return Receipt{.external_id = one_line(first_line, 200)};
  const auto kind = code == EX_TEMPFAIL ? ErrorKind::unreachable : ErrorKind::bad_request;
  auto message = "the program ended with " + std::to_string(code);
  if (!complaint.empty()) message += ", and says: " + one_line(complaint, 200);
  return unexpected(kind, std::move(message));
}

class Exec final : public Sink {
 public:
  Exec(Settings settings, SinkServices services) : settings_(std::move(settings)), services_(services) {}

  async::Awaitable<Result<Receipt>> deliver(Item item) override {
    auto complaint = std::make_shared<std::string>();
    async::ProcessSpec spec;
    spec.command = settings_.command;
    spec.input = to_json(item) + "\n";
    spec.environment = {{"PATH", our("PATH", "/usr/local/bin:/usr/bin:/bin")},
                        {"LANG", our("LANG", "C.UTF-8")},
                        {"HOME", our("HOME", "/")},
                        {"EARSHOT_ID", item.id},
                        {"EARSHOT_KIND", item.kind},
                        {"EARSHOT_THREAD_EXTERNAL_ID", item.thread_external_id}};
    for (const auto& name : settings_.grant) {
      auto secret = co_await services_.secrets.secret(name);
      if (!secret) co_return unexpected(secret.error());
      spec.environment.emplace_back(net::credential_variable(name), secret->reveal());
    }
    spec.complaint = [complaint](std::string_view line) { *complaint = line; };
    auto process = async::Process::start(services_.home, std::move(spec));
    if (!process) co_return unexpected(process.error());
    running_ = process->get();
    auto outcome = co_await watch(**process, complaint);
    running_ = nullptr;
    co_return outcome;
  }

  void stop() override {
    if (running_ != nullptr) running_->stop();
  }

 private:
  async::Awaitable<Result<Receipt>> watch(async::Process& process, std::shared_ptr<std::string> complaint) {
    const auto end = services_.clock.steady_now() + settings_.timeout;
    const auto left = [&] {
      const auto rest =
          std::chrono::duration_cast<std::chrono::milliseconds>(end - services_.clock.steady_now());
      return std::max(rest, std::chrono::milliseconds(0));
    };
    std::string first_line;
    for (bool first = true;; first = false) {
      auto line = co_await process.read_line(left());
      if (!line) {
        co_await process.end(grace);
        auto failure = line.error();
        if (failure.kind == ErrorKind::timed_out) failure.message = "the program took too long";
        co_return unexpected(std::move(failure));
      }
      if (!*line) break;
      if (first) first_line = (*line)->text;
    }
    auto code = co_await process.wait(left());
    if (!code) {
      co_await process.end(grace);
      co_return unexpected(code.error());
    }
    co_return judge(*code, first_line, *complaint);
  }

  Settings settings_;
  SinkServices services_;
  async::Process* running_ = nullptr;
};

SinkPlan read(TomlReader& reader) {
  SinkPlan plan;
  Settings settings;
  settings.command = reader.list("command");
  if (settings.command.empty() || settings.command.front().empty())
    reader.mistake("command",
                   "must be a program and its arguments: [\"/usr/local/bin/page-me\", \"--team\", \"care\"]");
  settings.grant = reader.list("grant");
  for (const auto& name : settings.grant) {
    if (!net::is_credential_name(name))
      reader.mistake("grant", "must name credentials, not hold the secrets themselves");
    else
      plan.credentials.push_back(name);
  }
  settings.timeout = reader.duration("timeout", settings.timeout, std::chrono::seconds(1));
  plan.make = [settings](const SinkServices& services) { return std::make_unique<Exec>(settings, services); };
  return plan;
}

}  // namespace

extern const SinkSpec spec;
const SinkSpec spec{.name = "exec", .summary = "a program of your own", .read = read};

}  // namespace earshot::delivery::exec
