// What one hour of a brand in a source adds up to.
#include "store/sqlite/rollups.hpp"

namespace earshot::store::sqlite {

void Bucket::add_product(std::string_view name, Polarity polarity) {
  auto found = products.find(name);
  if (found == products.end())
    found = products.emplace(std::string(name), ProductCount{.product = std::string(name)}).first;
  auto& count = found->second;
  ++count.mentions;
  count.positive += polarity == Polarity::positive;
  count.neutral += polarity == Polarity::neutral;
  count.negative += polarity == Polarity::negative;
  count.unscored += polarity == Polarity::unscored;
}

void Bucket::add(const Contribution& c) {
  if (c.match == MatchKind::own) {
    ++hour.own;
    return;
  }
  if (c.spam) {
    ++hour.spam;
    return;
  }
  ++hour.mentions;
  hour.positive += c.polarity == Polarity::positive;
  hour.neutral += c.polarity == Polarity::neutral;
  hour.negative += c.polarity == Polarity::negative;
  hour.unscored += c.polarity == Polarity::unscored;
  hour.score_sum += c.score;
  hour.questions += c.question;
  hour.complaints += c.complaint;
  hour.reach += c.reach;
  if (c.author_key != 0) {
    hour.authors.add(c.author_key);
    if (c.polarity == Polarity::negative) hour.negative_authors.add(c.author_key);
  }
  auto said = languages.find(c.lang);
  if (said == languages.end())
    said = languages.emplace(std::string(c.lang), LanguageCount{.lang = std::string(c.lang)}).first;
  ++said->second.mentions;
  said->second.unscored += c.polarity == Polarity::unscored;
  for (const auto& [name, polarity] : c.products) add_product(name, polarity);
  if (c.polarity != Polarity::unscored) ++tones[{c.polarity, c.issues}];
  for (std::uint8_t issue = 0; issue < 64; ++issue) {
    if ((c.issues >> issue & 1U) == 0) continue;
    auto& count = issues[issue];
    count.issue = issue;
    ++count.mentions;
    count.negative += c.polarity == Polarity::negative;
  }
}

void Bucket::merge(const Bucket& other) {
  auto& h = hour;
  const auto& o = other.hour;
  h.mentions += o.mentions;
  h.positive += o.positive;
  h.neutral += o.neutral;
  h.negative += o.negative;
  h.unscored += o.unscored;
  h.score_sum += o.score_sum;
  h.questions += o.questions;
  h.complaints += o.complaints;
  h.reach += o.reach;
  h.own += o.own;
  h.spam += o.spam;
  h.authors.merge(o.authors);
  h.negative_authors.merge(o.negative_authors);
  for (const auto& [issue, count] : other.issues) {
    auto& mine = issues[issue];
    mine.issue = issue;
    mine.mentions += count.mentions;
    mine.negative += count.negative;
  }
  for (const auto& [lang, count] : other.languages) {
    auto& mine = languages[lang];
    mine.lang = lang;
    mine.mentions += count.mentions;
    mine.unscored += count.unscored;
  }
  for (const auto& [name, count] : other.products) {
    auto& mine = products[name];
    mine.product = name;
    mine.mentions += count.mentions;
    mine.positive += count.positive;
    mine.neutral += count.neutral;
    mine.negative += count.negative;
    mine.unscored += count.unscored;
  }
  for (const auto& [tone, count] : other.tones) tones[tone] += count;
}

}  // namespace earshot::store::sqlite
