#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::parquet {

/// Appends Thrift's compact protocol to a string: the subset that Parquet's headers need. Fields of a struct
/// are written in ascending order. Pure.
class ThriftWriter {
 public:
  enum class Type : std::uint8_t { i32 = 5, i64 = 6, binary = 8, list = 9, structure = 12 };

  /// The outermost struct, and elements of a list of structs.
  void begin_struct() { last_.push_back(0); }
  void end_struct();
  void begin_struct(int id);
  void field(int id, std::int32_t number);
  void field(int id, std::int64_t number);
  void field(int id, std::string_view bytes);
  void flag(int id, bool value);
  /// A list's header; its elements follow.
  void begin_list(int id, Type of, std::size_t size);
  void element(std::int32_t number);
  void element(std::string_view bytes);

  const std::string& bytes() const { return out_; }

 private:
  void header(int id, std::uint8_t type);
  void varint(std::uint64_t number);
  void zigzag(std::int64_t number);

  std::string out_;
  std::vector<int> last_;  ///< number of the last field, of every struct that is open
};

}  // namespace earshot::parquet
