#pragma once
#include <cstdint>
#include <string_view>

namespace earshot {

/// XXH3, 64 bits. Stable across machines and versions: it is stored.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace earshot
