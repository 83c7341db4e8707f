#include "analysis/text/word_groups.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, word_group_count> names{
    "link",   "dead",    "absent",  "slow",      "software", "faulty", "unclear",  "device",
    "shoddy", "danger",  "harm",    "parcel",    "carry",    "vanish", "visit",    "late",
    "person", "manners", "support", "runaround", "promise",  "breach", "contract", "leave",
    "price",  "dear",    "login",   "locked",    "stranger", "misuse", "personal", "spread",
    "order",  "stuck",   "money",   "charged",   "offer",    "obtain"};
static_assert(names.back() == "obtain" &&
              static_cast<std::size_t>(WordGroup::obtain) + 1 == word_group_count);

}  // namespace

std::string_view to_string(WordGroup group) { return names[static_cast<std::size_t>(group)]; }

std::optional<std::uint8_t> word_group_from(std::string_view name) {
  for (std::uint8_t i = 0; i < word_group_count; ++i)
    if (names[i] == name) return i;
  return std::nullopt;
}

bool negation_silences(WordGroup group) {
  switch (group) {
    case WordGroup::dead:
    case WordGroup::slow:
    case WordGroup::faulty:
    case WordGroup::unclear:
    case WordGroup::shoddy:
    case WordGroup::danger:
    case WordGroup::harm:
    case WordGroup::vanish:
    case WordGroup::late: return true;
    default: return false;
  }
}

}  // namespace earshot::analysis
