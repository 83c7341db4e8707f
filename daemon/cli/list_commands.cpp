// status, sources, mentions, incidents, ideas: lists of what is stored.
#include <cstdio>

#include "connectors/connector.hpp"
#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/options.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/mentions_query.hpp"
#include "insight/idea_effect.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t ideas_looked_at = 1'000;

Colour colour_of(Polarity polarity) {
  if (polarity == Polarity::positive) return Colour::green;
  if (polarity == Polarity::negative) return Colour::red;
  return Colour::dim;
}

std::string polarity_text(Polarity polarity, double score) {
  return std::string(to_string(polarity)) + " " + signed_number(score, 2);
}

std::string brand_name(const std::vector<store::NamedBrand>& brands, BrandId id) {
  for (const auto& brand : brands)
    if (brand.id == id) return brand.name;
  return "?";
}

/// "35 of 300", or "-" where the platform says nothing or the budget is full again.
std::string quota_text(const std::optional<Quota>& quota, Timestamp now) {
  if (!quota || (quota->resets_at && *quota->resets_at <= now)) return "-";
  return std::to_string(quota->remaining) + (quota->limit ? " of " + std::to_string(*quota->limit) : "");
}

Result<store::MentionFilter> filter_of(store::Reader& reader, const Options& options) {
  store::MentionFilter filter;
  filter.limit = options.limit;
  filter.search = options.search;
  const auto now = SystemClock().now();
  if (!options.brand.empty()) {
    auto brand = brand_of(reader, options);
    if (!brand) return unexpected(brand.error());
    filter.brand = brand->id;
  }
  for (const auto& [text, out] :
       {std::pair(&options.since, &filter.since), std::pair(&options.until, &filter.until)}) {
    if (text->empty()) continue;
    auto at = parse_when(*text, now);
    if (!at) return unexpected(at.error());
    *out = *at;
  }
  if (!options.polarity.empty()) {
    filter.polarity = polarity_from(options.polarity);
    if (!filter.polarity)
      return unexpected(ErrorKind::invalid, "--polarity is positive, neutral, negative or unscored");
  }
  if (auto status = daemon::filter_issue(reader, options.issue, filter); !status)
    return unexpected(status.error());
  filter.counted = options.counted;
  filter.contact = options.contact;
  if (!options.source.empty()) filter.source = options.source;
  if (!options.lang.empty()) filter.lang = options.lang;
  if (auto status = daemon::filter_product(reader, options.product, filter); !status)
    return unexpected(status.error());
  if (options.id > 0) filter.before = MentionId{options.id};
  return filter;
}

}  // namespace

