#pragma once
#include <cstddef>
#include <cstdint>
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

/// An open-addressing table from hashes to entries, filled once. A slot is eight bytes, at most three of four
/// are used: nearly every look-up reads one cache line.
class EntrySlots {
 public:
  void reserve(std::size_t keys);
  /// Adds what is known of a key to what was said before: an entry, or how far phrases reach. False: another
  /// key cannot be told from it. Only after `reserve`, never after `freeze`.
  bool add(std::uint64_t key, const Known& known);
  void freeze() { keys_ = {}; }

  Known find(std::uint64_t hash) const {
    const auto* const slots = slots_.data();
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (auto at = hash & mask_;; at = (at + 1) & mask_) {
      const auto slot = slots[at];
      if (slot.reference == empty) return {};
      if (slot.tag == tag) return unpack(slot.reference);
    }
  }
  /// Asks for the slot's cache line ahead of `find`.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(slots_.data() + (hash & mask_)); }

 private:
  static constexpr std::uint32_t empty = 0xFFFFFFFF;
  static constexpr std::uint32_t contrast_bit = 1u << 24, opinion_bit = 1u << 25, harmless_bit = 1u << 26;
  static constexpr std::uint32_t longest_shift = 28;
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t reference = empty;  ///< entry, or `none`, then what else is known
  };
  static std::uint32_t pack(const Known& known);
  static Known unpack(std::uint32_t reference) {
    return {.entry = reference & Known::none,
            .longest = static_cast<std::uint8_t>(reference >> longest_shift & 7),
            .contrast = (reference & contrast_bit) != 0,
            .opinion = (reference & opinion_bit) != 0,
            .harmless = (reference & harmless_bit) != 0};
  }

  std::vector<Slot> slots_ = std::vector<Slot>(2);
  std::uint64_t mask_ = 1;
  std::vector<std::uint64_t> keys_;  ///< in full, while it is filled
};

}  // namespace earshot::analysis
