// campaign and claim: what the brand does and promises; misled: who felt misled by it.
#include <algorithm>
#include <cstdio>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "delivery/evidence.hpp"

namespace earshot::cli {
namespace {

/// --from and the like: a day or a time; "now" too, and "none", which takes it away.
Result<std::optional<Timestamp>> moment(const std::string& text, const char* option) {
  if (text.empty()) return std::optional<Timestamp>();
  if (text == "now") return std::optional(SystemClock().now());
  if (text == "none") return std::optional(Timestamp{});
  if (const auto at = parse_time(text)) return std::optional(*at);
  return unexpected(ErrorKind::invalid, std::string(option) + " is a day or a time: 2026-06-01, " +
                                            "2026-06-01T09:00:00Z or now, and not '" + text + "'");
}

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// What campaigns and claims share: id or brand, beginning and end.
template <typename Decision>
Status begin(Desk& desk, const Options& options, Decision& decision) {
  if (options.verb == "add") {
    auto brand = brand_of(*desk.reader, options);
    if (!brand) return unexpected(brand.error());
    decision.brand = brand->id;
    // Without a beginning it begins with this day.
    decision.from = std::chrono::floor<std::chrono::days>(SystemClock().now());
  } else {
    if (options.id <= 0) return unexpected(ErrorKind::invalid, options.verb + " needs a number");
    decision.id.value = options.id;
  }
  const auto from = moment(options.from, "--from");
  if (!from) return unexpected(from.error());
  if (*from) decision.from = *from;
  const auto to = moment(options.to, "--to");
  if (!to) return unexpected(to.error());
  if (*to && **to != Timestamp{}) decision.to = daemon::end_of(options.to, **to);
  if (*to && **to == Timestamp{}) decision.to = **to;
  if (options.verb == "end" && !decision.to) decision.to = SystemClock().now();
  decision.url = given(options.url);
  return Done{};
}

std::string span_text(Timestamp from, const std::optional<Timestamp>& to) {
  return show_time(from) + " to " + (to ? show_time(*to) : "further notice");
}

void print_row(const store::CampaignRow& row) {
  std::printf("%s  %s\n", paint(Colour::bold, row.name).c_str(),
              paint(Colour::dim, "#" + std::to_string(row.id.value)).c_str());
  std::printf("    %s\n", span_text(row.from, row.to).c_str());
  if (!row.url.empty()) std::printf("    %s\n", printable(row.url).c_str());
  if (!row.note.empty()) std::printf("    %s\n", printable(row.note).c_str());
}

void print_row(const store::ClaimRow& row) {
  std::printf("“%s”  %s\n", paint(Colour::bold, row.text).c_str(),
              paint(Colour::dim, "#" + std::to_string(row.id.value)).c_str());
  std::printf("    %s%s%s\n", span_text(row.from, row.to).c_str(),
              row.campaign_name.empty() ? "" : (", in " + printable(row.campaign_name)).c_str(),
              row.product.empty() ? "" : (", of " + printable(row.product)).c_str());
  if (row.edited_at)
    std::printf("    worded anew %s%s\n", show_time(*row.edited_at).c_str(),
                row.text_before.empty() ? "" : (", before: “" + printable(row.text_before) + "”").c_str());
  if (!row.url.empty()) std::printf("    %s\n", printable(row.url).c_str());
}

void print_row(const store::MisledRow& row) {
  std::printf("%s  %s\n", paint(Colour::bold, row.title).c_str(),
              paint(Colour::dim, "#" + std::to_string(row.id.value)).c_str());
  std::printf("    %lld people in %lld mentions, %s to %s%s\n", static_cast<long long>(row.people),
              static_cast<long long>(row.mentions), show_time(row.first_at).c_str(),
              show_time(row.last_at).c_str(),
              row.told_at ? (", told " + show_time(*row.told_at)).c_str() : "");
  if (const auto advice = delivery::text_of(row.details, "advice"); !advice.empty())
    std::printf("    %s\n", printable(advice).c_str());
  int quotes = 0;
  for (const auto& quote : delivery::evidence_of(row.details, "quotes")) {
    if (++quotes > 3) break;
    std::printf("    “%s”\n", clip(squeeze_space(printable(quote.text)), terminal_width() - 8).c_str());
  }
}

template <typename Row>
int show(const Desk& desk, const Result<Row>& row, const Options& options) {
  if (!row) return fail(row.error().message);
  if (!options.json) {
    print_row(*row);
    return 0;
  }
  JsonWriter out;
  write_json(out, *row, desk.brand_name(row->brand));
  std::printf("%s\n", out.str().c_str());
  return 0;
}

/// Prints the rows of the brands that are meant.
template <typename List>
int list(const Options& options, const char* nothing, List&& rows_of) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  JsonWriter out;
  out.begin_array();
  bool any = false;
  for (const auto& brand : *brands) {
    auto rows = rows_of(**reader, brand.id);
    if (!rows) return fail(rows.error().message);
    for (const auto& row : *rows) {
      any = true;
      write_json(out, row, brand.name);
      if (!options.json) print_row(row);
    }
  }
  out.end_array();
  if (options.json)
    std::printf("%s\n", out.str().c_str());
  else if (!any)
    std::printf("%s\n", nothing);
  return 0;
}

}  // namespace

