#include "daemon/cli/act.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "daemon/cli/api_actions.hpp"
#include "daemon/cli/open.hpp"
#include "daemon/config.hpp"

namespace earshot::cli {
namespace {

constexpr std::size_t token_bytes_max = 4096;

/// The store's actions with the clock they need beside them.
class OwnActions final : public daemon::Actions {
 public:
  explicit OwnActions(store::Store& store) : actions_(store, clock_) {}
  Result<std::vector<Status>> label(std::span<const store::Label> labels) override {
    return actions_.label(labels);
  }
  Status unlabel(MentionId mention, BrandId brand) override { return actions_.unlabel(mention, brand); }
  Status decide_idea(const store::IdeaDecision& d) override { return actions_.decide_idea(d); }
  Status decide_incident(const store::IncidentDecision& d) override { return actions_.decide_incident(d); }
  Status decide_waiting(const store::WaitingDecision& d) override { return actions_.decide_waiting(d); }
  Status decide_story(const store::StoryDecision& d) override { return actions_.decide_story(d); }
  Result<CampaignId> decide_campaign(const store::CampaignDecision& d) override {
    return actions_.decide_campaign(d);
  }
  Result<ClaimId> decide_claim(const store::ClaimDecision& d) override { return actions_.decide_claim(d); }

  Status retry_delivery(std::int64_t id) override { return actions_.retry_delivery(id); }
  Result<std::int64_t> retry_dead(const std::string& destination) override {
    return actions_.retry_dead(destination);
  }
  Status drop_delivery(std::int64_t id) override { return actions_.drop_delivery(id); }
  Result<store::Erased> erase(const std::string& platform, const std::string& name,
                              const std::string& reason) override {
    return actions_.erase(platform, name, reason);
  }

 private:
  SystemClock clock_;
  daemon::StoreActions actions_;
};

Result<Secret> read_token(const Options& options) {
  if (options.token_file.empty()) {
    const char* token = std::getenv("EARSHOT_TOKEN");
    return Secret(token ? token : "");
  }
  std::ifstream file(options.token_file, std::ios::binary);
  std::string text(token_bytes_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  Secret token{std::string(trim(text))};
  std::ranges::fill(text, '\0');
  if (token.empty()) return unexpected(ErrorKind::invalid, options.token_file + " holds no token");
  return token;
}

}  // namespace

std::string Desk::brand_name(BrandId id) const {
  for (const auto& brand : brands)
    if (brand.id == id) return brand.name;
  return "?";
}

Result<Desk> open_desk(const Options& options) {
  Desk desk;
  auto reader = open(options);  // says what is wrong with the path, and makes no new file
  if (!reader) return unexpected(reader.error());
  desk.reader = std::move(*reader);
  auto brands = desk.reader->brands();
  if (!brands) return unexpected(brands.error());
  desk.brands = std::move(*brands);
  auto issues = desk.reader->issue_names();
  if (!issues) return unexpected(issues.error());
  desk.issues = std::move(*issues);
  auto store = store::open_store(database_path(options));
  if (store) {
    desk.store = std::move(*store);
    desk.actions = std::make_unique<OwnActions>(*desk.store);
    return desk;
  }
  if (store.error().kind != ErrorKind::busy) return unexpected(store.error());
  auto config = daemon::load_config(options.config_path);
  const auto http = config ? config->http : daemon::HttpConfig{};
  if (http.listen.empty() && http.socket.empty())
    return unexpected(ErrorKind::busy, store.error().message + "; its HTTP API is switched off");
  auto token = read_token(options);
  if (!token) return unexpected(token.error());
  desk.actions = std::make_unique<ApiActions>(
      ApiAddress{.listen = http.listen, .socket = http.socket, .token = std::move(*token)}, desk.brands,
      desk.issues);
  return desk;
}

std::string person(const Options& options) {
  if (!options.by.empty()) return options.by;
  const auto* user = ::getpwuid(::getuid());
  return user && user->pw_name ? user->pw_name : "";
}

Result<store::MentionRow> verdict_of(Desk& desk, MentionId id, const Options& options) {
  auto rows = desk.reader->mention(id);
  if (!rows) return unexpected(rows.error());
  std::string names;
  for (auto& row : *rows) {
    const auto name = desk.brand_name(row.verdict.brand);
    if (options.brand.empty() ? rows->size() == 1 : fold_case(name) == fold_case(options.brand))
      return std::move(row);
    names += (names.empty() ? "" : ", ") + name;
  }
  return unexpected(ErrorKind::invalid, options.brand.empty()
                                            ? "the mention speaks of several brands, say --brand: " + names
                                            : "the mention does not speak of that brand but of " + names);
}

Result<Timestamp> parse_ahead(const std::string& text, Timestamp now) {
  if (const auto span = parse_duration(text)) return now + *span;
  if (const auto at = parse_time(text)) return *at;
  return unexpected(ErrorKind::invalid,
                    "'" + text + "' is no time to come: write 4h, 3d, 2026-12-01 or 2026-12-01T09:00:00Z");
}

Result<std::vector<std::uint8_t>> parse_issues(const std::string& text, const daemon::IssueNames& names) {
  std::vector<std::uint8_t> bits;
  for (const auto part : split(text, ',')) {
    const auto name = trim(part);
    if (name.empty() || name == "none") continue;
    const auto bit = daemon::issue_bit(names, name);
    if (!bit) {
      std::string known;
      for (const auto& [number, one] : names) known += (known.empty() ? "" : ", ") + one;
      return unexpected(ErrorKind::invalid,
                        "there is no issue type '" + std::string(name) + "'; there are " + known);
    }
    if (std::ranges::find(bits, *bit) == bits.end()) bits.push_back(*bit);
  }
  return bits;
}

}  // namespace earshot::cli
