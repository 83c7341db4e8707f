#include "net/auth/json_object.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace earshot::net::auth {
namespace {

namespace dom = simdjson::dom;

std::optional<double> number_of(const dom::element& value) {
  double number = 0;
  if (value.is_number() && value.get_double().get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return number;
}

}  // namespace

struct JsonObject::State {
  dom::parser parser;
  dom::object root;
};

JsonObject::JsonObject(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonObject::JsonObject(JsonObject&&) noexcept = default;
JsonObject& JsonObject::operator=(JsonObject&&) noexcept = default;
JsonObject::~JsonObject() = default;

std::optional<JsonObject> JsonObject::parse(std::string_view text) {
  if (text.size() > 256 << 10) return std::nullopt;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto state = std::make_unique<State>();
  if (state->parser.parse(text.data(), text.size()).get_object().get(state->root) != simdjson::SUCCESS)
    return std::nullopt;
  return JsonObject(std::move(state));
}

std::string JsonObject::text(std::string_view key) const {
  std::string_view value;
  if (state_->root.at_key(key).get_string().get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

std::optional<double> JsonObject::number(std::string_view key) const {
  dom::element value;
  if (state_->root.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return number_of(value);
}

std::optional<double> JsonObject::inner_number(std::string_view object, std::string_view key) const {
  dom::object inner;
  dom::element value;
  if (state_->root.at_key(object).get_object().get(inner) != simdjson::SUCCESS) return std::nullopt;
  if (inner.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return number_of(value);
}

}  // namespace earshot::net::auth
