#pragma once
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/declarative/platform.hpp"

/// Any platform with a JSON API, described by a file instead of a program; docs/connectors/declarative.md is
/// the language of these files.
namespace earshot::connectors::declarative {

/// A source of that platform: checks its settings against those that the file declares.
Result<std::unique_ptr<Connector>> make_source(std::shared_ptr<const Platform> platform,
                                               const ConnectorInput& input);

/// One recorded reply, read as the stream whose path it was asked by, else as the one that finds most in it.
Result<Page> parse_recorded(const Platform& platform, std::string_view url, std::string_view body,
                            Timestamp now);

/// The platforms of config/connectors/, which are part of the program; one connector each.
const std::vector<ConnectorSpec>& shipped();

}  // namespace earshot::connectors::declarative
