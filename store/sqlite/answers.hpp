#pragma once
#include "store/answers.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// Works on the store's own connection.
class SqliteAnswers final : public Answers {
 public:
  explicit SqliteAnswers(Database& database) : database_(database) {}

  Result<std::optional<KeptAnswer>> find(std::string_view caller, std::string_view key,
                                         Timestamp now) override;
  Status keep(std::string_view caller, std::string_view key, const KeptAnswer& answer,
              Timestamp now) override;
  Status forget_old(Timestamp now) override;

 private:
  Database& database_;
};

}  // namespace earshot::store::sqlite
