#include "analysis/training/shipped.hpp"

#include "analysis/text/features.hpp"
#include "analysis/text/lexicon_format.hpp"
#include "embedded/lexicon.hpp"

namespace earshot::analysis::training {
namespace {

/// Features' priors come first, so that what was learned replaces them, as in a reading.
bool is_wanted(std::string_view file, std::string_view lang) {
  if (file == "topic_prior.tsv") return true;
  if (!file.starts_with(lang) || file.size() <= lang.size() || file[lang.size()] != '_') return false;
  const auto layer = file.substr(lang.size() + 1);
  return layer == "learned.tsv" || layer == "topics.tsv" || layer == "policy.tsv";
}

void apply(const LexiconLine& line, ShippedLine& out) {
  for (const auto& setting : line.settings) {
    const auto value = static_cast<double>(setting.value);
    switch (setting.facet) {
      case Facet::negative: out.polarity[0] = value; break;
      case Facet::neutral: out.polarity[1] = value; break;
      case Facet::positive: out.polarity[2] = value; break;
      case Facet::issue_logit: out.topics[setting.id] = value; break;
      case Facet::intent_logit: out.topics[issue_type_count + setting.id] = value; break;
      default: break;
    }
  }
}

}  // namespace

Result<ShippedWeights> ShippedWeights::read(std::string_view lang) {
  ShippedWeights out;
  for (const auto& file : embedded::lexicon()) {
    if (!is_wanted(file.name, lang)) continue;
    const auto parsed = parse_lexicon(file.name, file.bytes);
    if (!parsed) return unexpected(ErrorKind::internal, parsed.error().message);
    for (const auto& line : parsed->lines)
      apply(line, out.lines_[(line.negated ? "not:" : "") + std::string(line.term)]);
  }
  if (const auto lean = out.lines_.find(lean_name); lean != out.lines_.end()) {
    out.lean_ = lean->second;
    out.lines_.erase(lean);
  }
  auto& bias = out.lines_[std::string(feature_name(static_cast<std::size_t>(Feature::bias)))];
  for (std::size_t c = 0; c < 3; ++c) bias.polarity[c] += out.lean_.polarity[c];
  for (std::size_t t = 0; t < topic_count; ++t) bias.topics[t] += out.lean_.topics[t];
  return out;
}

}  // namespace earshot::analysis::training
