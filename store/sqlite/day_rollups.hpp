#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// The rollups by UTC day: always the sum of their hours. A day that was touched is summed anew, which reads
/// at most 24 rows of each kind, so that it never matters how its hours changed.
class DayRollups {
 public:
  static Result<DayRollups> prepare(Database& database);
  /// Inside the caller's transaction, after the day's hours are written. `day_at`: ms, the day's beginning.
  Status refresh(std::int64_t brand, std::int64_t day_at, std::int64_t source);
  /// One line per table whose days are not the sum of their hours.
  static Result<std::vector<std::string>> verify(Database& database);

 private:
  std::vector<Statement> steps_;  ///< parameters of each: brand, day, source
};

}  // namespace earshot::store::sqlite
