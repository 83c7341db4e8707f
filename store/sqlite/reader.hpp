#pragma once
#include "store/sqlite/database.hpp"
#include "store/store.hpp"

namespace earshot::store::sqlite {

/// Queries on a read-only connection. Each call is one short read transaction.
class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(Database database) : database_(std::move(database)) {}

  Result<std::vector<NamedBrand>> brands() override;
  Result<std::vector<SourceStatus>> sources() override;
  Result<std::vector<MentionRow>> mentions(const MentionFilter& filter) override;
  Result<std::vector<MentionRow>> mention(MentionId id) override;
  Result<std::vector<HourRow>> hours(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<IssueCount>> issues(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<GapRow>> gaps(Timestamp since, Timestamp until) override;
  Result<std::vector<BaselineRow>> baseline(BrandId brand, SourceId source, std::string_view metric) override;
  Result<std::vector<IncidentRow>> incidents(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<IdeaRow>> ideas(BrandId brand, std::size_t limit) override;
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override;
  Result<std::vector<std::pair<std::uint8_t, std::string>>> issue_names() override;

 private:
  Result<std::vector<MentionId>> members(const char* sql, std::int64_t owner);
  Database database_;
};

/// The SQL of a mentions query; the plan test reads it too. Parameters follow in the order of the filter's fields.
std::string mentions_sql(const MentionFilter& filter);

}  // namespace earshot::store::sqlite
