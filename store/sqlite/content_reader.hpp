#pragma once
#include "store/content.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// On a reader's connection, which must outlive it.
class SqliteContentReader final : public ContentReader {
 public:
  explicit SqliteContentReader(Database& database) : database_(database) {}
  Result<std::vector<StoryRow>> stories(BrandId brand, Timestamp since, Timestamp until,
                                        std::string_view consent, std::size_t limit) override;
  Result<StoryRow> story(BrandId brand, MentionId rant) override;
  Result<std::vector<PageRow>> pages(BrandId brand) override;
  Result<std::vector<OwnLink>> own_links(BrandId brand, Timestamp since, Timestamp until,
                                         std::size_t limit) override;
  Result<std::vector<TermMoveRow>> term_moves(BrandId brand) override;
  Result<std::vector<BondRow>> bonds(BrandId brand, Timestamp since, Timestamp until,
                                     std::size_t limit) override;
  Result<std::vector<DayMark>> day_marks(BrandId brand, Timestamp since, Timestamp until) override;

 private:
  Status add_history(BrandId brand, std::vector<StoryRow>& stories);
  Database& database_;
};

/// The SQL of the lists; the plan test reads it too.
std::string stories_sql(bool one_story);
std::string own_links_sql();
std::string bonds_sql();
std::string day_marks_sql();

}  // namespace earshot::store::sqlite
