#include "tests/insight/demo_corpus.hpp"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <span>

#include "analysis/text/analyser.hpp"
#include "analysis/text/brand_matcher.hpp"
#include "connectors/normalise.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::test {
namespace {

using simdjson::dom::element;

std::string text_of(element e, const char* key) {
  std::string_view out;
  return e[key].get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}

Timestamp time_of(element e, const char* key) { return *parse_rfc3339(text_of(e, key)); }

struct Label {
  std::optional<Polarity> polarity;
  IssueList issues;
  IntentList intents;
  std::string lang;
  bool own = false;
};

Label label_of(element e) {
  Label out;
  std::string_view text;
  if (e["sentiment"]["fernwave"].get(text) == simdjson::SUCCESS) out.polarity = polarity_from(text);
  for (const element name : e["issues"].get_array())
    out.issues.push_back({.type = *issue_type_from(std::string_view(name)), .score = 1});
  for (const element name : e["intents"].get_array())
    out.intents.push_back({.intent = *intent_from(std::string_view(name)), .score = 1});
  out.lang = text_of(e, "lang");
  out.own = text_of(e, "role") == "brand";
  return out;
}

Mention mention_of(element e, const std::map<std::string, std::string>& uris) {
  Mention out;
  out.platform = text_of(e, "platform");
  out.native_id = text_of(e, "uri");
  out.text = text_of(e, "text");
  out.title = text_of(e, "title");
  out.url = text_of(e, "url");
  out.author.id = text_of(e["author"], "id");
  out.author.handle = text_of(e["author"], "handle");
  out.author.name = text_of(e["author"], "name");
  if (out.platform == "news") out.kind = MentionKind::article;
  std::int64_t followers = 0;
  if (e["author"]["followers"].get(followers) == simdjson::SUCCESS) out.author.followers = followers;
  out.created_at = out.fetched_at = from_ms(std::int64_t(e["ms"]));
  if (const auto parent = uris.find(text_of(e, "reply_to")); parent != uris.end())
    out.in_reply_to = parent->second;
  return out;
}

/// Verdicts from the labels, or from the product's own analyser.
class Judge {
 public:
  Judge(Verdicts kind, BrandId brand) : kind_(kind), brand_(brand) {
    const std::vector<Brand> brands = {
        Brand{.id = brand,
              .name = "Fernwave",
              .aliases = {"MyFernwave"},
              .own_accounts = {"fernwave", "fernwavehelp", "fernwave.example", "fernwavehelp.example"}}};
    matcher_ = *analysis::BrandMatcher::create(std::span(brands));
    analyser_ = *analysis::Analyser::create({});
  }
  std::vector<BrandVerdict> operator()(const Mention& mention, const Label& label) {
    if (kind_ == Verdicts::truth && !label.polarity && !label.own) return {};
    BrandVerdict truth{.brand = brand_, .match = label.own ? MatchKind::own : MatchKind::query};
    if (kind_ == Verdicts::analyser) {
      // As in the daemon: what does not name the brand is not heard.
      const auto matches = matcher_->match(mention);
      return analyser_->analyse(mention, matches, analysis::WithEvidence::no, scratch_);
    }
    auto& v = truth.verdict;
    v.sentiment.polarity = label.polarity.value_or(Polarity::neutral);
    v.sentiment.score = v.sentiment.polarity == Polarity::positive   ? 0.8F
                        : v.sentiment.polarity == Polarity::negative ? -0.8F
                                                                     : 0.0F;
    v.issues = label.issues;
    v.intents = label.intents;
    v.lang = label.lang;
    for (const auto& intent : label.intents) {
      v.question = v.question || intent.intent == Intent::question;
      v.complaint = v.complaint || intent.intent == Intent::complaint;
    }
    return {truth};
  }

