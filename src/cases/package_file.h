#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "base/result.h"

// An investigation package: a ZIP file with a signed list of what is in it, for people without access to Candor.
namespace candor {

struct PackedFile {
  std::string name;  // a relative path of plain characters: "alerts/0a1b.json"
  std::string bytes;
};

inline constexpr std::size_t kLargestPackage = 256u << 20;  // bytes of all its files together
inline constexpr std::size_t kMostPackedFiles = 5'000;

// `cases.package_too_large`, which packed() fails with, for those who find it out while they collect files.
std::unexpected<Error> package_too_large();

// The files, and beside them:
//   manifest.json     what the package is, `about` (a JSON object's text), and of each file name, bytes and SHA-256;
//   signed
//                     as access/signed_statement.h says, kind "package"
//   manifest.message, manifest.sig, key.pem   the same for OpenSSL: the bytes that are signed, the signature, the key
//   SHA256SUMS        for sha256sum -c
// Fails with `cases.package_too_large` and `cases.bad_package` (a name that is none, or twice).
Result<std::string> packed(const AuditLog& audit, std::string_view about, std::vector<PackedFile> files);

struct OpenedPackage {
  std::string manifest;           // the statement's text
  std::vector<PackedFile> files;  // without those that `packed` adds
};

// What is in a package, when this key (64 hexadecimal digits) signed it, nothing is missing, changed or added. Foreign
// bytes: bounded in size and number. Fails with `cases.bad_package`, saying what is wrong, and those of
// verified_statement().
Result<OpenedPackage> verified_package(std::string_view zip, std::string_view public_key);

}  // namespace candor
