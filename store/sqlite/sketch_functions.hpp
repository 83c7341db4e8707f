#pragma once
#include "core/base/result.hpp"
#include "store/sqlite/handle.hpp"

namespace earshot::store::sqlite {

/// Teaches a connection `distinct_union(sketch)`, an aggregate that gives the sketch of all, and
/// `distinct_count(sketch)`. What is no sketch counts as empty: a damaged hour costs its authors, not the
/// day; `verify_rollups` names it.
Status add_sketch_functions(sqlite3* database);

}  // namespace earshot::store::sqlite
