#include "analysis/text/entry_slots.hpp"

#include <algorithm>
#include <bit>

namespace earshot::analysis {

const EntrySlots::Slot EntrySlots::nothing[1] = {};

EntrySlotsFiller::EntrySlotsFiller(std::size_t keys)
    : slots_(std::bit_ceil(keys * 4 / 3 + 16)), keys_(slots_.size()) {}

bool EntrySlotsFiller::add(std::uint64_t key, const Known& known) {
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  const auto mask = slots_.size() - 1;
  auto at = key & mask;
  while (slots_[at].reference != EntrySlots::empty && slots_[at].tag != tag) at = (at + 1) & mask;
  auto& slot = slots_[at];
  if (slot.reference == EntrySlots::empty) {
    slot = {.tag = tag, .reference = EntrySlots::pack(known)};
    keys_[at] = key;
    return true;
  }
  if (keys_[at] != key) return false;
  const auto before = EntrySlots::unpack(slot.reference);
  auto together = known.entry == Known::none ? before : known;
  together.longest = std::max(before.longest, known.longest);
  slot.reference = EntrySlots::pack(together);
  return true;
}

std::uint32_t EntrySlots::pack(const Known& known) {
  return known.entry | (known.contrast ? contrast_bit : 0) | (known.opinion ? opinion_bit : 0) |
         (known.harmless ? harmless_bit : 0) | static_cast<std::uint32_t>(known.longest) << longest_shift;
}

}  // namespace earshot::analysis
