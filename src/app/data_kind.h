#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/io.h"
#include "base/result.h"

namespace candor {

// Whether a data folder holds invented people or real ones. Decided when the first data comes, for good, in the file
// `kind` of the folder; each kind refuses the other's data.
inline constexpr const char* kKindFile = "kind";
enum class DataKind : std::uint8_t { demo, real };
std::string_view to_text(DataKind kind);
// Why a row is rejected: it is of the other kind than the folder.
inline constexpr std::string_view kSimulatedRecord = "simulated_record";
inline constexpr std::string_view kRealRecord = "real_record";

// The kind of one open folder. Thread safety: any member from any thread.
class FolderKind {
 public:
  // Reads the file; of a folder from before there was one, what it was filled with tells, and that is written down.
  // Fails with `app.bad_kind` when the file says something else.
  static Result<FolderKind> open(const std::filesystem::path& folder);
  FolderKind(FolderKind&& other) noexcept : folder_(other.folder_), kind_(other.kind_) {}

  // None while the folder holds no data.
  std::optional<DataKind> get() const;
  // Fails with `app.other_kind` when the folder is of another kind than this; decides nothing.
  Result<void> admits(DataKind wanted) const;
  // Data of this kind is about to come in. Fails with `app.other_kind` when the folder is of the other one.
  Result<void> settle(DataKind wanted);

 private:
  FolderKind(std::filesystem::path folder, std::optional<DataKind> kind) : folder_(std::move(folder)), kind_(kind) {}

  const std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::optional<DataKind> kind_;
};

// Files that name no organisation, of people or facts about it, are about to be imported: those with the mark are
// invented, all others real, also what comes through a pipe. Settles the folder's kind, unless nothing will be stored.
// Fails with `app.other_kind`.
Result<void> settle_by_mark(FolderKind& kind, const Io& io, const std::vector<std::filesystem::path>& files,
                            bool dry_run);

// Whether a file was written by `candor simulate`: the mark it leaves lies beside it or in a folder above.
bool is_simulated_file(const std::filesystem::path& file);
// Whether a record's organisation is an invented one, by its id.
bool is_simulated_tenant(std::string_view tenant_id);

}  // namespace candor
