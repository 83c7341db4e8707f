#include "store/sqlite/sketch_functions.hpp"

#include <sqlite3.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "core/base/distinct.hpp"

namespace earshot::store::sqlite {
namespace {

DistinctSketch sketch_of(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  DistinctSketch out;
  if (bytes) static_cast<void>(DistinctSketch::decode({bytes, size}, out));
  return out;
}

/// SQLite keeps the address, zero at first, from one row of a group to the next.
DistinctSketch** slot(sqlite3_context* context, int bytes) {
  return static_cast<DistinctSketch**>(sqlite3_aggregate_context(context, bytes));
}

// SQLite calls these from C: nothing may be thrown through it.
void add_to_union(sqlite3_context* context, int, sqlite3_value** values) noexcept try {
  auto** sketch = slot(context, sizeof(DistinctSketch*));
  if (!sketch) return sqlite3_result_error_nomem(context);
  if (!*sketch) *sketch = new DistinctSketch;
  (*sketch)->merge(sketch_of(values[0]));
} catch (const std::bad_alloc&) {
  sqlite3_result_error_nomem(context);
}

void finish_union(sqlite3_context* context) noexcept try {
  auto** kept = slot(context, 0);
  const std::unique_ptr<DistinctSketch> sketch(kept ? *kept : nullptr);
  const auto bytes = sketch ? sketch->encode() : DistinctSketch().encode();
  sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
} catch (const std::bad_alloc&) {
  sqlite3_result_error_nomem(context);
}

void count(sqlite3_context* context, int, sqlite3_value** values) noexcept try {
  sqlite3_result_int64(context, sketch_of(values[0]).estimate());
} catch (const std::bad_alloc&) {
  sqlite3_result_error_nomem(context);
}

}  // namespace

Status add_sketch_functions(sqlite3* database) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code = sqlite3_create_function_v2(database, "distinct_union", 1, flags, nullptr, nullptr, add_to_union,
                                        finish_union, nullptr);
  if (code == SQLITE_OK)
    code = sqlite3_create_function_v2(database, "distinct_count", 1, flags, nullptr, count, nullptr, nullptr,
                                      nullptr);
  if (code == SQLITE_OK) return Done{};
  return unexpected(ErrorKind::internal,
                    "cannot teach the database to count authors: " + std::string(sqlite3_errstr(code)));
}

}  // namespace earshot::store::sqlite
