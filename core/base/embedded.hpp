#pragma once
#include <string_view>

namespace earshot::embedded {

/// One file compiled into the program: its base name and its bytes.
struct File {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace earshot::embedded
