#pragma once
#include <string>
#include <vector>

#include "connectors/declarative/value.hpp"
#include "core/base/toml.hpp"

namespace earshot::connectors::declarative {

/// Names that pointers and templates may use where they stand.
struct Names {
  std::vector<std::string> origins;    ///< "page", "parent" and the joins
  std::vector<std::string> variables;  ///< settings and what the walk provides
};

/// Reads values, conditions and templates out of a file's nodes; mistakes go where they belong.
class ValueReader {
 public:
  ValueReader(const Names& names, std::string table, TomlMistakes& mistakes)
      : names_(names), table_(std::move(table)), mistakes_(mistakes) {}

  /// A pointer, a template, a list of alternatives or a table that says more.
  Value value(const TomlNode& node, int depth = 0);
  /// One condition or a list of them; a text is a pointer to something true.
  std::vector<Condition> conditions(const TomlNode& node, int depth = 0);
  Pointer pointer(const TomlNode& node);
  std::vector<Pointer> pointers(const TomlNode& node);
  Template text(const TomlNode& node);
  std::vector<Template> texts(const TomlNode& node);
  /// Checks every text inside a body.
  void body(const TomlNode& node, int depth = 0);

 private:
  void mistake(const TomlNode& node, std::string_view what) { mistakes_.add(node, table_, what); }
  void check(const TomlNode& node, const Pointer& pointer);
  void check(const TomlNode& node, const Template& text);
  Value::Alternative alternative(const TomlNode& node, int depth);
  Value::Alternative long_form(const TomlNode& node, int depth);
  Condition condition(const TomlNode& node, int depth);
  bool too_deep(const TomlNode& node, int depth);

  const Names& names_;
  std::string table_;
  TomlMistakes& mistakes_;
};

}  // namespace earshot::connectors::declarative
