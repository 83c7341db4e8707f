#include "daemon/cli/api_actions.hpp"

#include <curl/curl.h>

#include <charconv>
#include <memory>

#include "connectors/json_fields.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t answer_bytes_max = 1 << 20;
constexpr long connect_ms = 5'000;
/// To look through many millions of mentions.
constexpr std::chrono::minutes erase_max{30};

std::size_t take(char* bytes, std::size_t, std::size_t count, void* into) {
  auto& answer = *static_cast<std::string*>(into);
  if (answer.size() + count > answer_bytes_max) return 0;
  answer.append(bytes, count);
  return count;
}

void given(JsonWriter& out, const char* name, const std::optional<std::string>& text) {
  if (text) out.field(name, *text);
}

void given(JsonWriter& out, const char* name, const std::optional<Timestamp>& at) {
  if (at) out.field(name, *at == Timestamp{} ? "" : format_rfc3339(*at));
}

/// A listening address that stands for every interface is reached at this machine's own.
std::string reachable(std::string listen) {
  for (const std::string_view any : {"0.0.0.0:", "[::]:"})
    if (listen.starts_with(any)) listen = "127.0.0.1:" + listen.substr(any.size());
  return listen;
}

}  // namespace

Error problem_of(long status, std::string_view body) {
  std::string detail;
  if (const auto json = connectors::parse_json(body)) detail = (*json)["detail"].text();
  if (detail.empty()) detail = "the daemon answered with status " + std::to_string(status);
  if (status == 401)
    return {.kind = ErrorKind::unauthorized, .message = detail + "; give --token-file or EARSHOT_TOKEN"};
  if (status == 403) return {.kind = ErrorKind::forbidden, .message = detail};
  if (status == 429) return {.kind = ErrorKind::rate_limited, .message = detail};
  if (status >= 500)
    return {.kind = status == 503 ? ErrorKind::busy : ErrorKind::internal, .message = detail};
  return {.kind = ErrorKind::invalid, .message = detail};
}

ApiActions::ApiActions(ApiAddress address, std::vector<store::NamedBrand> brands, daemon::IssueNames issues)
    : address_(std::move(address)), brands_(std::move(brands)), issues_(std::move(issues)) {}

std::string ApiActions::brand_name(BrandId brand) const {
  for (const auto& known : brands_)
    if (known.id == brand) return known.name;
  return {};
}

Result<std::string> ApiActions::send(const char* method, const std::string& path, const std::string& body,
                                     std::chrono::seconds most) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), &curl_easy_cleanup);
  if (!handle) return unexpected(ErrorKind::internal, "no HTTP client could be made");
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"), &curl_slist_free_all);
  if (!address_.token.empty()) {
    const Secret header("Authorization: Bearer " + address_.token.reveal());
    curl_slist_append(headers.get(), header.reveal().c_str());
  }
  const auto where = address_.socket.empty() ? reachable(address_.listen) : address_.socket;
  const auto url = "http://" + (address_.socket.empty() ? where : "localhost") + "/api/v1/" + path;
  std::string answer;
  auto* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (!address_.socket.empty()) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address_.socket.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // the token goes to the daemon and to nobody between
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(most.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  const auto code = curl_easy_perform(curl);
  if (code != CURLE_OK)
    return unexpected(code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::timed_out : ErrorKind::unreachable,
                      "no daemon answers at " + where + " (" + curl_easy_strerror(code) + ")");
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return answer;
  return unexpected(problem_of(status, answer));
}

Status ApiActions::post(const std::string& path, const std::string& body) {
  const auto answer = send("POST", path, body);
  return answer ? Status(Done{}) : unexpected(answer.error());
}

Result<std::int64_t> ApiActions::save(const std::string& path, std::int64_t id, const std::string& body) {
  const auto answer =
      id != 0 ? send("PATCH", path + "/" + std::to_string(id), body) : send("POST", path, body);
  if (!answer) return unexpected(answer.error());
  const auto json = connectors::parse_json(*answer);
  const auto text = json ? std::string((*json)["id"].text()) : std::string();
  std::int64_t found = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), found);
  if (code != std::errc() || end != text.data() + text.size() || found <= 0)
    return unexpected(ErrorKind::malformed, "the daemon's answer names no id");
  return found;
}

Result<std::vector<Status>> ApiActions::label(std::span<const store::Label> labels) {
  std::vector<Status> out;
  for (const auto& label : labels) {
    JsonWriter body;
    body.begin_object().field("brand", brand_name(label.brand));
    if (label.polarity) body.field("polarity", to_string(*label.polarity));
    if (label.issues) {
      body.key("issues").begin_array();
      for (const auto bit : *label.issues) body.value(daemon::issue_name(issues_, bit));
      body.end_array();
    }
    given(body, "note", label.note);
    if (!label.by.empty()) body.field("by", label.by);
    auto status = post("mentions/" + std::to_string(label.mention.value) + "/label", body.end_object().str());
    // What is wrong with one label says nothing of the next; a daemon that is not there does.
    if (!status && status.error().kind != ErrorKind::invalid) return unexpected(status.error());
    out.push_back(std::move(status));
  }
  return out;
}

