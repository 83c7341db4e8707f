#pragma once
#include <memory>
#include <string_view>

#include "core/model/mention.hpp"

namespace earshot::connectors::import {

/// What a line brought besides the mention: which required keys were there.
struct Seen {
  bool platform = false;
  bool id = false;
  bool text = false;
  bool created_at = false;
};

/// Reads a line of the interchange format that is in order, which nearly all are. Anything unusual makes it
/// step back for the careful reader, which can name what is wrong. Reuses its buffers.
class FastLine {
 public:
  FastLine();
  ~FastLine();
  /// False: the careful reader must look, and what is in `mention` and `seen` counts for nothing.
  bool read(std::string_view line, Mention& mention, Seen& seen);

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace earshot::connectors::import
