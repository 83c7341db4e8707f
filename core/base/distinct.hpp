#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// Counts distinct 64-bit keys in little space and merges: exact up to 256 keys (but for collisions of 32-bit
/// prefixes), a HyperLogLog of 1,024 registers above (standard error 3.3 %, Flajolet et al. 2007). The
/// outcome does not depend on the order of additions and merges, so an incremental sketch equals a recomputed
/// one byte for byte.
class DistinctSketch {
 public:
  void add(std::uint64_t key);
  void merge(const DistinctSketch& other);
  std::int64_t estimate() const;
  bool empty() const { return sparse_.empty() && dense_.empty(); }

  /// Bytes for storage; `decode` of anything else than what `encode` wrote yields an empty sketch and false.
  std::string encode() const;
  static bool decode(std::string_view bytes, DistinctSketch& out);

  bool operator==(const DistinctSketch&) const = default;

 private:
  void insert_prefix(std::uint32_t prefix);
  void to_dense();
  std::vector<std::uint32_t> sparse_;  ///< sorted
  std::vector<std::uint8_t> dense_;
};

}  // namespace earshot
