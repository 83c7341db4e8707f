#pragma once
#include <optional>
#include <string>

#include "core/base/result.hpp"

namespace earshot::store {

/// An advisory lock on "<database>.lock" that lasts as long as the object, so that two writers never share a
/// database. The file holds the owner's pid for the message that the second one prints; it is never removed,
/// since removing it would race with the next owner.
class WriterLock {
 public:
  /// Fails with `busy` ("in use by pid N") or `forbidden` when the file cannot be made.
  static Result<WriterLock> acquire(const std::string& database_path);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();
  WriterLock() = default;

 private:
  int file_ = -1;
};

/// The process that holds the lock, by what the kernel says: nothing is locked or made. 0: it cannot be seen
/// from here.
std::optional<int> writer_of(const std::string& database_path);

}  // namespace earshot::store
