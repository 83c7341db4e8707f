#include "insight/ror.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/model/identity.hpp"

namespace earshot::insight {
namespace {

constexpr std::size_t bonds_max = 100'000, evidence_max = 50, people_max = 100;

}  // namespace

Ror count_ror(const std::vector<store::BondRow>& bonds, Timestamp until, Milliseconds half_life) {
  Ror out{.until = until, .half_life = half_life};
  std::map<std::uint64_t, RorPerson> people;
  std::set<std::tuple<std::size_t, std::uint64_t, std::int64_t>> counted;
  for (std::size_t kind = 0; kind < bond_weights.size(); ++kind) {
    RorComponent component{.kind = std::string(bond_weights[kind].kind), .weight = bond_weights[kind].weight};
    std::set<std::uint64_t> authors;
    for (const auto& bond : bonds) {
      if (bond.kind != component.kind) continue;
      const auto at = identity::time_of(bond.mention);
      const auto day = std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
      if (!counted.emplace(kind, bond.author_key, day).second) continue;
      const auto age = std::max(0.0, std::chrono::duration<double>(until - at).count());
      const auto points =
          component.weight * std::exp2(-age / std::chrono::duration<double>(half_life).count());
      ++component.events;
      component.points += points;
      authors.insert(bond.author_key);
      if (component.mentions.size() < evidence_max) component.mentions.push_back(bond.mention);
      auto& person = people[bond.author_key];
      person.author_key = bond.author_key;
      if (bond.mention > person.newest) {
        person.newest = bond.mention;
        person.author_handle = bond.author_handle;
      }
      person.points += points;
      ++person.events[kind];
    }
    component.people = std::ssize(authors);
    out.points += component.points;
    out.components.push_back(std::move(component));
  }
  for (auto& [key, person] : people) out.people.push_back(std::move(person));
  std::ranges::stable_sort(out.people, [](const auto& a, const auto& b) { return a.points > b.points; });
  if (out.people.size() > people_max) out.people.resize(people_max);
  return out;
}

Result<Ror> return_on_relationship(const JobInput& input, Timestamp since, Timestamp until,
                                   Milliseconds half_life) {
  const auto bonds = input.reader.content().bonds(input.brand, since, until, bonds_max);
  if (!bonds) return unexpected(bonds.error());
  auto out = count_ror(*bonds, until, half_life);
  out.since = since;
  const auto days = input.reader.days(input.brand, since, until);
  if (!days) return unexpected(days.error());
  DistinctSketch authors;
  for (const auto& day : *days) authors.merge(day.authors);
  out.authors = authors.estimate();
  return out;
}

}  // namespace earshot::insight
