#include "analysis/text/brand_matcher.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>

#include "analysis/text/product_names.hpp"
#include "analysis/text/query_match.hpp"
#include "analysis/text/query_parser.hpp"
#include "analysis/text/tokenizer.hpp"
#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

/// What must occur in a text for a query to match at all: one of these words, or a word with one of these
/// beginnings. `unknown`: no such word can be named, the query is evaluated for every mention.
struct Triggers {
  std::vector<std::uint64_t> words;
  std::vector<std::string> beginnings;
  bool unknown = false;
  std::size_t size() const { return words.size() + beginnings.size() * 4; }
};

Triggers triggers_of(const QueryNode& node) {
  Triggers out;
  switch (node.kind) {
    case QueryKind::any:
      for (const auto& child : node.children) {
        auto part = triggers_of(child);
        out.unknown = out.unknown || part.unknown;
        std::ranges::move(part.words, std::back_inserter(out.words));
        std::ranges::move(part.beginnings, std::back_inserter(out.beginnings));
      }
      return out;
    case QueryKind::all:
    case QueryKind::near:
    case QueryKind::ordered:
      out.unknown = true;
      for (const auto& child : node.children) {
        auto part = triggers_of(child);
        if (!part.unknown && (out.unknown || part.size() < out.size())) out = std::move(part);
      }
      return out;
    case QueryKind::hashtag:
    case QueryKind::handle: out.words.push_back(word_hash(node.value)); return out;
    case QueryKind::words: {
      // The longest plain word of a phrase is most likely its rarest.
      const QueryWord* best = nullptr;
      for (const auto& word : node.words)
        if (!word.pattern && (!best || word.folded.size() > best->folded.size())) best = &word;
      if (best) {
        out.words.push_back(best->hash);
        return out;
      }
      const auto& pattern = node.words.front().folded;
      const auto beginning = pattern.substr(0, pattern.find_first_of("*?"));
      if (beginning.empty())
        out.unknown = true;
      else
        out.beginnings.push_back(beginning);
      return out;
    }
    default: out.unknown = true; return out;
  }
}

std::string quoted(std::string text) {
  std::ranges::replace(text, '"', ' ');
  return "\"" + text + "\"";
}

/// The query of a brand that gives none: any of its names.
std::string query_of(const Brand& brand) {
  if (!brand.query.empty()) return brand.query;
  std::string out;
  const auto add = [&](const std::string& term) { out += (out.empty() ? "" : " OR ") + term; };
  add(quoted(brand.name));
  for (const auto& alias : brand.aliases) add(quoted(alias));
  for (const auto& product : brand.products) add(quoted(product));
  return out;
}

std::string bare(const std::string& handle) {
  auto folded = fold_case(handle);
  if (folded.starts_with('@')) folded.erase(0, 1);
  return folded;
}

/// The words of a title and a text, placed one after the other; the gap keeps phrases and NEAR from crossing.
void place_words(const Mention& mention, const MentionWords& words, std::vector<PlacedToken>& out) {
  out.clear();
  int place = 0;
  const auto add = [&](const TokenBuffer& buffer, std::string_view source, bool in_text) {
    for (const auto& token : buffer.tokens()) {
      if (token.kind == TokenKind::punctuation || token.kind == TokenKind::url) continue;
      PlacedToken word{.token = &token,
                       .surface = source.substr(token.span.begin, token.span.end - token.span.begin),
                       .base = token.folded,
                       .base_hash = token.hash,
                       .place = place++,
                       .in_text = in_text};
      if (token.has(TokenTrait::possessive)) {
        word.base.remove_suffix(2);
        word.base_hash = token.base_hash();
      }
      out.push_back(word);
    }
    place += 200;
  };
  add(words.title, mention.title, false);
  add(words.text, mention.text, true);
}

struct CompiledBrand {
  Brand brand;
  QueryNode query;
  ProductNames products;
  std::vector<std::string> handles;
  std::vector<std::string> own_accounts;
};

bool is_own(const CompiledBrand& brand, const Mention& mention) {
  if (brand.own_accounts.empty()) return false;
  const auto handle = bare(mention.author.handle);
  const auto id = fold_case(mention.author.id);
  return std::ranges::any_of(brand.own_accounts,
                             [&](const std::string& own) { return own == handle || own == id; });
}

