// The layout is that of the Parquet format's own document: magic, column chunks, footer in Thrift's compact
// protocol, its length, magic.
#include "daemon/parquet/parquet_writer.hpp"

#include <zstd.h>

#include <bit>

#include "core/base/assert.hpp"
#include "core/base/version.hpp"
#include "daemon/parquet/thrift_writer.hpp"

namespace earshot::parquet {
namespace {

constexpr std::string_view magic = "PAR1";
constexpr std::int64_t group_rows = 10'000;
constexpr std::size_t group_bytes = 16U << 20U;
constexpr int zstd_level = 3;

// Numbers of the format.
constexpr std::int32_t type_boolean = 0, type_int64 = 2, type_double = 5, type_byte_array = 6;
constexpr std::int32_t required = 0, data_page = 0, plain = 0, run_length = 3, codec_zstd = 6;
constexpr std::int32_t converted_utf8 = 0, converted_timestamp_millis = 9;

std::int32_t type_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return type_boolean;
    case Kind::real: return type_double;
    case Kind::text: return type_byte_array;
    case Kind::integer:
    case Kind::time: break;
  }
  return type_int64;
}

/// Little-endian, as all of Parquet is.
void append(std::string& out, std::uint64_t number, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xFFU);
}

void write_schema(ThriftWriter& out, const std::vector<Column>& columns) {
  out.begin_list(2, ThriftWriter::Type::structure, columns.size() + 1);
  out.begin_struct();
  out.field(4, std::string_view("mentions"));
  out.field(5, static_cast<std::int32_t>(columns.size()));
  out.end_struct();
  for (const auto& [name, kind] : columns) {
    out.begin_struct();
    out.field(1, type_of(kind));
    out.field(3, required);
    out.field(4, std::string_view(name));
    if (kind == Kind::text) {
      out.field(6, converted_utf8);
      out.begin_struct(10);
      out.begin_struct(1);
      out.end_struct();
      out.end_struct();
    } else if (kind == Kind::time) {
      out.field(6, converted_timestamp_millis);
      out.begin_struct(10);
      out.begin_struct(8);
      out.flag(1, true);  // UTC
      out.begin_struct(2);
      out.begin_struct(1);  // milliseconds
      out.end_struct();
      out.end_struct();
      out.end_struct();
      out.end_struct();
    }
    out.end_struct();
  }
}

}  // namespace

Writer::Writer(std::vector<Column> columns, Notes notes, Sink sink)
    : columns_(std::move(columns)),
      notes_(std::move(notes)),
      sink_(std::move(sink)),
      buffers_(columns_.size()) {}

Writer::Buffer& Writer::next(Kind kind) {
  EARSHOT_ASSERT(at_ < columns_.size() && columns_[at_].kind == kind);
  return buffers_[at_++];
}

void Writer::add(bool value) {
  auto& buffer = next(Kind::boolean);
  const auto bit = static_cast<unsigned>(rows_ % 8);
  if (value) buffer.bits = static_cast<std::uint8_t>(buffer.bits | 1U << bit);
  if (bit != 7) return;
  buffer.bytes += static_cast<char>(buffer.bits);
  buffer.bits = 0;
}

void Writer::add(std::int64_t value) {
  append(next(Kind::integer).bytes, static_cast<std::uint64_t>(value), 8);
}

void Writer::add(double value) { append(next(Kind::real).bytes, std::bit_cast<std::uint64_t>(value), 8); }

void Writer::add(std::string_view value) {
  auto& out = next(Kind::text).bytes;
  append(out, value.size(), 4);
  out += value;
  bytes_ += value.size();
}

void Writer::add(Timestamp value) {
  append(next(Kind::time).bytes, static_cast<std::uint64_t>(to_ms(value)), 8);
}

Status Writer::end_row() {
  EARSHOT_ASSERT(at_ == columns_.size());
  at_ = 0;
  ++rows_;
  if (rows_ < group_rows && bytes_ < group_bytes) return Done{};
  return end_group();
}

