#include "connectors/declarative/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/url.hpp"
#include "core/base/utf8.hpp"
#include "net/classify.hpp"
#include "net/retry_after.hpp"

namespace earshot::connectors::declarative {
namespace {

/// False when nothing was written, because a place had no value.
bool write_body(const TomlNode& node, const Scope& scope, JsonWriter& out, const std::string* key) {
  const auto name = [&] {
    if (key != nullptr) out.key(*key);
  };
  switch (node.kind) {
    case TomlNode::Kind::table:
      name();
      out.begin_object();
      for (const auto& [member, value] : node.members) write_body(value, scope, out, &member);
      out.end_object();
      return true;
    case TomlNode::Kind::array:
      name();
      out.begin_array();
      for (const auto& element : node.elements) write_body(element, scope, out, nullptr);
      out.end_array();
      return true;
    case TomlNode::Kind::text: {
      std::string why;
      const auto text = parse_template(node.text, why);
      const auto filled = text ? fill(*text, scope) : std::nullopt;
      if (!filled) return false;
      name();
      std::int64_t number = 0;
      const auto* end = filled->data() + filled->size();
      const bool wanted = text->lone_variable() && text->pieces[0].number;
      if (wanted && std::from_chars(filled->data(), end, number).ptr == end)
        out.value(number);
      else
        out.value(*filled);
      return true;
    }
    case TomlNode::Kind::integer: name(), out.value(node.integer); return true;
    case TomlNode::Kind::real: name(), out.value(node.real); return true;
    case TomlNode::Kind::flag: name(), out.value(node.flag); return true;
    case TomlNode::Kind::other: break;
  }
  return false;
}

ErrorKind kind_named(std::string_view name) {
  for (const auto kind :
       {ErrorKind::rate_limited, ErrorKind::unauthorized, ErrorKind::forbidden, ErrorKind::gone,
        ErrorKind::bad_request, ErrorKind::unreachable, ErrorKind::malformed, ErrorKind::cursor_invalid})
    if (to_string(kind) == name) return kind;
  return ErrorKind::bad_request;
}

Error trouble_of(const ErrorRule& rule, const Scope& scope, const net::HttpReply& reply, Timestamp now,
                 std::optional<Error> by_status, std::string_view kind, std::string_view code) {
  auto error =
      by_status.value_or(Error{.kind = ErrorKind::bad_request, .message = "the request was refused"});
  if (!kind.empty()) error.kind = kind_named(kind);
  const auto words = text_of(rule.message, scope).value_or("");
  if (!words.empty() || !code.empty()) {
    error.message = reply.status >= 300 ? "HTTP " + std::to_string(reply.status) + ": " : std::string();
    error.message += "the server says: " + printable(utf8::truncate(words.empty() ? code : words, 200));
    if (!words.empty() && !code.empty()) error.message += " (" + printable(utf8::truncate(code, 60)) + ")";
  }
  if (const auto asked = wait_in(rule.wait, scope))
    error.retry_after = asked;
  else if (!error.retry_after && error.kind == ErrorKind::rate_limited)
    error.retry_after = net::requested_wait(reply.headers, now);
  return error;
}

}  // namespace

Result<net::HttpRequest> make_request(const StreamSpec& stream, const std::string& base,
                                      const Variables& variables) {
  Scope scope;
  scope.variables = &variables;
  net::HttpRequest request;
  request.method = stream.request.method;
  for (const auto& [name, text] : stream.request.headers)
    if (auto value = fill(text, scope)) request.headers.add(name, std::move(*value));
  if (!request.headers.find("Accept")) request.headers.add("Accept", "application/json");
  if (stream.request.has_body) {
    request.headers.add("Content-Type", "application/json");
    request.body = fill_body(stream.request.body, variables);
  }
  const auto page = variables.find("page");
  const bool follows = stream.page.kind == PageKind::link || stream.page.kind == PageKind::url;
  if (follows && page != variables.end()) {
    // A stored address from before the source was moved elsewhere.
    if (!same_origin(page->second, base))
      return unexpected(ErrorKind::cursor_invalid, "the checkpoint leads to another server");
    request.url = page->second;
    return request;
  }
  const auto path = fill(stream.request.path, scope, Encoding::path);
  if (!path)
    return unexpected(ErrorKind::invalid, "the path " + stream.request.path.written + " lacks a value");
  std::string query;
  for (const auto& [name, alternatives] : stream.request.query)
    for (const auto& text : alternatives)
      if (const auto value = fill(text, scope)) {
        query += (query.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(*value);
        break;
      }
  request.url = base + *path;
  if (!query.empty()) request.url += (path->find('?') == std::string::npos ? "?" : "&") + query;
  return request;
}

std::string fill_body(const TomlNode& body, const Variables& variables) {
  Scope scope;
  scope.variables = &variables;
  JsonWriter out;
  write_body(body, scope, out, nullptr);
  return out.str();
}

Judgement judge(const Platform& platform, const net::HttpReply& reply, JsonValue root, Variables variables,
                Timestamp now) {
  variables["answered_by"] = reply.url;
  const auto by_status = reply.status == 0 ? std::nullopt : net::classify_json(reply, now);
  const Scope scope{.page = root, .parent = root, .item = root, .joins = {}, .variables = &variables};
  for (const auto& rule : platform.errors) {
    if (!rule.status.empty() && std::ranges::find(rule.status, reply.status) == rule.status.end()) continue;
    if (!rule.when.empty() && !any_holds(rule.when, scope)) continue;
    const auto code = text_of(rule.code, scope).value_or("");
    const auto named = rule.kinds.find(code);
    const auto& kind = named != rule.kinds.end() ? named->second : rule.kind;
    if (kind == "empty") return {.trouble = std::nullopt, .empty = true};
    return {.trouble = trouble_of(rule, scope, reply, now, by_status, kind, code)};
  }
  return {.trouble = by_status};
}

std::optional<std::chrono::milliseconds> wait_in(const Value& seconds, const Scope& scope) {
  const auto text = text_of(seconds, scope);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failure != std::errc{} || end != text->data() + text->size() || !(value >= 0)) return std::nullopt;
  const auto most = static_cast<double>(net::wait_max.count());
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(std::min(value * 1000, most))));
}

bool match_request(const StreamSpec& stream, std::string_view url, Variables& variables) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  std::string_view path = parsed->path;
  const auto& pieces = stream.request.path.pieces;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    if (piece.kind == Template::Piece::Kind::text) {
      const auto literal = std::string_view(piece.text).substr(0, piece.text.find('?'));
      const auto at = path.find(literal);
      if (at == std::string_view::npos || (i > 0 && at != 0)) return false;
      path.remove_prefix(at + literal.size());
      continue;
    }
    const auto end = i + 1 < pieces.size() ? path.find(pieces[i + 1].text) : path.size();
    if (end == std::string_view::npos || end == 0) return false;
    variables.insert_or_assign(piece.text, percent_decode(path.substr(0, end)));
    path.remove_prefix(end);
  }
  if (!path.empty() && path != "/") return false;
  for (const auto& [name, alternatives] : stream.request.query)
    for (const auto& text : alternatives)
      if (const auto variable = text.lone_variable(); variable && *variable != "page")
        if (auto value = query_value(url, name); value && !value->empty())
          variables.insert_or_assign(*variable, std::move(*value));
  return true;
}

}  // namespace earshot::connectors::declarative
