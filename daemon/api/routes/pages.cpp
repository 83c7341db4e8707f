// The dashboard's files, and the plain page of the same numbers for where they were not built or are not
// wanted.
#include "daemon/api/plain_page.hpp"
#include "daemon/api/routes/asking.hpp"
#include "daemon/api/routes/routes.hpp"
#include "embedded/api.hpp"
#include "embedded/web.hpp"

namespace earshot::api {
namespace {

struct FileType {
  std::string_view ending, type;
};
constexpr FileType types[] = {{".html", "text/html; charset=utf-8"},
                              {".js", "text/javascript; charset=utf-8"},
                              {".css", "text/css; charset=utf-8"},
                              {".svg", "image/svg+xml"},
                              {".json", "application/json"},
                              {".txt", "text/plain; charset=utf-8"},
                              {".webmanifest", "application/manifest+json"}};

std::string_view type_of(std::string_view name) {
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

const embedded::File* file_of(std::span<const embedded::File> files, std::string_view name) {
  for (const auto& file : files)
    if (file.name == name) return &file;
  return nullptr;
}

/// A file in the smallest form that the caller takes.
Response serve(std::span<const embedded::File> files, const std::string& name, const Request& request) {
  const auto* plain = file_of(files, name);
  // What is compressed is a form of a file, not one of its own.
  if (!plain || name.ends_with(".br") || name.ends_with(".gz")) return problem(404, "there is no such file");
  Response out{.content_type = std::string(type_of(name)), .body = std::string(plain->bytes)};
  // Names of the bundles change with their content; those of the page and its icon do not.
  out.lasting = name.starts_with("app-");
  out.headers.emplace_back("Vary", "Accept-Encoding");
  for (const auto& [coding, ending] : {std::pair("br", ".br"), std::pair("gzip", ".gz")}) {
    const auto* small = file_of(files, name + ending);
    if (!small || request.accept_encoding.find(coding) == std::string::npos) continue;
    out.body = small->bytes;
    out.headers.emplace_back("Content-Encoding", coding);
    break;
  }
  return out;
}

}  // namespace

void add_page_routes(Router& router, const RouteServices& services) {
  const auto& clock = services.clock;
  const auto web = embedded::web();
  const auto& snapshots = services.snapshots;
  const Query plain = [&clock, &snapshots](store::Reader& reader, const Request& request) {
    return plain_page(reader, request, clock.now(), snapshots.now()->money);
  };
  const Immediate style = [](const Request& request) { return serve(embedded::api(), "plain.css", request); };
  const Immediate openapi = [](const Request& request) {
    return serve(embedded::api(), "openapi.json", request);
  };
  router.add({.method = "GET", .pattern = "/plain", .run = plain});
  router.add({.method = "GET", .pattern = "/plain.css", .scope = Scope::none, .run = style});
  router.add({.method = "GET", .pattern = "/api/v1/openapi.json", .scope = Scope::none, .run = openapi});
  if (web.empty()) {
    router.add({.method = "GET", .pattern = "/", .run = plain});
    return;
  }
  const Immediate index = [web](const Request& request) { return serve(web, "index.html", request); };
  const Immediate file = [web](const Request& request) { return serve(web, request.params[0], request); };
  router.add({.method = "GET", .pattern = "/", .scope = Scope::none, .run = index});
  router.add({.method = "GET", .pattern = "/{file}", .scope = Scope::none, .run = file});
}

}  // namespace earshot::api
