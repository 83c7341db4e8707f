#pragma once
#include "store/content.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Works on the store's own connection.
class SqliteContentWriter final : public ContentWriter {
 public:
  explicit SqliteContentWriter(Database& database) : database_(database) {}
  Status decide_story(const StoryDecision& decision) override;
  Status write_pages(BrandId brand, const PageFindings& findings) override;
  Status write_term_moves(BrandId brand, std::span<const TermMoveRow> rows) override;

 private:
  Database& database_;
};

}  // namespace earshot::store::sqlite
