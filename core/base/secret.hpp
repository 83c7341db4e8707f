#pragma once
#include <string>
#include <utility>

namespace earshot {

/// A text that must not be seen: no formatter or stream takes it, and its bytes are overwritten when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
  Secret& operator=(Secret&& other) noexcept {
    wipe();
    text_ = std::exchange(other.text_, {});
    return *this;
  }
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }
  /// The one way to the text; whoever calls it answers for where it goes.
  const std::string& reveal() const { return text_; }

 private:
  void wipe() {
    // volatile keeps the compiler from dropping stores to memory that is about to be freed
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = '\0';
  }
  std::string text_;
};

}  // namespace earshot
