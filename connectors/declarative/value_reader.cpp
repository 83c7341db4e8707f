#include "connectors/declarative/value_reader.hpp"

#include <algorithm>

namespace earshot::connectors::declarative {
namespace {

using Alternative = Value::Alternative;
using Kind = TomlNode::Kind;

constexpr int depth_max = 8;

}  // namespace

bool ValueReader::too_deep(const TomlNode& node, int depth) {
  if (depth <= depth_max) return false;
  mistake(node, "is nested too deeply");
  return true;
}

void ValueReader::check(const TomlNode& node, const Pointer& pointer) {
  if (!pointer.origin.empty() && std::ranges::find(names_.origins, pointer.origin) == names_.origins.end())
    mistake(node, "`" + pointer.written + "` starts from `" + pointer.origin + "`, which is not there" +
                      suggestion(pointer.origin, names_.origins));
}

void ValueReader::check(const TomlNode& node, const Template& text) {
  for (const auto& piece : text.pieces) {
    if (piece.kind == Template::Piece::Kind::pointer) check(node, piece.pointer);
    if (piece.kind == Template::Piece::Kind::variable &&
        std::ranges::find(names_.variables, piece.text) == names_.variables.end())
      mistake(node, "`{" + piece.text + "}` is no setting" + suggestion(piece.text, names_.variables));
  }
}

Pointer ValueReader::pointer(const TomlNode& node) {
  std::string why = "must be a pointer in quotes";
  auto read = node.is(Kind::text) ? parse_pointer(node.text, why) : std::nullopt;
  if (!read) {
    mistake(node, (node.is(Kind::text) ? "`" + node.text + "`: " : std::string()) + why);
    return {};
  }
  check(node, *read);
  return std::move(*read);
}

std::vector<Pointer> ValueReader::pointers(const TomlNode& node) {
  if (!node.is(Kind::array)) return {pointer(node)};
  std::vector<Pointer> out;
  for (const auto& element : node.elements) out.push_back(pointer(element));
  return out;
}

Template ValueReader::text(const TomlNode& node) {
  if (!node.is(Kind::text) && !node.is(Kind::integer)) {
    mistake(node, "must be a text in quotes");
    return {};
  }
  std::string why;
  auto read = parse_template(node.text, why);
  if (!read) {
    mistake(node, "`" + node.text + "`: " + why);
    return {};
  }
  check(node, *read);
  return std::move(*read);
}

std::vector<Template> ValueReader::texts(const TomlNode& node) {
  if (!node.is(Kind::array)) return {text(node)};
  std::vector<Template> out;
  for (const auto& element : node.elements) out.push_back(text(element));
  return out;
}

void ValueReader::body(const TomlNode& node, int depth) {
  if (too_deep(node, depth)) return;
  if (node.is(Kind::text)) text(node);
  if (node.is(Kind::other)) mistake(node, "a date cannot stand in a body; write a text");
  for (const auto& [key, member] : node.members) body(member, depth + 1);
  for (const auto& element : node.elements) body(element, depth + 1);
}

Value ValueReader::value(const TomlNode& node, int depth) {
  Value out;
  if (too_deep(node, depth)) return out;
  if (!node.is(Kind::array)) {
    // A table with a list of pointers is a list of tables with one each.
    const auto* at = node.find("at");
    if (at != nullptr && at->is(Kind::array)) {
      for (const auto& element : at->elements) {
        auto copy = long_form(node, depth);
        copy.pointer = pointer(element);
        out.alternatives.push_back(std::move(copy));
      }
      return out;
    }
    out.alternatives.push_back(alternative(node, depth));
    return out;
  }
  for (const auto& element : node.elements) {
    auto inner = value(element, depth + 1);
    std::ranges::move(inner.alternatives, std::back_inserter(out.alternatives));
  }
  if (out.empty()) mistake(node, "is an empty list");
  return out;
}

Alternative ValueReader::alternative(const TomlNode& node, int depth) {
  if (node.is(Kind::table)) return long_form(node, depth);
  Alternative out;
  if (node.is(Kind::text) && !looks_like_pointer(node.text) && node.text.find('{') != std::string::npos) {
    out.kind = Alternative::Kind::text;
    out.text = text(node);
  } else {
    out.pointer = pointer(node);
  }
  return out;
}

Alternative ValueReader::long_form(const TomlNode& node, int depth) {
  Alternative out;
  TomlReader reader(node, table_, mistakes_);
  int sources = 0;
  if (const auto* at = reader.find("at"); at != nullptr && ++sources > 0 && !at->is(Kind::array))
    out.pointer = pointer(*at);
  if (const auto* written = reader.find("text"); written != nullptr && ++sources > 0) {
    out.kind = Alternative::Kind::text;
    out.text = text(*written);
  }
  if (const auto* parts = reader.find("join"); parts != nullptr && ++sources > 0) {
    out.kind = Alternative::Kind::joined;
    if (!parts->is(Kind::array)) mistake(*parts, "`join` must be a list of values");
    for (const auto& part : parts->elements) out.parts.push_back(value(part, depth + 1));
    out.constant = reader.text("with", " ");
  }
  if (reader.find("is") != nullptr && ++sources > 0) {
    out.kind = Alternative::Kind::constant;
    out.constant = reader.required_text("is");
  }
  if (sources != 1) mistake(node, "a value has one of `at`, `text`, `join` and `is`");
  if (const auto* when = reader.find("when")) out.when = conditions(*when, depth + 1);
  out.none_if = reader.list("none_if");
  out.after = reader.text("after");
  out.before = reader.text("before");
  out.remove = reader.text("remove");
  static const std::vector<std::string> forms = {"text",
                                                 "html",
                                                 "mrkdwn",
                                                 "unescape",
                                                 "host",
                                                 "lower",
                                                 "x_snowflake",
                                                 "discord_snowflake",
                                                 "linkedin_snowflake"};
  const auto form = reader.word("as", forms);
  out.form = static_cast<Value::Form>(std::ranges::find(forms, form) - forms.begin());
  if (const auto* mapping = reader.table("map")) {
    for (const auto& [key, to] : mapping->members) {
      if (to.is(Kind::table) || to.is(Kind::array) || to.is(Kind::other))
        mistake(to, "`" + key + "` must become a text or a number");
      out.mapping[key] = to.text;
    }
  }
  if (reader.find("else") != nullptr) out.otherwise = reader.text("else");
  out.prefix = reader.text("prefix");
  out.suffix = reader.text("suffix");
  reader.finish();
  return out;
}

std::vector<Condition> ValueReader::conditions(const TomlNode& node, int depth) {
  std::vector<Condition> out;
  if (too_deep(node, depth)) return out;
  if (node.is(Kind::array))
    for (const auto& element : node.elements) out.push_back(condition(element, depth + 1));
  else
    out.push_back(condition(node, depth));
  return out;
}

Condition ValueReader::condition(const TomlNode& node, int depth) {
  Condition out;
  if (too_deep(node, depth)) return out;
  if (!node.is(Kind::table)) {
    out.at = value(node, depth + 1);
    return out;
  }
  TomlReader reader(node, table_, mistakes_);
  if (const auto* at = reader.find("at"))
    out.at = value(*at, depth + 1);
  else
    mistake(node, "a condition needs `at`");
  int tests = 0;
  if (reader.find("present") != nullptr && ++tests > 0)
    out.test = reader.flag("present", true) ? Condition::Test::present : Condition::Test::absent;
  if (reader.find("in") != nullptr && ++tests > 0) {
    out.test = Condition::Test::in;
    out.values = reader.list("in");
  }
  if (reader.find("not_in") != nullptr && ++tests > 0) {
    out.test = Condition::Test::not_in;
    out.values = reader.list("not_in");
  }
  if (reader.find("starts_with") != nullptr && ++tests > 0) {
    out.test = Condition::Test::starts_with;
    out.values = reader.list("starts_with");
  }
  if (const auto* than = reader.find("more_than"); than != nullptr && ++tests > 0) {
    out.test = Condition::Test::more_than;
    if (than->is(Kind::integer))
      out.than_number = than->integer;
    else
      out.than = pointer(*than);
  }
  for (const auto& [name, test] : {std::pair{"equals", Condition::Test::equals},
                                   std::pair{"differs_from", Condition::Test::differs_from}})
    if (const auto* other = reader.find(name); other != nullptr && ++tests > 0) {
      out.test = test;
      out.other = value(*other, depth + 1);
    }
  if (tests > 1)
    mistake(node,
            "a condition has one of `present`, `in`, `not_in`, `starts_with`, `more_than`, `equals` and "
            "`differs_from`");
  if (const auto* also = reader.find("and")) out.all = conditions(*also, depth + 1);
  reader.finish();
  return out;
}

}  // namespace earshot::connectors::declarative
