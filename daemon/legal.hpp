#pragma once
#include <span>
#include <string_view>

#include "connectors/legal.hpp"
#include "core/base/json_writer.hpp"
#include "daemon/config.hpp"
#include "daemon/pipeline.hpp"

namespace earshot::daemon {

/// The rules that hold for a source: those of its connector's platform, and those of [[legal]], the narrower
/// of each.
connectors::LegalProfile legal_of(std::span<const OwnLegal> own, std::string_view source,
                                  std::string_view connector);

/// What may be kept of its mentions.
Keeping keeping_of(const connectors::LegalProfile& profile);

/// The members of an object that the caller opened.
void write_legal(JsonWriter& out, const connectors::LegalProfile& profile);

}  // namespace earshot::daemon
