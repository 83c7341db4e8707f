#include "store/sqlite/search_queue.hpp"

#include <sqlite3.h>

namespace earshot::store::sqlite {

Result<SearchQueue> SearchQueue::prepare(Database& database) {
  SearchQueue out;
  out.database_ = &database;
  const std::pair<Statement*, const char*> all[] = {
      {&out.append_, "INSERT INTO search_queue(mentions) VALUES(?)"},
      {&out.append_removed_, "INSERT INTO search_removed VALUES(?,?,?,?)"},
      {&out.forget_, "DELETE FROM search_queue WHERE queue_id<=?"},
      {&out.forget_removed_, "DELETE FROM search_removed WHERE queue_id<=?"}};
  for (const auto& [statement, sql] : all) {
    auto prepared = Statement::prepare(database, sql);
    if (!prepared) return unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return out;
}

void SearchQueue::remove(MentionId id, std::string_view title, std::string_view text) {
  for (; known_ < added_.size(); ++known_) settled_.insert(added_[known_]);
  // Words that came and went within one transaction were never indexed.
  if (!settled_.insert(id.value).second) return;
  removed_.push_back({.id = id.value, .title = std::string(title), .text = std::string(text)});
}

Status SearchQueue::flush() {
  if (added_.empty() && removed_.empty()) return Done{};
  {
    const auto ids = encode_ids(added_);
    Statement::Use use(append_);
    use.bind_blob(ids);
    if (auto status = use.run(); !status) return status;
  }
  const auto queue_id = database_->last_insert_id();
  for (const auto& one : removed_) {
    Statement::Use use(append_removed_);
    use.bind(queue_id).bind(one.id).bind(one.title).bind(one.text);
    if (auto status = use.run(); !status) return status;
  }
  discard();
  return Done{};
}

void SearchQueue::discard() {
  added_.clear();
  removed_.clear();
  settled_.clear();
  known_ = 0;
}

Status SearchQueue::forget(std::int64_t position) {
  for (auto* statement : {&forget_, &forget_removed_}) {
    Statement::Use use(*statement);
    use.bind(position);
    if (auto status = use.run(); !status) return status;
  }
  return Done{};
}

std::string encode_ids(const std::vector<std::int64_t>& ids) {
  std::string out;
  out.reserve(ids.size() * 8);
  for (const auto id : ids)
    for (int shift = 0; shift < 64; shift += 8)
      out.push_back(static_cast<char>(static_cast<std::uint64_t>(id) >> shift & 0xFF));
  return out;
}

std::vector<std::int64_t> decode_ids(std::string_view bytes) {
  std::vector<std::int64_t> out(bytes.size() / 8);
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t id = 0;
    for (std::size_t k = 0; k < 8; ++k)
      id |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i * 8 + k])) << (8 * k);
    out[i] = static_cast<std::int64_t>(id);
  }
  return out;
}

}  // namespace earshot::store::sqlite
