// tail: mentions as they come in, with the words that made them what they are.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <thread>

#include "core/base/text.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/evidence.hpp"
#include "daemon/cli/line.hpp"
#include "daemon/cli/mention_filter.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/explain.hpp"

namespace earshot::cli {
namespace {

constexpr std::chrono::milliseconds pace{1000};
/// How many of the newest are looked through when something came in: what is older when it arrives, as
/// from a walk into the past, is not news.
constexpr std::size_t newest_looked_at = 500;
constexpr std::size_t busy_in_a_row_max = 30;

class Tail {
 public:
  Tail(store::Reader& reader, std::vector<store::NamedBrand> brands,
       std::shared_ptr<const daemon::Pipeline> pipeline, bool json)
      : reader_(reader), brands_(std::move(brands)), pipeline_(std::move(pipeline)), json_(json) {}

  /// The newest `limit` of them, oldest first; the rest of those looked at counts as seen.
  Status begin(store::MentionFilter filter, std::size_t limit) {
    counted_ = received();
    filter.limit = newest_looked_at;
    auto rows = reader_.mentions(filter);
    if (!rows) return unexpected(rows.error());
    for (std::size_t at = rows->size(); at-- > 0;) {
      seen_.insert(key_of((*rows)[at]));
      if (at < limit) print((*rows)[at]);
    }
    return Done{};
  }

  Status look(store::MentionFilter filter) {
    // The sources' counters say for nothing whether there can be news.
    const auto now = received();
    if (now && now == counted_) return Done{};
    filter.limit = newest_looked_at;
    auto rows = reader_.mentions(filter);
    if (!rows) return unexpected(rows.error());
    counted_ = now;
    std::set<Key> still;
    for (std::size_t at = rows->size(); at-- > 0;) {
      const auto& row = (*rows)[at];
      still.insert(key_of(row));
      if (seen_.contains(key_of(row))) continue;
      // Full again, the list reaches back only so far; what fell off it was seen.
      if (!seen_.empty() && key_of(row) < *seen_.begin() && rows->size() == newest_looked_at) continue;
      print(row);
    }
    if (!still.empty()) seen_ = std::move(still);
    return Done{};
  }

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;
  static Key key_of(const store::MentionRow& row) { return {row.id.value, row.verdict.brand.value}; }

  /// What all sources brought so far; nothing when it cannot be read just now.
  std::optional<std::int64_t> received() {
    auto sources = reader_.sources();
    if (!sources) return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& source : *sources) sum += source.stored + source.updated;
    return sum;
  }

  void print(const store::MentionRow& row) {
    if (row.deleted) return;
    const auto brand = brand_name(brands_, row.verdict.brand);
    if (json_) {
      JsonWriter out;
      write_json(out, row, brand);
      std::printf("%s\n", out.str().c_str());
      std::fflush(stdout);
      return;
    }
    std::vector<Evidence> evidence;
    if (pipeline_)
      for (auto& verdict : daemon::explain(*pipeline_, {row}))
        if (verdict.brand == row.verdict.brand) evidence = std::move(verdict.verdict.evidence);
    const int width = std::max(20, terminal_width());
    Line head(show_time(row.created_at), Colour::bold);
    head.add("  ").add(polarity_text(row.verdict.polarity, row.verdict.score),
                       colour_of(row.verdict.polarity));
    head.add("  " + brand + "  " + row.source);
    if (!row.author_handle.empty()) head.add("  @" + row.author_handle);
    const auto issues = issue_list(row.verdict.issues);
    if (!issues.empty()) head.add("  ").add(issues, Colour::blue);
    head.add("  " + std::to_string(row.id.value), Colour::dim);
    for (const auto& line : wrap(head, width)) std::printf("%s\n", line.painted(width).c_str());
    Line words;
    if (!row.title.empty()) words.add(squeeze_space(printable(row.title)), Colour::bold).add("  ");
    const auto text = highlighted(row.text, evidence);
    for (const auto& piece : text.pieces()) words.add(piece.text, piece.colour);
    for (const auto& line : wrap(words, width, 2)) std::printf("%s\n", line.painted(width).c_str());
    std::fflush(stdout);
  }

  store::Reader& reader_;
  std::vector<store::NamedBrand> brands_;
  std::shared_ptr<const daemon::Pipeline> pipeline_;
  bool json_;
  std::set<Key> seen_;
  std::optional<std::int64_t> counted_;
};

}  // namespace

int tail(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto filter = mention_filter(**reader, options);
  if (!filter) return fail(filter.error().message, 2);
  auto brands = (*reader)->brands();
  if (!brands) return fail(brands.error().message);
  std::shared_ptr<const daemon::Pipeline> pipeline;
  if (!options.json) {
    auto made = explaining_pipeline(options, *brands);
    if (!made) return fail(made.error().message);
    pipeline = std::move(*made);
  }
  Tail tail(**reader, std::move(*brands), std::move(pipeline), options.json);
  if (auto status = tail.begin(*filter, options.limit); !status)
    return fail(status.error().message, status.error().kind == ErrorKind::invalid ? 2 : 1);
  if (options.once) return std::fflush(stdout) == 0 ? 0 : 1;
  std::size_t busy = 0;
  while (std::ferror(stdout) == 0) {
    std::this_thread::sleep_for(pace);
    const auto status = tail.look(*filter);
    // A writer that has much to do may keep a reader waiting; one that never lets it in does not.
    const bool waits = !status && status.error().kind == ErrorKind::busy && ++busy < busy_in_a_row_max;
    if (!status && !waits) return fail(status.error().message);
    if (status) busy = 0;
  }
  return fail("the mentions could not be written");
}

CommandSpec tail_command() {
  return {.name = "tail",
          .group = CommandGroup::look,
          .purpose = "Mentions as they come in, with the words that speak for their polarity",
          .examples =
              "  earshot tail --brand Acme\n"
              "  earshot tail --polarity negative --source mastodon --limit 0\n"
              "  earshot tail --json --search refund | jq .text",
          .run = tail,
          .options =
              mention_filter_options() + OptionList{{.names = "--limit",
                                                     .target = &Options::limit,
                                                     .help = "How many of those that are there to begin with",
                                                     .range = WholeRange{0, 500},
                                                     .shows_default = true},
                                                    {.names = "--once",
                                                     .target = &Options::once,
                                                     .help = "Print those that are there, and end"}}};
}

}  // namespace earshot::cli
