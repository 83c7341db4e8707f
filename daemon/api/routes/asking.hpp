#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/text.hpp"
#include "daemon/api/http.hpp"
#include "daemon/api/json_views.hpp"
#include "daemon/window.hpp"

/// What most questions have in common: a brand and a stretch of time.
namespace earshot::api {

struct Asked {
  store::NamedBrand brand;
  daemon::Window window;
};

/// brand=, since= and until= of a request; `days` when there is no since.
inline Result<Asked> asked(store::Reader& reader, const Request& request, int days, Timestamp now) {
  auto brand = daemon::find_brand(reader, request.text("brand"));
  if (!brand) return unexpected(brand.error());
  auto window = daemon::window_of(reader, request.text("since"), request.text("until"), days, now);
  if (!window) return unexpected(window.error());
  return Asked{.brand = *brand, .window = *window};
}

/// A name that a parameter or member may hold; `invalid` with the nearest of those there are.
template <typename Rows>
Status known_name(const Rows& rows, const char* what, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (row.name == name) return Done{};
    names.push_back(row.name);
  }
  const auto nearest = nearest_name(name, names);
  return unexpected(ErrorKind::invalid, std::string("there is no ") + what + " '" + printable(name) + "'" +
                                            (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

/// Of a source that there is, or was.
inline Result<SourceId> source_of(store::Reader& reader, const std::string& name) {
  const auto sources = reader.sources();
  if (!sources) return unexpected(sources.error());
  if (auto known = known_name(*sources, "source", name); !known) return unexpected(known.error());
  return std::ranges::find(*sources, name, &store::SourceStatus::name)->id;
}

/// What a brand is called.
inline Result<std::string> brand_name(store::Reader& reader, BrandId id) {
  const auto brands = reader.brands();
  if (!brands) return unexpected(brands.error());
  for (const auto& brand : *brands)
    if (brand.id == id) return brand.name;
  return unexpected(ErrorKind::internal, "a finding belongs to no brand");
}

/// An incident or idea as it is now; 404 when there is none.
template <typename Row>
Response finding(store::Reader& reader, const Result<Row>& row) {
  if (!row)
    return row.error().kind == ErrorKind::invalid ? problem(404, row.error().message) : problem(row.error());
  const auto brand = brand_name(reader, row->brand);
  if (!brand) return problem(brand.error());
  JsonWriter out;
  write_json(out, *row, *brand);
  return json(out.str());
}

/// The mention as one brand sees it, or nothing when it has gone.
inline std::optional<store::MentionRow> mention_for(store::Reader& reader, MentionId id, BrandId brand) {
  const auto rows = reader.mention(id);
  if (!rows) return std::nullopt;
  for (const auto& row : *rows)
    if (row.verdict.brand == brand) return row;
  return std::nullopt;
}

}  // namespace earshot::api
