#pragma once
#include <string>
#include <vector>

#include "store/sqlite/write_rows.hpp"

namespace earshot::store::sqlite {

/// Rows that take the place of what a table holds of one brand. They wait in a table of their own, in memory,
/// and only what differs is written: of what the jobs find nearly all is found again.
class FreshRows {
 public:
  /// Inside the caller's transaction, for a table with a primary key.
  static Result<FreshRows> create(Database& database, const std::string& table);

  /// `bind` sets the parameters behind the brand, in the order of the table's columns. Of rows with the same
  /// key the last counts.
  template <typename Rows, typename Bind>
  Status add(BrandId brand, const Rows& rows, Bind bind) {
    return save_all(*database_, add_sql_.c_str(), brand, rows, bind);
  }
  /// Of the rows that were added, those go that meet a condition.
  Status drop_if(const std::string& condition);
  /// `scope`: the condition that all that is replaced meets; ?1 is the brand, ?2 is `since`.
  Status replace(const std::string& scope, BrandId brand, std::int64_t since = 0);

 private:
  /// `t` and `f` agree in the columns of the key, or in all.
  std::string same(bool all) const;

  Database* database_ = nullptr;
  std::string table_, fresh_, add_sql_;
  std::vector<std::pair<std::string, bool>> columns_;  ///< and whether it belongs to the key
};

}  // namespace earshot::store::sqlite
