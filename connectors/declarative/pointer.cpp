#include "connectors/declarative/pointer.hpp"

#include <algorithm>
#include <charconv>

namespace earshot::connectors::declarative {
namespace {

/// A pointer with `*` over a large reply is asked once per item: what it may look at is bounded.
constexpr std::size_t visits_max = 10'000;
/// Members are found one after the other; an object of more than this is a map that nobody asks by name, and
/// asking it once per item would take minutes.
constexpr std::size_t members_max = 4'096;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string unescape(std::string_view step) {
  std::string out;
  for (std::size_t at = 0; at < step.size(); ++at) {
    if (step[at] == '~' && at + 1 < step.size() && (step[at + 1] == '0' || step[at + 1] == '1'))
      out.push_back(step[++at] == '0' ? '~' : '/');
    else
      out.push_back(step[at]);
  }
  return out;
}

struct Search {
  const Pointer& pointer;
  std::size_t limit;
  std::size_t visits = 0;
  std::vector<JsonValue> found = {};

  void go(JsonValue from, std::size_t step) {
    if (found.size() >= limit || !from || ++visits > visits_max) return;
    if (step == pointer.steps.size()) {
      found.push_back(from);
      return;
    }
    const auto& now = pointer.steps[step];
    if (now.kind == Pointer::Step::Kind::member) return go(member(from, now.name), step + 1);
    for (const auto child : from) {
      if (found.size() >= limit || ++visits > visits_max) return;
      if (now.kind == Pointer::Step::Kind::every || scalar_text(child[now.name]) == now.value)
        go(child, step + 1);
    }
  }

  static JsonValue member(JsonValue from, std::string_view name) {
    if (!from.is_array()) return from.size() <= members_max ? from[name] : JsonValue();
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (failure != std::errc{} || end != name.data() + name.size() || index >= from.size()) return {};
    auto element = from.begin();
    for (; index > 0; --index) ++element;
    return *element;
  }
};

}  // namespace

bool looks_like_pointer(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == 0 || text.empty()) return true;
  if (text.find("://") != std::string_view::npos) return false;  // an address
  return slash != std::string_view::npos && text[slash - 1] == ':' && is_name(text.substr(0, slash - 1));
}

std::optional<Pointer> parse_pointer(std::string_view text, std::string& why) {
  Pointer out;
  out.written = text;
  if (text.empty()) return out;
  if (!looks_like_pointer(text)) {
    why = "a pointer begins with '/', such as \"/user/name\" or \"page:/meta/count\"";
    return std::nullopt;
  }
  const auto slash = text.find('/');
  if (slash > 0) out.origin = text.substr(0, slash - 1);
  if (text.ends_with(":/")) return out;  // "page:/" is the page itself
  for (auto rest = text.substr(slash); !rest.empty();) {
    rest.remove_prefix(1);
    const bool matching = rest.starts_with('[');
    // A value compared with may hold slashes.
    const auto close = matching ? rest.find(']') : 0;
    const auto end = close == std::string_view::npos ? close : rest.find('/', close);
    const auto word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    if (word == "*") {
      out.steps.push_back({Pointer::Step::Kind::every, {}, {}});
    } else if (matching) {
      const auto equals = word.find('=');
      if (!word.ends_with(']') || equals == std::string_view::npos || equals < 2) {
        why = "a choice among elements is written [key=value]";
        return std::nullopt;
      }
      out.steps.push_back({Pointer::Step::Kind::matching, std::string(word.substr(1, equals - 1)),
                           std::string(word.substr(equals + 1, word.size() - equals - 2))});
    } else {
      out.steps.push_back({Pointer::Step::Kind::member, unescape(word), {}});
    }
    if (out.steps.size() > 32) {
      why = "a pointer has at most 32 steps";
      return std::nullopt;
    }
  }
  return out;
}

JsonValue find_first(const Pointer& pointer, JsonValue from) {
  Search search{.pointer = pointer, .limit = 1};
  search.go(from, 0);
  return search.found.empty() ? JsonValue() : search.found.front();
}

std::vector<JsonValue> find_all(const Pointer& pointer, JsonValue from, std::size_t limit) {
  Search search{.pointer = pointer, .limit = limit};
  search.go(from, 0);
  return std::move(search.found);
}

std::string_view scalar_text(JsonValue value) {
  if (value.type() == JsonValue::Type::boolean) return value.is_true() ? "true" : "false";
  return value.id();
}

}  // namespace earshot::connectors::declarative
