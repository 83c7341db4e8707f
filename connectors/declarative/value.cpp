#include "connectors/declarative/value.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/declarative/mrkdwn.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"

namespace earshot::connectors::declarative {
namespace {

using Alternative = Value::Alternative;

/// More than any field keeps; what a file joins and repeats cannot grow beyond it.
constexpr std::size_t value_bytes_max = 512 * 1024;

std::string path_encode(std::string_view text, bool keeps_slashes) {
  if (!keeps_slashes) return percent_encode(text);
  std::string out;
  for (const auto part : split(text, '/')) out += (out.empty() ? "" : "/") + percent_encode(part);
  return out;
}

bool is_variable(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Ids from before snowflakes are small and carry no time.
std::string snowflake_time(std::string_view id, std::int64_t epoch_ms) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failure != std::errc{} || end != id.data() + id.size() || number < (1LL << 40)) return {};
  return format_rfc3339(from_ms((number >> 22) + epoch_ms));
}

/// The steps that follow once a text was found; nothing when it is one that means nothing.
std::optional<Found> finish(const Alternative& how, std::string text, std::string from) {
  Found out{.text = {}, .from = std::move(from)};
  if (text.size() > value_bytes_max) text = utf8::truncate(text, value_bytes_max);
  if (std::ranges::find(how.none_if, text) != how.none_if.end()) return std::nullopt;
  if (const auto at = how.after.empty() ? std::string::npos : text.find(how.after); at != std::string::npos)
    text.erase(0, at + how.after.size());
  if (const auto at = how.before.empty() ? std::string::npos : text.find(how.before); at != std::string::npos)
    text.erase(at);
  std::erase_if(text, [&](char c) { return how.remove.find(c) != std::string::npos; });
  switch (how.form) {
    case Value::Form::text: break;
    case Value::Form::html: {
      auto read = html_to_text(text);
      text = std::move(read.text);
      out.links = std::move(read.links);
      out.tags = std::move(read.tags);
      break;
    }
    case Value::Form::mrkdwn: {
      auto read = mrkdwn_to_text(text);
      text = std::move(read.text);
      out.links = std::move(read.links);
      break;
    }
    case Value::Form::unescape: text = unescape_html(text); break;
    case Value::Form::lower: text = ascii_lower(text); break;
    case Value::Form::host: {
      const auto url = parse_url(text);
      text = url ? url->host : std::string();
      break;
    }
    case Value::Form::x_snowflake: text = snowflake_time(text, 1'288'834'974'657); break;
    case Value::Form::discord_snowflake: text = snowflake_time(text, discord_epoch_ms); break;
    case Value::Form::linkedin_snowflake: text = snowflake_time(text, 0); break;
  }
  if (const auto mapped = how.mapping.find(text); mapped != how.mapping.end())
    text = mapped->second;
  else if (how.otherwise)
    text = *how.otherwise;
  else if (!how.mapping.empty())
    return std::nullopt;
  if (text.empty()) return std::nullopt;
  out.text = how.prefix + text + how.suffix;
  return out;
}

std::optional<Found> find_alternative(const Alternative& how, const Scope& scope) {
  if (!how.when.empty() && !any_holds(how.when, scope)) return std::nullopt;
  switch (how.kind) {
    case Alternative::Kind::constant: return finish(how, how.constant, "(constant)");
    case Alternative::Kind::pointer: {
      const auto found = find_first(how.pointer, scope.origin(how.pointer.origin));
      const auto text = scalar_text(found);
      if (text.empty()) return std::nullopt;
      return finish(how, std::string(text), how.pointer.written);
    }
    case Alternative::Kind::text: {
      auto text = fill(how.text, scope);
      if (!text) return std::nullopt;
      return finish(how, std::move(*text), how.text.written);
    }
    case Alternative::Kind::joined: {
      Found all;
      for (const auto& part : how.parts) {
        auto found = find_value(part, scope);
        if (!found || trim(found->text).empty() || all.text.size() > value_bytes_max) continue;
        all.text += (all.text.empty() ? "" : how.constant) + found->text;
        all.from += (all.from.empty() ? "" : " + ") + found->from;
        all.links.insert(all.links.end(), found->links.begin(), found->links.end());
        all.tags.insert(all.tags.end(), found->tags.begin(), found->tags.end());
      }
      if (all.text.empty()) return std::nullopt;
      auto out = finish(how, std::move(all.text), std::move(all.from));
      if (out && out->links.empty()) out->links = std::move(all.links);
      if (out && out->tags.empty()) out->tags = std::move(all.tags);
      return out;
    }
  }
  return std::nullopt;
}

/// There at all, whatever its type; `is_true` also asks that it is not false.
bool is_there(const Value& value, const Scope& scope, bool asks_truth) {
  for (const auto& how : value.alternatives) {
    if (how.kind == Alternative::Kind::pointer) {
      const auto found = find_first(how.pointer, scope.origin(how.pointer.origin));
      if (!found || (asks_truth && scalar_text(found) == "false")) continue;
      if (asks_truth && found.is_string() && found.text().empty()) continue;
      return true;
    }
    if (find_alternative(how, scope)) return true;
  }
  return false;
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What is not there counts as nothing.
bool is_more(const Condition& condition, std::string_view text, const Scope& scope) {
  auto than = static_cast<double>(condition.than_number);
  if (condition.than) {
    const auto other = find_first(*condition.than, scope.origin(condition.than->origin));
    than = other.is_array() ? static_cast<double>(other.size()) : number_in(scalar_text(other)).value_or(0);
  }
  return number_in(text).value_or(0) > than;
}

}  // namespace

JsonValue Scope::origin(std::string_view name) const {
  if (name.empty()) return item;
  if (name == "page") return page;
  if (name == "parent") return parent;
  for (const auto& [join, record] : joins)
    if (join == name) return record;
  return {};
}

std::optional<std::string> Template::lone_variable() const {
  if (pieces.size() != 1 || pieces[0].kind != Piece::Kind::variable) return std::nullopt;
  return pieces[0].text;
}

std::optional<Template> parse_template(std::string_view text, std::string& why) {
  Template out;
  out.written = text;
  std::string plain;
  const auto flush = [&] {
    if (!plain.empty()) out.pieces.push_back({.text = std::exchange(plain, {})});
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if ((c == '{' || c == '}') && text.substr(at + 1, 1) == std::string_view(&c, 1)) {
      plain.push_back(c);
      ++at;
      continue;
    }
    if (c != '{') {
      if (c == '}') {
        why = "a '}' stands alone; as a character it is written }}";
        return std::nullopt;
      }
      plain.push_back(c);
      continue;
    }
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) {
      why = "a '{' is not closed; as a character it is written {{";
      return std::nullopt;
    }
    const auto inside = text.substr(at + 1, close - at - 1);
    at = close;
    flush();
    if (looks_like_pointer(inside) && !inside.empty()) {
      const auto pointer = parse_pointer(inside, why);
      if (!pointer) return std::nullopt;
      out.pieces.push_back({.kind = Template::Piece::Kind::pointer, .text = {}, .pointer = *pointer});
      continue;
    }
    const auto bar = inside.find('|');
    const auto name = inside.substr(0, bar);
    const auto filter = bar == std::string_view::npos ? std::string_view() : inside.substr(bar + 1);
    const bool known = bar == std::string_view::npos || filter == "path" || filter == "number";
    if (!is_variable(name) || !known) {
      why = "between braces stands a name, perhaps with |path or |number, or a pointer";
      return std::nullopt;
    }
    out.pieces.push_back({.kind = Template::Piece::Kind::variable,
                          .text = std::string(name),
                          .keeps_slashes = filter == "path",
                          .number = filter == "number"});
  }
  flush();
  return out;
}

