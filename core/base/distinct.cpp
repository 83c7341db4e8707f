#include "core/base/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <iterator>

namespace earshot {
namespace {

constexpr std::size_t sparse_max = 256;
constexpr int index_bits = 10;
constexpr std::size_t registers = std::size_t{1} << index_bits;
constexpr int rank_max = 32 - index_bits + 1;

/// Author keys are hashes already, but a caller may pass small numbers: spread them (splitmix64's finaliser).
std::uint64_t spread(std::uint64_t key) {
  key ^= key >> 30;
  key *= 0xBF58'476D'1CE4'E5B9;
  key ^= key >> 27;
  key *= 0x94D0'49BB'1331'11EB;
  return key ^ key >> 31;
}

void raise(std::vector<std::uint8_t>& dense, std::uint32_t prefix) {
  const auto index = prefix >> (32 - index_bits);
  const auto rest = prefix << index_bits;
  const auto rank = static_cast<std::uint8_t>(rest == 0 ? rank_max : std::countl_zero(rest) + 1);
  dense[index] = std::max(dense[index], rank);
}

/// Both loops have no end but the last register, so that compilers turn them into vector instructions.
void raise_all(std::uint8_t* __restrict dense, const std::uint8_t* __restrict other) {
  for (std::size_t i = 0; i < registers; ++i) dense[i] = std::max(dense[i], other[i]);
}
std::uint8_t highest(const char* dense) {
  std::uint8_t out = 0;
  for (std::size_t i = 0; i < registers; ++i) out = std::max(out, static_cast<std::uint8_t>(dense[i]));
  return out;
}

}  // namespace

void DistinctSketch::add(std::uint64_t key) { insert_prefix(static_cast<std::uint32_t>(spread(key) >> 32)); }

void DistinctSketch::insert_prefix(std::uint32_t prefix) {
  if (!dense_.empty()) return raise(dense_, prefix);
  const auto at = std::ranges::lower_bound(sparse_, prefix);
  if (at != sparse_.end() && *at == prefix) return;
  sparse_.insert(at, prefix);
  if (sparse_.size() > sparse_max) to_dense();
}

void DistinctSketch::to_dense() {
  dense_.assign(registers, 0);
  for (const auto prefix : sparse_) raise(dense_, prefix);
  sparse_.clear();
  sparse_.shrink_to_fit();
}

void DistinctSketch::merge(const DistinctSketch& other) {
  if (&other == this) return;
  if (!other.dense_.empty()) {
    if (dense_.empty()) to_dense();
    raise_all(dense_.data(), other.dense_.data());
    return;
  }
  if (!dense_.empty()) {
    for (const auto prefix : other.sparse_) raise(dense_, prefix);
    return;
  }
  std::vector<std::uint32_t> both;
  both.reserve(sparse_.size() + other.sparse_.size());
  std::ranges::set_union(sparse_, other.sparse_, std::back_inserter(both));
  sparse_ = std::move(both);
  if (sparse_.size() > sparse_max) to_dense();
}

std::int64_t DistinctSketch::estimate() const {
  if (dense_.empty()) return static_cast<std::int64_t>(sparse_.size());
  double sum = 0;
  std::size_t zeros = 0;
  for (const auto rank : dense_) {
    sum += 1.0 / static_cast<double>(std::uint64_t{1} << rank);
    zeros += rank == 0 ? 1 : 0;
  }
  const double m = static_cast<double>(registers);
  const double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  const bool small = raw <= 2.5 * m && zeros > 0;
  return std::llround(small ? m * std::log(m / static_cast<double>(zeros)) : raw);
}

std::string DistinctSketch::encode() const {
  std::string out;
  if (!dense_.empty()) {
    out.push_back('\2');
    out.append(dense_.begin(), dense_.end());
    return out;
  }
  out.push_back('\1');
  for (const auto prefix : sparse_)
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(prefix >> shift & 0xFF));
  return out;
}

bool DistinctSketch::decode(std::string_view bytes, DistinctSketch& out) {
  out = {};
  if (bytes.empty()) return false;
  const char form = bytes.front();
  bytes.remove_prefix(1);
  if (form == '\2' && bytes.size() == registers) {
    if (highest(bytes.data()) > rank_max) return false;
    out.dense_.assign(bytes.begin(), bytes.end());
    return true;
  }
  if (form != '\1' || bytes.size() % 4 != 0 || bytes.size() / 4 > sparse_max) return false;
  out.sparse_.reserve(bytes.size() / 4);
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    std::uint32_t prefix = 0;
    for (std::size_t i = 0; i < 4; ++i) prefix = prefix << 8 | static_cast<unsigned char>(bytes[at + i]);
    out.sparse_.push_back(prefix);
  }
  if (std::ranges::adjacent_find(out.sparse_, std::ranges::greater_equal()) == out.sparse_.end()) return true;
  out = {};
  return false;
}

}  // namespace earshot
