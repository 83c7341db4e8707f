#pragma once
#include <string>
#include <vector>

#include "core/base/secret.hpp"
#include "daemon/actions.hpp"
#include "daemon/label_lines.hpp"

namespace earshot::cli {

/// Where the daemon listens, and what it needs to know about who asks.
struct ApiAddress {
  std::string listen = "127.0.0.1:8765";  ///< host:port
  std::string socket = {};                ///< path of a Unix socket; used in its place where there is one
  Secret token = {};                      ///< empty: none is sent
};

/// Through the HTTP API of the daemon that holds the database (docs/api.md); one request after the other,
/// each at most 30 s. Fails with `unreachable` when nobody answers, `unauthorized` and `forbidden` when the
/// token is missing or may not, `invalid` with the API's own words where the request is wrong.
class ApiActions final : public daemon::Actions {
 public:
  ApiActions(ApiAddress address, std::vector<store::NamedBrand> brands, daemon::IssueNames issues);

  Result<std::vector<Status>> label(std::span<const store::Label> labels) override;
  Status unlabel(MentionId mention, BrandId brand) override;
  Status decide_idea(const store::IdeaDecision& decision) override;
  Status decide_incident(const store::IncidentDecision& decision) override;
  Status decide_waiting(const store::WaitingDecision& decision) override;
  Status decide_story(const store::StoryDecision& decision) override;
  Result<CampaignId> decide_campaign(const store::CampaignDecision& decision) override;
  Result<ClaimId> decide_claim(const store::ClaimDecision& decision) override;
  Status retry_delivery(std::int64_t id) override;
  Result<std::int64_t> retry_dead(const std::string& destination) override;
  Status drop_delivery(std::int64_t id) override;
  Result<store::Erased> erase(const std::string& platform, const std::string& name,
                              const std::string& reason) override;

 private:
  std::string brand_name(BrandId brand) const;
  /// The body of the answer.
  Result<std::string> send(const char* method, const std::string& path, const std::string& body,
                           std::chrono::seconds most = std::chrono::seconds(30));
  Status post(const std::string& path, const std::string& body);
  /// Adds one of those at `path`, or changes the one with this id; the id that the answer names.
  Result<std::int64_t> save(const std::string& path, std::int64_t id, const std::string& body);

  ApiAddress address_;
  std::vector<store::NamedBrand> brands_;
  daemon::IssueNames issues_;
};

/// What an answer of the API that is no success means: its `detail` where it is a problem document.
Error problem_of(long status, std::string_view body);

}  // namespace earshot::cli
