// label and labels: a person overrules a verdict, and carries what was said to and fro.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/act.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t lines_at_once = 1'000;
constexpr std::size_t labels_max = 10'000'000;

/// The row as it is after the change.
int show(Desk& desk, const store::MentionRow& before, const Options& options) {
  auto after = desk.reader->mention(before.id);
  if (!after) return fail(after.error().message);
  for (const auto& row : *after) {
    if (row.verdict.brand != before.verdict.brand) continue;
    if (options.json) {
      JsonWriter out;
      write_json(out, row, desk.brand_name(row.verdict.brand));
      std::printf("%s\n", out.str().c_str());
      continue;
    }
    const auto issues = issue_list(row.verdict.issues);
    std::printf(
        "%s: %s %s, issues: %s (before: %s %s)\n", printable(desk.brand_name(row.verdict.brand)).c_str(),
        std::string(to_string(row.verdict.polarity)).c_str(), signed_number(row.verdict.score, 2).c_str(),
        issues.empty() ? "none" : issues.c_str(), std::string(to_string(before.verdict.polarity)).c_str(),
        signed_number(before.verdict.score, 2).c_str());
  }
  return 0;
}

/// Labels read from lines, with the numbers of their lines.
struct Pile {
  std::vector<store::Label> labels = {};
  std::vector<std::size_t> numbers = {};
};

struct Tally {
  std::size_t kept = 0, bad = 0;
};

void complain(const Options& options, std::size_t number, const std::string& what, Tally& tally) {
  ++tally.bad;
  std::fprintf(stderr, "%s:%zu: %s\n", printable(options.file).c_str(), number, printable(what).c_str());
}

Status put_down(Desk& desk, Pile& pile, const Options& options, Tally& tally) {
  if (pile.labels.empty()) return Done{};
  auto done = desk.actions->label(pile.labels);
  if (!done) return unexpected(done.error());
  for (std::size_t i = 0; i < done->size(); ++i)
    (*done)[i] ? void(++tally.kept) : complain(options, pile.numbers[i], (*done)[i].error().message, tally);
  pile = {};
  return Done{};
}

int import_labels(const Options& options) {
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return fail(options.file + " cannot be read");
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  Pile pile;
  Tally tally;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (trim(text).empty()) continue;
    auto line = daemon::read_label_line(text, desk->issues);
    if (!line) {
      complain(options, number, line.error().message, tally);
      continue;
    }
    auto named = options;
    if (!line->brand.empty()) named.brand = line->brand;
    auto row = verdict_of(*desk, line->label.mention, named);
    if (!row) {
      complain(options, number, row.error().message, tally);
      continue;
    }
    line->label.brand = row->verdict.brand;
    if (line->label.by.empty()) line->label.by = options.by;
    pile.labels.push_back(std::move(line->label));
    pile.numbers.push_back(number);
    if (pile.labels.size() < lines_at_once) continue;
    if (auto status = put_down(*desk, pile, options, tally); !status) return fail(status.error().message);
  }
  if (auto status = put_down(*desk, pile, options, tally); !status) return fail(status.error().message);
  std::fprintf(stderr, "%zu labels, %zu bad lines\n", tally.kept, tally.bad);
  return tally.bad == 0 ? 0 : 1;
}

int export_labels(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto brands = brands_of(**reader, options);
  if (!brands) return fail(brands.error().message, 2);
  auto names = (*reader)->issue_names();
  if (!names) return fail(names.error().message);
  FILE* out = options.output.empty() ? stdout : std::fopen(options.output.c_str(), "wb");
  if (!out) return fail(options.output + " cannot be written");
  std::size_t count = 0;
  for (const auto& brand : *brands) {
    auto labels = (*reader)->labels(brand.id, labels_max);
    if (!labels) return fail(labels.error().message);
    for (const auto& label : *labels) {
      auto rows = (*reader)->mention(label.mention);
      if (!rows) continue;  // it went since the list was read
      for (const auto& row : *rows) {
        if (row.verdict.brand != brand.id) continue;
        JsonWriter line;
        daemon::write_label_line(line, label, row, brand.name, *names);
        std::fprintf(out, "%s\n", line.str().c_str());
        ++count;
      }
    }
  }
  const bool failed = std::fflush(out) != 0 || std::ferror(out) != 0;
  if (out != stdout) std::fclose(out);
  if (failed) return fail("the labels could not be written whole");
  std::fprintf(stderr, "%zu labels\n", count);
  return 0;
}

}  // namespace

