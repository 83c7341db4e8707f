#include "connectors/exec/run.hpp"

#include <string.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>

#include "connectors/declarative/exchange.hpp"
#include "connectors/normalise.hpp"
#include "net/credentials.hpp"
#include "net/secret_source.hpp"

namespace earshot::connectors::exec {
namespace {

constexpr std::size_t line_bytes_max = 4 << 20;
constexpr std::size_t page_bytes_max = 16 << 20;
constexpr std::chrono::milliseconds grace = std::chrono::seconds(3);
/// Records that wait for their STATE are stored after this time all the same.
constexpr std::chrono::milliseconds patience = std::chrono::seconds(5);

std::string our(const char* variable, const char* fallback) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : fallback;
}

}  // namespace

async::Awaitable<Result<std::unique_ptr<Run>>> Run::begin(const ExecSettings& settings, Context& context,
                                                          Place place) {
  auto home = co_await boost::asio::this_coro::executor;
  std::vector<Secret> secrets;
  for (const auto& name : settings.grant) {
    if (context.secrets == nullptr)
      co_return unexpected(ErrorKind::internal, "there is no store of credentials");
    auto secret = co_await context.secrets->secret(name);
    if (!secret) co_return unexpected(secret.error());
    secrets.push_back(std::move(*secret));
  }
  std::unique_ptr<Run> run(new Run(settings, std::move(place)));
  if (auto status = run->launch(std::move(home), secrets); !status) co_return unexpected(status.error());
  co_return std::move(run);
}

Result<std::vector<std::string>> Run::arguments(const declarative::Variables& granted) const {
  auto out = settings_.command;
  const auto add = [&](const char* option, const std::string& path) {
    out.emplace_back(option);
    out.push_back(path);
  };
  if (settings_.config) {
    auto bytes = declarative::fill_body(*settings_.config, granted);
    auto file = folder_->write("config.json", bytes);
    explicit_bzero(bytes.data(), bytes.size());
    if (!file) return unexpected(file.error());
    add("--config", *file);
  }
  if (!settings_.catalog.empty()) add("--catalog", settings_.catalog);
  if (!place_.state.empty()) {
    auto file = folder_->write("state.json", place_.state);
    if (!file) return unexpected(file.error());
    add("--state", *file);
  }
  return out;
}

Status Run::launch(async::Executor home, const std::vector<Secret>& secrets) {
  auto folder = RunFolder::make();
  if (!folder) return unexpected(folder.error());
  folder_ = std::move(*folder);
  async::ProcessSpec wanted;
  wanted.environment = {{"PATH", our("PATH", "/usr/local/bin:/usr/bin:/bin")},
                        {"LANG", our("LANG", "C.UTF-8")},
                        {"HOME", folder_->path()},
                        {"TMPDIR", folder_->path()}};
  declarative::Variables granted;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const auto& text = secrets[i].reveal();
    texts.push_back(text);
    granted[settings_.grant[i]] = text;
    wanted.environment.emplace_back(net::credential_variable(settings_.grant[i]), text);
  }
  auto command = arguments(granted);
  complaints_ = std::make_unique<Complaints>(settings_.source, texts);
  for (auto& text : texts) explicit_bzero(text.data(), text.size());
  for (auto& [name, text] : granted) explicit_bzero(text.data(), text.size());
  if (!command) return unexpected(command.error());
  wanted.command = std::move(*command);
  wanted.folder = folder_->path();
  wanted.line_bytes_max = line_bytes_max;
  wanted.complaint = [complaints = complaints_.get()](std::string_view line) { complaints->take(line); };
  auto process = async::Process::start(std::move(home), std::move(wanted));
  if (!process) return unexpected(process.error());
  process_ = std::move(*process);
  output_ = std::make_unique<Output>(settings_.map, settings_.platform);
  return Done{};
}

async::Awaitable<Result<Page>> Run::next(Timestamp now) {
  if (failure_) co_return unexpected(*failure_);
  Page page;
  const auto before = place_;
  std::size_t bytes = 0;
  for (std::size_t lines = 0; lines < settings_.page_records && bytes < page_bytes_max;) {
    const bool anything = place_ != before;
    auto line =
        co_await process_->read_line(anything ? std::min(settings_.timeout, patience) : settings_.timeout);
    if (!line && line.error().kind == ErrorKind::timed_out && anything) break;
    if (!line && line.error().kind == ErrorKind::timed_out) {
      co_await end();
      co_return unexpected(ErrorKind::timed_out, "the program printed nothing for " +
                                                     std::to_string(settings_.timeout.count() / 1000) +
                                                     " s and was ended" + complaints_->last());
    }
    if (!line) co_return unexpected(line.error());
    if (!*line) {
      auto last = co_await finish(std::move(page), anything);
      co_return last;
    }
    ++lines;
    if ((*line)->too_long) {
      output_->bad_line("it is longer than " + std::to_string(line_bytes_max) + " bytes", place_, page);
      continue;
    }
    bytes += (*line)->text.size();
    auto kind = output_->take((*line)->text, now, place_, page);
    if (!kind) {
      co_await end();
      co_return unexpected(kind.error());
    }
    if (*kind != Output::Kind::state) continue;
    advanced_ = true;
    // Many programs print a STATE after every few records: those that are here already share a page.
    if (!process_->has_line()) break;
  }
  collapse_echoes(page.mentions);
  page.cursor = place_.write();
  page.more = true;
  co_return page;
}

async::Awaitable<Result<Page>> Run::finish(Page page, bool anything) {
  auto code = co_await process_->wait(settings_.timeout);
  if (!code && code.error().kind == ErrorKind::cancelled) co_return unexpected(code.error());
  if (!code)
    failure_ = code.error();
  else if (*code > 128)
    failure_ = Error{.kind = ErrorKind::unreachable,
                     .message = "the program was ended by signal " + std::to_string(*code - 128)};
  else if (*code != 0)
    failure_ = Error{.kind = ErrorKind::unreachable,
                     .message = "the program ended with code " + std::to_string(*code)};
  if (failure_) failure_->message += complaints_->last();
  if (failure_ && !anything) co_return unexpected(*failure_);
  if (!failure_) place_.unsaved = 0;
  collapse_echoes(page.mentions);
  page.cursor = place_.write();
  page.more = failure_.has_value();
  co_return page;
}

async::Awaitable<void> Run::end() { co_await process_->end(grace); }

void Run::stop() { process_->stop(); }

}  // namespace earshot::connectors::exec
