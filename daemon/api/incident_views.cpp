#include "daemon/api/incident_views.hpp"

#include "delivery/advisory.hpp"

namespace earshot::api {

void write_advisory(JsonWriter& out, const store::IncidentRow& incident) {
  const auto draft = delivery::advisory_of(incident);
  out.begin_object().field("incident", std::to_string(incident.id.value)).field("post", draft.post);
  out.key("to_check").begin_array();
  for (const auto& line : draft.to_check) out.value(line);
  out.end_array().key("threads").begin_array();
  for (const auto& post : draft.threads)
    out.begin_object()
        .field("mention", post.mention)
        .field("at", post.at)
        .field("source", post.source)
        .field("author", post.author)
        .field("url", post.url)
        .field("text", post.text)
        .end_object();
  out.end_array().end_object();
}

}  // namespace earshot::api
