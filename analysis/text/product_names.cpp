#include "analysis/text/product_names.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "analysis/text/characters.hpp"

namespace earshot::analysis {
namespace {

/// Words that follow a subject and never a command, so that what they come after is a name: English, and how
/// the other scored languages say is, was and has where English does not use the word for something else.
constexpr std::string_view after_subject[] = {
    "is",    "isn't", "was",      "wasn't", "are",    "aren't", "were",  "weren't", "has",   "hasn't",
    "had",   "does",  "doesn't",  "did",    "didn't", "can",    "can't", "cannot",  "could", "will",
    "won't", "would", "wouldn't", "should", "must",   "may",    "might", "keeps",   "never", "still",
    "works", "went",  "stopped",  "died",   "needs",  "looks",  "feels", "seems",   "ist",   "war",
    "hat",   "est",   "es",       "está",   "é",      "è",      "era"};

bool is_plain_word(const Token& token) {
  return token.kind != TokenKind::hashtag && token.kind != TokenKind::handle;
}

/// Begins with a capital.
bool is_capitalised(std::string_view surface) {
  const auto first = characters::decode(surface, 0).c;
  return characters::to_lower(first) != first;
}

/// Between the parts of a name nothing stands but space, a hyphen, or an underscore in a hashtag.
bool joins(std::string_view gap) { return gap.find_first_not_of(" -_") == std::string_view::npos; }

std::string_view gap_before(const QuerySubject& subject, std::size_t at) {
  const auto& word = subject.words[at];
  const auto& before = subject.words[at - 1];
  if (word.in_text != before.in_text) return ".";
  const std::string_view source = word.in_text ? subject.mention.text : subject.mention.title;
  const auto begin = std::min(before.token->span.end, word.token->span.begin);
  return source.substr(begin, word.token->span.begin - begin);
}

/// Whether nothing but handles and hashtags stands before the word in its sentence.
bool opens_sentence(const QuerySubject& subject, std::size_t at) {
  while (!subject.words[at].token->has(TokenTrait::sentence_start)) {
    if (at == 0) return true;
    const auto& before = *subject.words[--at].token;
    if (is_plain_word(before) && !before.has(TokenTrait::in_hashtag)) return false;
  }
  return true;
}

std::string_view without_possessive(std::string_view surface) {
  for (const std::string_view ending : {"'s", "’s"})
    if (surface.size() > ending.size() && surface.ends_with(ending)) surface.remove_suffix(ending.size());
  return surface;
}

std::string_view plural_ending(std::string_view word) {
  constexpr std::string_view hissing[] = {"s", "x", "z", "ch", "sh"};
  return std::ranges::any_of(hissing, [&](auto end) { return word.ends_with(end); }) ? "es" : "s";
}

bool is_spelt(std::string_view surface, std::string_view wanted) {
  surface = without_possessive(surface);
  if (!surface.starts_with(wanted)) return false;
  surface.remove_prefix(wanted.size());
  return surface.empty() || surface == plural_ending(wanted);
}

}  // namespace

std::vector<ProductNames::Word> ProductNames::words_of(const std::string& name, const Tokenizer& tokenizer) {
  TokenBuffer buffer;
  tokenizer.tokenize(name, buffer);
  std::vector<Word> out;
  std::size_t end = 0;
  for (const auto& token : buffer.tokens()) {
    if (token.kind == TokenKind::punctuation || token.has(TokenTrait::in_hashtag)) continue;
    const std::string_view text = name;
    out.push_back({.folded = std::string(token.folded),
                   .surface = std::string(text.substr(token.span.begin, token.span.end - token.span.begin)),
                   .gap = std::string(text.substr(end, token.span.begin - end)),
                   .hash = token.hash});
    end = token.span.end;
  }
  return out;
}

ProductNames::ProductNames(const Brand& brand, const Tokenizer& tokenizer) : products_(brand.products) {
  const auto same = [](std::span<const Word> a, std::span<const Word> b) {
    return std::ranges::equal(a, b, {}, &Word::hash, &Word::hash);
  };
  std::vector<std::vector<Word>> leads{words_of(brand.name, tokenizer)};
  for (const auto& alias : brand.aliases) leads.push_back(words_of(alias, tokenizer));
  std::vector<Name> short_names;
  for (std::size_t product = 0; product < products_.size(); ++product) {
    const auto words = words_of(products_[product], tokenizer);
    // What is called like the brand cannot be told from it.
    if (words.empty() || std::ranges::any_of(leads, [&](const auto& lead) { return same(lead, words); }))
      continue;
    add(product, words, false);
    const auto lead = std::ranges::find_if(leads, [&](const auto& one) {
      return !one.empty() && one.size() < words.size() && same(one, std::span(words).first(one.size()));
    });
    if (lead == leads.end()) continue;
    const std::vector<Word> rest(words.begin() + static_cast<std::ptrdiff_t>(lead->size()), words.end());
    for (const auto& other : leads) {
      if (&other == &*lead || other.empty()) continue;
      auto renamed = other;
      renamed.insert(renamed.end(), rest.begin(), rest.end());
      add(product, std::move(renamed), false);
    }
    short_names.push_back({.product = product, .words = rest, .is_short = true});
  }
  for (const auto& one : short_names) {
    const auto& first = one.words.front().surface;
    // "Hub"; not "TV", which everybody writes so.
    const bool capitalised =
        is_capitalised(first) && std::ranges::any_of(first, [](char c) {
          return (characters::class_of(c) & characters::lower) != 0 || !characters::is_ascii(c);
        });
    const auto taken = [&](const Name& other) {
      return other.product != one.product && same(other.words, one.words);
    };
    const bool is_lead = std::ranges::any_of(leads, [&](const auto& lead) { return same(lead, one.words); });
    if (capitalised && !is_lead && std::ranges::none_of(names_, taken) &&
        std::ranges::none_of(short_names, taken))
      add(one.product, one.words, true);
  }
}

void ProductNames::add(std::size_t product, std::vector<Word> words, bool is_short) {
  auto& last = words.back();
  last.plural = word_hash(last.folded + std::string(plural_ending(last.folded)));
  std::string joined;
  for (const auto& word : words) joined += word.folded;
  const auto number = names_.size();
  by_first_word_[words.front().hash].push_back(number);
  if (words.size() == 1) by_first_word_[last.plural].push_back(number);
  by_joined_words_[word_hash(joined)].push_back(number);
  names_.push_back({.product = product, .words = std::move(words), .is_short = is_short});
}

bool ProductNames::is_written(const Name& name, const QuerySubject& subject, std::size_t at) {
  if (at + name.words.size() > subject.words.size()) return false;
  const bool in_hashtag = subject.words[at].token->has(TokenTrait::in_hashtag);
  // In a longer hashtag one word is often a part of another: #PlayStation.
  if (in_hashtag && (name.words.size() == 1 || name.is_short)) return false;
  for (std::size_t i = 0; i < name.words.size(); ++i) {
    const auto& wanted = name.words[i];
    const auto& word = subject.words[at + i];
    if (!is_plain_word(*word.token) || word.token->has(TokenTrait::in_hashtag) != in_hashtag) return false;
    const auto is = [&](std::uint64_t hash) { return word.token->hash == hash || word.base_hash == hash; };
    if (!is(wanted.hash) && (wanted.plural == 0 || !is(wanted.plural))) return false;
    if (i == 0) continue;
    const auto gap = gap_before(subject, at + i);
    if (!joins(gap) && gap != wanted.gap) return false;
  }
  return true;
}

bool ProductNames::stands_alone(const QuerySubject& subject, Found& found) {
  const auto& words = subject.words;
  if (!words[found.first].in_text) return false;
  for (std::size_t i = found.first; i < found.end; ++i)
    if (!is_spelt(words[i].surface, found.name->words[i - found.first].surface)) return false;
  const bool opens = opens_sentence(subject, found.first);
  if (!opens && joins(gap_before(subject, found.first))) {
    const auto& before = words[found.first - 1];
    if (is_plain_word(*before.token) && !before.token->has(TokenTrait::in_hashtag) &&
        is_capitalised(before.surface) && !opens_sentence(subject, found.first - 1))
      return false;
  }
  const auto next = found.end;
  const bool followed = next < words.size() && joins(gap_before(subject, next));
  if (followed && is_capitalised(words[next].surface) && words[next].surface != "I" &&
      !words[next].token->has(TokenTrait::all_caps))
    return false;
  const auto last = words[next - 1].surface;
  const bool possessive = without_possessive(last) != last;
  found.certain = !opens || possessive ||
                  (followed && std::ranges::find(after_subject, words[next].token->folded) !=
                                   std::ranges::end(after_subject));
  return true;
}

void ProductNames::find_at(const QuerySubject& subject, std::size_t at, std::vector<Found>& found) const {
  const auto& words = subject.words;
  const auto& token = *words[at].token;
  if (!is_plain_word(token)) {
    const auto hit = by_joined_words_.find(word_hash(token.folded.substr(0, token.folded.find('@'))));
    if (hit == by_joined_words_.end()) return;
    auto end = at + 1;  // behind the words a hashtag was split into
    while (end < words.size() && words[end].token->has(TokenTrait::in_hashtag) &&
           words[end].in_text == words[at].in_text)
      ++end;
    for (const auto number : hit->second)  // the account "@hub" is anybody's
      if (!names_[number].is_short || token.kind == TokenKind::hashtag)
        found.push_back({.name = &names_[number], .first = at, .end = end});
    return;
  }
  const std::array<std::uint64_t, 2> hashes{token.hash, words[at].base_hash};
  for (std::size_t i = 0; i < (hashes[0] == hashes[1] ? 1 : 2); ++i) {
    const auto hit = by_first_word_.find(hashes[i]);
    if (hit == by_first_word_.end()) continue;
    for (const auto number : hit->second) {
      const auto& name = names_[number];
      if (!is_written(name, subject, at)) continue;
      Found one{.name = &name, .first = at, .end = at + name.words.size()};
      if (!name.is_short || stands_alone(subject, one)) found.push_back(one);
    }
  }
}

std::vector<ProductMatch> ProductNames::find(const QuerySubject& subject) const {
  std::vector<ProductMatch> out;
  if (names_.empty()) return out;
  std::vector<Found> found;
  for (std::size_t at = 0; at < subject.words.size(); ++at) find_at(subject, at, found);
  if (found.empty()) return out;

  std::ranges::stable_sort(found, std::ranges::greater{},
                           [](const Found& one) { return one.name->words.size(); });
  std::vector<bool> taken(subject.words.size());
  std::erase_if(found, [&](const Found& one) {
    const auto begin = taken.begin() + static_cast<std::ptrdiff_t>(one.first);
    const auto end = taken.begin() + static_cast<std::ptrdiff_t>(one.end);
    if (std::find(begin, end, true) != end) return true;
    std::fill(begin, end, true);
    return false;
  });
  std::ranges::sort(found, {}, &Found::first);
  for (std::size_t product = 0; product < products_.size(); ++product) {
    const auto is = [&](const Found& one) { return one.name->product == product; };
    if (std::ranges::none_of(found, [&](const Found& one) { return is(one) && one.certain; })) continue;
    auto& match = out.emplace_back(ProductMatch{.product = products_[product]});
    for (const auto& one : found) {
      const auto& first = subject.words[one.first];
      const auto& last = is_plain_word(*first.token) ? subject.words[one.end - 1] : first;
      if (is(one) && first.in_text) match.spans.push_back({first.token->span.begin, last.token->span.end});
    }
  }
  return out;
}

}  // namespace earshot::analysis
