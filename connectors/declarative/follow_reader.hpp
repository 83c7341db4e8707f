#pragma once
#include <string>
#include <vector>

#include "connectors/declarative/platform.hpp"
#include "connectors/declarative/value_reader.hpp"

/// What is asked further about the items of streams, out of a file's tables.
namespace earshot::connectors::declarative {

/// The streams under `of`; all of them when it is absent.
std::vector<StreamSpec*> read_followed(TomlReader& reader, std::vector<StreamSpec>& streams);

/// The list that these streams are made for the values of; empty: they have none in common.
std::string common_list(const std::vector<StreamSpec*>& streams);

/// One [[follow]]; its values are names for its own templates.
FollowSpec read_follow(TomlReader& reader, TomlReader& root, const Platform& platform, Names names);

}  // namespace earshot::connectors::declarative
