#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::analysis {

/// What somebody is to a brand, as far as their posts give it away. One person may be several of them.
enum class Role : std::uint8_t {
  customer,   ///< claims to be one; of everybody else it is unknown, never known not to be
  staff,      ///< works for the brand
  press,      ///< writes articles
  bot,        ///< a program
  affiliate,  ///< earns by recommending
  community,  ///< answers others' questions, and was thanked for it
};
inline constexpr std::size_t role_count = 6;
std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view name);

/// One post of an author, in the order of their times.
struct RolePost {
  bool article = false;
  bool claims_customer = false, claims_staff = false, advertises = false;  ///< signs of those names
  bool thanked = false;           ///< an answer to somebody's question, who gave thanks for it
  std::uint64_t fingerprint = 0;  ///< of its words; 0: too short to tell anything
};

/// What is known of the author beside the posts.
struct RoleAccount {
  bool name_says_staff = false;  ///< "Ana (works at Fernwave)"
  bool name_says_bot = false;    ///< by names_a_bot
};

struct RoleFinding {
  Role role = Role::customer;
  std::string_view reason = {};  ///< a fixed word: says_so, name_says_so, article, same_words, code, thanked
  std::size_t evidence = 0;      ///< index of the post
};

/// At most one finding per role, with the first post that shows it.
std::vector<RoleFinding> find_roles(const RoleAccount& account, std::span<const RolePost> posts);

/// Whose word says nothing of customers: left out of journeys and of advocates.
constexpr bool is_interested(Role role) {
  return role == Role::staff || role == Role::press || role == Role::bot || role == Role::affiliate;
}

/// "newsbot", "Deals [bot]", "weather-bot".
bool names_a_bot(std::string_view name);

}  // namespace earshot::analysis
