// Any bytes as a training recipe, as labelled lines, and as the posts of a recipe: either posts whose labels
// make sense, or a mistake with its line.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "core/base/assert.hpp"
#include "daemon/cli/labelled_posts.hpp"

namespace {

using namespace earshot;
using namespace earshot::cli;

/// A file that holds the bytes, known by its path.
class BytesFile {
 public:
  BytesFile(const std::uint8_t* data, std::size_t size) : fd_(::memfd_create("fuzz", 0)) {
    EARSHOT_ASSERT(fd_ >= 0 && ::write(fd_, data, size) == static_cast<ssize_t>(size));
  }
  BytesFile(const BytesFile&) = delete;
  BytesFile& operator=(const BytesFile&) = delete;
  ~BytesFile() { ::close(fd_); }
  std::string folder() const { return "/proc/self/fd"; }
  std::string name() const { return std::to_string(fd_); }
  std::string path() const { return folder() + '/' + name(); }

 private:
  int fd_;
};

void check_mistake(const Error& error) {
  EARSHOT_ASSERT(error.kind == ErrorKind::malformed || error.kind == ErrorKind::invalid);
  EARSHOT_ASSERT(error.message.find("line ") != std::string::npos);
}

void check(const Result<std::vector<analysis::training::LabelledPost>>& posts) {
  if (!posts) return check_mistake(posts.error());
  for (const auto& post : *posts) {
    EARSHOT_ASSERT(!post.polarity || *post.polarity <= 2);
    EARSHOT_ASSERT((post.topics & ~post.judged) == 0);
    EARSHOT_ASSERT((post.judged >> analysis::topic_count) == 0);
    EARSHOT_ASSERT(post.weight >= 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesFile file(data, size);
  check(read_labelled_lines(file.path()));
  if (const auto recipe = read_recipe(file.path()); !recipe) check_mistake(recipe.error());
  for (const char* role : {"own", "polarity", "stars", "issues:bug_report=bug,-=praise"}) {
    const RecipeLine line{.file = file.name(), .role = role, .licence = "x", .lang = {}};
    check(read_posts(line, file.folder(), file.folder()));
  }
  return 0;
}
