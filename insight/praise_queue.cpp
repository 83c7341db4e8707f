#include "insight/praise_queue.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/json_writer.hpp"
#include "insight/service_queue.hpp"

namespace earshot::insight {
namespace {

using analysis::Stance;

// A hundred points to give: how many may see the thanks, who said it, and how fresh it is.
constexpr double reach_points = 40, reach_full = 100'000, fresh_points = 15;
constexpr int defender_points = 30, advocate_points = 25, raver_points = 10, customer_points = 5,
              referral_points = 10;
constexpr double praise_min = 0.2;

int rounded(double points) { return static_cast<int>(std::lround(points)); }

int stance_points(Stance stance) {
  switch (stance) {
    case Stance::defender: return defender_points;
    case Stance::advocate: return advocate_points;
    case Stance::raver: return raver_points;
    default: return 0;
  }
}

}  // namespace

std::vector<store::PraiseRow> praise_queue(const Dialogue& dialogue, const People& people,
                                           const std::unordered_map<std::uint64_t, Stance>& stances,
                                           Timestamp now) {
  std::vector<store::PraiseRow> out;
  for (const auto& person : people.people) {
    if (person.interested) continue;
    const auto worth = [&](std::size_t i) {
      const auto& row = dialogue.rows[i];
      const auto& v = row.verdict;
      return v.polarity == Polarity::positive && v.score >= praise_min && is_praise(row) &&
             !wants_answer(row) && !row.article && !dialogue.answers[i].own &&
             now - row.created_at <= waiting_max;
    };
    const auto newest = std::ranges::find_if(person.posts.rbegin(), person.posts.rend(), worth);
    if (newest == person.posts.rend()) continue;
    const auto& row = dialogue.rows[*newest];
    const double reach = static_cast<double>(std::max<std::int64_t>(0, row.reach));
    const double age = std::chrono::duration<double>(now - row.created_at) / waiting_max;
    const auto stance = stances.find(person.author_key);
    const auto standing = stance == stances.end() ? Stance::unknown : stance->second;
    const bool refers =
        dialogue.remarks[*newest].has(analysis::Sign::referral) || row.verdict.has(Intent::recommendation);
    const std::pair<std::string, int> parts[] = {
        {"reach", rounded(std::min(1.0, std::log10(1 + reach) / std::log10(1 + reach_full)) * reach_points)},
        {std::string(to_string(standing)), stance_points(standing)},
        {"customer", person.is(analysis::Role::customer) ? customer_points : 0},
        {"referral", refers ? referral_points : 0},
        {"fresh", rounded((1 - std::clamp(age, 0.0, 1.0)) * fresh_points)},
    };
    store::PraiseRow praise{.id = row.id};
    JsonWriter reasons;
    reasons.begin_object();
    for (const auto& [name, points] : parts) {
      if (points == 0) continue;
      praise.priority += points;
      reasons.field(name, points);
    }
    praise.reasons = reasons.end_object().str();
    out.push_back(std::move(praise));
  }
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::pair(-a.priority, a.id) < std::pair(-b.priority, b.id);
  });
  return out;
}

}  // namespace earshot::insight
