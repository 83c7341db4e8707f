#include "store/sqlite/product_writer.hpp"

#include <cmath>

namespace earshot::store::sqlite {
namespace {

constexpr const char* save_products_sql = "INSERT OR REPLACE INTO verdict_products VALUES(?,?,?,?,?)";
constexpr const char* read_sql =
    "SELECT p.name,d.polarity,d.score FROM verdict_products d JOIN product p USING(product_id) "
    "WHERE d.mention_id=? AND d.brand_id=? ORDER BY p.name";
constexpr const char* drop_verdict_products_sql = "DELETE FROM verdict_products WHERE mention_id=?";
constexpr const char* save_name_sql = "INSERT OR IGNORE INTO product(brand_id,name) VALUES(?,?)";
constexpr const char* find_name_sql = "SELECT product_id FROM product WHERE brand_id=? AND name=?";

}  // namespace

Result<ProductWriter> ProductWriter::prepare(Database& database) {
  ProductWriter out;
  const std::pair<Statement*, const char*> all[] = {{&out.save_, save_products_sql},
                                                    {&out.read_, read_sql},
                                                    {&out.drop_, drop_verdict_products_sql},
                                                    {&out.save_name_, save_name_sql},
                                                    {&out.find_name_, find_name_sql}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return out;
}

Result<std::int64_t> ProductWriter::id_of(BrandId brand, const std::string& product) {
  const auto known = ids_.find({brand, product});
  if (known != ids_.end()) return known->second;
  {
    Statement::Use use(save_name_);
    use.bind(brand.value).bind(product);
    if (auto status = use.run(); !status) return unexpected(status.error());
  }
  Statement::Use use(find_name_);
  use.bind(brand.value).bind(product);
  if (!use.step()) return unexpected(ErrorKind::corrupt, "a product row vanished");
  return ids_[{brand, product}] = use.integer(0);
}

Status ProductWriter::save(MentionId mention, BrandId brand, std::span<const ProductVerdict> products) {
  for (const auto& [product, sentiment, evidence] : products) {
    auto id = id_of(brand, product);
    if (!id) return unexpected(id.error());
    Statement::Use use(save_);
    use.bind(mention.value).bind(brand.value).bind(*id);
    use.bind(static_cast<std::int64_t>(sentiment.polarity));
    use.bind(static_cast<std::int64_t>(std::lround(static_cast<double>(sentiment.score) * 1000)));
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

Result<std::vector<ProductRow>> ProductWriter::read(MentionId mention, BrandId brand) {
  Statement::Use use(read_);
  use.bind(mention.value).bind(brand.value);
  std::vector<ProductRow> rows;
  while (use.step())
    rows.push_back({.product = std::string(use.text(0)),
                    .polarity = static_cast<Polarity>(use.integer(1)),
                    .score = static_cast<double>(use.integer(2)) / 1000});
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return rows;
}

Status ProductWriter::drop(MentionId mention) {
  Statement::Use use(drop_);
  use.bind(mention.value);
  return use.run();
}

}  // namespace earshot::store::sqlite
