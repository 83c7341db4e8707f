#pragma once
#include <string_view>

#include "core/base/html_text.hpp"

namespace earshot::connectors::declarative {

/// What a reader sees of a message in Slack's markup ("mrkdwn"), and where it leads:
/// `<https://a.example|here>` reads "here", `<#C1|general>` "#general", `<@U1|ada>` "@ada", `<!here>`
/// "@here"; entities are decoded once. Emphasis stays as it was typed. What is no reference of Slack's stays
/// as it is. Linear in the input.
HtmlText mrkdwn_to_text(std::string_view text);

}  // namespace earshot::connectors::declarative
