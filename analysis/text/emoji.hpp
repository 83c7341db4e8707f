#pragma once
#include <cstddef>
#include <string_view>

/// Emoji in UTF-8 text: what a reader sees as one picture is one token, however many code points it takes.
namespace earshot::analysis::emoji {

/// Bytes of the emoji that starts at `at` (skin tones, ZWJ families, flags, keycaps and tag sequences
/// included), or 0. Digits and #, * count only as keycaps; ©, ® and ™ only when drawn as pictures.
std::size_t length(std::string_view text, std::size_t at);

/// Copies one emoji without variation selectors and skin tones into `out`, which has room for as many bytes
/// as it has; returns the bytes written. The table has one line per emoji, not one per skin tone.
std::size_t fold(std::string_view emoji, char* out);

}  // namespace earshot::analysis::emoji
