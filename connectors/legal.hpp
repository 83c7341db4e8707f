#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/toml.hpp"

namespace earshot::connectors {

/// What a platform's own rules say; `unknown`: they say nothing of it, or nobody has read it there.
enum class Permission : std::uint8_t { unknown, allowed, forbidden };

/// What may be done with what a platform gave: its rules, and by name the document of the platform that each
/// is from. No advice of a lawyer; what is not known is unknown and never guessed.
struct LegalProfile {
  Permission text = Permission::unknown;            ///< keeping words
  Permission author = Permission::unknown;          ///< keeping who wrote them
  Permission raw = Permission::unknown;             ///< keeping the item as it was received
  std::optional<std::int64_t> days = {};            ///< kept at most, since it was last read at the platform
  std::optional<std::int64_t> deletion_hours = {};  ///< by when a deletion must have followed
  std::vector<std::string> no_inference = {};       ///< what may not be derived about people
  std::map<std::string, std::string> documents = {};  ///< rule ("days") → document
  bool operator==(const LegalProfile&) const = default;
};

/// "unknown", "allowed", "forbidden".
std::string_view to_string(Permission permission);

/// Reads a [legal] table; mistakes go where they belong, under `table`. Every rule that is stated needs its
/// document. Keys in `others` are the caller's.
LegalProfile read_legal(const TomlNode& node, const std::string& table, TomlMistakes& mistakes,
                        const std::vector<std::string>& others = {});

/// Both at once: of each rule the narrower.
LegalProfile stricter(const LegalProfile& a, const LegalProfile& b);

/// One sentence a rule, as the pages of connectors have it.
std::string describe(const LegalProfile& profile);

}  // namespace earshot::connectors
