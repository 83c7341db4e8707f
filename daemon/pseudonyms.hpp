#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/text/tokenizer.hpp"
#include "core/model/brand.hpp"
#include "core/model/page.hpp"
#include "store/keyed_hash.hpp"

namespace earshot::daemon {

/// Takes people's names out of what was heard, before it is judged, and puts pseudonyms in their place: the
/// same person is the same pseudonym, and without the database's key nobody can say whose it is. What brands
/// are called, and who writes for them, stays. Immutable and thread-safe.
///
/// What is replaced: the author's id and handle (the display name goes), handles and e-mail addresses in the
/// text, and ids of posts that name somebody (URIs, message ids). Links to somebody's page are cut down to
/// the site, unknown fields and the item as received go. Names that are written out stay: they are words like
/// others.
class Pseudonyms {
 public:
  Pseudonyms(std::shared_ptr<const store::KeyedHash> key, const std::vector<Brand>& brands);

  /// The words and what leads to a person in them. To be called before spans are taken of the text.
  void cover_words(Mention& mention) const;
  /// Who wrote it, and the ids; `own`: the brand did, whose names stay.
  void cover_author(Mention& mention, bool own) const;
  void cover(Withdrawal& withdrawal) const;

 private:
  bool is_brand(std::string_view folded_handle) const;
  std::string cover_text(std::string text) const;
  std::string cover_once(std::string_view text) const;
  std::string cover_link(const std::string& url) const;
  /// "pseudonym:" and a number for an id that names somebody; a record key of the AT Protocol stays after it,
  /// as the time is part of it.
  std::string cover_id(std::string_view native_id) const;

  std::shared_ptr<const store::KeyedHash> key_;
  analysis::Tokenizer tokenizer_;
  std::unordered_set<std::string> brands_;  ///< folded handles, without '@'
};

}  // namespace earshot::daemon
