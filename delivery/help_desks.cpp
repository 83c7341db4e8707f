// The help desks that cases can be opened in: their addresses and bodies as their documentation has them.
#include "delivery/help_desk.hpp"

namespace earshot::delivery {

const std::vector<HelpDesk>& help_desks() {
  static const std::vector<HelpDesk> all = {
      {.name = "freshdesk",
       .summary = "tickets in Freshdesk",
       .settings = {"requester"},
       .find = "/api/v2/tickets?order_by=created_at&order_type=desc&per_page=100",
       .find_list = "",
       .find_id = "/id",
       .create = "/api/v2/tickets",
       .create_body =
           R"j({"subject":"{{headline}} ({{marker}})","description":"{{html}}","email":"{{requester}}",)j"
           R"j("status":2,"source":2,"priority":{{priority}},"tags":["earshot"]})j",
       .create_id = "/id",
       .add_method = "POST",
       .add = "/api/v2/tickets/{{case}}/notes",
       .add_body = R"j({"body":"{{html}}","private":true})j",
       .credential_form = {.kind = net::CredentialForm::Kind::basic, .before = "", .after = ":X"},
       .priorities = {"1", "2", "3", "4"}},
      {.name = "github_issues",
       .summary = "issues of a GitHub repository",
       .settings = {"owner", "repository"},
       .find = "/repos/{{owner}}/{{repository}}/issues?labels=earshot&state=all&per_page=100",
       .find_list = "",
       .find_id = "/number",
       .create = "/repos/{{owner}}/{{repository}}/issues",
       .create_body =
           R"j({"title":"{{headline}}","body":"{{markdown}}\n\n<!-- {{marker}} -->","labels":["earshot"]})j",
       .create_id = "/number",
       .add_method = "POST",
       .add = "/repos/{{owner}}/{{repository}}/issues/{{case}}/comments",
       .add_body = R"j({"body":"{{markdown}}"})j",
       .credential_form = {},
       .priorities = {}},
      {.name = "zammad",
       .summary = "tickets in Zammad",
       .settings = {"group", "customer"},
       .find = "/api/v1/tickets/search?query={{marker}}&limit=10&expand=true",
       .find_list = "",
       .find_id = "/id",
       .create = "/api/v1/tickets",
       .create_body =
           R"j({"title":"{{headline}} ({{marker}})","group":"{{group}}","customer_id":"guess:{{customer}}",)j"
           R"j("priority":"{{priority}}","article":{"subject":"{{headline}}","body":"{{html}}",)j"
           R"j("content_type":"text/html","type":"note","internal":true}})j",
       .create_id = "/id",
       .add_method = "POST",
       .add = "/api/v1/ticket_articles",
       .add_body = R"j({"ticket_id":{{case}},"subject":"{{headline}}","body":"{{html}}",)j"
                   R"j("content_type":"text/html","type":"note","internal":true})j",
       .credential_form = {.before = "Token token="},
       .priorities = {"1 low", "2 normal", "3 high", "3 high"}},
      {.name = "zendesk",
       .summary = "tickets in Zendesk",
       .settings = {},
       .find = "/api/v2/tickets.json?external_id={{marker}}",
       .find_list = "/tickets",
       .find_id = "/id",
       .create = "/api/v2/tickets.json",
       .create_body = R"j({"ticket":{"subject":"{{headline}}","comment":{"body":"{{text}}","public":false},)j"
                      R"j("external_id":"{{marker}}","priority":"{{priority}}","tags":["earshot"]}})j",
       .create_id = "/ticket/id",
       .add_method = "PUT",
       .add = "/api/v2/tickets/{{case}}.json",
       .add_body = R"j({"ticket":{"comment":{"body":"{{text}}","public":false}}})j",
       .credential_form = {},
       .priorities = {"low", "normal", "high", "urgent"}},
      // The note and the conversation come into being together; the search looks through notes, too.
      {.name = "chatwoot",
       .summary = "conversations in Chatwoot",
       .settings = {"account", "inbox", "contact"},
       .find = "/api/v1/accounts/{{account}}/conversations/search?q={{marker}}",
       .find_list = "/payload",
       .find_id = "/id",
       .create = "/api/v1/accounts/{{account}}/conversations",
       .create_body = R"j({"inbox_id":"{{inbox}}","contact_id":"{{contact}}","status":"open",)j"
                      R"j("custom_attributes":{"earshot":"{{marker}}"},)j"
                      R"j("message":{"content":"{{markdown}}\n\n{{marker}}","private":true}})j",
       .create_id = "/id",
       .add_method = "POST",
       .add = "/api/v1/accounts/{{account}}/conversations/{{case}}/messages",
       .add_body = R"j({"content":"{{markdown}}","message_type":"outgoing","private":true})j",
       .credential_form = {.header = "api_access_token", .before = ""},
       .priorities = {}}};
  return all;
}

namespace chatwoot {
extern const SinkSpec spec;
const SinkSpec spec{.name = "chatwoot",
                    .summary = "conversations in Chatwoot",
                    .read = [](TomlReader& reader) { return read_help_desk(help_desks()[4], reader); }};
}  // namespace chatwoot
namespace freshdesk {
extern const SinkSpec spec;
const SinkSpec spec{.name = "freshdesk", .summary = "tickets in Freshdesk", .read = [](TomlReader& reader) {
                      return read_help_desk(help_desks()[0], reader);
                    }};
}  // namespace freshdesk
namespace github_issues {
extern const SinkSpec spec;
const SinkSpec spec{.name = "github_issues",
                    .summary = "issues of a GitHub repository",
                    .read = [](TomlReader& reader) { return read_help_desk(help_desks()[1], reader); }};
}  // namespace github_issues
namespace zammad {
extern const SinkSpec spec;
const SinkSpec spec{.name = "zammad", .summary = "tickets in Zammad", .read = [](TomlReader& reader) {
                      return read_help_desk(help_desks()[2], reader);
                    }};
}  // namespace zammad
namespace zendesk {
extern const SinkSpec spec;
const SinkSpec spec{.name = "zendesk", .summary = "tickets in Zendesk", .read = [](TomlReader& reader) {
                      return read_help_desk(help_desks()[3], reader);
                    }};
}  // namespace zendesk

}  // namespace earshot::delivery
