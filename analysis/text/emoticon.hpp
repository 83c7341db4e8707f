#pragma once
#include <cstddef>
#include <string_view>

/// Faces written in ASCII.
namespace earshot::analysis {

struct Emoticon {
  std::size_t length = 0;   ///< bytes in the text; 0: none stands here
  std::string_view folded;  ///< its one spelling: ":-)))" and "=)" are ":)"; static storage
  bool elongated = false;   ///< the mouth was repeated
};

/// The emoticon that starts at `at`. `glued` says that a letter or digit stands right before it: then only
/// faces that cannot be prose are taken ("late:(" but not "note:P" or "list:[").
Emoticon emoticon_at(std::string_view text, std::size_t at, bool glued);

}  // namespace earshot::analysis
