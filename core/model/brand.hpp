#pragma once
#include <string>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/verdict.hpp"

namespace earshot {

/// A brand as configured. Names are what people write; the query, when given, replaces the one made from the
/// names.
struct Brand {
  BrandId id = {};
  std::string name = {};
  std::vector<std::string> aliases = {};
  std::vector<std::string> handles = {};       ///< "@fernwave", addressed by customers
  std::vector<std::string> own_accounts = {};  ///< handles or author ids of the brand's own accounts
  std::vector<std::string> products = {};
  std::vector<std::string> competitors = {};  ///< names of other configured brands
  std::string query = {};  ///< boolean query; empty: name, aliases, handles and products, OR-ed
  std::vector<std::string> must_match = {};
  std::vector<std::string> must_not_match = {};

  bool operator==(const Brand&) const = default;
};

/// One product of a matched brand that a mention names; without spans where only the title does.
struct ProductMatch {
  std::string product = {};  ///< its name in `Brand::products`
  std::vector<Span> spans = {};
  bool operator==(const ProductMatch&) const = default;
};

/// One brand found in one mention, with the words that say so (spans in the analysed text).
struct Match {
  BrandId brand = {};
  MatchKind kind = MatchKind::query;
  std::vector<Span> spans = {};
  std::vector<ProductMatch> products = {};  ///< those that are named, in the brand's order
  bool operator==(const Match&) const = default;
};

}  // namespace earshot
