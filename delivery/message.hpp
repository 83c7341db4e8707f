#pragma once
#include <string>
#include <utility>
#include <vector>

#include "delivery/evidence.hpp"
#include "delivery/item.hpp"

namespace earshot::delivery {

/// A report in full, for media that have room for it. Many lines; the HTML is a whole page.
struct Page {
  std::string text = {}, html = {};
};

/// What a person is told, before it is dressed for one medium. Every text is one line without control
/// characters and of bearable length; none is escaped for anything.
struct Message {
  std::string kind = {}, brand = {}, issue = {};
  std::string title = {};
  int severity = 0;  ///< 1 … 10; 0: it has none
  std::int64_t authors = 0;
  std::string headline = {};                                    ///< everything in one line
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< name and value
  std::vector<Evidence> quotes = {};  ///< at most five; addresses are http(s) or empty
  std::vector<Message> parts = {};    ///< of a digest
  std::string report = {};            ///< name of the report that this is; empty: it is none
  Page page = {};                     ///< of a report
};

/// Never fails: what a payload lacks, or has of the wrong type, is left out.
Message compose(const Item& item);
/// The same of a row of the outbox, for routing.
Message compose(const store::OutboxItem& item);

/// As plain text and as HTML: the headline, facts, and quotes with their addresses.
std::string plain_text(const Message& message);
std::string html_text(const Message& message);
/// As Markdown in which nothing that people wrote formats, links or mentions.
std::string markdown_text(const Message& message);

}  // namespace earshot::delivery
