#pragma once
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "daemon/api/http.hpp"

/// Between our plain requests and answers and the library's: what is understood, and what is refused before
/// any route sees it. Pure.
namespace earshot::api::wire {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using Reply = boost::beast::http::response<boost::beast::http::string_body>;

/// Of a message that is read to its end; its body is left where it is.
Request request_of(const Parser& parser);
/// With what every answer has: who may show it, and how long it may be kept.
Reply reply_of(Response response, unsigned version);
/// What a whole message is refused for: two hosts (who would be meant?), a body in a coding that nobody
/// undoes.
std::optional<Response> mistake_of(const Parser& parser);
/// What a connection that cannot be understood is told before it ends.
Response complaint_of(boost::system::error_code ec);
/// Whether the other side wrote something wrong, and did not just go.
bool is_http_mistake(boost::system::error_code ec);
/// 503, with when to come again.
Response no_room(std::string_view detail);

}  // namespace earshot::api::wire
