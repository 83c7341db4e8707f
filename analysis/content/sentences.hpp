#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace earshot::analysis {

/// Cuts at line breaks and after . ! ? … when white space follows, so that "4.2" and addresses stay whole.
/// Trimmed, never empty.
std::vector<std::string_view> sentences(std::string_view text);

/// Has a question mark, or begins as questions do ("how do I …"), greetings and the like left aside. English.
bool asks(std::string_view sentence);

/// A sentence for showing: handles, hashtag signs and links gone, white space squeezed, at most `bytes_max`
/// bytes, cut between words with an ellipsis.
std::string tidy(std::string_view sentence, std::size_t bytes_max);

}  // namespace earshot::analysis
