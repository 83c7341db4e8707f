#include "daemon/api/plain_findings.hpp"

#include "analysis/series/proportion.hpp"
#include "core/base/text.hpp"
#include "daemon/api/people_views.hpp"
#include "daemon/api/plain_markup.hpp"
#include "delivery/markup.hpp"
#include "insight/drivers.hpp"
#include "insight/service_summary.hpp"

namespace earshot::api::plain {
namespace {

using delivery::escape_xml;

constexpr std::size_t rows_max = 10;
constexpr std::chrono::hours week{7 * 24};

std::string signed_number(double value) { return (value > 0 ? "+" : "") + number(value, 3); }

/// "81 % (74 to 87)", or a dash.
template <typename Share>
std::string share(const std::optional<Share>& estimate) {
  if (!estimate) return "–";
  return number(estimate->value * 100, 0) + " % (" + number(estimate->low * 100, 0) + " to " +
         number(estimate->high * 100, 0) + ")";
}

std::string share(std::int64_t part, std::int64_t whole) { return share(analysis::share(part, whole)); }

Status drivers(std::string& out, const insight::JobInput& input, const daemon::Window& window) {
  const auto found = insight::find_drivers(input, window.until - week, window.until);
  if (!found) return unexpected(found.error());
  table(out, "What moved net sentiment?", {"issue", "contribution", "95 % interval", "mentions"});
  if (!found->too_little()) {
    for (const auto& one : found->rows)
      row(out, {escape_xml(one.name), signed_number(one.part.total()),
                signed_number(one.part.low) + " to " + signed_number(one.part.high),
                std::to_string(one.mentions)});
    row(out, {"<strong>together, against the usual</strong>", signed_number(found->total.difference()), "",
              std::to_string(found->total.count)});
  } else {
    row(out, {"too little was scored to say"});
  }
  out += table_end;
  return Done{};
}

Status misled(std::string& out, store::Reader& reader, const store::NamedBrand& brand) {
  const auto rows = reader.misled(brand.id);
  if (!rows) return unexpected(rows.error());
  table(out, "Who feels misled?", {"by what", "people", "mentions", "last"});
  for (std::size_t i = 0; i < rows->size() && i < rows_max; ++i) {
    const auto& one = (*rows)[i];
    row(out, {escape_xml(one.title), std::to_string(one.people), std::to_string(one.mentions),
              minute(one.last_at)});
  }
  if (rows->empty()) row(out, {"nobody says so"});
  out += table_end;
  return Done{};
}

Status promises(std::string& out, store::Reader& reader, const store::NamedBrand& brand,
                const daemon::Window& window) {
  const auto counts = count_promises(reader, brand.id, window);
  if (!counts) return unexpected(counts.error());
  table(out, "Did we keep our word?", {"open", "kept", "late", "missed"});
  row(out, {std::to_string(counts->open), std::to_string(counts->kept), std::to_string(counts->late),
            std::to_string(counts->missed)});
  out += table_end;
  const auto days = reader.response_days(brand.id, window.since, window.until);
  if (!days) return unexpected(days.error());
  const auto sum = insight::summarise_response(*days);
  table(out, "How soon were people answered?", {"asked", "answered", "after the target", "median, hours"});
  row(out, {std::to_string(sum.contacts), share(sum.answered, sum.contacts), std::to_string(sum.late),
            sum.median_s ? number(static_cast<double>(*sum.median_s) / 3600, 1) : "–"});
  out += table_end;
  return Done{};
}

Status accuracy(std::string& out, store::Reader& reader, const store::NamedBrand& brand) {
  const auto rows = reader.accuracy(brand.id);
  if (!rows) return unexpected(rows.error());
  table(out, "How far to trust the verdicts", {"polarity", "precision", "recall", "labels"});
  for (const auto& one : *rows)
    if (one.lexicon_version == rows->front().lexicon_version)
      row(out,
          {escape_xml(one.polarity), share(one.precision), share(one.recall), std::to_string(one.meant)});
  if (rows->empty()) row(out, {"not measured yet: nobody has labelled mentions of this brand"});
  out += table_end;
  return Done{};
}

}  // namespace

Status findings(std::string& out, const insight::JobInput& input, const store::NamedBrand& brand,
                const daemon::Window& window) {
  auto status = drivers(out, input, window);
  if (status) status = misled(out, input.reader, brand);
  if (status) status = promises(out, input.reader, brand, window);
  if (status) status = accuracy(out, input.reader, brand);
  return status;
}

}  // namespace earshot::api::plain
