#include "analysis/people/roles.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/text.hpp"

namespace earshot::analysis {
namespace {

constexpr std::array<std::string_view, role_count> role_names{"customer", "staff",     "press",
                                                              "bot",      "affiliate", "community"};

/// Posts in the same words from which a program is writing, and their share of all its posts.
constexpr std::ptrdiff_t same_words_min = 5;
constexpr double same_words_share = 0.6;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::optional<std::size_t> repeats_itself(std::span<const RolePost> posts) {
  std::map<std::uint64_t, std::pair<std::size_t, std::ptrdiff_t>> counts;  // first post and how many
  for (std::size_t i = 0; i < posts.size(); ++i)
    if (posts[i].fingerprint != 0) ++counts.try_emplace(posts[i].fingerprint, i, 0).first->second.second;
  for (const auto& [words, found] : counts)
    if (found.second >= same_words_min &&
        static_cast<double>(found.second) >= same_words_share * static_cast<double>(posts.size()))
      return found.first;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Role role) { return role_names[static_cast<std::size_t>(role)]; }

std::optional<Role> role_from(std::string_view name) {
  const auto found = std::ranges::find(role_names, name);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<Role>(found - role_names.begin());
}

bool names_a_bot(std::string_view name) {
  const auto folded = fold_case(name);
  if (folded.find("🤖") != std::string::npos) return true;
  for (auto at = folded.find("bot"); at != std::string::npos; at = folded.find("bot", at + 1)) {
    const bool ends = at + 3 == folded.size() || !is_letter(folded[at + 3]);
    const bool begins = at == 0 || !is_letter(folded[at - 1]);
    // "talbot" and "abbot" are names of people; a program's name ends in bot after a mark or a known word.
    const auto before = std::string_view(folded).substr(0, at);
    const bool known = std::ranges::any_of(
        std::array<std::string_view, 8>{"news", "feed", "rss", "auto", "chat", "deal", "deals", "status"},
        [&](std::string_view word) { return before.ends_with(word); });
    if (ends && (begins || known)) return true;
  }
  return false;
}

std::vector<RoleFinding> find_roles(const RoleAccount& account, std::span<const RolePost> posts) {
  std::vector<RoleFinding> out;
  if (posts.empty()) return out;
  const auto first = [&](Role role, std::string_view reason, auto shows) {
    const auto found = std::ranges::find_if(posts, shows);
    if (found == posts.end()) return false;
    out.push_back(
        {.role = role, .reason = reason, .evidence = static_cast<std::size_t>(found - posts.begin())});
    return true;
  };
  first(Role::customer, "says_so", [](const RolePost& post) { return post.claims_customer; });
  if (!first(Role::staff, "says_so", [](const RolePost& post) { return post.claims_staff; }) &&
      account.name_says_staff)
    out.push_back({.role = Role::staff, .reason = "name_says_so"});
  first(Role::press, "article", [](const RolePost& post) { return post.article; });
  if (account.name_says_bot)
    out.push_back({.role = Role::bot, .reason = "name_says_so"});
  else if (const auto post = repeats_itself(posts))
    out.push_back({.role = Role::bot, .reason = "same_words", .evidence = *post});
  first(Role::affiliate, "code", [](const RolePost& post) { return post.advertises; });
  first(Role::community, "thanked", [](const RolePost& post) { return post.thanked; });
  return out;
}

}  // namespace earshot::analysis
