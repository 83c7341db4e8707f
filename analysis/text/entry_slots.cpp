#include "analysis/text/entry_slots.hpp"

#include <algorithm>
#include <bit>

namespace earshot::analysis {

void EntrySlots::reserve(std::size_t keys) {
  const auto size = std::bit_ceil(keys * 4 / 3 + 16);
  slots_.assign(size, {});
  keys_.assign(size, 0);
  mask_ = size - 1;
}

bool EntrySlots::add(std::uint64_t key, const Known& known) {
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  auto at = key & mask_;
  while (slots_[at].reference != empty && slots_[at].tag != tag) at = (at + 1) & mask_;
  auto& slot = slots_[at];
  if (slot.reference == empty) {
    slot = {.tag = tag, .reference = pack(known)};
    keys_[at] = key;
    return true;
  }
  if (keys_[at] != key) return false;
  const auto before = unpack(slot.reference);
  auto together = known.entry == Known::none ? before : known;
  together.longest = std::max(before.longest, known.longest);
  slot.reference = pack(together);
  return true;
}

std::uint32_t EntrySlots::pack(const Known& known) {
  return known.entry | (known.contrast ? contrast_bit : 0) | (known.opinion ? opinion_bit : 0) |
         (known.harmless ? harmless_bit : 0) | static_cast<std::uint32_t>(known.longest) << longest_shift;
}

}  // namespace earshot::analysis
