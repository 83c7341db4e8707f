#pragma once
#include <cstdint>
#include <span>

#include "core/model/ids.hpp"
#include "store/sqlite/database.hpp"

namespace earshot::store::sqlite {

/// How the mentions of a finding are read, in the order of their numbers, added and taken away; ?1 is the
/// finding.
struct MemberSql {
  const char *list, *save, *drop;
};

/// Only what came and what went is written: nearly all are found again, and there may be a million.
Status replace_members(Database& database, const MemberSql& sql, std::int64_t owner,
                       std::span<const MentionId> members);

}  // namespace earshot::store::sqlite
