// explain: why a stored mention was judged as it was, word by word.
#include <cstdio>

#include "core/base/text.hpp"
#include "core/model/names.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/evidence.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/views.hpp"
#include "daemon/explain.hpp"

namespace earshot::cli {
namespace {

void print_evidence(const Evidence& evidence, const std::string& text) {
  const auto begin = std::min<std::size_t>(evidence.span.begin, text.size());
  const auto words = text.substr(begin, evidence.span.end > begin ? evidence.span.end - begin : 0);
  const auto colour = evidence.weight > 0 ? Colour::green : evidence.weight < 0 ? Colour::red : Colour::none;
  std::printf("  %s  %-22s  %-24s  bytes %u–%u  “%s”\n",
              paint(colour, signed_number(evidence.weight, 2)).c_str(), printable(evidence.rule).c_str(),
              printable(evidence.term).c_str(), evidence.span.begin, evidence.span.end,
              clip(squeeze_space(printable(words)), 40).c_str());
}

/// "Acme: labelled positive, issues billing, by kim on 2026-11-27 08:00: irony"
void print_label(const store::LabelRow& label, const std::string& brand) {
  const auto issues = label.issues ? issue_list(*label.issues) : std::string();
  std::printf("\n%s: labelled%s%s%s on %s%s%s; it stands over what the rules say:\n",
              paint(Colour::bold, brand).c_str(),
              label.polarity ? (" " + std::string(to_string(*label.polarity))).c_str() : "",
              label.issues ? (", issues " + (issues.empty() ? "none" : issues)).c_str() : "",
              label.by.empty() ? "" : (", by " + printable(label.by)).c_str(), show_time(label.at).c_str(),
              label.note.empty() ? "" : ": ", printable(label.note).c_str());
}

/// "positive, score +0.42 (negative 0.10, neutral 0.38, positive 0.52)"
std::string sentiment_text(const Sentiment& s) {
  char numbers[96];
  std::snprintf(numbers, sizeof numbers, " (negative %.2f, neutral %.2f, positive %.2f)",
                static_cast<double>(s.negative), static_cast<double>(s.neutral),
                static_cast<double>(s.positive));
  return std::string(to_string(s.polarity)) + ", score " + signed_number(static_cast<double>(s.score), 2) +
         numbers;
}

}  // namespace

int explain(const Options& options) {
  auto reader = open(options);
  if (!reader) return fail(reader.error().message);
  auto rows = (*reader)->mention(MentionId{options.id});
  if (!rows) return fail(rows.error().message);
  auto brands = (*reader)->brands();
  if (!brands) return fail(brands.error().message);
  const auto& first = rows->front();
  if (first.deleted)
    return fail("mention " + std::to_string(options.id) +
                " was deleted by its author: only its numbers are kept");
  const auto pipeline = explaining_pipeline(options, *brands);
  if (!pipeline) return fail(pipeline.error().message);
  const auto verdicts = daemon::explain(**pipeline, *rows);
  const auto name_of = [&](BrandId id) {
    for (const auto& brand : *brands)
      if (brand.id == id) return brand.name;
    return std::string("?");
  };
  if (options.json) {
    JsonWriter out;
    out.begin_object().key("mention");
    write_json(out, first, name_of(first.verdict.brand));
    out.key("verdicts").begin_array();
    for (const auto& verdict : verdicts) api::write_json(out, verdict, name_of(verdict.brand), first.text);
    out.end_array().end_object();
    std::printf("%s\n", out.str().c_str());
    return 0;
  }
  std::printf("%s  %s  @%s  %s\n", show_time(first.created_at).c_str(), printable(first.platform).c_str(),
              printable(first.author_handle).c_str(), printable(first.url).c_str());
  if (!first.title.empty()) std::printf("%s\n", paint(Colour::bold, first.title).c_str());
  std::printf("%s\n", printable(first.text).c_str());
  auto labels = (*reader)->labels_of(first.id);
  if (!labels) return fail(labels.error().message);
  for (const auto& label : *labels) print_label(label, name_of(label.brand));
  for (const auto& verdict : verdicts) {
    std::printf("\n%s: %s, language %s, matched by %s\n", paint(Colour::bold, name_of(verdict.brand)).c_str(),
                sentiment_text(verdict.verdict.sentiment).c_str(), printable(verdict.verdict.lang).c_str(),
                std::string(to_string(verdict.match)).c_str());
    std::printf("  urgency %.2f, severity %.2f\n", static_cast<double>(verdict.verdict.urgency),
                static_cast<double>(verdict.verdict.severity));
    for (const auto& reason : verdict.verdict.reasons)
      std::printf(
          "  reason: “%s”\n",
          squeeze_space(printable(first.text.substr(reason.begin, reason.end - reason.begin))).c_str());
    for (const auto& evidence : verdict.verdict.evidence) print_evidence(evidence, first.text);
    for (const auto& product : verdict.verdict.products) {
      std::printf("\n%s: %s\n", paint(Colour::bold, printable(product.product)).c_str(),
                  sentiment_text(product.sentiment).c_str());
      for (const auto& evidence : product.evidence) print_evidence(evidence, first.text);
    }
  }
  const auto current = verdicts.empty() ? 0 : verdicts.front().verdict.lexicon_version;
  std::printf(
      "\nStored verdict: lexicon %u; this explanation: lexicon %u%s\n", first.verdict.lexicon_version,
      current,
      current == first.verdict.lexicon_version ? "" : " (the stored one was made by another version)");
  return 0;
}

CommandSpec explain_command() {
  return {.name = "explain",
          .group = CommandGroup::look,
          .purpose = "Why a mention was judged as it was",
          .examples = "  earshot explain 3541234567890123",
          .run = explain,
          .options = OptionList{{.names = "id",
                                 .target = &Options::id,
                                 .help = "Id of the mention",
                                 .kind = ValueKind::mention,
                                 .required = true},
                                json_option()}};
}

}  // namespace earshot::cli
