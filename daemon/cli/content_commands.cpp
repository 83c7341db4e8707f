// glossary, movers and ror: how customers put things, what more or fewer of them say, and what they do for
// the brand.
#include <cmath>
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/api/content_views.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/config.hpp"
#include "daemon/mentions_query.hpp"

namespace earshot::cli {
namespace {

std::string fixed(double value, int decimals) {
  if (std::isinf(value)) return "no bound";
  char out[64];
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

std::string percent_text(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? fixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %" : "-";
}

/// The newest of them, to be looked up.
std::string newest_of(const std::vector<MentionId>& ids) {
  MentionId newest{};
  for (const auto id : ids) newest = std::max(newest, id);
  return newest ? std::to_string(newest.value) : "-";
}

void print_moves(const std::vector<store::TermMoveRow>& rows, std::size_t limit) {
  Table table({"term", "", "this week", "weeks before", "times as often", "99.9 % interval", "mention"});
  for (std::size_t i = 0; i < rows.size() && i < limit; ++i) {
    const auto& row = rows[i];
    table.add({printable(row.term), row.direction,
               std::to_string(row.authors) + " of " + std::to_string(row.people),
               std::to_string(row.authors_before) + " of " + std::to_string(row.people_before) + " in " +
                   std::to_string(row.weeks_before),
               fixed(row.ratio, 1), fixed(row.low, 1) + " to " + fixed(row.high, 1),
               newest_of(row.mentions)});
  }
  if (!table.empty()) table.print();
}

/// What was agreed on in the configuration, or the default where there is none.
Result<std::chrono::milliseconds> half_life(const Options& options) {
  if (!options.config_given && !options.database.empty()) return daemon::Config().ror_half_life;
  auto config = daemon::load_config(options.config_path);
  if (config) return config->ror_half_life;
  return options.config_given ? Result<std::chrono::milliseconds>(unexpected(config.error()))
                              : daemon::Config().ror_half_life;
}

}  // namespace

int glossary(const Options& options) {
  int code = 0;
  auto asked = ask(options, 84, code);
  if (!asked) return code;
  const auto& [reader, brand, window] = *asked;
  store::MentionFilter filter{.brand = brand.id};
  auto status = daemon::filter_issue(*reader, options.issue, filter);
  if (status) status = daemon::filter_product(*reader, options.product, filter);
  if (!status) return fail(status.error().message, 2);
  const insight::JobInput input{
      .reader = *reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto made = insight::make_glossary(input, {.since = window.since,
                                                   .until = window.until,
                                                   .issue = filter.issue,
                                                   .product = filter.product,
                                                   .no_issue = filter.no_issue,
                                                   .limit = options.limit});
  if (!made) return fail(made.error().message);
  if (options.json) return print_json(api::glossary_json(*made, brand, window));
  std::printf(
      "%s  words of %lld people (%lld mentions, %lld copies left out), against %lld posts of the brand\n",
      paint(Colour::bold, printable(brand.name)).c_str(), static_cast<long long>(made->people),
      static_cast<long long>(made->mentions), static_cast<long long>(made->echoes),
      static_cast<long long>(made->own_posts));
  Table table({"term", "people", "share", "posts of the brand", "weight", "mention"});
  for (const auto& term : made->terms)
    table.add({printable(term.term), std::to_string(term.authors), percent_text(term.authors, made->people),
               std::to_string(term.own_posts), fixed(term.weight, 1), newest_of(term.mentions)});
  if (table.empty())
    std::printf("No three people used the same words.\n");
  else
    table.print();
  return 0;
}

int movers(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  if (options.json) return print_json(api::movers_json(**reader, *brand, options.limit));
  const auto terms = (*reader)->content().term_moves(brand->id);
  if (!terms) return fail(terms.error().message);
  const auto ideas = api::moving_ideas(**reader, brand->id);
  if (!ideas) return fail(ideas.error().message);
  print_moves(*terms, options.limit);
  for (const auto& idea : *ideas) print_idea(idea);
  if (terms->empty() && ideas->empty()) std::printf("Nothing rises or falls beyond chance.\n");
  return 0;
}

int ror(const Options& options) {
  int code = 0;
  auto asked = ask(options, 365, code);
  if (!asked) return code;
  const auto& [reader, brand, window] = *asked;
  const auto decay = half_life(options);
  if (!decay) return fail(decay.error().message);
  const insight::JobInput input{
      .reader = *reader, .brand = brand.id, .brand_name = brand.name, .now = window.until};
  const auto found = insight::return_on_relationship(input, window.since, window.until, *decay);
  if (!found) return fail(found.error().message);
  if (options.json) return print_json(api::ror_json(*found, brand));
  std::printf(
      "%s  return on relationship %s per 1,000 authors: %s points of %lld authors, half after %s days\n",
      paint(Colour::bold, printable(brand.name)).c_str(), fixed(found->per_thousand(), 1).c_str(),
      fixed(found->points, 1).c_str(), static_cast<long long>(found->authors),
      fixed(std::chrono::duration<double, std::ratio<86'400>>(found->half_life).count(), 0).c_str());
  Table components({"people", "weight", "events", "by", "points", "mention"});
  for (const auto& one : found->components)
    components.add({one.kind, fixed(one.weight, 0), std::to_string(one.events), std::to_string(one.people),
                    fixed(one.points, 1), newest_of(one.mentions)});
  components.print();
  Table people({"who", "points", "recommend", "defend", "share", "thank", "newest"});
  for (std::size_t i = 0; i < found->people.size() && i < options.limit; ++i) {
    const auto& one = found->people[i];
    people.add({one.author_handle.empty() ? "somebody" : "@" + printable(one.author_handle),
                fixed(one.points, 1), std::to_string(one.events[0]), std::to_string(one.events[1]),
                std::to_string(one.events[2]), std::to_string(one.events[3]),
                std::to_string(one.newest.value)});
  }
  if (!people.empty()) people.print();
  return 0;
}

CommandSpec glossary_command() {
  return {.name = "glossary",
          .group = CommandGroup::look,
          .purpose = "How customers put things, in words that the brand does not use",
          .examples =
              "  earshot glossary --brand Acme --issue billing\n  earshot glossary --product \"Acme One\" "
              "--since 28d",
          .run = glossary,
          .options = reading_options() + OptionList{{.names = "--issue",
                                                     .target = &Options::issue,
                                                     .help = "Only what is of one issue type",
                                                     .known = known_issues()},
                                                    {.names = "--product",
                                                     .target = &Options::product,
                                                     .help = "Only what names one product"},
                                                    limit_option(500)}};
}

CommandSpec movers_command() {
  return {.name = "movers",
          .group = CommandGroup::look,
          .purpose = "Terms and questions that more or fewer people write than in the weeks before",
          .examples = "  earshot movers --brand Acme\n  earshot movers --json",
          .run = movers,
          .options = OptionList{{.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "The brand (default: the first)",
                                 .kind = ValueKind::brand},
                                json_option(),
                                limit_option(500)}};
}

CommandSpec ror_command() {
  return {.name = "ror",
          .group = CommandGroup::look,
          .purpose = "Return on relationship: what people do for the brand, with what it is made of",
          .examples = "  earshot ror --brand Acme\n  earshot ror --since 90d --json",
          .run = ror,
          .options = reading_options() + OptionList{limit_option(100, "How many people")}};
}

}  // namespace earshot::cli