std::optional<std::string> fill(const Template& text, const Scope& scope, Encoding encoding) {
  std::string out;
  for (const auto& piece : text.pieces) {
    std::string_view value = piece.text;
    if (piece.kind == Template::Piece::Kind::text) {
      out += value;
      continue;
    }
    if (piece.kind == Template::Piece::Kind::variable) {
      if (scope.variables == nullptr) return std::nullopt;
      const auto found = scope.variables->find(piece.text);
      if (found == scope.variables->end()) return std::nullopt;
      value = found->second;
    } else {
      value = scalar_text(find_first(piece.pointer, scope.origin(piece.pointer.origin)));
    }
    if (value.empty() || out.size() + value.size() > value_bytes_max) return std::nullopt;
    if (encoding == Encoding::none)
      out += value;
    else
      out += path_encode(value, encoding == Encoding::path && piece.keeps_slashes);
  }
  return out;
}

std::optional<Found> find_value(const Value& value, const Scope& scope) {
  for (const auto& how : value.alternatives)
    if (auto found = find_alternative(how, scope)) return found;
  return std::nullopt;
}

std::optional<std::string> text_of(const Value& value, const Scope& scope) {
  auto found = find_value(value, scope);
  if (!found) return std::nullopt;
  return std::move(found->text);
}

std::vector<std::string> texts_of(const Value& value, const Scope& scope, std::size_t limit) {
  std::vector<std::string> out;
  for (const auto& how : value.alternatives) {
    if (how.kind != Alternative::Kind::pointer) {
      if (auto found = find_alternative(how, scope)) out.push_back(std::move(found->text));
    } else if (how.when.empty() || any_holds(how.when, scope)) {
      for (auto found : find_all(how.pointer, scope.origin(how.pointer.origin), limit)) {
        const auto take = [&](JsonValue one) {
          auto done = finish(how, std::string(scalar_text(one)), {});
          if (done && out.size() < limit) out.push_back(std::move(done->text));
        };
        if (!found.is_array()) {
          take(found);
          continue;
        }
        for (const auto element : found) {
          if (out.size() >= limit) break;
          take(element);
        }
      }
    }
    if (!out.empty()) return out;
  }
  return out;
}

bool holds(const Condition& condition, const Scope& scope) {
  const auto test = [&] {
    switch (condition.test) {
      case Condition::Test::is_true: return is_there(condition.at, scope, true);
      case Condition::Test::present: return is_there(condition.at, scope, false);
      case Condition::Test::absent: return !is_there(condition.at, scope, false);
      default: break;
    }
    const auto text = text_of(condition.at, scope);
    if (condition.test == Condition::Test::more_than) return text && is_more(condition, *text, scope);
    if (condition.test == Condition::Test::starts_with)
      return text && std::ranges::any_of(condition.values,
                                         [&](const std::string& start) { return text->starts_with(start); });
    if (condition.test == Condition::Test::equals || condition.test == Condition::Test::differs_from) {
      const auto other = text ? text_of(condition.other, scope) : std::nullopt;
      return other && (*other == *text) == (condition.test == Condition::Test::equals);
    }
    const bool among = text && std::ranges::find(condition.values, *text) != condition.values.end();
    // What is not there is not among others either: `not_in` speaks of values that are there.
    return condition.test == Condition::Test::in ? among : text && !among;
  };
  return test() &&
         std::ranges::all_of(condition.all, [&](const Condition& other) { return holds(other, scope); });
}

bool any_holds(const std::vector<Condition>& conditions, const Scope& scope) {
  return std::ranges::any_of(conditions, [&](const Condition& one) { return holds(one, scope); });
}

}  // namespace earshot::connectors::declarative
