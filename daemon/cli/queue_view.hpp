#pragma once
#include <string>
#include <vector>

#include "daemon/cli/line.hpp"
#include "store/store.hpp"

/// How the queue looks on a screen: who waits as a list, and one of them whole.
namespace earshot::cli {

struct QueueEntry {
  store::WaitingRow waiting = {};
  store::MentionRow mention = {};
};

/// Who waits, most urgent first, without those whose posts have gone.
Result<std::vector<QueueEntry>> queue_entries(store::Reader& reader, BrandId brand, std::size_t limit);

/// The posts around it in the same conversation, oldest first, at most 20; those of the brand too. Looks a
/// week back.
Result<std::vector<store::ContactRow>> thread_of(store::Reader& reader, const store::MentionRow& mention);

/// Two lines for each, the chosen one marked, scrolled so that it is within `height` lines.
std::vector<Line> queue_list(const std::vector<QueueEntry>& entries, std::size_t chosen, Timestamp now,
                             int width, int height);

/// The whole post with what made it what it is, and its conversation.
std::vector<Line> queue_detail(const QueueEntry& entry, const std::vector<Evidence>& evidence,
                               const std::vector<store::ContactRow>& thread, Timestamp now, int width);

/// "complaint 10, reach 8".
std::string reasons_text(const std::string& json);

}  // namespace earshot::cli
