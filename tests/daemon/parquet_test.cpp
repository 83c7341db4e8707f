#include "daemon/parquet/parquet_writer.hpp"

#include <zstd.h>

#include <bit>
#include <catch2/catch.hpp>
#include <map>

using namespace earshot;
using namespace earshot::parquet;

namespace {

/// Reads Thrift's compact protocol into a tree: numbers, texts, lists and structs by field number.
struct Value {
  std::int64_t number = 0;
  std::string text = {};
  std::vector<Value> list = {};
  std::map<int, Value> fields = {};
};

class Thrift {
 public:
  explicit Thrift(std::string_view bytes) : bytes_(bytes) {}

  Value structure() {
    Value out;
    int id = 0;
    for (;;) {
      const auto head = byte();
      if (head == 0) return out;
      id = (head >> 4) != 0 ? id + (head >> 4) : static_cast<int>(zigzag());
      out.fields[id] = value(head & 15);
    }
  }
  std::size_t used() const { return at_; }

 private:
  unsigned byte() {
    REQUIRE(at_ < bytes_.size());
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  std::uint64_t varint() {
    std::uint64_t out = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto next = byte();
      out |= std::uint64_t{next & 127U} << shift;
      if (next < 128) return out;
    }
  }
  std::int64_t zigzag() {
    const auto raw = varint();
    return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
  }
  Value value(unsigned type) {
    Value out;
    if (type == 1 || type == 2) {
      out.number = type == 1;
    } else if (type == 5 || type == 6) {
      out.number = zigzag();
    } else if (type == 8) {
      const auto size = varint();
      REQUIRE(size <= bytes_.size() - at_);
      out.text = bytes_.substr(at_, size);
      at_ += size;
    } else if (type == 9) {
      const auto head = byte();
      const auto size = (head >> 4) == 15 ? varint() : head >> 4;
      for (std::uint64_t i = 0; i < size; ++i) out.list.push_back(value(head & 15));
    } else {
      REQUIRE(type == 12);
      out = structure();
    }
    return out;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::uint64_t little(std::string_view bytes, std::size_t at, unsigned size) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < size; ++i)
    out |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return out;
}

struct File {
  std::string bytes;
  Value footer() const {
    REQUIRE(bytes.size() > 12);
    REQUIRE(bytes.substr(0, 4) == "PAR1");
    REQUIRE(bytes.substr(bytes.size() - 4) == "PAR1");
    const auto size = little(bytes, bytes.size() - 8, 4);
    return Thrift(std::string_view(bytes).substr(bytes.size() - 8 - size, size)).structure();
  }
  /// The values of a column's page, and how many they are.
  std::pair<std::string, std::int64_t> page(Value chunk) const {
    auto meta = chunk.fields.at(3);
    const auto from = static_cast<std::size_t>(meta.fields.at(9).number);
    Thrift thrift(std::string_view(bytes).substr(from));
    auto header = thrift.structure();
    const auto packed = static_cast<std::size_t>(header.fields.at(3).number);
    CHECK(static_cast<std::int64_t>(thrift.used() + packed) == meta.fields.at(7).number);
    std::string out(static_cast<std::size_t>(header.fields.at(2).number), '\0');
    REQUIRE(ZSTD_decompress(out.data(), out.size(), bytes.data() + from + thrift.used(), packed) ==
            out.size());
    return {out, header.fields.at(5).fields.at(1).number};
  }
};

const std::vector<Column> columns = {{"id", Kind::integer},
                                     {"at", Kind::time},
                                     {"score", Kind::real},
                                     {"flag", Kind::boolean},
                                     {"text", Kind::text}};

std::string text_of(std::int64_t i) { return i % 3 == 0 ? "" : "tëxt\n\"," + std::to_string(i); }

File write(std::int64_t rows) {
  File out;
  Writer writer(columns, {{"views", "1.1.0"}}, [&](std::string_view bytes) -> Status {
    out.bytes += bytes;
    return Done{};
  });
  for (std::int64_t i = 0; i < rows; ++i) {
    writer.add(i - 5);
    writer.add(from_ms(1'700'000'000'000 + i));
    writer.add(static_cast<double>(i) / -8);
    writer.add(i % 5 == 0);
    writer.add(std::string_view(text_of(i)));
    REQUIRE(writer.end_row());
  }
  REQUIRE(writer.finish());
  return out;
}

}  // namespace

TEST_CASE("what is written as Parquet is read back, group by group", "[daemon][parquet]") {
  for (const std::int64_t rows : {0, 1, 7, 8, 9, 10'000, 25'003}) {
    const auto file = write(rows);
    auto footer = file.footer();
    REQUIRE(footer.fields.at(3).number == rows);
    CHECK(footer.fields.at(2).list.size() == columns.size() + 1);
    CHECK(footer.fields.at(5).list.at(0).fields.at(2).text == "1.1.0");
    std::int64_t first = 0;
    for (auto& group : footer.fields.at(4).list) {
      const auto count = group.fields.at(3).number;
      std::vector<std::string> pages;
      for (auto& chunk : group.fields.at(1).list) {
        auto [page, values] = file.page(chunk);
        REQUIRE(values == count);
        pages.push_back(page);
      }
      REQUIRE(pages.size() == columns.size());
      std::size_t at = 0;
      for (std::int64_t i = 0; i < count; ++i) {
        const auto n = static_cast<std::size_t>(i);
        const auto row = first + i;
        REQUIRE(static_cast<std::int64_t>(little(pages[0], n * 8, 8)) == row - 5);
        REQUIRE(static_cast<std::int64_t>(little(pages[1], n * 8, 8)) == 1'700'000'000'000 + row);
        REQUIRE(std::bit_cast<double>(little(pages[2], n * 8, 8)) == static_cast<double>(row) / -8);
        REQUIRE((static_cast<unsigned char>(pages[3][n / 8]) >> (n % 8) & 1) == (row % 5 == 0));
        const auto size = little(pages[4], at, 4);
        REQUIRE(pages[4].substr(at + 4, size) == text_of(row));
        at += 4 + size;
      }
      CHECK(at == pages[4].size());
      CHECK(pages[3].size() == (static_cast<std::size_t>(count) + 7) / 8);
      first += count;
    }
    CHECK(first == rows);
  }
}

TEST_CASE("a group ends when it is large, however few rows it has", "[daemon][parquet]") {
  std::size_t calls = 0;
  Writer writer({{"text", Kind::text}}, {}, [&](std::string_view) -> Status {
    ++calls;
    return Done{};
  });
  const std::string large(6U << 20U, 'x');
  for (int i = 0; i < 3; ++i) {
    CHECK(calls == 0);
    writer.add(std::string_view(large));
    REQUIRE(writer.end_row());
  }
  CHECK(calls > 0);
}

TEST_CASE("a disk that is full ends the writing", "[daemon][parquet]") {
  for (int good = 0; good < 4; ++good) {
    int left = good;
    Writer writer({{"id", Kind::integer}}, {}, [&](std::string_view) -> Status {
      if (left-- > 0) return Done{};
      return unexpected(ErrorKind::disk_full, "full");
    });
    writer.add(std::int64_t{1});
    REQUIRE(writer.end_row());
    const auto status = writer.finish();
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == ErrorKind::disk_full);
  }
}
