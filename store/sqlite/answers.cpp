#include "store/sqlite/answers.hpp"

namespace earshot::store::sqlite {
namespace {

constexpr const char* find_answer_sql =
    "SELECT request_hash,status,content_type,body FROM answer WHERE caller=? AND key=? AND answered_at>?";
constexpr const char* keep_answer_sql =
    "INSERT OR REPLACE INTO answer(caller,key,request_hash,status,content_type,body,answered_at) "
    "VALUES(?,?,?,?,?,?,?)";
constexpr const char* forget_old_sql = "DELETE FROM answer WHERE answered_at<=?";
constexpr const char* forget_many_sql =
    "DELETE FROM answer WHERE answered_at<=(SELECT answered_at FROM answer ORDER BY answered_at DESC LIMIT 1 "
    "OFFSET ?)";

}  // namespace

Result<std::optional<KeptAnswer>> SqliteAnswers::find(std::string_view caller, std::string_view key,
                                                      Timestamp now) {
  auto statement = Statement::prepare(database_, find_answer_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(caller).bind(key).bind(now - life);
  std::optional<KeptAnswer> out;
  if (use.step())
    out = KeptAnswer{.request_hash = std::string(use.text(0)),
                     .status = static_cast<int>(use.integer(1)),
                     .content_type = std::string(use.text(2)),
                     .body = std::string(use.text(3))};
  if (auto status = use.finish(); !status) return unexpected(status.error());
  return out;
}

Status SqliteAnswers::keep(std::string_view caller, std::string_view key, const KeptAnswer& answer,
                           Timestamp now) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return unexpected(transaction.error());
  {
    auto statement = Statement::prepare(database_, keep_answer_sql);
    if (!statement) return unexpected(statement.error());
    Statement::Use use(*statement);
    use.bind(caller).bind(key).bind(answer.request_hash).bind(answer.status).bind(answer.content_type);
    use.bind(answer.body).bind(now);
    if (auto status = use.run(); !status) return status;
  }
  if (auto status = forget_old(now); !status) return status;
  auto statement = Statement::prepare(database_, forget_many_sql);
  if (!statement) return unexpected(statement.error());
  {
    Statement::Use use(*statement);
    use.bind(kept_max);
    if (auto status = use.run(); !status) return status;
  }
  return transaction->commit();
}

Status SqliteAnswers::forget_old(Timestamp now) {
  auto statement = Statement::prepare(database_, forget_old_sql);
  if (!statement) return unexpected(statement.error());
  Statement::Use use(*statement);
  use.bind(now - life);
  return use.run();
}

}  // namespace earshot::store::sqlite
