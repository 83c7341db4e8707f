#pragma once
#include "store/people.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// On a reader's connection, which must outlive it.
class SqlitePeople final : public PeopleReader {
 public:
  explicit SqlitePeople(Database& database) : database_(database) {}
  Result<std::vector<PersonRow>> people(BrandId brand, const PeopleFilter& filter) override;
  Result<std::vector<StanceStepRow>> last_steps(BrandId brand, Timestamp before) override;
  Result<std::vector<StanceStepRow>> steps(BrandId brand, Timestamp since, Timestamp until,
                                           std::size_t limit) override;
  Result<std::vector<StanceMonth>> stance_months(BrandId brand, Timestamp since, Timestamp until) override;
  Result<std::vector<PersonEventRow>> events(BrandId brand, std::string_view kind, Timestamp since,
                                             Timestamp until, std::size_t limit) override;
  Result<std::vector<PromiseRow>> promises(BrandId brand, Timestamp since, Timestamp until,
                                           std::string_view state, std::size_t limit) override;
  Result<std::vector<PraiseRow>> praise(BrandId brand, std::size_t limit, Timestamp now) override;
  Result<std::vector<ConductRow>> conduct(BrandId brand, Timestamp since, Timestamp until,
                                          std::size_t limit) override;
  Result<std::vector<ConductDay>> conduct_days(BrandId brand, Timestamp since, Timestamp until) override;
  Result<Cover> cover(IncidentId incident) override;

 private:
  Status add_details(BrandId brand, PersonRow& person);
  Database& database_;
};

/// The SQL of the lists; the plan test reads it too.
std::string people_sql(const PeopleFilter& filter);
std::string events_sql();
std::string promises_sql();
std::string praise_sql();
extern const char* const cover_sql;

}  // namespace earshot::store::sqlite
