// Any program that prints what it found: taps of the Singer protocol, and scripts that print mentions.
#include <algorithm>
#include <filesystem>

#include "connectors/declarative/value_reader.hpp"
#include "connectors/exec/run.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/text.hpp"
#include "net/credentials.hpp"

namespace earshot::connectors::exec {
namespace {

const std::string stream_name = "output";

bool holds_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

class SettingsCheck {
 public:
  explicit SettingsCheck(const ConnectorInput& input)
      : input_(input), reader_(input.settings), mistakes_(file_of(input.settings)) {}

  Result<ExecSettings> run() {
    ExecSettings out;
    out.source = input_.source;
    out.platform = reader_.text("platform", input_.source);
    read_command(out);
    read_grant(out);
    if (const auto* config = reader_.table("config")) read_config(*config, out);
    if (const auto catalog = reader_.text("catalog", ""); !catalog.empty())
      out.catalog = path_beside(*input_.settings.find("catalog"), catalog);
    out.timeout = reader_.duration("timeout", std::chrono::minutes(10), std::chrono::milliseconds(1));
    out.page_records = static_cast<std::size_t>(reader_.integer("page_records", 500, 1, 10'000));
    out.map = RecordMap::read(out.platform, reader_.tables("map"), mistakes_);
    auto all = reader_.finish();
    const auto more = mistakes_.text();
    if (!more.empty())
      for (const auto line : split(more, '\n')) all.emplace_back(line);
    if (auto error = mistakes_in(input_, std::move(all))) return unexpected(std::move(*error));
    return out;
  }

 private:
  void read_command(ExecSettings& out) {
    out.command = reader_.list("command");
    const auto* setting = input_.settings.find("command");
    if (setting == nullptr) {
      reader_.mistake("command", "is missing: the program and its arguments, as a list");
      return;
    }
    if (out.command.empty()) return reader_.mistake("command", "must not be empty");
    if (std::ranges::any_of(out.command, holds_nul)) reader_.mistake("command", "must not hold NUL");
    // It runs in a folder of its own, so a path must not depend on ours.
    auto& program = out.command.front();
    if (program.find('/') != std::string::npos && !std::filesystem::path(program).is_absolute())
      program = std::filesystem::absolute(path_beside(*setting, program)).lexically_normal().string();
  }

  void read_grant(ExecSettings& out) {
    out.grant = reader_.list("grant");
    for (const auto& name : out.grant)
      if (!net::is_credential_name(name))
        reader_.mistake("grant",
                        "must name credentials (letters, digits, '-', '_', '.'), never hold a secret");
  }

  void read_config(const TomlNode& config, ExecSettings& out) {
    const declarative::Names names{.origins = {}, .variables = out.grant};
    declarative::ValueReader(names, "config", mistakes_).body(config);
    out.config = config;
  }

  const ConnectorInput& input_;
  SettingsReader reader_;
  TomlMistakes mistakes_;
};

Result<Page> read_output(const RecordMap& map, const std::string& platform, std::string_view body,
                         Timestamp now) {
  Output output(map, platform);
  Place place;
  Page page;
  for (const auto line : split(body, '\n'))
    if (const auto kind = output.take(line, now, place, page); !kind) return unexpected(kind.error());
  if (output.lines() > 0 && page.bad_items.size() == output.lines())
    return unexpected(ErrorKind::malformed, page.bad_items.front().reason);
  collapse_echoes(page.mentions);
  page.cursor = place.write();
  return page;
}

class Exec final : public Connector {
 public:
  explicit Exec(ExecSettings settings) : settings_(std::move(settings)) {}

  std::vector<Stream> streams() const override { return {{stream_name}}; }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream&,
                                       std::optional<Cursor> cursor) override {
    auto place = cursor ? Place::read(*cursor) : Result<Place>(Place{});
    if (!place) co_return unexpected(place.error());
    if (stopped_) co_return unexpected(ErrorKind::cancelled, "stopped");
    // The page before was lost on its way into the store: what stands in the pipe comes too early.
    if (run_ && run_->place() != *place) {
      co_await close();
    }
    if (!run_) {
      auto begun = co_await Run::begin(settings_, context, std::move(*place));
      if (!begun) co_return unexpected(begun.error());
      run_ = std::move(*begun);
    }
    auto page = co_await run_->next(context.clock.now());
    if (page && page->more) co_return page;
    auto outcome = judge(std::move(page));
    co_await close();
    co_return outcome;
  }

  std::optional<Reading> read_recorded(std::string_view, std::string_view body,
                                       Timestamp now) const override {
    return Reading{.page = read_output(settings_.map, settings_.platform, body, now)};
  }

  void stop() override {
    stopped_ = true;
    if (run_) run_->stop();
  }

 private:
  /// A program that fails again and again without getting anywhere is started ever more seldom, whatever it
  /// printed before it failed.
  Result<Page> judge(Result<Page> page) {
    if (page || run_->advanced()) {
      fruitless_ = 0;
      return page;
    }
    if (page.error().kind == ErrorKind::cancelled) return page;
    auto error = page.error();
    error.retry_after = std::chrono::seconds(1 << std::min(fruitless_++, 9));
    return unexpected(std::move(error));
  }

  async::Awaitable<void> close() {
    auto run = std::move(run_);
    co_await run->end();
  }

  ExecSettings settings_;
  std::unique_ptr<Run> run_;
  int fruitless_ = 0;
  bool stopped_ = false;
};

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  auto settings = SettingsCheck(input).run();
  if (!settings) return unexpected(settings.error());
  return std::unique_ptr<Connector>(std::make_unique<Exec>(std::move(*settings)));
}

Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  return read_output({}, "exec", body, now);
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "exec",
    .summary = "any program that prints mentions: Singer taps and scripts of your own",
    .access = "as the program's platform says",
    .make = make,
    .parse = parse,
};

}  // namespace earshot::connectors::exec