Status ApiActions::unlabel(MentionId mention, BrandId brand) {
  JsonWriter body;
  body.begin_object().field("brand", brand_name(brand));
  return post("mentions/" + std::to_string(mention.value) + "/unlabel", body.end_object().str());
}

Status ApiActions::decide_idea(const store::IdeaDecision& decision) {
  JsonWriter body;
  body.begin_object();
  given(body, "state", decision.state);
  given(body, "owner", decision.owner);
  given(body, "due", decision.due);
  given(body, "url", decision.url);
  given(body, "note", decision.note);
  given(body, "published_at", decision.published_at);
  return post("ideas/" + std::to_string(decision.id.value), body.end_object().str());
}

Status ApiActions::decide_incident(const store::IncidentDecision& decision) {
  JsonWriter body;
  body.begin_object();
  given(body, "owner", decision.owner);
  given(body, "note", decision.note);
  given(body, "state", decision.state);
  return post("incidents/" + std::to_string(decision.id.value), body.end_object().str());
}

Status ApiActions::decide_waiting(const store::WaitingDecision& decision) {
  JsonWriter body;
  body.begin_object().field("brand", brand_name(decision.brand));
  // The API wants a state with every change; without one the person goes on waiting.
  body.field("state", decision.state.value_or("waiting"));
  given(body, "owner", decision.owner);
  if (decision.until) body.field("until", format_rfc3339(*decision.until));
  given(body, "note", decision.note);
  return post("queue/" + std::to_string(decision.mention.value), body.end_object().str());
}

Status ApiActions::decide_story(const store::StoryDecision& decision) {
  JsonWriter body;
  body.begin_object().field("brand", brand_name(decision.brand));
  given(body, "consent", decision.consent);
  given(body, "note", decision.note);
  if (!decision.by.empty()) body.field("by", decision.by);
  return post("stories/" + std::to_string(decision.rant.value), body.end_object().str());
}

Result<CampaignId> ApiActions::decide_campaign(const store::CampaignDecision& decision) {
  JsonWriter body;
  body.begin_object();
  if (!decision.id) body.field("brand", brand_name(decision.brand));
  given(body, "name", decision.name);
  given(body, "from", decision.from);
  given(body, "to", decision.to);
  given(body, "url", decision.url);
  given(body, "note", decision.note);
  auto id = save("campaigns", decision.id.value, body.end_object().str());
  return id ? Result<CampaignId>(CampaignId{*id}) : unexpected(id.error());
}

Result<ClaimId> ApiActions::decide_claim(const store::ClaimDecision& decision) {
  JsonWriter body;
  body.begin_object();
  if (!decision.id) body.field("brand", brand_name(decision.brand));
  if (decision.campaign)
    body.field("campaign", *decision.campaign ? std::to_string(decision.campaign->value) : "");
  given(body, "product", decision.product);
  given(body, "text", decision.text);
  given(body, "url", decision.url);
  given(body, "from", decision.from);
  given(body, "to", decision.to);
  given(body, "edited_at", decision.edited_at);
  auto id = save("claims", decision.id.value, body.end_object().str());
  return id ? Result<ClaimId>(ClaimId{*id}) : unexpected(id.error());
}

Status ApiActions::retry_delivery(std::int64_t id) {
  return post("deliveries/" + std::to_string(id) + "/retry", "{}");
}

Result<std::int64_t> ApiActions::retry_dead(const std::string& destination) {
  JsonWriter body;
  body.begin_object().field("destination", destination);
  const auto answer = send("POST", "deliveries/retry", body.end_object().str());
  if (!answer) return unexpected(answer.error());
  const auto json = connectors::parse_json(*answer);
  const auto count = json ? (*json)["retried"].integer() : std::nullopt;
  if (!count) return unexpected(ErrorKind::malformed, "the daemon's answer names no number");
  return *count;
}

Status ApiActions::drop_delivery(std::int64_t id) {
  return post("deliveries/" + std::to_string(id) + "/drop", "{}");
}

Result<store::Erased> ApiActions::erase(const std::string& platform, const std::string& name,
                                        const std::string& reason) {
  JsonWriter body;
  body.begin_object().field("platform", platform).field("author", name).field("reason", reason).end_object();
  const auto answer = send("POST", "admin/erase", body.str(), erase_max);
  if (!answer) return unexpected(answer.error());
  const auto json = connectors::parse_json(*answer);
  if (!json) return unexpected(json.error());
  const auto number = [&](const char* key) { return (*json)[key].count().value_or(0); };
  store::Erased out{.report = {.mentions = number("mentions"),
                               .replies = number("replies"),
                               .findings = number("findings"),
                               .people = number("people")},
                    .settled = (*json)["settled"].is_true()};
  for (const auto sent : (*json)["sent"])
    out.report.sent.emplace_back(std::string(sent["destination"].text()),
                                 sent["messages"].count().value_or(0));
  return out;
}

}  // namespace earshot::cli
