#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::exec {

/// Which records of a program become mentions, and how: the [[source.map]] of its settings.
class RecordMap {
 public:
  /// Reads the tables; mistakes go where they belong.
  static RecordMap read(const std::string& platform, const std::vector<const TomlNode*>& tables,
                        TomlMistakes& mistakes);

  bool empty() const { return streams_.empty(); }
  /// Adds what the record says to the page, or counts it as bad under `index`. Records of streams without a
  /// map are nobody's concern. Keys that the map does not use are kept in `extra`.
  void take(std::string_view stream, JsonValue record, std::size_t index, Timestamp now, Page& page) const;

 private:
  struct StreamMap {
    std::string stream;
    declarative::Platform platform;  ///< with one stream, whose reply is the record
    std::set<std::string, std::less<>> used;
  };
  std::vector<StreamMap> streams_;
};

}  // namespace earshot::connectors::exec