int campaign(const Options& options) {
  if (options.verb == "list")
    return list(options, "No campaign is known: earshot campaign add",
                [](store::Reader& reader, BrandId brand) { return reader.campaigns(brand); });
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  store::CampaignDecision decision;
  if (auto status = begin(*desk, options, decision); !status) return fail(status.error().message, 2);
  if (options.verb == "show") return show(*desk, desk->reader->campaign(decision.id), options);
  decision.name = given(options.name);
  decision.note = options.note;
  auto id = desk->actions->decide_campaign(decision);
  if (!id) return fail(id.error().message);
  return show(*desk, desk->reader->campaign(*id), options);
}

int claim(const Options& options) {
  if (options.verb == "list")
    return list(options, "No claim is known: earshot claim add",
                [](store::Reader& reader, BrandId brand) { return reader.claims(brand); });
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  store::ClaimDecision decision;
  if (auto status = begin(*desk, options, decision); !status) return fail(status.error().message, 2);
  if (options.verb == "show") return show(*desk, desk->reader->claim(decision.id), options);
  decision.text = given(options.text);
  decision.product = given(options.product);
  if (options.campaign) decision.campaign = CampaignId{*options.campaign};
  // A claim of a campaign lasts as long as that, where nothing else is said.
  if (options.verb == "add" && decision.campaign && *decision.campaign) {
    auto row = desk->reader->campaign(*decision.campaign);
    if (!row) return fail(row.error().message);
    if (options.from.empty()) decision.from = row->from;
    if (!decision.to) decision.to = row->to;
  }
  const auto edited = moment(options.edited, "--edited");
  if (!edited) return fail(edited.error().message, 2);
  decision.edited_at = *edited;
  auto id = desk->actions->decide_claim(decision);
  if (!id) return fail(id.error().message);
  return show(*desk, desk->reader->claim(*id), options);
}

int misled(const Options& options) {
  return list(options, "Nobody says that they were misled.",
              [](store::Reader& reader, BrandId brand) { return reader.misled(brand); });
}

std::int64_t OnThisWeek::misled_by(ClaimId claim) const {
  const auto found = std::ranges::find(misled, std::optional(claim), &store::MisledRow::claim);
  return found == misled.end() ? 0 : found->people;
}

Result<OnThisWeek> on_this_week(store::Reader& reader, BrandId brand, Timestamp now) {
  auto campaigns = reader.campaigns(brand);
  if (!campaigns) return unexpected(campaigns.error());
  auto claims = reader.claims(brand);
  if (!claims) return unexpected(claims.error());
  auto found = reader.misled(brand);
  if (!found) return unexpected(found.error());
  const auto far = [&](const auto& row) {
    return row.from >= now + std::chrono::hours(168) || (row.to && *row.to <= now - std::chrono::hours(168));
  };
  std::erase_if(*campaigns, far);
  std::erase_if(*claims, far);
  return OnThisWeek{
      .campaigns = std::move(*campaigns), .claims = std::move(*claims), .misled = std::move(*found)};
}

