#include "daemon/parquet/thrift_writer.hpp"

#include "core/base/assert.hpp"

namespace earshot::parquet {
namespace {

constexpr std::uint8_t true_type = 1, false_type = 2;

}  // namespace

void ThriftWriter::varint(std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out_ += static_cast<char>(number | 0x80U);
  out_ += static_cast<char>(number);
}

void ThriftWriter::zigzag(std::int64_t number) {
  varint((static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63));
}

void ThriftWriter::header(int id, std::uint8_t type) {
  const int step = id - last_.back();
  EARSHOT_ASSERT(step > 0 && step < 16);
  out_ += static_cast<char>(static_cast<unsigned>(step) << 4U | type);
  last_.back() = id;
}

void ThriftWriter::end_struct() {
  out_ += '\0';
  last_.pop_back();
}

void ThriftWriter::begin_struct(int id) {
  header(id, static_cast<std::uint8_t>(Type::structure));
  begin_struct();
}

void ThriftWriter::field(int id, std::int32_t number) {
  header(id, static_cast<std::uint8_t>(Type::i32));
  zigzag(number);
}

void ThriftWriter::field(int id, std::int64_t number) {
  header(id, static_cast<std::uint8_t>(Type::i64));
  zigzag(number);
}

void ThriftWriter::field(int id, std::string_view bytes) {
  header(id, static_cast<std::uint8_t>(Type::binary));
  element(bytes);
}

void ThriftWriter::flag(int id, bool value) { header(id, value ? true_type : false_type); }

void ThriftWriter::begin_list(int id, Type of, std::size_t size) {
  header(id, static_cast<std::uint8_t>(Type::list));
  const auto type = static_cast<unsigned>(of);
  if (size < 15) {
    out_ += static_cast<char>(static_cast<unsigned>(size) << 4U | type);
    return;
  }
  out_ += static_cast<char>(0xF0U | type);
  varint(size);
}

void ThriftWriter::element(std::int32_t number) { zigzag(number); }

void ThriftWriter::element(std::string_view bytes) {
  varint(bytes.size());
  out_ += bytes;
}

}  // namespace earshot::parquet
