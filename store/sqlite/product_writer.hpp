#pragma once
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/model/ids.hpp"
#include "core/model/verdict.hpp"
#include "store/rows.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Writes what a verdict says of products, inside the caller's transaction.
class ProductWriter {
 public:
  static Result<ProductWriter> prepare(Database& database);

  Status save(MentionId mention, BrandId brand, std::span<const ProductVerdict> products);
  /// What is stored, by name.
  Result<std::vector<ProductRow>> read(MentionId mention, BrandId brand);
  /// Of all brands.
  Status drop(MentionId mention);
  /// The transaction was rolled back: products first named in it are not in the table.
  void forget() { ids_.clear(); }

 private:
  Result<std::int64_t> id_of(BrandId brand, const std::string& product);

  Statement save_, read_, drop_, save_name_, find_name_;
  std::map<std::pair<BrandId, std::string>, std::int64_t> ids_;
};

}  // namespace earshot::store::sqlite
