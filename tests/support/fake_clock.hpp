#pragma once
#include "core/base/clock.hpp"

namespace earshot::test {

/// A clock that stands still until moved.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp at) : at_(at) {}
  Timestamp now() const override { return at_; }
  std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::time_point(at_.time_since_epoch());
  }
  void advance(Milliseconds by) { at_ += by; }

 private:
  Timestamp at_;
};

}  // namespace earshot::test