int status(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto rows = (*reader)->sources();
  if (!rows) return fail(rows.error().message);
  if (options.json) {
    JsonWriter out;
    out.begin_object().field("database", database_path(options)).key("sources").begin_array();
    for (const auto& row : *rows) write_json(out, row);
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  const auto now = SystemClock().now();
  Table table({"source", "state", "last heard", "next poll", "received", "stored", "known", "changed",
               "no brand", "bad", "quota left"});
  for (const auto& row : *rows) {
    const auto colour = row.state == "ok" ? Colour::green : row.state == "new" ? Colour::dim : Colour::red;
    table.add({printable(row.name), paint(colour, row.state),
               row.last_ok_at ? show_time(*row.last_ok_at) : "never",
               row.next_poll_at ? show_time(*row.next_poll_at) : "-", std::to_string(row.received),
               std::to_string(row.stored), std::to_string(row.duplicate), std::to_string(row.updated),
               std::to_string(row.unmatched), std::to_string(row.malformed), quota_text(row.quota, now)});
  }
  table.print();
  for (const auto& row : *rows)
    if (!row.last_error.empty())
      std::printf("%s: %s (%lld failures in a row)\n", printable(row.name).c_str(),
                  printable(row.last_error).c_str(), static_cast<long long>(row.fail_count));
  auto gaps = (*reader)->gaps(now - std::chrono::hours(24 * 7), now);
  if (gaps && !gaps->empty()) std::printf("\nNot heard in the last 7 days:\n");
  if (gaps)
    for (const auto& gap : *gaps)
      std::printf("  %s  %s to %s  %s\n", printable(gap.source_name).c_str(), show_time(gap.gap.from).c_str(),
                  show_time(gap.gap.to).c_str(), printable(gap.gap.reason).c_str());
  return 0;
}

int sources(const Options& options) {
  JsonWriter out;
  out.begin_array();
  Table table({"connector", "what it reads", "access"});
  for (const auto* spec : connectors::catalog()) {
    out.begin_object()
        .field("connector", spec->name)
        .field("summary", spec->summary)
        .field("access", spec->access);
    out.end_object();
    table.add({std::string(spec->name), std::string(spec->summary), std::string(spec->access)});
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else
    table.print();
  return 0;
}

int mentions(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto filter = filter_of(**reader, options);
  if (!filter) return fail(filter.error().message, 2);
  auto rows = (*reader)->mentions(*filter);
  if (!rows) return fail(rows.error().message, rows.error().kind == ErrorKind::invalid ? 2 : 1);
  auto brands = (*reader)->brands();
  if (!brands) return fail(brands.error().message);
  if (options.json) {
    for (const auto& row : *rows) {
      JsonWriter out;
      write_json(out, row, brand_name(*brands, row.verdict.brand));
      std::printf("%s\n", out.str().c_str());
    }
    return 0;
  }
  const int width = std::max(40, terminal_width() - 4);
  for (const auto& row : *rows) {
    std::printf("%s  %s  %s  %s  %s%s\n", paint(Colour::bold, show_time(row.created_at)).c_str(),
                paint(colour_of(row.verdict.polarity), polarity_text(row.verdict.polarity, row.verdict.score))
                    .c_str(),
                printable(brand_name(*brands, row.verdict.brand)).c_str(), printable(row.platform).c_str(),
                printable(row.author_handle.empty() ? "" : "@" + row.author_handle).c_str(),
                paint(Colour::dim, "  " + std::to_string(row.id.value)).c_str());
    if (row.deleted)
      std::printf("    (deleted by its author)\n");
    else
      std::printf(
          "    %s\n",
          clip(squeeze_space(printable(row.title.empty() ? row.text : row.title + ": " + row.text)), width)
              .c_str());
    for (const auto& product : row.verdict.products)
      std::printf("    %s: %s\n", printable(product.product).c_str(),
                  paint(colour_of(product.polarity), polarity_text(product.polarity, product.score)).c_str());
    const auto issues = issue_list(row.verdict.issues);
    if (!issues.empty()) std::printf("    %s\n", paint(Colour::blue, issues).c_str());
    if (row.verdict.labelled) std::printf("    %s\n", paint(Colour::dim, "labelled by a person").c_str());
  }
  if (rows->size() == options.limit)
    std::fprintf(stderr, "older: add --before %lld\n", static_cast<long long>(rows->back().id.value));
  return 0;
}

namespace {

/// "kim looks after it: by phone", or nothing.
void print_care(const std::string& owner, const std::string& note) {
  if (owner.empty() && note.empty()) return;
  std::printf("    %s%s%s\n", owner.empty() ? "" : (printable(owner) + " looks after it").c_str(),
              owner.empty() || note.empty() ? "" : ": ", printable(note).c_str());
}

}  // namespace

void print_incident(const store::IncidentRow& row) {
  std::printf("%s  #%lld  %s  severity %d/10\n",
              paint(row.state == "open" ? Colour::red : Colour::bold, row.title).c_str(),
              static_cast<long long>(row.id.value), row.state.c_str(), row.severity);
  std::printf("    %s to %s, found in the hour of %s\n", show_time(row.started_at).c_str(),
              show_time(row.last_at).c_str(), show_time(row.detected_at).c_str());
  std::printf("    %lld people in %lld mentions (%lld echoes); usual %.1f an hour, threshold %.1f\n",
              static_cast<long long>(row.authors), static_cast<long long>(row.mentions),
              static_cast<long long>(row.echoes), row.expected, row.threshold);
  std::printf("    first: earshot explain %lld\n", static_cast<long long>(row.first_mention.value));
  if (row.cover.defended > 0)
    std::printf("    %lld of %lld unhappy posts were answered for you by %lld people\n",
                static_cast<long long>(row.cover.defended), static_cast<long long>(row.cover.negative),
                static_cast<long long>(row.cover.defenders));
  print_care(row.owner, row.note);
  if (row.acknowledged_at) std::printf("    acknowledged %s\n", show_time(*row.acknowledged_at).c_str());
}

int incidents(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  auto window = window_of(**reader, options, 90);
  if (!window) return fail(window.error().message, 2);
  JsonWriter out;
  out.begin_array();
  bool any = false;
  for (const auto& brand : *brands) {
    auto rows = (*reader)->incidents(brand.id, window->since, window->until);
    if (!rows) return fail(rows.error().message);
    for (const auto& row : *rows) {
      any = true;
      write_json(out, row, brand.name);
      if (options.json) continue;
      print_incident(row);
    }
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (!any)
    std::printf("No incident in the last 90 days.\n");
  return 0;
}

void print_idea(const store::IdeaRow& row, int rank) {
  if (rank > 0) std::printf("%2d  ", rank);
  std::printf("%s  %s\n", paint(Colour::bold, row.title).c_str(),
              paint(Colour::dim, "#" + std::to_string(row.id.value)).c_str());
  std::printf("    %lld people asked, %lld still without an answer, trend %s %%, last %s, state %s\n",
              static_cast<long long>(row.askers), static_cast<long long>(row.unanswered),
              signed_number(row.trend * 100, 0).c_str(), show_time(row.last_at).c_str(), row.state.c_str());
  int quotes = 0;
  for (const auto& quote : quotes_of(row)) {
    if (++quotes > 3) break;
    std::printf("    “%s”\n", clip(squeeze_space(printable(quote)), terminal_width() - 8).c_str());
  }
  print_care(row.owner, row.note);
  if (row.due) std::printf("    due %s\n", show_time(*row.due).c_str());
  if (!row.url.empty()) std::printf("    %s\n", printable(row.url).c_str());
  if (const auto effect = insight::effect_of(row)) std::printf("    %s\n", effect->sentence.c_str());
  if (const auto move = insight::move_of(row); !move.direction.empty())
    std::printf("    %s: %lld times in the last seven days, %.1f a week before\n", move.direction.c_str(),
                static_cast<long long>(move.week), static_cast<double>(move.before) / move.weeks_before);
  if (row.answer)
    std::printf("    best public answer, by %s: earshot explain %lld\n",
                row.answer->own ? "the brand" : "a peer", static_cast<long long>(row.answer->mention.value));
}

int ideas(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brand = brand_of(**reader, options);
  if (!brand) return fail(brand.error().message, 2);
  auto rows = (*reader)->ideas(brand->id, ideas_looked_at);
  if (!rows) return fail(rows.error().message);
  // Rejected ones only for who asks for them.
  std::erase_if(*rows, [&](const auto& row) {
    return options.state.empty() ? row.state == "rejected" : row.state != options.state;
  });
  if (rows->size() > options.limit) rows->resize(options.limit);
  JsonWriter out;
  out.begin_array();
  int rank = 0;
  for (const auto& row : *rows) {
    write_json(out, row, brand->name);
    if (options.json) continue;
    print_idea(row, ++rank);
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (rows->empty())
    std::printf("No question was asked often enough yet.\n");
  return 0;
}

}  // namespace earshot::cli
