#pragma once
#include <cstddef>
#include <vector>

namespace earshot::analysis {

/// A list that is filled again for every text, its elements written in place. Room is asked for once per
/// text, so that adding to it checks nothing; nothing is freed, and no element is ever constructed anew.
template <typename T>
class Row {
 public:
  void clear(std::size_t room) {
    if (elements_.size() < room) elements_.resize(2 * room);
    count_ = 0;
  }
  /// The next element, which holds what an earlier text left there: every member must be set.
  T& add() { return elements_.data()[count_++]; }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  T* data() { return elements_.data(); }
  const T* data() const { return elements_.data(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& back() { return data()[count_ - 1]; }
  const T& back() const { return data()[count_ - 1]; }
  T* begin() { return data(); }
  T* end() { return data() + count_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + count_; }

 private:
  std::vector<T> elements_;
  std::size_t count_ = 0;
};

}  // namespace earshot::analysis