void print_campaigns(const OnThisWeek& week) {
  if (week.campaigns.empty() && week.claims.empty()) return;
  std::printf("\n%s\n", paint(Colour::bold, "On this week").c_str());
  for (const auto& row : week.campaigns)
    std::printf("  %s, %s\n", paint(Colour::bold, row.name).c_str(), span_text(row.from, row.to).c_str());
  for (const auto& row : week.claims) {
    const auto people = week.misled_by(row.id);
    std::printf("  claim “%s”%s: %lld people say they were misled%s\n",
                clip(printable(row.text), terminal_width() - 50).c_str(),
                row.campaign_name.empty() ? "" : (" (" + printable(row.campaign_name) + ")").c_str(),
                static_cast<long long>(people), people > 0 ? ": earshot misled" : "");
  }
}

CommandSpec misled_command() {
  return {.name = "misled",
          .group = CommandGroup::look,
          .purpose = "Who says they were misled: by which claim, or in which words",
          .examples = "  earshot misled --brand Acme\n  earshot misled --json",
          .run = misled,
          .options = OptionList{{.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "Only this brand",
                                 .kind = ValueKind::brand},
                                json_option()}};
}

CommandSpec campaign_command() {
  return {
      .name = "campaign",
      .group = CommandGroup::decide,
      .purpose = "What the brand does for a while: it is expected to be talked about",
      .examples =
          "  earshot campaign add --brand Acme --name \"Summer sale\" --from 2026-06-01 --to 2026-06-14\n"
          "  earshot campaign list\n  earshot campaign end 3",
      .run = campaign,
      .options =
          OptionList{
              {.names = "verb",
               .target = &Options::verb,
               .help = "add, edit, end, list or show",
               .choices = {"add", "edit", "end", "list", "show"},
               .required = true},
              {.names = "id",
               .target = &Options::id,
               .help = "Number of the campaign, of all but add and list"},
              {.names = "--brand", .target = &Options::brand, .help = "The brand", .kind = ValueKind::brand},
              {.names = "--name",
               .target = &Options::name,
               .help = "What it is called; its words are looked for in what people write"},
              {.names = "--from",
               .target = &Options::from,
               .help = "First day, or time (default: today)",
               .kind = ValueKind::time},
              {.names = "--to",
               .target = &Options::to,
               .help = "Last day, or time; none: it goes on",
               .kind = ValueKind::time},
              {.names = "--url", .target = &Options::url, .help = "Where it stands"},
              {.names = "--note", .target = &Options::note, .help = "What others should know"}} +
          acting_options()};
}

CommandSpec claim_command() {
  return {
      .name = "claim",
      .group = CommandGroup::decide,
      .purpose = "What the brand promises, so that people who feel misled by it are counted",
      .examples =
          "  earshot claim add --brand Acme --campaign 3 --text \"free delivery, always\"\n"
          "  earshot claim edit 5 --text \"free delivery from 30 EUR\"   what was said before is kept\n"
          "  earshot claim show 5",
      .run = claim,
      .options =
          OptionList{
              {.names = "verb",
               .target = &Options::verb,
               .help = "add, edit, end, list or show",
               .choices = {"add", "edit", "end", "list", "show"},
               .required = true},
              {.names = "id", .target = &Options::id, .help = "Number of the claim, of all but add and list"},
              {.names = "--brand", .target = &Options::brand, .help = "The brand", .kind = ValueKind::brand},
              {.names = "--campaign",
               .target = &Options::campaign,
               .help = "Number of the campaign it belongs to; 0: none"},
              {.names = "--product", .target = &Options::product, .help = "The product it is about"},
              {.names = "--text", .target = &Options::text, .help = "Its words"},
              {.names = "--from",
               .target = &Options::from,
               .help = "First day, or time (default: the campaign's, else today)",
               .kind = ValueKind::time},
              {.names = "--to",
               .target = &Options::to,
               .help = "Last day, or time; none: it goes on",
               .kind = ValueKind::time},
              {.names = "--edited",
               .target = &Options::edited,
               .help = "When its words were changed (default: now, where they are)",
               .kind = ValueKind::time},
              {.names = "--url", .target = &Options::url, .help = "Where it stands"}} +
          acting_options()};
}

}  // namespace earshot::cli
