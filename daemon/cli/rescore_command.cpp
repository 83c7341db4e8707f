// rescore: the whole store by today's lexicon, and what that changes.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <memory>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/model/identity.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/prepare.hpp"
#include "daemon/rescoring.hpp"

namespace earshot::cli {
namespace {

/// Mentions in one transaction at least: their hours are finished whole.
constexpr std::size_t mentions_min = 10'000;
constexpr const char* polarity_names[] = {"negative", "neutral", "positive", "unscored"};

struct Group {
  std::vector<store::StoredMention> mentions;
  daemon::RescoredBrands changes;
};

/// Reads and scores ahead of the writer.
std::future<Result<Group>> score_next(store::Reader& reader, const daemon::Pipeline& pipeline,
                                      MentionId from) {
  return std::async(std::launch::async, [&reader, &pipeline, from]() -> Result<Group> {
    auto mentions = reader.whole_hours(from, mentions_min);
    if (!mentions) return unexpected(mentions.error());
    Group group{.mentions = std::move(*mentions), .changes = {}};
    group.changes = daemon::score_again(pipeline, group.mentions);
    return group;
  });
}

std::vector<std::pair<std::string, std::int64_t>> top_terms(const daemon::Rescored& brand) {
  std::vector<std::pair<std::string, std::int64_t>> terms(brand.terms.begin(), brand.terms.end());
  std::ranges::stable_sort(terms, std::greater(), [](const auto& term) { return term.second; });
  if (terms.size() > 10) terms.resize(10);
  return terms;
}

void print(const std::string& name, const daemon::Rescored& brand, bool dry_run) {
  const auto flips = brand.flips();
  std::printf(
      "%s: %lld mentions, %lld %s (%.1f %%), net sentiment %+.3f → %+.3f, top issue differs in %lld\n",
      printable(name).c_str(), static_cast<long long>(brand.mentions), static_cast<long long>(flips),
      dry_run ? "would change polarity" : "changed polarity",
      brand.mentions == 0 ? 0 : 100.0 * static_cast<double>(flips) / static_cast<double>(brand.mentions),
      daemon::net_sentiment(brand.before), daemon::net_sentiment(brand.after),
      static_cast<long long>(brand.issues));
  for (std::size_t from = 0; from < daemon::polarity_count; ++from)
    for (std::size_t to = 0; to < daemon::polarity_count; ++to)
      if (brand.moved[from][to] > 0)
        std::printf("  %s → %s: %lld\n", polarity_names[from], polarity_names[to],
                    static_cast<long long>(brand.moved[from][to]));
  std::string terms;
  for (const auto& [term, times] : top_terms(brand))
    terms += (terms.empty() ? "" : ", ") + printable(term) + " " + std::to_string(times);
  if (!terms.empty()) std::printf("  by what weighs most: %s\n", terms.c_str());
}

void write_json(JsonWriter& out, const std::string& name, const daemon::Rescored& brand) {
  out.begin_object().field("brand", name).field("mentions", brand.mentions).field("changed", brand.flips());
  out.key("net_sentiment").begin_object();
  out.key("before").rounded(daemon::net_sentiment(brand.before), 4);
  out.key("after").rounded(daemon::net_sentiment(brand.after), 4).end_object();
  out.field("top_issue_changed", brand.issues).key("moved").begin_array();
  for (std::size_t from = 0; from < daemon::polarity_count; ++from)
    for (std::size_t to = 0; to < daemon::polarity_count; ++to)
      if (brand.moved[from][to] > 0)
        out.begin_object()
            .field("before", polarity_names[from])
            .field("after", polarity_names[to])
            .field("mentions", brand.moved[from][to])
            .end_object();
  out.end_array().key("terms").begin_array();
  for (const auto& [term, times] : top_terms(brand))
    out.begin_object().field("term", term).field("mentions", times).end_object();
  out.end_array().end_object();
}

}  // namespace

int rescore(const Options& options) {
  auto config = daemon::load_config(options.config_path);
  if (!config) return fail(config.error().message);
  if (!options.database.empty()) config->database = options.database;
  std::unique_ptr<store::Store> store;
  if (!options.dry_run) {  // takes the writer's lock: two scorers would undo each other
    auto opened = store::open_store(config->database);
    if (!opened) return fail(opened.error().message);
    store = std::move(*opened);
  }
  auto reader = store::open_reader(config->database);
  if (!reader) return fail(reader.error().message);
  auto brands = (*reader)->brands();
  if (!brands) return fail(brands.error().message);
  std::vector<BrandId> ids;
  for (const auto& brand : config->brands) {
    const auto known = std::ranges::find(*brands, brand.name, &store::NamedBrand::name);
    // A brand the store has never met has no mentions: any number that is not taken will do.
    ids.push_back(known != brands->end() ? known->id : BrandId{-1 - static_cast<std::int64_t>(ids.size())});
  }
  config->sources.clear();
  auto prepared = daemon::prepare(*config, ids);
  if (!prepared) return fail(prepared.error().message);
  const auto& pipeline = *prepared->pipeline;
  const auto version = pipeline.analyser().lexicon_version();

  MentionId next;
  if (!options.since.empty()) {
    const auto since = parse_when(options.since, SystemClock().now());
    if (!since) return fail(since.error().message, 2);
    next = identity::make_id(*since, 0);
  }
  // Only a run over everything is gone on with: one that began later has left what is older undone.
  const bool whole = options.since.empty();
  if (store && whole) {
    auto reached = store->rescored_to(version);
    if (!reached) return fail(reached.error().message);
    if (*reached) {
      next = *reached;
      std::fprintf(stderr, "going on where the last run was broken off, at %s\n",
                   show_time(identity::time_of(next)).c_str());
    }
  }
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  daemon::RescoredBrands all;
  std::int64_t done = 0;
  for (auto coming = score_next(**reader, pipeline, next);;) {
    auto group = coming.get();
    if (!group) return fail(group.error().message);
    const bool last = group->mentions.empty();
    if (!last) {
      next = identity::make_id(identity::hour_of(group->mentions.back().id) + std::chrono::hours(1), 0);
      coming = score_next(**reader, pipeline, next);
    }
    if (store) {
      auto status = store->rescore(group->mentions, version, last || !whole ? MentionId{} : next);
      if (!status)
        return fail(status.error().message +
                    (whole ? "; run rescore again, it goes on from here" : "; run rescore again"));
    }
    for (const auto& [brand, changes] : group->changes) all[brand].merge(changes);
    done += static_cast<std::int64_t>(group->mentions.size());
    if (last) break;
    if (on_terminal) std::fprintf(stderr, "\r%lld mentions", static_cast<long long>(done));
  }
  if (on_terminal) std::fprintf(stderr, "\r\033[K");
  JsonWriter json;
  json.begin_array();
  for (const auto& brand : *brands) {
    const auto found = all.find(brand.id);
    if (found == all.end() || (!options.brand.empty() && options.brand != brand.name)) continue;
    options.json ? write_json(json, brand.name, found->second)
                 : print(brand.name, found->second, options.dry_run);
  }
  json.end_array();
  if (options.json)
    std::printf("%s\n", json.str().c_str());
  else if (all.empty())
    std::printf("nothing to score\n");
  return 0;
}

CommandSpec rescore_command() {
  return {.name = "rescore",
          .group = CommandGroup::keep,
          .purpose = "Judge everything stored again by today's lexicon",
          .examples =
              "  earshot rescore --dry-run --since 30d    what would change, by brand and by term\n"
              "  earshot rescore                          goes on where it was broken off",
          .run = rescore,
          .options = OptionList{{.names = "-n,--dry-run",
                                 .target = &Options::dry_run,
                                 .help = "Change nothing, only say what would"},
                                {.names = "--since",
                                 .target = &Options::since,
                                 .help = "Only what is newer: 2026-03-01, 30d",
                                 .kind = ValueKind::time},
                                {.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "Print this brand alone",
                                 .kind = ValueKind::brand},
                                json_option()}};
}

}  // namespace earshot::cli