int label(const Options& options) {
  if (options.remove ? options.issues_given || !options.polarity.empty() || options.note
                     : !options.issues_given && options.polarity.empty() && !options.note)
    return fail(options.remove ? "--remove takes the whole label back; give nothing beside it"
                               : "say what it is: --polarity, --issue or --why",
                2);
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error().message);
  auto row = verdict_of(*desk, MentionId{options.id}, options);
  if (!row) return fail(row.error().message);
  if (options.remove) {
    auto status = desk->actions->unlabel(row->id, row->verdict.brand);
    return status ? show(*desk, *row, options) : fail(status.error().message);
  }
  store::Label one{
      .mention = row->id, .brand = row->verdict.brand, .note = options.note, .by = person(options)};
  if (!options.polarity.empty()) {
    one.polarity = polarity_from(options.polarity);
    if (!one.polarity || *one.polarity == Polarity::unscored)
      return fail("--polarity is negative, neutral or positive", 2);
  }
  if (options.issues_given) {
    auto bits = parse_issues(options.issue, desk->issues);
    if (!bits) return fail(bits.error().message, 2);
    one.issues = std::move(*bits);
  }
  auto done = desk->actions->label(std::span(&one, 1));
  if (!done) return fail(done.error().message);
  if (!done->front()) return fail(done->front().error().message);
  return show(*desk, *row, options);
}

int labels(const Options& options) {
  if (options.verb == "import" && options.file.empty()) return fail("labels import needs a file, or -", 2);
  return options.verb == "import" ? import_labels(options) : export_labels(options);
}

CommandSpec label_command() {
  return {.name = "label",
          .group = CommandGroup::decide,
          .purpose = "Overrule a verdict, for ever",
          .examples =
              "  earshot label ID --polarity negative --why irony\n"
              "  earshot label ID --issue billing,refund     the main one first; none: no type applies\n"
              "  earshot label ID --remove                   the rules' verdict returns",
          .run = label,
          .options =
              OptionList{{.names = "id",
                          .target = &Options::id,
                          .help = "Id of the mention",
                          .kind = ValueKind::mention,
                          .required = true},
                         {.names = "--brand",
                          .target = &Options::brand,
                          .help = "The brand that is judged, where the mention speaks of several",
                          .kind = ValueKind::brand},
                         {.names = "--polarity",
                          .target = &Options::polarity,
                          .help = "negative, neutral or positive",
                          .known = {"negative", "neutral", "positive"}},
                         {.names = "--issue",
                          .target = &Options::issue,
                          .help = "Issue types with commas between",
                          .known = known_issues(),
                          .given = &Options::issues_given},
                         {.names = "--why,--note",
                          .target = &Options::note,
                          .help = "Why; goes when its author deletes the post"},
                         {.names = "--remove", .target = &Options::remove, .help = "Take the label back"}} +
              acting_options()};
}

CommandSpec labels_command() {
  return {.name = "labels",
          .group = CommandGroup::decide,
          .purpose = "Carry labels out and in, as lines of JSON that `earshot train` reads",
          .examples =
              "  earshot labels export --output labels.jsonl\n  earshot labels import labels.jsonl --by team",
          .run = labels,
          .options = OptionList{{.names = "verb",
                                 .target = &Options::verb,
                                 .help = "import or export",
                                 .choices = {"import", "export"},
                                 .required = true},
                                {.names = "file",
                                 .target = &Options::file,
                                 .help = "File to import, or - for standard input",
                                 .kind = ValueKind::file},
                                {.names = "--brand",
                                 .target = &Options::brand,
                                 .help = "Of this brand; when importing, of lines that name none",
                                 .kind = ValueKind::brand},
                                {.names = "--output",
                                 .target = &Options::output,
                                 .help = "File to export to (default: standard output)",
                                 .kind = ValueKind::file}} +
                     acting_options(),
          .fails =
              "The labels could not be read or stored, or there were bad lines; good lines are stored all "
              "the same."};
}

}  // namespace earshot::cli
