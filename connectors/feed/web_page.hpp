#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace earshot::connectors::feed {

/// The address of the first feed that a web page names as its own (`<link rel="alternate">` of a feed's
/// type), absolute; nothing: it names none within its first 64 KiB. Linear in that.
std::optional<std::string> feed_of_page(std::string_view html, const std::string& url);

/// What to say when a web page came where a feed was expected: `unreachable`, since logins and notices of
/// maintenance pass; with the feed that the page names, for whoever wrote the wrong address.
Error web_page_instead(std::string_view html, const std::string& url);

}  // namespace earshot::connectors::feed
