#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/declarative/pointer.hpp"
#include "core/base/html_text.hpp"

/// What a platform's file says about where a value comes from, and how it is made into text.
namespace earshot::connectors::declarative {

/// Where Discord's ids begin to count.
inline constexpr std::int64_t discord_epoch_ms = 1'420'070'400'000;

using Variables = std::map<std::string, std::string, std::less<>>;

/// Where values are looked for: the whole reply, the listed item, the record being read (the item itself, or
/// one of several in it) and what was joined to it.
struct Scope {
  JsonValue page = {};
  JsonValue parent = {};
  JsonValue item = {};
  std::vector<std::pair<std::string, JsonValue>> joins = {};
  const Variables* variables = nullptr;

  JsonValue origin(std::string_view name) const;
};

/// Text with places: "{name}" a variable, "{name|path}" with its slashes left alone in a URL, "{name|number}"
/// a number in a body, "{/pointer}" a value of the reply; "{{" and "}}" are braces.
struct Template {
  struct Piece {
    enum class Kind { text, variable, pointer };
    Kind kind = Kind::text;
    std::string text;  ///< or the variable's name
    bool keeps_slashes = false;
    bool number = false;  ///< in a body, written without quotes
    Pointer pointer = {};
  };
  std::vector<Piece> pieces;
  std::string written;

  bool empty() const { return pieces.empty(); }
  /// The variable it consists of, when it is nothing else.
  std::optional<std::string> lone_variable() const;
};
std::optional<Template> parse_template(std::string_view text, std::string& why);

enum class Encoding { none, query, path };
/// The text, or nothing when one of its places has no value.
std::optional<std::string> fill(const Template& text, const Scope& scope, Encoding encoding = Encoding::none);

struct Condition;

struct Value {
  /// The snowflakes make the time out of an id that carries it.
  enum class Form {
    text,
    html,
    mrkdwn,
    unescape,
    host,
    lower,
    x_snowflake,
    discord_snowflake,
    linkedin_snowflake
  };
  struct Alternative {
    enum class Kind { pointer, text, joined, constant };
    Kind kind = Kind::pointer;
    Pointer pointer = {};
    Template text = {};
    std::vector<Value> parts;  ///< of `joined`, with `constant` between those that are there
    std::string constant = {};
    std::vector<Condition> when;
    // Applied in this order.
    std::vector<std::string> none_if = {};
    std::string after = {}, before = {}, remove = {};
    Form form = Form::text;
    std::map<std::string, std::string> mapping = {};
    std::optional<std::string> otherwise = {};
    std::string prefix = {}, suffix = {};
  };
  std::vector<Alternative> alternatives;  ///< the first that gives a text is the value

  bool empty() const { return alternatives.empty(); }
};

/// True when any of its tests holds.
struct Condition {
  Value at = {};
  enum class Test { is_true, present, absent, in, not_in, starts_with, more_than, equals, differs_from };
  Test test = Test::is_true;
  std::vector<std::string> values = {};
  std::optional<Pointer> than = {};  ///< of `more_than`: a number, or a list whose elements count
  std::int64_t than_number = 0;      ///< where there is no such pointer
  Value other = {};                  ///< of `equals` and `differs_from`
  std::vector<Condition> all;        ///< further ones that must hold too
};

struct Found {
  std::string text;
  std::string from;  ///< the pointer or template it came from
  std::vector<std::string> links = {}, tags = {};
};

std::optional<Found> find_value(const Value& value, const Scope& scope);
std::optional<std::string> text_of(const Value& value, const Scope& scope);
/// Every value of the first alternative that has any, for lists; at most `limit`.
std::vector<std::string> texts_of(const Value& value, const Scope& scope, std::size_t limit);
bool holds(const Condition& condition, const Scope& scope);
bool any_holds(const std::vector<Condition>& conditions, const Scope& scope);

}  // namespace earshot::connectors::declarative
