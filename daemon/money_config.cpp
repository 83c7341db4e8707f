#include "daemon/money_config.hpp"

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"

namespace earshot::daemon {
namespace {

/// A number, or three: low, expected, high.
std::optional<insight::Range> read_range(TomlReader& reader, std::string_view key, double most) {
  const auto* node = reader.find(key);
  if (!node) return std::nullopt;
  std::vector<double> numbers;
  const auto take = [&](const TomlNode& value) {
    if (value.is(TomlNode::Kind::integer)) numbers.push_back(static_cast<double>(value.integer));
    if (value.is(TomlNode::Kind::real)) numbers.push_back(value.real);
  };
  take(*node);
  for (const auto& element : node->elements) take(element);
  if (numbers.size() == 1) numbers.resize(3, numbers.front());
  const bool sound = numbers.size() == 3 && (node->elements.empty() || node->elements.size() == 3) &&
                     numbers[0] >= 0 && numbers[0] <= numbers[1] && numbers[1] <= numbers[2] &&
                     numbers[2] <= most;
  if (!sound) {
    reader.mistake(key, most == 1 ? "must be a share such as 0.1, or [low, expected, high], from 0 to 1"
                                  : "must be an amount such as 120, or [low, expected, high], not below 0");
    return std::nullopt;
  }
  return insight::Range{.low = numbers[0], .expected = numbers[1], .high = numbers[2]};
}

}  // namespace

insight::MoneyAssumptions read_money(TomlReader& reader) {
  constexpr double amount_max = 1e9;
  insight::MoneyAssumptions out{.brand = reader.text("brand")};
  if (const auto from = reader.text("from"); !from.empty()) {
    const auto at = parse_rfc3339(from.size() == 10 ? from + "T00:00:00Z" : from);
    if (at)
      out.from = *at;
    else
      reader.mistake("from", "must be a day such as \"2026-01-01\"");
  }
  out.currency = reader.required_text("currency");
  if (const auto worth = read_range(reader, "saved_customer", amount_max))
    out.saved_customer = *worth;
  else if (!reader.find("saved_customer"))
    reader.mistake("saved_customer", "is missing: what is a customer worth who stays?");
  out.cost_per_contact = read_range(reader, "cost_per_contact", amount_max);
  out.leaves_unanswered = read_range(reader, "leaves_unanswered", 1);
  return out;
}

}  // namespace earshot::daemon
