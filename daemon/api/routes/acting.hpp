#pragma once
#include <optional>
#include <string>
#include <utility>

#include "connectors/json_fields.hpp"
#include "daemon/api/routes/routes.hpp"

/// What most changes have in common: a JSON object in, one transaction on the store's thread, and the thing
/// as it is then for an answer.
namespace earshot::api {

struct Doing {
  store::Store& store;
  store::Reader& reader;
  const Request& request;
  const connectors::JsonDocument& body;
  const Snapshot& snapshot;
  Timestamp now;
};

/// A text that may be left out; `invalid` when it is something else. Null takes away what was there.
Result<std::optional<std::string>> optional_text(const connectors::JsonDocument& body, const char* key);
/// A moment or a day; empty text and null are the epoch, which takes away what was there.
Result<std::optional<Timestamp>> optional_time(const connectors::JsonDocument& body, const char* key);
/// The same of an end: a day is over at its end.
Result<std::optional<Timestamp>> optional_end(const connectors::JsonDocument& body, const char* key);
/// Fills texts of a decision from the body, all mistakes but the first left unsaid.
Status fill(const connectors::JsonDocument& body,
            std::initializer_list<std::pair<const char*, std::optional<std::string>*>> fields);
/// The brand that the body names.
Result<store::NamedBrand> brand_of(const Doing& doing);

using Act = Response (*)(const Doing&);

/// Runs a change and tells those who watch that something of this kind was acted on.
async::Awaitable<Response> act(const RouteServices& services, Request request, Act what, std::string kind);

}  // namespace earshot::api
