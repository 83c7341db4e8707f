#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/async/awaitable.hpp"
#include "daemon/api/http.hpp"
#include "store/store.hpp"

namespace earshot::api {

/// Reads the database: on a query thread, with a reader of its own.
using Query = std::function<Response(store::Reader&, const Request&)>;
/// Answers at once, on the io thread.
using Immediate = std::function<Response(const Request&)>;
/// Takes its time on the io thread: changes and what another thread has to do.
using Command = std::function<async::Awaitable<Response>(Request)>;

/// What stands for the right to ask.
enum class Proof : std::uint8_t {
  token,     ///< or that none is needed; and no other site's page may ask
  signature  ///< of the request itself, which the route checks: it comes from another machine and site
};

struct Route {
  std::string method;   ///< GET, POST or PATCH
  std::string pattern;  ///< "/api/v1/mentions/{id}"; a segment "{…}" takes one of the path's
  daemon::Scope scope = daemon::Scope::read;
  std::variant<Query, Immediate, Command> run;
  Proof proof = Proof::token;
};

/// The table of all routes; filled at start, then read only.
class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }
  struct Found {
    const Route* route = nullptr;
    std::vector<std::string> params = {};
    std::string allowed = {};  ///< methods there are when the path is known and the method is not
  };
  Found find(std::string_view method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace earshot::api