Status Writer::put(std::string_view bytes) {
  written_ += static_cast<std::int64_t>(bytes.size());
  return sink_(bytes);
}

Result<Writer::Chunk> Writer::write_page(Buffer& buffer) {
  const auto& bytes = buffer.bytes;
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const auto size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), zstd_level);
  if (ZSTD_isError(size) != 0)
    return unexpected(ErrorKind::internal, std::string("zstd: ") + ZSTD_getErrorName(size));
  packed.resize(size);
  ThriftWriter header;
  header.begin_struct();
  header.field(1, data_page);
  header.field(2, static_cast<std::int32_t>(bytes.size()));
  header.field(3, static_cast<std::int32_t>(packed.size()));
  header.begin_struct(5);
  header.field(1, static_cast<std::int32_t>(rows_));
  header.field(2, plain);
  header.field(3, run_length);
  header.field(4, run_length);
  header.end_struct();
  header.end_struct();
  const auto head = static_cast<std::int64_t>(header.bytes().size());
  Chunk chunk{.offset = written_,
              .plain_bytes = head + static_cast<std::int64_t>(bytes.size()),
              .packed_bytes = head + static_cast<std::int64_t>(packed.size())};
  auto status = put(header.bytes());
  if (status) status = put(packed);
  if (!status) return unexpected(status.error());
  return chunk;
}

Status Writer::end_group() {
  if (groups_.empty())
    if (auto status = put(magic); !status) return status;
  if (rows_ == 0) return Done{};
  Group group{.rows = rows_};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].kind == Kind::boolean && rows_ % 8 != 0)
      buffers_[i].bytes += static_cast<char>(buffers_[i].bits);
    auto chunk = write_page(buffers_[i]);
    if (!chunk) return unexpected(chunk.error());
    group.chunks.push_back(*chunk);
    buffers_[i].bytes.clear();
    buffers_[i].bits = 0;
  }
  groups_.push_back(std::move(group));
  rows_ = 0;
  bytes_ = 0;
  return Done{};
}

std::string Writer::footer() const {
  std::int64_t rows = 0;
  for (const auto& group : groups_) rows += group.rows;
  ThriftWriter out;
  out.begin_struct();
  out.field(1, std::int32_t{1});
  write_schema(out, columns_);
  out.field(3, rows);
  out.begin_list(4, ThriftWriter::Type::structure, groups_.size());
  for (const auto& group : groups_) {
    std::int64_t plain_bytes = 0;
    out.begin_struct();
    out.begin_list(1, ThriftWriter::Type::structure, columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& chunk = group.chunks[i];
      plain_bytes += chunk.plain_bytes;
      out.begin_struct();
      out.field(2, chunk.offset);
      out.begin_struct(3);
      out.field(1, type_of(columns_[i].kind));
      out.begin_list(2, ThriftWriter::Type::i32, 2);
      out.element(plain);
      out.element(run_length);
      out.begin_list(3, ThriftWriter::Type::binary, 1);
      out.element(std::string_view(columns_[i].name));
      out.field(4, codec_zstd);
      out.field(5, group.rows);
      out.field(6, chunk.plain_bytes);
      out.field(7, chunk.packed_bytes);
      out.field(9, chunk.offset);
      out.end_struct();
      out.end_struct();
    }
    out.field(2, plain_bytes);
    out.field(3, group.rows);
    out.end_struct();
  }
  out.begin_list(5, ThriftWriter::Type::structure, notes_.size());
  for (const auto& [key, value] : notes_) {
    out.begin_struct();
    out.field(1, std::string_view(key));
    out.field(2, std::string_view(value));
    out.end_struct();
  }
  out.field(6, std::string_view("earshot version " + std::string(product_version)));
  out.end_struct();
  return out.bytes();
}

Status Writer::finish() {
  EARSHOT_ASSERT(at_ == 0);
  if (auto status = end_group(); !status) return status;
  auto tail = footer();
  append(tail, tail.size(), 4);
  tail += magic;
  return put(tail);
}

}  // namespace earshot::parquet
