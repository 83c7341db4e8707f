#include "daemon/prepare.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "daemon/legal.hpp"

namespace earshot::daemon {
namespace {

std::string known_connectors(const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto* spec : connectors::catalog()) names.emplace_back(spec->name);
  const auto near = nearest_name(wanted, names);
  if (!near.empty()) return "did you mean '" + near + "'?";
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return "known are " + all;
}

BrandId id_of(const std::vector<Brand>& brands, const std::string& name) {
  const auto found = std::ranges::find(brands, name, &Brand::name);
  return found == brands.end() ? BrandId{} : found->id;
}

std::vector<Brand> brands_of(const std::vector<Brand>& all, const SourceConfig& source) {
  if (source.brands.empty()) return all;
  std::vector<Brand> out;
  for (const auto& brand : all)
    if (std::ranges::find(source.brands, brand.name) != source.brands.end()) out.push_back(brand);
  return out;
}

}  // namespace

Result<Prepared> prepare(const Config& config, const std::vector<BrandId>& ids,
                         std::shared_ptr<const store::KeyedHash> key) {
  Prepared out;
  std::string mistakes;
  const auto mistake = [&](const std::string& text) { mistakes += (mistakes.empty() ? "" : "\n") + text; };

  out.brands = config.brands;
  for (std::size_t i = 0; i < out.brands.size(); ++i)
    out.brands[i].id = i < ids.size() ? ids[i] : BrandId{static_cast<std::int64_t>(i) + 1};
  if (out.brands.empty()) mistake("no [[brand]] is configured: there is nothing to listen for");
  for (const auto& bad : out.guard.allow(config.net_allow))
    mistake("net.allow: '" + bad + "' is not an address or range such as 10.0.0.0/8");

  auto pipeline = Pipeline::create(out.brands, config.analysis, std::move(key));
  if (pipeline)
    out.pipeline = std::move(*pipeline);
  else
    mistake(pipeline.error().message);

  for (const auto& source : config.sources) {
    if (!source.enabled) continue;
    const auto* spec = connectors::find_connector(source.connector);
    if (!spec || !spec->make) {
      mistake(source.where + ": source '" + source.name + "': there is no connector '" + source.connector +
              "', " + known_connectors(source.connector));
      continue;
    }
    PreparedSource prepared{.config = source, .connector = nullptr, .brands = {}, .about = std::nullopt};
    const auto& address = config.http.public_address;
    const connectors::ConnectorInput input{
        .source = source.name,
        .settings = source.settings,
        .brands = brands_of(out.brands, source),
        .callback = address.empty() ? "" : address + "/hooks/" + source.name};
    auto connector = spec->make(input);
    if (!connector) {
      for (const auto line : split(connector.error().message, '\n')) mistake(std::string(line));
      continue;
    }
    prepared.connector = std::move(*connector);
    prepared.config.legal = legal_of(config.legal, source.name, source.connector);
    for (const auto& name : source.brands) prepared.brands.push_back(id_of(out.brands, name));
    if (!source.about.empty()) prepared.about = id_of(out.brands, source.about);
    out.sources.push_back(std::move(prepared));
  }
  if (!mistakes.empty()) return unexpected(ErrorKind::invalid, mistakes);
  return out;
}

Result<Prepared> prepare(const Config& config, store::Store& store) {
  auto key = store.ensure_pseudonyms(config.pseudonyms);
  if (!key) return unexpected(key.error());
  std::vector<BrandId> ids;
  for (const auto& brand : config.brands) {
    auto id = store.ensure_brand(brand.name);
    if (!id) return unexpected(id.error());
    ids.push_back(*id);
  }
  return prepare(config, ids, std::move(*key));
}

}  // namespace earshot::daemon
