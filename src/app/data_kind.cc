#include "app/data_kind.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "simulator/organisation.h"

namespace candor {
namespace {

constexpr const char* kFile = "kind";

std::optional<DataKind> parse(std::string_view text) {
  if (text == to_text(DataKind::demo)) return DataKind::demo;
  if (text == to_text(DataKind::real)) return DataKind::real;
  return std::nullopt;
}

// On disk before the first record is.
Result<void> write_kind(const std::filesystem::path& folder, DataKind kind) {
  const std::string path = (folder / kFile).string();
  const std::string text = std::string(to_text(kind)) + "\n";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written) return fail("app.cannot_write", path + " cannot be written: is the disk full?");
  return {};
}

}  // namespace

std::string_view to_text(DataKind kind) { return kind == DataKind::demo ? "demo" : "real"; }

Result<FolderKind> FolderKind::open(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::ifstream in(folder / kFile); in) {
    std::string text;
    std::getline(in, text);
    const auto kind = parse(text);
    if (!kind) {
      return fail("app.bad_kind", (folder / kFile).string() + " must say `demo` or `real`: restore it from the backup");
    }
    return FolderKind(folder, kind);
  }
  if (std::filesystem::exists(folder / "demo.started", error)) return FolderKind(folder, DataKind::demo);
  // Records from before there was such a file, or that name no organisation: taken for real ones.
  if (std::filesystem::exists(folder / "timeline" / "raw" / "00000001.log", error)) {
    return FolderKind(folder, DataKind::real);
  }
  return FolderKind(folder, std::nullopt);
}

std::optional<DataKind> FolderKind::get() const {
  const std::lock_guard lock(mutex_);
  return kind_;
}

Result<void> FolderKind::settle(DataKind wanted) {
  const std::lock_guard lock(mutex_);
  if (kind_ == wanted) return {};
  if (kind_) {
    return fail("app.other_kind",
                folder_.string() + " holds " +
                    (*kind_ == DataKind::demo ? "invented people (demo): real data" : "real data: invented people") +
                    " may not come into it. Name another folder with --data");
  }
  CANDOR_TRY_VOID(write_kind(folder_, wanted));
  kind_ = wanted;
  return {};
}

bool is_simulated_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto whole = std::filesystem::weakly_canonical(file, error);
  if (error) return false;
  for (auto folder = whole.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".simulated", error)) return true;
  }
  return false;
}

bool is_simulated_tenant(std::string_view tenant_id) { return tenant_id.ends_with(kSimulatedTenantEnd); }

}  // namespace candor