 private:
  Verdicts kind_;
  BrandId brand_;
  std::unique_ptr<analysis::BrandMatcher> matcher_;
  std::unique_ptr<analysis::Analyser> analyser_;
  analysis::Scratch scratch_;
};

void read_truth(element truth, DemoCorpus& out) {
  out.first_monday = time_of(truth, "first_monday");
  out.outage_start = time_of(truth["incident"], "start_at");
  out.outage_end = time_of(truth["incident"], "end_at");
  out.promotion_from = time_of(truth["promotion"], "from_at");
  out.promotion_to = time_of(truth["promotion"], "to_at");
  for (const element e : truth["incident"]["affected"].get_array()) out.affected.push_back(text_of(e, "uri"));
  for (const element e : truth["promotion"]["misled"].get_array()) out.misled.push_back(text_of(e, "uri"));
  for (const element q : truth["questions"].get_array()) {
    DemoQuestion question{.id = text_of(q, "id")};
    for (const element e : q["asked"].get_array()) question.asked.push_back(text_of(e, "uri"));
    out.questions.push_back(std::move(question));
  }
  for (const element m : truth["movers"].get_array()) {
    DemoMove move{.term = text_of(m, "term"), .direction = text_of(m, "direction")};
    for (const element e : m["posts"].get_array()) move.posts.push_back(text_of(e, "uri"));
    out.moves.push_back(std::move(move));
  }
  const auto uri = [](element e, const char* key) {
    element post;
    return e[key].get(post) == simdjson::SUCCESS && post.is_object() ? text_of(post, "uri") : std::string();
  };
  for (const element e : truth["promises"].get_array())
    out.promises.push_back({.reply = uri(e, "promise"),
                            .to = uri(e, "to"),
                            .followup = uri(e, "followup"),
                            .due = time_of(e, "due_at"),
                            .kept = bool(e["kept"])});
  for (const element e : truth["posts"].get_array()) out.roles[text_of(e, "uri")] = text_of(e, "role");
  for (const char* list : {"journeys", "decoys"})
    for (const element e : truth[list].get_array())
      out.journeys.push_back({.kind = text_of(e, "kind"),
                              .complaint = uri(e, "complaint"),
                              .brand_reply = uri(e, "brand_reply"),
                              .happy = uri(e, "happy"),
                              .angry = uri(e, "angry")});
}

}  // namespace

DemoCorpus load_demo(const std::string& directory, Verdicts verdicts, int weeks) {
  const std::string command = std::string("python3 \"") + EARSHOT_SOURCE_DIR +
                              "/demo/generate.py\" --now 2026-03-19T20:15:00Z --out \"" + directory +
                              "\" > /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  simdjson::dom::parser truth_parser, parser;
  element truth = truth_parser.load(directory + "/truth.json");
  DemoCorpus out;
  read_truth(truth, out);
  auto opened = store::open_store(directory + "/earshot.db");
  REQUIRE(opened);
  out.store = std::move(*opened);
  out.brand = *out.store->ensure_brand("Fernwave");
  static_cast<void>(*out.store->ensure_brand("Quillnet"));

  std::map<std::string, Label> labels;
  for (const element e : truth["posts"].get_array()) labels[text_of(e, "key")] = label_of(e);
  std::map<std::string, std::string> uris;
  for (const element e : parser.load_many(directory + "/posts.ndjson"))
    uris[text_of(e, "key")] = text_of(e, "uri");
  Judge judge(verdicts, out.brand);
  std::map<std::string, store::Batch> batches;
  const auto until = out.first_monday + std::chrono::hours(168 * weeks);
  for (const element e : parser.load_many(directory + "/posts.ndjson")) {
    auto mention = mention_of(e, uris);
    if (mention.created_at >= until) continue;
    auto& batch = batches[mention.platform];
    if (!batch.source)
      batch = {.source = *out.store->ensure_source(mention.platform, mention.platform),
               .stream = "all",
               .now = until};
    store::ScoredMention item{.mention = std::move(mention)};
    item.verdicts = judge(item.mention, labels.at(text_of(e, "key")));
    item.fingerprint = connectors::text_fingerprint(item.mention.text);
    batch.mentions.push_back(std::move(item));
  }
  for (const auto& [name, batch] : batches) REQUIRE(out.store->write(std::span(&batch, 1)));
  return out;
}

}  // namespace earshot::test
