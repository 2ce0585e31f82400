#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/io.h"
#include "base/result.h"

// A data folder has one owner. A command whose folder is being served is handed to the owner over a socket in that
// folder, with the descriptors of its own input and output, so that the person at the terminal sees no difference.
namespace candor {

// The right to open a data folder. Held by an advisory lock on `DIR/lock`; ends with the object or the process.
class FolderLock {
 public:
  // nullopt when another process holds it. Fails with `app.folder_unusable` when the folder cannot be made or written.
  static Result<std::optional<FolderLock>> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Hands a command line to the process that owns the folder and waits for its exit code. Fails with
// `app.owner_not_serving` when the owner does not listen (it is another command, or still starting), with
// `app.too_many_arguments` for more than some megabytes of them, with `app.owner_gone`. When io.cancelled() the owner
// is told to end the command, and its exit code is waited for.
Result<int> hand_over(const std::filesystem::path& folder, const std::vector<std::string>& arguments, const Io& io);

// Listens in the folder (socket mode 0600; only processes of the same user, or root, are heard) and runs each command
// it is handed on a thread of its own.
class ControlServer {
 public:
  using Run = std::function<int(const std::vector<std::string>& arguments, const Io& io)>;
  static Result<std::unique_ptr<ControlServer>> start(const std::filesystem::path& folder, Run run);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  // Tells running commands to stop, and waits for them.
  ~ControlServer();

 private:
  ControlServer(int listener, std::filesystem::path path, Run run);
  void accept_loop();
  void serve(int connection);
  int run_guarded(const std::vector<std::string>& arguments, const Io& io) const;

  const int listener_;
  const std::filesystem::path path_;
  const Run run_;
  std::atomic<bool> stopping_{false};
  struct Command {
    std::atomic<bool> ended{false};
    std::jthread thread;
  };
  std::list<Command> commands_;  // touched by thread_ only, until it has ended
  std::jthread thread_;
};

}  // namespace candor
