#pragma once
#include <string>

#include "core/base/json_writer.hpp"
#include "delivery/item.hpp"

namespace earshot::test {

/// Everything that formats, links, calls or ends something somewhere.
inline const std::string hostile =
    "</p><script>alert(1)</script>\r\nBcc: thief@example.com\r\n\r\n# *bold* _it_ `code` <!channel> <@U1> "
    "@everyone "
    "[x](javascript:alert(1)) \x1b[31m \xE2\x80\xAE \xFF \"quotes\" {{title}}";

inline delivery::Item incident(const std::string& title, int severity,
                               const std::string& kind = "incident_opened") {
  JsonWriter out;
  out.begin_object().field("brand", "Fernwave").field("issue", "outage").field("title", title);
  out.field("severity", severity).field("authors", 31).field("started_at", "2026-11-27T10:00:00Z");
  out.key("details").begin_object().key("exemplars").begin_array();
  out.begin_object().field("text", title == hostile ? hostile : "cannot log in").field("source", "forum");
  out.field("url", title == hostile ? "javascript:alert(1)" : "https://forum.example/1").end_object();
  out.end_array().end_object().end_object();
  return {.id = "msg_0123456789abcdef0123456789abcdef",
          .kind = kind,
          .payload = out.str(),
          .created_at = from_ms(1'795'773'600'000),
          .thread = "incident:1:0:5"};
}

}  // namespace earshot::test
