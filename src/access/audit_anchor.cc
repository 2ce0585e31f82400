#include "access/audit_anchor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>

#include "access/audit_chain.h"

namespace candor {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view kFilePrefix = "candor-anchors-";
constexpr std::string_view kFileSuffix = ".ndjson";
constexpr std::size_t kLongestLine = 1000;  // bytes; what is longer is no anchor

std::unexpected<Error> bad_anchor(const std::string& why) { return fail("access.bad_anchor", why); }

std::string netstring(std::string_view text) { return std::to_string(text.size()) + ":" + std::string(text) + ","; }

// Closes what it holds.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::unexpected<Error> anchor_failed(const fs::path& path) {
  return fail("access.anchor_failed", path.string() + " cannot be written: " + std::strerror(errno));
}

Result<void> read_anchors(const fs::path& file, std::string_view public_key, std::vector<KnownLine>& into) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return bad_anchor(file.string() + " cannot be read");
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const auto anchor = audit_anchor_from(line);
    const std::string place = file.string() + ":" + std::to_string(number) + ": ";
    if (!anchor) return bad_anchor(place + anchor.error().message);
    if (anchor->public_key != public_key) return bad_anchor(place + "this anchor is of another key, so of another log");
    into.push_back({.number = anchor->number, .hash = anchor->hash});
  }
  return {};
}

}  // namespace

std::string anchor_message(const AuditAnchor& anchor) {
  return netstring("candor audit anchor 1") + netstring(std::to_string(anchor.number)) +
         netstring(from_hex(anchor.hash).value_or("")) + netstring(std::to_string(anchor.at));
}

std::string to_json(const AuditAnchor& anchor) {
  return ordered_json{{"anchor", anchor.number},
                      {"hash", anchor.hash},
                      {"at", anchor.at},
                      {"time", format_time(anchor.at)},
                      {"public_key", anchor.public_key},
                      {"signature", anchor.signature}}
      .dump();
}

Result<AuditAnchor> audit_anchor_from(std::string_view line) {
  if (line.size() > kLongestLine) return bad_anchor("this is no anchor");
  AuditAnchor out;
  try {
    const auto value = nlohmann::json::parse(line);
    out.number = value.at("anchor").get<std::int64_t>();
    out.hash = value.at("hash").get<std::string>();
    out.at = value.at("at").get<std::int64_t>();
    out.public_key = value.at("public_key").get<std::string>();
    out.signature = value.at("signature").get<std::string>();
    if (to_json(out) != line) return bad_anchor("this anchor is not as Candor writes it: it was changed");
  } catch (const std::exception&) {  // how the library reports text that is no such object
    return bad_anchor("this is no anchor");
  }
  const auto key = from_hex(out.public_key);
  const auto signature = from_hex(out.signature);
  std::array<unsigned char, 32> bytes{};
  const bool sized = key && key->size() == bytes.size() && signature && out.number > 0 &&
                     from_hex(out.hash).value_or("").size() == kChainHash;
  if (sized) std::ranges::copy(*key, bytes.begin());
  if (!sized || !is_signed(bytes, anchor_message(out), *signature)) {
    return bad_anchor("the signature of this anchor is not its key's: it was changed");
  }
  return out;
}

Result<void> keep_anchor(const fs::path& folder, const AuditAnchor& anchor) {
  const std::string month = format_day(day_of(anchor.at)).substr(0, 7);
  const fs::path path = folder / (std::string(kFilePrefix) + month + std::string(kFileSuffix));
  const File file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (file.get() < 0) return anchor_failed(path);
  const std::string line = to_json(anchor) + "\n";
  // One write of one line: another process that adds its own does not mix with it.
  const ssize_t written = ::write(file.get(), line.data(), line.size());
  if (written != static_cast<ssize_t>(line.size())) {
    if (written >= 0) errno = ENOSPC;
    return anchor_failed(path);
  }
  if (::fsync(file.get()) != 0) return anchor_failed(path);
  return {};
}

Result<std::vector<KnownLine>> known_lines(const fs::path& file_or_folder, std::string_view public_key) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(file_or_folder, error)) {
    for (const auto& entry : fs::directory_iterator(file_or_folder, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(kFilePrefix) && name.ends_with(kFileSuffix)) files.push_back(entry.path());
    }
    std::ranges::sort(files);
  } else {
    files.push_back(file_or_folder);
  }
  std::vector<KnownLine> out;
  for (const fs::path& file : files) CANDOR_TRY_VOID(read_anchors(file, public_key, out));
  if (out.empty()) return fail("access.no_anchors", "there is no anchor in " + file_or_folder.string());
  std::ranges::sort(out, {}, [](const KnownLine& one) { return std::tie(one.number, one.hash); });
  return out;
}

}  // namespace candor
