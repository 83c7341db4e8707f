#include "daemon/cli/command_spec.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/base/text.hpp"
#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

template <typename Value>
std::string shown(const Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<Value, double>) {
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  } else if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
    return std::to_string(value);
  } else {
    return {};
  }
}

bool is_number(const Target& target) {
  return !std::holds_alternative<std::string Options::*>(target) &&
         !std::holds_alternative<std::optional<std::string> Options::*>(target) &&
         !std::holds_alternative<std::vector<std::string> Options::*>(target);
}

}  // namespace

std::vector<std::string_view> OptionSpec::spellings() const { return split(names, ','); }

std::string OptionSpec::value_name() const {
  if (is_flag()) return {};
  switch (kind) {
    case ValueKind::file: return "FILE";
    case ValueKind::folder: return "DIRECTORY";
    case ValueKind::source: return "SOURCE";
    case ValueKind::brand: return "BRAND";
    case ValueKind::mention: return "ID";
    case ValueKind::time: return "TIME";
    case ValueKind::duration: return "DURATION";
    case ValueKind::text: break;
  }
  if (is_number(target)) return "N";
  return choices.empty() && known.empty() ? "TEXT" : "WORD";
}

std::string OptionSpec::default_text() const {
  if (!shows_default) return {};
  const Options defaults;
  return std::visit(
      [&](auto member) {
        if constexpr (std::is_invocable_v<decltype(member), const Options&>)
          return shown(defaults.*member);
        else
          return shown(defaults.training.*member);
      },
      target);
}

OptionList operator+(OptionList first, OptionList then) {
  std::ranges::move(then, std::back_inserter(first));
  return first;
}

std::string_view title(CommandGroup group) {
  switch (group) {
    case CommandGroup::set_up: return "Set up";
    case CommandGroup::look: return "Look";
    case CommandGroup::decide: return "Decide";
    case CommandGroup::keep: return "Fill, judge and keep";
    case CommandGroup::tool: return "About the tool";
  }
  return {};
}

OptionList database_options() {
  return {{.names = "--config",
           .target = &Options::config_path,
           .help = "Configuration file",
           .kind = ValueKind::file,
           .shows_default = true,
           .given = &Options::config_given},
          {.names = "--db",
           .target = &Options::database,
           .help = "Database file, instead of the configured one",
           .kind = ValueKind::file}};
}

OptionList reading_options() {
  return {
      {.names = "--brand", .target = &Options::brand, .help = "Only this brand", .kind = ValueKind::brand},
      {.names = "--since",
       .target = &Options::since,
       .help = "From this time: 2026-03-01, RFC 3339, 7d, \"2 hours ago\"",
       .kind = ValueKind::time},
      {.names = "--until", .target = &Options::until, .help = "Up to this time", .kind = ValueKind::time},
      json_option()};
}

OptionList acting_options() {
  return {{.names = "--by", .target = &Options::by, .help = "Who says so (default: your user name)"},
          {.names = "--token-file",
           .target = &Options::token_file,
           .help = "Token for the running daemon, which is asked to do it (or EARSHOT_TOKEN)",
           .kind = ValueKind::file},
          json_option()};
}

OptionSpec json_option() {
  return {.names = "--json", .target = &Options::json, .help = "JSON for machines"};
}

OptionSpec limit_option(int most, std::string_view help) {
  return {.names = "--limit",
          .target = &Options::limit,
          .help = help,
          .range = WholeRange{1, most},
          .shows_default = true};
}

std::vector<std::string_view> known_issues() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < issue_type_count; ++i) names.push_back(to_string(static_cast<IssueType>(i)));
  names.emplace_back("none");
  return names;
}

std::vector<std::string_view> known_polarities() { return {"positive", "neutral", "negative", "unscored"}; }

}  // namespace earshot::cli
