#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/text/reading.hpp"
#include "core/model/verdict.hpp"

/// Words that say what a text is about only in company: "internet" and "down", "engineer" and "never came".
/// Lexicon lines name a word's group (`group:link`); a rule is two groups near each other within one
/// sentence.
namespace earshot::analysis {

enum class WordGroup : std::uint8_t {
  link,       ///< what connects: internet, wifi, signal, line, server
  dead,       ///< down, offline, gone, keeps dropping
  absent,     ///< no, without: before what is missing
  slow,       ///< slow, laggy, buffering
  software,   ///< app, site, update, page
  faulty,     ///< crashes, error, won't open
  unclear,    ///< hidden, confusing, can't find
  device,     ///< router, box, phone, kettle
  shoddy,     ///< flimsy, died, cheap plastic
  danger,     ///< smoke, sparks, burning
  harm,       ///< cracked, smashed, dented
  parcel,     ///< parcel, package, shipment
  carry,      ///< courier, deliver, neighbour, doorstep
  vanish,     ///< lost, missing, vanished
  visit,      ///< engineer, installation, appointment
  late,       ///< late, postponed, never came, still waiting
  person,     ///< agent, driver, salesman, waiter
  manners,    ///< rude, laughed, patient, kind
  support,    ///< hotline, chat, ticket, call centre
  runaround,  ///< on hold, passed on, no reply
  promise,    ///< promised, advertised, was told
  breach,     ///< instead, turns out, in reality
  contract,   ///< contract, subscription, plan
  leave,      ///< cancel, terminate, get out of
  price,      ///< price, fee, tariff
  dear,       ///< up, more, expensive, cheaper elsewhere
  login,      ///< account, password, code
  locked,     ///< locked out, wrong, rejected, can't change
  stranger,   ///< someone, scammer
  misuse,     ///< in my name, logged in, swapped
  personal,   ///< data, address, contacts, recording
  spread,     ///< shared, sold, published, without consent
  order,      ///< order, booking, reservation
  stuck,      ///< stuck, pending, wrong, twice
  money,      ///< invoice, bill, debit
  charged,    ///< wrong, twice, still charging
  offer,      ///< fibre, shop, model, size
  obtain,     ///< available, in stock, roll-out
};
inline constexpr std::size_t word_group_count = 38;

std::string_view to_string(WordGroup group);
std::optional<std::uint8_t> word_group_from(std::string_view name);

/// Two groups, in this order or in either, within `reach` words, speak for a type.
struct GroupRule {
  WordGroup first, second;
  std::uint8_t reach;
  bool ordered;
  IssueType type;
  float weight;
};
inline constexpr std::array group_rules{
    GroupRule{WordGroup::link, WordGroup::dead, 6, false, IssueType::outage, 1.2f},
    GroupRule{WordGroup::absent, WordGroup::link, 3, true, IssueType::outage, 1.2f},
    GroupRule{WordGroup::link, WordGroup::slow, 7, false, IssueType::performance, 1.2f},
    GroupRule{WordGroup::software, WordGroup::slow, 6, false, IssueType::performance, 1.0f},
    GroupRule{WordGroup::software, WordGroup::faulty, 7, false, IssueType::bug, 1.0f},
    GroupRule{WordGroup::device, WordGroup::faulty, 6, false, IssueType::bug, 0.8f},
    GroupRule{WordGroup::software, WordGroup::unclear, 8, false, IssueType::usability, 0.8f},
    GroupRule{WordGroup::device, WordGroup::shoddy, 7, false, IssueType::product_quality, 1.1f},
    GroupRule{WordGroup::device, WordGroup::danger, 8, false, IssueType::safety, 1.3f},
    GroupRule{WordGroup::device, WordGroup::harm, 7, false, IssueType::damaged_item, 1.1f},
    GroupRule{WordGroup::parcel, WordGroup::harm, 7, false, IssueType::damaged_item, 1.2f},
    GroupRule{WordGroup::parcel, WordGroup::vanish, 6, false, IssueType::lost_item, 1.2f},
    GroupRule{WordGroup::parcel, WordGroup::carry, 8, false, IssueType::delivery, 1.0f},
    GroupRule{WordGroup::visit, WordGroup::late, 7, false, IssueType::delay, 1.2f},
    GroupRule{WordGroup::person, WordGroup::manners, 7, false, IssueType::staff_behaviour, 1.2f},
    GroupRule{WordGroup::support, WordGroup::runaround, 8, false, IssueType::customer_service, 1.1f},
    GroupRule{WordGroup::promise, WordGroup::breach, 12, true, IssueType::expectation_gap, 1.1f},
    GroupRule{WordGroup::leave, WordGroup::contract, 5, false, IssueType::cancellation, 1.1f},
    GroupRule{WordGroup::price, WordGroup::dear, 5, false, IssueType::price, 1.1f},
    GroupRule{WordGroup::login, WordGroup::locked, 6, false, IssueType::account, 1.0f},
    GroupRule{WordGroup::stranger, WordGroup::misuse, 7, false, IssueType::security, 1.4f},
    GroupRule{WordGroup::login, WordGroup::misuse, 7, false, IssueType::security, 1.0f},
    GroupRule{WordGroup::personal, WordGroup::spread, 7, false, IssueType::privacy, 1.2f},
    GroupRule{WordGroup::order, WordGroup::stuck, 6, false, IssueType::booking_order, 1.0f},
    GroupRule{WordGroup::money, WordGroup::charged, 6, false, IssueType::billing, 1.0f},
    GroupRule{WordGroup::offer, WordGroup::obtain, 6, false, IssueType::availability, 1.2f},
};

/// Whether a negation takes the word's meaning away ("never drops", "not rude"); what is spoken of stays
/// spoken of.
bool negation_silences(WordGroup group);

/// The rule for two groups in the order they stand in, or −1.
int group_rule(WordGroup first, WordGroup second);

/// The words of a text that belong to groups, and what rules make of two of them. More than fit are not
/// looked at.
class GroupHits {
 public:
  void add(const Hit& hit, std::uint16_t sentence, WordGroup group) {
    if (count_ == hits_.size() || (hit.negated && negation_silences(group))) return;
    hits_[count_++] = {.begin = hit.unit, .end = hit.unit + hit.words, .sentence = sentence, .group = group};
  }

  /// Calls said(rule, first unit, behind the last unit) for each rule that holds, once per rule.
  template <typename Said>
  void apply(const Said& said) const {
    std::uint32_t seen = 0;
    static_assert(group_rules.size() <= 32);
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t k = i + 1; k < count_ && hits_[k].sentence == hits_[i].sentence; ++k) {
        const auto rule = group_rule(hits_[i].group, hits_[k].group);
        if (rule < 0 || (seen >> rule & 1) != 0 || hits_[k].begin < hits_[i].end) continue;
        const auto& found = group_rules[static_cast<std::size_t>(rule)];
        if (hits_[k].begin - hits_[i].end >= found.reach) continue;
        seen |= 1u << rule;
        said(found, hits_[i].begin, hits_[k].end);
      }
  }

 private:
  struct Place {
    std::uint32_t begin, end;
    std::uint16_t sentence;
    WordGroup group;
  };
  std::array<Place, 48> hits_;
  std::size_t count_ = 0;
};

}  // namespace earshot::analysis
