#include "app/beside_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include "app/io.h"
#include "base/master_key.h"

namespace candor {
namespace {

// One line: the holder's URL.
constexpr const char* kMark = "beside";

}  // namespace

Result<void> check_beside_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / "timeline", error)) {
    return fail("app.has_timelines", folder.string() +
                                         " has timelines of its own: a process beside the holder needs a data folder "
                                         "with nothing in it but `keys`");
  }
  if (master_key_state(folder) == MasterKeyState::none) {
    return fail("app.no_master_key", "there is no master key in " + folder.string() +
                                         ": copy `keys` from the data folder of the process that holds the timelines, "
                                         "and give the same key from outside where it is sealed");
  }
  return {};
}

Result<void> mark_beside_folder(const std::filesystem::path& folder, const std::string& holder) {
  const std::string text = holder + "\n";
  const int descriptor = ::open((folder / kMark).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = descriptor >= 0 && write_all(descriptor, text);
  if (descriptor >= 0) ::close(descriptor);
  return written ? Result<void>() : fail("app.folder_unusable", "cannot write in " + folder.string());
}

Result<void> refuse_beside_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder / kMark, error)) return {};
  return fail("app.beside_folder", folder.string() +
                                       " is the folder of a process beside the one that holds the timelines "
                                       "(`candor serve --holder`): name that one's data folder");
}

}  // namespace candor
