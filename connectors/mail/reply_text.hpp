#pragma once
#include <string>
#include <string_view>

namespace earshot::connectors::mail {

/// What the writer of a mail added: without quoted lines, the lines that announce them ("On Monday Mona
/// wrote:" in a dozen languages, Outlook's header blocks), signatures and the words of a mail program. When
/// nothing would be left, as of a mail that is forwarded without a word, the text stays as it is.
std::string own_words(std::string_view text);

/// The HTML up to where mail programs begin the quote.
std::string_view before_quote(std::string_view html);

}  // namespace earshot::connectors::mail
