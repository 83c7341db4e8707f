#pragma once
#include <string>
#include <string_view>

/// Text for one medium, in which nothing that people wrote formats, links or calls anybody.
namespace earshot::delivery {

/// Markdown (also Discord's): punctuation gets a backslash; an @ is parted from the name behind it.
std::string escape_markdown(std::string_view text);
/// Slack's mrkdwn: &, < and >.
std::string escape_slack(std::string_view text);
/// The inside of a JSON string, without its quotes.
std::string escape_json(std::string_view text);
/// At most so many bytes, cut between characters, with "…" where something is missing.
std::string clip(std::string_view text, std::size_t bytes_max);
/// One line, without control characters, of at most so many bytes.
std::string one_line(std::string_view text, std::size_t bytes_max);
/// The address when it is an http(s) one that may stand between any brackets, else nothing.
std::string safe_link(std::string_view url);

}  // namespace earshot::delivery
