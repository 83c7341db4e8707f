// Campaigns, claims, what they led people to expect, and what answering questions came to.
#include "core/base/time_format.hpp"
#include "daemon/api/json_text.hpp"
#include "daemon/api/json_views.hpp"
#include "insight/idea_effect.hpp"

namespace earshot::api {
namespace {

/// A ratio without an upper bound has null for it.
void write(JsonWriter& out, const char* key, const analysis::Interval& interval) {
  out.key(key).begin_object().field("value", interval.value).field("low", interval.low);
  out.field("high", interval.high).end_object();
}

}  // namespace

void write_content(JsonWriter& out, const store::IdeaRow& row) {
  out.field("published_at", time_text(row.published_at)).key("effect");
  if (const auto effect = insight::effect_of(row)) {
    out.begin_object().field("verdict", effect->verdict).field("asked_before", effect->asked_before);
    out.field("weeks_before", effect->weeks_before).field("asked_after", effect->asked_after);
    out.field("weeks_after", effect->weeks_after);
    write(out, "ratio", effect->ratio);
    out.field("sentence", effect->sentence).end_object();
  } else {
    out.null();
  }
  const auto move = insight::move_of(row);
  out.key("move").begin_object().field("direction", move.direction).field("week", move.week);
  out.field("before", move.before).field("weeks_before", move.weeks_before);
  write(out, "ratio", move.ratio);
  out.end_object().key("answer");
  if (row.answer) {
    out.begin_object().field("mention", id_text(row.answer->mention));
    out.field("by", row.answer->own ? "brand" : "peer").field("thanked", row.answer->thanked).end_object();
  } else {
    out.null();
  }
  out.key("page");
  if (row.page) {
    out.begin_object().field("url", row.page->url).field("title", row.page->title);
    out.key("score").rounded(row.page->score, 1).key("terms").begin_array();
    for (const auto& term : row.page->terms) out.value(term);
    out.end_array().end_object();
  } else {
    out.null();
  }
}

void write_json(JsonWriter& out, const store::CampaignRow& row, const std::string& brand) {
  out.begin_object().field("id", std::to_string(row.id.value)).field("brand", brand).field("name", row.name);
  out.field("from", format_rfc3339(row.from)).field("to", time_text(row.to)).field("url", row.url);
  out.field("note", row.note).end_object();
}

void write_json(JsonWriter& out, const store::ClaimRow& row, const std::string& brand) {
  out.begin_object().field("id", std::to_string(row.id.value)).field("brand", brand);
  out.field("campaign", optional_id(row.campaign)).field("campaign_name", row.campaign_name);
  out.field("product", row.product).field("text", row.text).field("text_before", row.text_before);
  out.field("url", row.url).field("from", format_rfc3339(row.from)).field("to", time_text(row.to));
  out.field("edited_at", time_text(row.edited_at)).end_object();
}

void write_json(JsonWriter& out, const store::MisledRow& row, const std::string& brand) {
  out.begin_object().field("id", std::to_string(row.id.value)).field("brand", brand).field("key", row.key);
  out.field("claim", optional_id(row.claim)).field("title", row.title).field("people", row.people);
  out.field("mentions", row.mentions).field("first_at", format_rfc3339(row.first_at));
  out.field("last_at", format_rfc3339(row.last_at)).field("told_at", time_text(row.told_at));
  out.key("details").raw(row.details.empty() ? "{}" : row.details).key("mention_ids").begin_array();
  for (const auto id : row.members) out.value(id_text(id));
  out.end_array().end_object();
}

}  // namespace earshot::api
