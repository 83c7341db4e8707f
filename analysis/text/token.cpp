#include "analysis/text/token.hpp"

namespace earshot::analysis {

void TokenBuffer::clear() {
  tokens_.clear();
  used_ = 0;
}

}  // namespace earshot::analysis