bool addresses(const CompiledBrand& brand, std::string_view handle) {
  return std::ranges::any_of(brand.handles, [&](const std::string& mine) {
    return handle == mine || (handle.starts_with(mine) && handle.substr(mine.size()).starts_with('@'));
  });
}

}  // namespace

/// Says of nearly every word that no brand waits for it, by one bit; wide enough that one bit in sixteen at
/// most is set.
class WordFilter {
 public:
  void set(const std::unordered_map<std::uint64_t, std::vector<std::uint32_t>>& words) {
    bits_.assign(std::max<std::size_t>(64, std::bit_ceil(words.size() / 4 + 1)), 0);
    for (const auto& [hash, numbers] : words) bits_[index(hash)] |= bit(hash);
  }
  bool may_hold(std::uint64_t hash) const { return (bits_[index(hash)] & bit(hash)) != 0; }

 private:
  std::size_t index(std::uint64_t hash) const { return (hash >> 6) & (bits_.size() - 1); }
  static std::uint64_t bit(std::uint64_t hash) { return std::uint64_t{1} << (hash & 63); }
  std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>(64);
};

struct BrandMatcher::Compiled {
  Tokenizer tokenizer;
  std::vector<CompiledBrand> brands;
  std::map<BrandId, std::uint32_t> by_id;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> words;
  WordFilter filter;
  /// Beginnings by their length in bytes, so that a word is looked up once per length in use.
  std::vector<std::pair<std::size_t, std::unordered_map<std::string, std::vector<std::uint32_t>>>> beginnings;
  std::unordered_map<std::string, std::vector<std::uint32_t>> own;
  std::vector<std::uint32_t> always;

  void index(std::uint32_t number) {
    const auto& brand = brands[number];
    by_id[brand.brand.id] = number;
    auto found = triggers_of(brand.query);
    for (const auto& handle : brand.handles) found.words.push_back(word_hash(handle));
    for (const auto& account : brand.own_accounts) own[account].push_back(number);
    if (found.unknown) return always.push_back(number);
    for (const auto word : found.words) words[word].push_back(number);
    for (const auto& text : found.beginnings) {
      auto same = std::ranges::find(beginnings, text.size(), [](const auto& entry) { return entry.first; });
      if (same == beginnings.end()) same = beginnings.insert(same, {text.size(), {}});
      same->second[text].push_back(number);
    }
  }

  void candidates(const Mention& mention, const std::vector<PlacedToken>& placed,
                  std::vector<std::uint32_t>& out) const {
    out = always;
    const auto take = [&](const std::vector<std::uint32_t>& numbers) {
      out.insert(out.end(), numbers.begin(), numbers.end());
    };
    const auto look_up = [&](std::uint64_t hash) {
      if (!filter.may_hold(hash)) return;
      if (const auto hit = words.find(hash); hit != words.end()) take(hit->second);
    };
    for (const auto& word : placed) {
      look_up(word.token->hash);
      if (word.base_hash != word.token->hash) look_up(word.base_hash);
      if (word.token->kind == TokenKind::handle)
        if (const auto at = word.token->folded.find('@'); at != std::string_view::npos)
          look_up(word_hash(word.token->folded.substr(0, at)));
      for (const auto& [length, table] : beginnings) {
        if (word.token->folded.size() < length) continue;
        const auto hit = table.find(std::string(word.token->folded.substr(0, length)));
        if (hit != table.end()) take(hit->second);
      }
    }
    if (!own.empty())
      for (const auto& account : {bare(mention.author.handle), fold_case(mention.author.id)})
        if (const auto hit = own.find(account); hit != own.end()) take(hit->second);
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());  // clang 14 rejects std::ranges::unique
  }

  std::optional<Match> evaluate(const CompiledBrand& brand, const Mention& mention,
                                const std::vector<PlacedToken>& placed) const {
    std::vector<Place> found;
    Match match{.brand = brand.brand.id, .kind = MatchKind::query};
    bool matched = matches(brand.query, QuerySubject{.mention = mention, .words = placed}, found);
    for (const auto& place : found)
      if (place.in_text) match.spans.push_back(place.span);
    if (!matched) {
      for (const auto& word : placed)
        if (word.token->kind == TokenKind::handle && addresses(brand, word.token->folded)) {
          matched = true;
          match.kind = MatchKind::handle;
          if (word.in_text) match.spans.push_back(word.token->span);
        }
    }
    if (is_own(brand, mention))
      match.kind = MatchKind::own;
    else if (!matched)
      return std::nullopt;
    std::ranges::sort(match.spans, {}, &Span::begin);
    match.products = brand.products.find({.mention = mention, .words = placed});
    return match;
  }
};

