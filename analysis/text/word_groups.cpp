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

using RuleTable = std::array<std::array<std::int8_t, word_group_count>, word_group_count>;
constexpr RuleTable rule_table = [] {
  RuleTable table{};
  for (auto& row : table) row.fill(-1);
  const auto put = [&](WordGroup first, WordGroup second, std::size_t rule) {
    auto& place = table[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
    if (place < 0) place = static_cast<std::int8_t>(rule);
  };
  for (std::size_t i = 0; i < group_rules.size(); ++i) {
    put(group_rules[i].first, group_rules[i].second, i);
    if (!group_rules[i].ordered) put(group_rules[i].second, group_rules[i].first, i);
  }
  return table;
}();

}  // namespace

int group_rule(WordGroup first, WordGroup second) {
  return rule_table[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
}

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
