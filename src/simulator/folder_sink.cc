#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "simulator/sink.h"

namespace candor {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

std::unexpected<Error> cannot_write(const std::filesystem::path& path, const std::string& why) {
  return fail("simulator.cannot_write", path.string() + ": cannot be written: " + why);
}

constexpr const char* kList = ".simulated";

// Takes away what the list names, then the folders that are empty by that, then the list.
Result<void> remove_listed(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> names;
  std::ifstream list(folder / kList);
  for (std::string line; std::getline(list, line);) {
    std::filesystem::path name(line);
    const bool inside = name.is_relative() && std::ranges::find(name, "..") == name.end() && !name.empty();
    if (inside) names.push_back(std::move(name));
  }
  std::error_code error;
  for (const auto& name : names) {
    std::filesystem::remove(folder / name, error);
    if (error) return cannot_write(folder / name, error.message());
  }
  for (const auto& name : names) {
    for (auto parent = name.parent_path(); !parent.empty(); parent = parent.parent_path()) {
      std::filesystem::remove(folder / parent, error);  // refused while something is in it
    }
  }
  std::filesystem::remove(folder / kList, error);
  if (error) return cannot_write(folder / kList, error.message());
  return {};
}

// Old files beside new ones would be read as one organisation.
Result<void> make_way(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / kList, error)) return remove_listed(folder);
  const bool used = std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error);
  if (error) return cannot_write(folder, error.message());
  if (used) {
    return fail("simulator.folder_in_use",
                folder.string() + " is not empty, and not by an earlier simulation: name another folder");
  }
  return {};
}

}  // namespace

struct FolderSink::Files {
  struct Open {
    File file;
    std::filesystem::path path;
  };
  std::map<int, Open> open;
  int next = 1;
  std::ofstream list;
};

FolderSink::FolderSink(std::filesystem::path folder) : folder_(std::move(folder)), files_(std::make_unique<Files>()) {}
FolderSink::~FolderSink() = default;

Result<int> FolderSink::open(std::string_view name) {
  const std::filesystem::path path = folder_ / std::filesystem::path(name);
  std::error_code error;
  if (!files_->list.is_open()) {
    CANDOR_TRY_VOID(make_way(folder_));
    std::filesystem::create_directories(folder_, error);
    files_->list.open(folder_ / kList, std::ios::binary);
  }
  // On disk before the file is: what a killed simulation wrote is listed too.
  files_->list << name << '\n';
  if (!files_->list.flush()) return cannot_write(folder_ / kList, std::strerror(errno));
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return cannot_write(path.parent_path(), error.message());
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) return cannot_write(path, std::strerror(errno));
  std::setvbuf(file.get(), nullptr, _IOFBF, std::size_t{1} << 18);
  const int stream = files_->next++;
  files_->open.emplace(stream, Files::Open{std::move(file), path});
  return stream;
}

Result<void> FolderSink::write(int stream, std::string_view bytes) {
  const auto found = files_->open.find(stream);
  CANDOR_CHECK(found != files_->open.end());
  if (std::fwrite(bytes.data(), 1, bytes.size(), found->second.file.get()) != bytes.size()) {
    return cannot_write(found->second.path, std::strerror(errno));
  }
  return {};
}

Result<void> FolderSink::close(int stream) {
  const auto found = files_->open.find(stream);
  CANDOR_CHECK(found != files_->open.end());
  const std::filesystem::path path = found->second.path;
  std::FILE* file = found->second.file.release();
  files_->open.erase(found);
  if (std::fclose(file) != 0) return cannot_write(path, std::strerror(errno));
  return {};
}

}  // namespace candor
