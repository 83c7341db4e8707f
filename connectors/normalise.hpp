#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/model/mention.hpp"

namespace earshot::connectors {

struct NormaliseLimits {
  std::size_t text_bytes = 64 * 1024;
  std::size_t title_bytes = 2 * 1024;
  std::size_t name_bytes = 512;
  std::size_t id_bytes = 2 * 1024;
  std::size_t extra_bytes = 64 * 1024;
  std::size_t list_items = 64;
};

/// The last step of every connector: text made valid and free of control characters, lengths capped, URLs
/// canonical, tags without '#' and duplicates, language as a primary tag, dates from before 1990 or more than
/// an hour ahead of `fetched_at` replaced by `fetched_at`; nothing answers itself. Returns what makes the
/// mention unusable (no platform, id, or words at all) instead of a mention. Idempotent.
Result<Mention> normalise(Mention mention, const NormaliseLimits& limits = {});
/// The same in place; what a refused mention holds afterwards counts for nothing.
Status normalise_in_place(Mention& mention, const NormaliseLimits& limits = {});

/// "en" of "en-GB", "pt_BR" or "EN"; empty for what is no language tag.
std::string primary_language(std::string_view tag);

/// Removes mentions that occur twice by (platform, native id), as when a post and its repost share a page;
/// the last one stays, at the place of the first.
void collapse_echoes(std::vector<Mention>& mentions);

/// The same number for near-identical copies: case, spaces, punctuation, URLs, @handles and a leading "RT" do
/// not count. Zero for text without words. Stored, hence stable across versions.
std::uint64_t text_fingerprint(std::string_view text);

}  // namespace earshot::connectors
