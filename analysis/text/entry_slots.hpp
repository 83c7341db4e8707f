#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace earshot::analysis {

/// What a slot says of its key, so that nearly all questions need no look at the entry.
struct Known {
  static constexpr std::uint32_t none = 0x00FFFFFF;
  std::uint32_t entry = none;  ///< number of the entry of this key alone
  std::uint8_t longest = 0;    ///< words of the longest phrase that begins with these words; 0: none
  bool contrast = false;       ///< the entry's; so are the next two
  bool opinion = false;
  bool harmless = false;  ///< no valence below zero
};

/// An open-addressing table from hashes to entries that stands in memory somewhere else, filled by
/// EntrySlotsFiller. A slot is eight bytes, at most three of four are used: nearly every look-up reads one
/// cache line.
class EntrySlots {
 public:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t reference = empty;  ///< entry, or `none`, then what else is known
  };

  /// Knows nothing.
  EntrySlots() : EntrySlots(nothing) {}
  /// Their number must be a power of two, and one of them empty.
  explicit EntrySlots(std::span<const Slot> slots) : slots_(slots.data()), mask_(slots.size() - 1) {}

  Known find(std::uint64_t hash) const {
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (auto at = hash & mask_;; at = (at + 1) & mask_) {
      const auto slot = slots_[at];
      if (slot.reference == empty) return {};
      if (slot.tag == tag) return unpack(slot.reference);
    }
  }
  /// Asks for the slot's cache line ahead of `find`.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(slots_ + (hash & mask_)); }

 private:
  friend class EntrySlotsFiller;
  static constexpr std::uint32_t empty = 0xFFFFFFFF;
  static constexpr std::uint32_t contrast_bit = 1u << 24, opinion_bit = 1u << 25, harmless_bit = 1u << 26;
  static constexpr std::uint32_t longest_shift = 28;
  static const Slot nothing[1];
  static std::uint32_t pack(const Known& known);
  static Known unpack(std::uint32_t reference) {
    return {.entry = reference & Known::none,
            .longest = static_cast<std::uint8_t>(reference >> longest_shift & 7),
            .contrast = (reference & contrast_bit) != 0,
            .opinion = (reference & opinion_bit) != 0,
            .harmless = (reference & harmless_bit) != 0};
  }

  const Slot* slots_;
  std::uint64_t mask_;
};

class EntrySlotsFiller {
 public:
  /// `keys`: how many different ones will be added at most.
  explicit EntrySlotsFiller(std::size_t keys);
  /// Adds what is known of a key to what was said before: an entry, or how far phrases reach. False: another
  /// key cannot be told from it.
  bool add(std::uint64_t key, const Known& known);
  std::span<const EntrySlots::Slot> slots() const { return slots_; }

 private:
  std::vector<EntrySlots::Slot> slots_;
  std::vector<std::uint64_t> keys_;  ///< in full
};

}  // namespace earshot::analysis
