#include "core/base/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "core/base/duration.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"

namespace earshot {
namespace {

TomlNode convert(const toml::node& from) {
  TomlNode out;
  out.line = from.source().begin.line;
  out.column = from.source().begin.column;
  if (const auto* table = from.as_table()) {
    for (const auto& [key, value] : *table) {
      auto member = convert(value);
      // Dotted keys and tables made on the way have no place of their own; their name has.
      if (member.line == 0) member.line = key.source().begin.line, member.column = key.source().begin.column;
      out.members.push_back({std::string(key.str()), std::move(member)});
    }
    return out;
  }
  if (const auto* array = from.as_array()) {
    out.kind = TomlNode::Kind::array;
    for (const auto& element : *array) out.elements.push_back(convert(element));
    return out;
  }
  JsonWriter scalar;
  if (const auto* text = from.as_string()) {
    out.kind = TomlNode::Kind::text;
    out.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    out.kind = TomlNode::Kind::integer;
    out.integer = integer->get();
    out.real = static_cast<double>(out.integer);
    out.text = std::to_string(out.integer);
  } else if (const auto* real = from.as_floating_point()) {
    out.kind = TomlNode::Kind::real;
    out.real = real->get();
    out.text = scalar.value(out.real).str();
  } else if (const auto* flag = from.as_boolean()) {
    out.kind = TomlNode::Kind::flag;
    out.flag = flag->get();
    out.text = out.flag ? "true" : "false";
  } else {
    out.kind = TomlNode::Kind::other;
  }
  return out;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view name) const {
  for (const auto& [key, value] : members)
    if (key == name) return &value;
  return nullptr;
}

Result<TomlNode> parse_toml(std::string_view text, const std::string& name) {
  try {
    const toml::table root = toml::parse(text, name);
    return convert(root);
  } catch (const toml::parse_error& failure) {
    const auto& at = failure.source().begin;
    return unexpected(ErrorKind::invalid, name + ":" + std::to_string(at.line) + ":" +
                                              std::to_string(at.column) + ": " +
                                              printable(failure.description()));
  }
}

std::string TomlMistakes::place(const TomlNode& where) const {
  return file_ + ":" + std::to_string(std::max(where.line, 1U)) + ":" +
         std::to_string(std::max(where.column, 1U));
}

void TomlMistakes::add(const TomlNode& where, std::string_view table, std::string_view what) {
  const auto line = std::max(where.line, 1U), column = std::max(where.column, 1U);
  auto text = place(where) + ": ";
  if (!table.empty()) text += std::string(table) + ": ";
  lines_.insert({{line, column}, text + printable(what)});
}

std::string TomlMistakes::text() const {
  std::string out;
  for (const auto& [place, line] : lines_) out += (out.empty() ? "" : "\n") + line;
  return out;
}

std::string suggestion(std::string_view wanted, const std::vector<std::string>& known) {
  if (const auto near = nearest_name(wanted, known); !near.empty()) return "; did you mean `" + near + "`?";
  std::string all;
  for (const auto& name : known) all += (all.empty() ? "" : ", ") + name;
  return all.empty() ? all : "; known are " + all;
}

const TomlNode* TomlReader::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

void TomlReader::mistake(std::string_view key, std::string_view what) {
  const auto* node = table_.find(key);
  mistakes_.add(node != nullptr ? *node : table_, name_, "`" + std::string(key) + "` " + std::string(what));
}

std::string TomlReader::place(std::string_view key) const {
  const auto* node = table_.find(key);
  return mistakes_.place(node != nullptr ? *node : table_);
}

std::vector<const TomlMember*> TomlReader::rest() {
  std::vector<const TomlMember*> out;
  for (const auto& member : table_.members)
    if (std::ranges::find(known_, member.name) == known_.end()) out.push_back(&member);
  for (const auto* member : out) known_.push_back(member->name);
  return out;
}

std::chrono::milliseconds TomlReader::duration(std::string_view key, std::chrono::milliseconds fallback,
                                               std::chrono::milliseconds low) {
  const auto* node = find(key);
  if (node == nullptr) return fallback;
  const auto value = node->is(TomlNode::Kind::text) ? parse_duration(node->text) : std::nullopt;
  if (value && *value >= low && *value <= std::chrono::hours(24 * 366)) return *value;
  mistake(key, "must be a duration of up to a year such as \"90s\", \"5m\" or \"1h\"");
  return fallback;
}

std::string TomlReader::text(std::string_view key, std::string fallback) {
  const auto* node = find(key);
  if (node == nullptr) return fallback;
  if (node->is(TomlNode::Kind::text)) return node->text;
  mistake(key, "must be a text in quotes");
  return fallback;
}

std::string TomlReader::required_text(std::string_view key) {
  auto value = text(key);
  if (table_.find(key) == nullptr)
    mistake(key, "is missing");
  else if (value.empty() && table_.find(key)->is(TomlNode::Kind::text))
    mistake(key, "must not be empty");
  return value;
}

std::int64_t TomlReader::integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                                 std::int64_t high) {
  const auto* node = find(key);
  if (node == nullptr) return fallback;
  if (node->is(TomlNode::Kind::integer) && node->integer >= low && node->integer <= high)
    return node->integer;
  mistake(key, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return fallback;
}

bool TomlReader::flag(std::string_view key, bool fallback) {
  const auto* node = find(key);
  if (node == nullptr) return fallback;
  if (node->is(TomlNode::Kind::flag)) return node->flag;
  mistake(key, "must be true or false");
  return fallback;
}

std::vector<std::string> TomlReader::list(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return {};
  if (node->is(TomlNode::Kind::text)) return {node->text};
  std::vector<std::string> out;
  for (const auto& element : node->elements)
    if (element.is(TomlNode::Kind::text)) out.push_back(element.text);
  if (!node->is(TomlNode::Kind::array) || out.size() != node->elements.size())
    mistake(key, "must be a list of texts");
  return out;
}

std::string TomlReader::word(std::string_view key, const std::vector<std::string>& known) {
  auto value = text(key, known.front());
  if (std::ranges::find(known, value) != known.end()) return value;
  mistake(key, "cannot be `" + value + "`" + suggestion(value, known));
  return known.front();
}

const TomlNode* TomlReader::table(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr || node->is(TomlNode::Kind::table)) return node;
  mistake(key, "must be a table, written [" + std::string(key) + "]");
  return nullptr;
}

std::vector<const TomlNode*> TomlReader::tables(std::string_view key) {
  std::vector<const TomlNode*> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  for (const auto& element : node->elements)
    if (element.is(TomlNode::Kind::table)) out.push_back(&element);
  if (!node->is(TomlNode::Kind::array) || out.size() != node->elements.size())
    mistake(key, "must be tables, written [[" + std::string(key) + "]]");
  return out;
}

void TomlReader::finish() {
  for (const auto& [key, value] : table_.members)
    if (std::ranges::find(known_, key) == known_.end())
      mistakes_.add(value, name_, "unknown key `" + key + "`" + suggestion(key, known_));
}

}  // namespace earshot
