#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

namespace candor {

// A folder that goes with this object, and with it all that is in it.
class PassingFolder {
 public:
  explicit PassingFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~PassingFolder() { remove(); }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;

  const std::filesystem::path& path() const { return folder_; }
  // Now already.
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 private:
  const std::filesystem::path folder_;
};

}  // namespace candor
