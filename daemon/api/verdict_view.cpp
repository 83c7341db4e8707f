#include "analysis/text/score_json.hpp"
#include "core/model/names.hpp"
#include "daemon/api/json_views.hpp"

namespace earshot::api {
namespace {

void write_sentiment(JsonWriter& out, const Sentiment& sentiment) {
  out.field("polarity", to_string(sentiment.polarity));
  out.key("score").rounded(static_cast<double>(sentiment.score), 4);
}

void write_evidence(JsonWriter& out, const std::vector<Evidence>& evidence) {
  out.key("evidence").begin_array();
  for (const auto& e : evidence) {
    out.begin_object()
        .field("begin", static_cast<std::int64_t>(e.span.begin))
        .field("end", static_cast<std::int64_t>(e.span.end));
    out.field("term", e.term).field("rule", e.rule).key("weight").rounded(e.weight, 4).end_object();
  }
  out.end_array();
}

}  // namespace

void write_json(JsonWriter& out, const BrandVerdict& verdict, const std::string& brand,
                const std::string& text) {
  out.begin_object().field("brand", brand).field("match", to_string(verdict.match));
  write_sentiment(out, verdict.verdict.sentiment);
  const auto& sentiment = verdict.verdict.sentiment;
  out.key("probabilities").begin_object().key("negative").rounded(static_cast<double>(sentiment.negative), 4);
  out.key("neutral").rounded(static_cast<double>(sentiment.neutral), 4);
  out.key("positive").rounded(static_cast<double>(sentiment.positive), 4).end_object();
  analysis::write_urgency(out, text, verdict.verdict);
  out.field("lexicon_version", static_cast<std::int64_t>(verdict.verdict.lexicon_version));
  write_evidence(out, verdict.verdict.evidence);
  out.key("products").begin_array();
  for (const auto& product : verdict.verdict.products) {
    out.begin_object().field("product", product.product);
    write_sentiment(out, product.sentiment);
    write_evidence(out, product.evidence);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace earshot::api
