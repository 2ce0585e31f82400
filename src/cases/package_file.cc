#include "cases/package_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <sodium.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_chain.h"
#include "access/signed_statement.h"
#include "base/ids.h"
#include "cases/cases.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr const char* kPackage = "package";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kSums = "SHA256SUMS";
constexpr std::size_t kLongestPackedName = 200;
constexpr std::size_t kReadAtOnce = 64u << 10;
// Beside the files: the manifest and what is made of it.
constexpr std::size_t kAddedFiles = 5;

std::unexpected<Error> bad_package(std::string why) { return fail("cases.bad_package", std::move(why)); }

// Nothing that a tool might take for a way out of the folder, an option, or something to escape.
bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestPackedName || name.front() == '/' || name.front() == '-') return false;
  if (name.find("..") != std::string_view::npos || name.find("//") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '/';
  });
}

// Which files there may be: all of them have to be listed.
bool is_added(std::string_view name) {
  return name == kManifest || name == kSums || name == "manifest.message" || name == "manifest.sig" ||
         name == "key.pem";
}

// An Ed25519 public key as RFC 8410 has it.
std::string pem_of(std::string_view public_key) {
  std::string der("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  der += public_key;
  std::string base64(sodium_base64_ENCODED_LEN(der.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(base64.data(), base64.size(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  base64.resize(base64.find('\0'));
  return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
}

// What stands beside a manifest, and follows from it and the files.
std::vector<PackedFile> beside(const std::string& manifest, const std::string& statement, const std::string& public_key,
                               const std::string& signature, std::vector<PackedFile> files) {
  files.push_back({kManifest, manifest});
  files.push_back({"manifest.message", statement_message(kPackage, statement)});
  files.push_back({"manifest.sig", signature});
  files.push_back({"key.pem", pem_of(from_hex(public_key).value_or(""))});
  std::string sums;
  for (const PackedFile& one : files) sums += CaseBook::digest_of(one.bytes) + "  " + one.name + "\n";
  files.push_back({kSums, std::move(sums)});
  return files;
}

struct FreeArchive {
  void operator()(archive* of) const { archive_free(of); }  // whatever it was for
};
using Archive = std::unique_ptr<archive, FreeArchive>;

struct FreeEntry {
  void operator()(archive_entry* of) const { archive_entry_free(of); }
};

la_ssize_t append_to(archive* /*unused*/, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

std::unexpected<Error> cannot_pack(archive* out) {
  const char* const why = archive_error_string(out);
  return bad_package(std::string("the package could not be written: ") + (why == nullptr ? "no memory" : why));
}

Result<std::string> zipped(const std::vector<PackedFile>& files) {
  std::string bytes;
  const Archive out(archive_write_new());
  if (!out || archive_write_set_format_zip(out.get()) != ARCHIVE_OK ||
      archive_write_set_bytes_per_block(out.get(), 0) != ARCHIVE_OK ||  // no blocks of tape: nothing behind the end
      archive_write_open(out.get(), &bytes, nullptr, append_to, nullptr) != ARCHIVE_OK) {
    return cannot_pack(out.get());
  }
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  for (const PackedFile& one : files) {
    archive_entry_clear(entry.get());
    archive_entry_set_pathname(entry.get(), one.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(one.bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    if (archive_write_header(out.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(out.get(), one.bytes.data(), one.bytes.size()) !=
            static_cast<la_ssize_t>(one.bytes.size())) {
      return cannot_pack(out.get());
    }
  }
  if (archive_write_close(out.get()) != ARCHIVE_OK) return cannot_pack(out.get());
  return bytes;
}

// One entry's bytes, at most `room`.
Result<std::string> read_entry(archive* in, std::size_t room) {
  std::string bytes;
  std::string buffer(kReadAtOnce, '\0');
  for (;;) {
    const la_ssize_t got = archive_read_data(in, buffer.data(), buffer.size());
    if (got < 0) return bad_package("this is no whole ZIP file");
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > room) return bad_package("it holds more than 256 MiB");
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Result<std::map<std::string, std::string>> unzipped(std::string_view zip) {
  std::map<std::string, std::string> files;
  const Archive in(archive_read_new());
  if (!in || archive_read_support_format_zip(in.get()) != ARCHIVE_OK ||
      archive_read_open_memory(in.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
    return bad_package("this is no ZIP file");
  }
  std::size_t room = kLargestPackage + (16u << 20);  // what is beside the files is small
  for (;;) {
    archive_entry* entry = nullptr;
    const int next = archive_read_next_header(in.get(), &entry);
    if (next == ARCHIVE_EOF) return files;
    if (next != ARCHIVE_OK) return bad_package("this is no whole ZIP file");
    if (files.size() >= kMostPackedFiles + kAddedFiles) return bad_package("it holds more than 5,000 files");
    const char* const path = archive_entry_pathname(entry);
    const std::string name = path == nullptr ? "" : path;
    if (!is_plain_name(name) || archive_entry_filetype(entry) != AE_IFREG) {
      return bad_package("it holds something that is no plain file");
    }
    CANDOR_TRY(std::string bytes, read_entry(in.get(), room));
    room -= bytes.size();
    if (!files.emplace(name, std::move(bytes)).second) return bad_package("it holds " + name + " twice");
  }
}

// Whether the files are those of the list, no more and no less.
Result<void> check_listed(const ordered_json& list, const std::map<std::string, std::string>& files) {
  std::size_t listed = 0;
  for (const auto& one : list) {
    const std::string name = one.at("name").get<std::string>();
    const auto found = files.find(name);
    if (found == files.end() || is_added(name)) return bad_package(name + " is missing");
    if (one.at("sha256").get<std::string>() != CaseBook::digest_of(found->second)) {
      return bad_package(name + " was changed");
    }
    ++listed;
  }
  for (const char* const name : {kSums, "manifest.message", "manifest.sig", "key.pem"}) {
    if (!files.contains(name)) return bad_package(std::string(name) + " is missing");
  }
  for (const auto& [name, unused] : files) {
    const bool known = is_added(name) || std::ranges::any_of(list, [&](const ordered_json& one) {
                         return one.at("name").get<std::string>() == name;
                       });
    if (!known) return bad_package(name + " was added");
  }
  if (listed + kAddedFiles != files.size()) return bad_package("the list names a file twice");
  return {};
}

}  // namespace

std::unexpected<Error> package_too_large() {
  return fail("cases.package_too_large", "a package holds at most 256 MiB and 5,000 files: choose fewer days");
}

Result<std::string> packed(const AuditLog& audit, std::string_view about, std::vector<PackedFile> files) {
  std::size_t bytes = 0;
  ordered_json list = ordered_json::array();
  std::ranges::sort(files, {}, &PackedFile::name);
  for (const PackedFile& one : files) {
    if (!is_plain_name(one.name) || is_added(one.name)) return bad_package("a file of it has no plain name");
    if (!list.empty() && list.back().at("name") == one.name) return bad_package("it holds " + one.name + " twice");
    bytes += one.bytes.size();
    list.push_back({{"name", one.name}, {"bytes", one.bytes.size()}, {"sha256", CaseBook::digest_of(one.bytes)}});
  }
  if (bytes > kLargestPackage || files.size() > kMostPackedFiles) {
    return package_too_large();
  }
  const auto described = ordered_json::parse(about, nullptr, false);
  if (!described.is_object()) return bad_package("what is said of it is no JSON object");
  CANDOR_TRY(const std::string manifest,
             signed_statement(audit, kPackage, ordered_json{{"package", described}, {"files", list}}.dump()));
  CANDOR_TRY(const std::string statement, verified_statement(manifest, kPackage, audit.public_key()));
  const std::string signature = audit.signature_of(kPackage, statement);
  return zipped(beside(manifest, statement, audit.public_key(), signature, std::move(files)));
}

Result<OpenedPackage> verified_package(std::string_view zip, std::string_view public_key) {
  CANDOR_TRY(auto files, unzipped(zip));
  const auto manifest = files.find(kManifest);
  if (manifest == files.end()) return bad_package("it has no manifest.json");
  OpenedPackage opened;
  CANDOR_TRY(opened.manifest, verified_statement(manifest->second, kPackage, public_key));
  const auto statement = ordered_json::parse(opened.manifest, nullptr, false);
  const auto whole = ordered_json::parse(manifest->second, nullptr, false);
  try {
    CANDOR_TRY_VOID(check_listed(statement.at("files"), files));
    for (const auto& one : statement.at("files")) {
      const std::string name = one.at("name").get<std::string>();
      opened.files.push_back({name, files.at(name)});
    }
    const std::string signature = from_hex(whole.at("signature").get<std::string>()).value_or("");
    for (const PackedFile& one :
         beside(manifest->second, opened.manifest, std::string(public_key), signature, opened.files)) {
      if (is_added(one.name) && files.at(one.name) != one.bytes) return bad_package(one.name + " was changed");
    }
  } catch (const std::exception&) {  // a signed manifest of another form
    return bad_package("this package is of another version of Candor");
  }
  return opened;
}

}  // namespace candor
