#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "connectors/json_fields.hpp"
#include "core/base/result.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::webhook {

/// Which parts of a pushed body become mentions, and how: the [[map]] of a shipped file, or the source's own.
class BodyMap {
 public:
  /// Reads the tables; mistakes go where they belong.
  static BodyMap read(const std::string& platform, const std::vector<const TomlNode*>& tables,
                      TomlMistakes& mistakes);

  bool empty() const { return maps_.empty(); }
  /// Every map whose `event` this is, or that names none, adds what it finds.
  Page take(std::string_view event, JsonValue body, Timestamp now) const;

 private:
  struct Map {
    std::vector<std::string> events;
    declarative::Platform platform;  ///< with one stream, whose reply is the body
  };
  std::vector<Map> maps_;
};

/// The maps that come with the program, by name: "github", "meta", "slack".
std::vector<std::string> shipped_maps();
Result<BodyMap> shipped_map(std::string_view name);

}  // namespace earshot::connectors::webhook