BrandMatcher::BrandMatcher(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
BrandMatcher::~BrandMatcher() = default;

Result<std::unique_ptr<BrandMatcher>> BrandMatcher::create(std::span<const Brand> brands) {
  auto compiled = std::make_unique<Compiled>();
  std::string mistakes;
  for (const auto& brand : brands) {
    const auto mistake = [&](const std::string& what) {
      mistakes += (mistakes.empty() ? "" : "\n") + ("brand '" + brand.name + "': query " + what);
    };
    auto query = parse_query(query_of(brand));
    if (!query) {
      mistake(query.error().message);
      continue;
    }
    if (const auto why = lint_query(*query); !why.empty())
      mistake("column " + std::to_string(query->column) + ": " + why);
    CompiledBrand entry{.brand = brand,
                        .query = std::move(*query),
                        .products = ProductNames(brand, compiled->tokenizer),
                        .handles = {},
                        .own_accounts = {}};
    for (const auto& handle : brand.handles) entry.handles.push_back(bare(handle));
    for (const auto& account : brand.own_accounts) entry.own_accounts.push_back(bare(account));
    compiled->brands.push_back(std::move(entry));
    compiled->index(static_cast<std::uint32_t>(compiled->brands.size() - 1));
  }
  if (!mistakes.empty()) return unexpected(ErrorKind::invalid, mistakes);
  compiled->filter.set(compiled->words);
  return std::unique_ptr<BrandMatcher>(new BrandMatcher(std::move(compiled)));
}

std::vector<Match> BrandMatcher::match(const Mention& mention, std::span<const BrandId> about) const {
  thread_local MentionWords words;
  return match(mention, about, words);
}

std::vector<Match> BrandMatcher::match(const Mention& mention, std::span<const BrandId> about,
                                       MentionWords& words) const {
  thread_local std::vector<PlacedToken> placed;
  thread_local std::vector<std::uint32_t> numbers;
  compiled_->tokenizer.tokenize(mention.title, words.title);
  compiled_->tokenizer.tokenize(mention.text, words.text);
  place_words(mention, words, placed);
  compiled_->candidates(mention, placed, numbers);
  std::vector<Match> out;
  for (const auto number : numbers)
    if (auto match = compiled_->evaluate(compiled_->brands[number], mention, placed))
      out.push_back(std::move(*match));
  for (const auto id : about) {
    if (std::ranges::find(out, id, &Match::brand) != out.end()) continue;
    auto& match = out.emplace_back(Match{.brand = id, .kind = MatchKind::source});
    if (const auto known = compiled_->by_id.find(id); known != compiled_->by_id.end())
      match.products = compiled_->brands[known->second].products.find({.mention = mention, .words = placed});
  }
  std::ranges::sort(out, {}, &Match::brand);
  return out;
}

std::vector<std::string> BrandMatcher::run_examples() const {
  std::vector<std::string> failures;
  for (const auto& entry : compiled_->brands) {
    const auto hit = [&](const std::string& text) {
      const auto found = match(Mention{.platform = "example", .native_id = "1", .text = text});
      return std::ranges::any_of(found, [&](const Match& m) { return m.brand == entry.brand.id; });
    };
    for (const auto& text : entry.brand.must_match)
      if (!hit(text))
        failures.push_back("brand '" + entry.brand.name + "': must match, but does not: " + text);
    for (const auto& text : entry.brand.must_not_match)
      if (hit(text))
        failures.push_back("brand '" + entry.brand.name + "': must not match, but does: " + text);
  }
  return failures;
}

}  // namespace earshot::analysis
