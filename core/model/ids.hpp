#pragma once
#include "core/base/strong_id.hpp"

namespace earshot {

using MentionId = StrongId<struct MentionTag>;    ///< time-ordered, see identity.hpp
using BrandId = StrongId<struct BrandTag>;        ///< row of `brand`
using SourceId = StrongId<struct SourceTag>;      ///< row of `source`
using IncidentId = StrongId<struct IncidentTag>;  ///< row of `incident`
using IdeaId = StrongId<struct IdeaTag>;          ///< row of `idea`

}  // namespace earshot
