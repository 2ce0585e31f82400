#include "store/record_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace candor {
namespace {

constexpr std::string_view kWithoutTls = "without-tls";

std::filesystem::path note_of(const std::filesystem::path& data_folder) { return data_folder / "records.url"; }

Result<std::optional<RecordPlace>> remembered(const std::filesystem::path& data_folder) {
  const auto note = note_of(data_folder);
  std::error_code error;
  if (!std::filesystem::exists(note, error)) return std::nullopt;
  std::ifstream file(note);
  std::string url;
  std::string allowed;
  if (!file || !std::getline(file, url)) {
    return fail("store.unavailable", note.string() + " cannot be read: check its permissions");
  }
  std::getline(file, allowed);
  auto server = PostgresUrl::parse(url);
  if (!server) return std::unexpected(in_context(server.error(), note.string()));
  return RecordPlace{
      .file = data_folder / "records.db", .server = std::move(*server), .without_tls = allowed == kWithoutTls};
}

Error elsewhere(const std::filesystem::path& data_folder, const std::string& where) {
  return {.id = "store.other_place",
          .message = "the records of " + data_folder.string() + " are in " + where +
                     ": leave out --store (and CANDOR_STORE), or name another data folder"};
}

}  // namespace

std::string RecordPlace::shown() const { return server ? server->shown() : file.string(); }

Result<RecordPlace> find_records(const std::filesystem::path& data_folder, const std::string& asked, bool without_tls) {
  CANDOR_TRY(const auto known, remembered(data_folder));
  RecordPlace place{.file = data_folder / "records.db", .server = std::nullopt, .without_tls = without_tls};
  if (known) place = *known;
  place.without_tls = place.without_tls || without_tls;
  if (!asked.empty()) {
    CANDOR_TRY(PostgresUrl wanted, PostgresUrl::parse(asked));
    if (known && !known->server->is_same_place(wanted)) {
      return std::unexpected(elsewhere(data_folder, known->shown()));
    }
    std::error_code error;
    if (!known && std::filesystem::exists(place.file, error)) {
      return std::unexpected(elsewhere(data_folder, place.file.string()));
    }
    place.server = std::move(wanted);  // as asked: it may hold the password that the folder does not
  }
  if (place.server) CANDOR_TRY_VOID(place.server->check_network(place.without_tls));
  return place;
}

Result<void> remember_records(const std::filesystem::path& data_folder, const RecordPlace& place) {
  std::string text = place.server->without_password() + "\n";
  if (place.without_tls) text += std::string(kWithoutTls) + "\n";
  const auto note = note_of(data_folder);
  if (std::ifstream known(note, std::ios::binary);
      known && std::string(std::istreambuf_iterator<char>(known), {}) == text) {
    return {};  // it stays its owner's, whoever runs a command
  }
  const std::string draft = note.string() + "." + std::to_string(::getpid());
  const auto failed = [&] {
    return fail(errno == ENOSPC ? "store.disk_full" : "store.unavailable",
                note.string() + " cannot be written: " + std::strerror(errno));
  };
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed();
  const bool written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  if (!written) {
    auto error = failed();
    ::close(descriptor);
    return error;
  }
  // What root writes belongs to whom the folder belongs, as the service runs as them.
  struct stat folder_owner{};
  if (::geteuid() == 0 && ::stat(data_folder.c_str(), &folder_owner) == 0 &&
      ::fchown(descriptor, folder_owner.st_uid, folder_owner.st_gid) != 0) {
    auto error = failed();
    ::close(descriptor);
    return error;
  }
  ::close(descriptor);
  if (::rename(draft.c_str(), note.c_str()) != 0) return failed();
  if (const int folder = ::open(data_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

}  // namespace candor
