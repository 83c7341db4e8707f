#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.hpp"
#include "core/model/verdict.hpp"
#include "insight/benchmark.hpp"
#include "insight/drivers.hpp"
#include "insight/kpi.hpp"
#include "insight/movement.hpp"
#include "insight/service_summary.hpp"
#include "insight/summary.hpp"
#include "store/deliveries.hpp"
#include "store/erasure.hpp"
#include "store/rows.hpp"

/// How things look as JSON, on the wire and in every --json: one spelling with the views and docs/api.md. Ids
/// of mentions are strings, since they have more bits than the numbers of JavaScript and jq. Pure.
namespace earshot::api {

void write_json(JsonWriter& out, const store::MentionRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::SourceStatus& row);
void write_json(JsonWriter& out, const store::IncidentRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::IdeaRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::CampaignRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::ClaimRow& row, const std::string& brand);
void write_json(JsonWriter& out, const store::MisledRow& row, const std::string& brand);
/// Whether an idea's answer helped, whether its question grows, and its best public answer; into an open
/// object.
void write_content(JsonWriter& out, const store::IdeaRow& row);
void write_json(JsonWriter& out, const store::GapRow& row);
/// A member with an estimate and its interval; null where there is none.
void write_interval(JsonWriter& out, const char* key, const std::optional<analysis::Interval>& estimate);
void write_json(JsonWriter& out, const store::DestinationState& row);
void write_json(JsonWriter& out, const store::Delivery& row);
void write_json(JsonWriter& out, const store::Erased& erased);
void write_json(JsonWriter& out, const store::JourneyRow& row);
/// One that waits, and one that was labelled, with their mentions.
void write_json(JsonWriter& out, const store::WaitingRow& row, const store::MentionRow& mention,
                const std::string& brand);
void write_json(JsonWriter& out, const store::LabelRow& row, const store::MentionRow& mention,
                const std::string& brand);
/// The same into an open object.
void write_fields(JsonWriter& out, const store::JourneyRow& row);
void write_json(JsonWriter& out, const insight::PeriodCounts& period);
void write_json(JsonWriter& out, const insight::AgainstUsual& metric);
/// A verdict made anew, with its evidence; spans are bytes of `text`, which was judged.
void write_json(JsonWriter& out, const BrandVerdict& verdict, const std::string& brand,
                const std::string& text);

/// The fields of a summary into an open object, incidents and ideas left out.
void write_summary(JsonWriter& out, const insight::Summary& summary);
/// A whole object.
void write_roi(JsonWriter& out, const insight::RoiSummary& summary, const std::string& brand, Timestamp since,
               Timestamp until);

void write_drivers(JsonWriter& out, const insight::Drivers& drivers, const insight::Movement& movement);
void write_kpis(JsonWriter& out, const std::vector<insight::KpiResult>& results, const std::string& brand);
void write_benchmark(JsonWriter& out, const insight::Benchmark& benchmark);

/// "123", as every id of a mention is written.
std::string id_text(MentionId id);

}  // namespace earshot::api
