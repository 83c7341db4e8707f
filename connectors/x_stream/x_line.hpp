#pragma once
#include <chrono>
#include <string_view>

#include "core/base/result.hpp"
#include "core/model/page.hpp"

namespace earshot::connectors::x_stream {

/// Adds the post of one line of the stream to the page, read as the connector `x` reads search results. Blank
/// lines keep the connection alive and say nothing. A line that announces the end of the connection is the
/// error it stands for: `unreachable` for X's own affairs, `rate_limited` for too many connections or a
/// used-up quota, `unauthorized` for credentials.
Status take_line(std::string_view line, std::size_t index, Timestamp now, Page& page);

/// How long X wants us to wait before attempt `attempt` + 1: a quarter of a second more each time up to 16 s
/// after a network failure, doubling from 5 s up to 320 s after an answer, doubling from a minute when we
/// come too often.
std::chrono::milliseconds reconnect_delay(ErrorKind kind, bool answered, int attempt);

}  // namespace earshot::connectors::x_stream
