#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/api/router.hpp"

namespace earshot::api {

/// What openapi.json says that requests may hold. One who misspells a parameter or a member would else be
/// answered something other than what was asked, without a word. Immutable.
class Contract {
 public:
  /// The document; what is no JSON asserts, since it comes with the program.
  explicit Contract(std::string_view document);
  /// The document that the program carries.
  static const Contract& ours();

  /// 400 for a query parameter or a member of the body that the document does not name, with the nearest one
  /// that it does, and for a parameter's value that is none of its list. Routes that the document leaves out
  /// take anything. Values of members are for the routes.
  std::optional<Response> refuse(const Route& route, const Request& request) const;

 private:
  struct Parameter {
    std::string name;
    std::vector<std::string> values;  ///< empty: any
  };
  struct Operation {
    std::vector<Parameter> query;
    std::optional<std::vector<std::string>>
        members;  ///< of the body, where it is an object or a list of them
  };
  std::map<std::pair<std::string, std::string>, Operation> operations_;  ///< by method and pattern
};

}  // namespace earshot::api
