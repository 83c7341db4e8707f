#pragma once
#include "core/base/strong_id.hpp"

namespace earshot {

using MentionId = StrongId<struct MentionTag>;    ///< time-ordered, see identity.hpp
using BrandId = StrongId<struct BrandTag>;        ///< row of `brand`
using SourceId = StrongId<struct SourceTag>;      ///< row of `source`
using IncidentId = StrongId<struct IncidentTag>;  ///< row of `incident`
using IdeaId = StrongId<struct IdeaTag>;          ///< row of `idea`
using CampaignId = StrongId<struct CampaignTag>;  ///< row of `campaign`
using ClaimId = StrongId<struct ClaimTag>;        ///< row of `claim`
using MisledId = StrongId<struct MisledTag>;      ///< row of `misled`

}  // namespace earshot
