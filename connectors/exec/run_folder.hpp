#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace earshot::connectors::exec {

/// The home of one run: a folder that nobody else may enter (0700), in the system's folder for temporary
/// files, removed when this object goes. Those that a killed process left behind are removed when the next is
/// made.
class RunFolder {
 public:
  static Result<std::unique_ptr<RunFolder>> make();
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Writes a file that is open to us alone (0600); its path.
  Result<std::string> write(const std::string& name, std::string_view bytes) const;

 private:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace earshot::connectors::exec
