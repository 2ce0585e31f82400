#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/evaluation_past.h"

namespace candor {

// The releases whose columns are known: r4.2, r5.2, r6.2.
std::vector<std::string> cert_releases();

struct CertOptions {
  std::string release;
  std::filesystem::path answers;  // the folder that has insiders.csv; "": answers/ in the folder or beside it
};

// The CERT insider threat data as it is unpacked: logon, device, http, email and file.csv (also .gz, .zst), LDAP/ by
// month, answers/. The logs are feeds like any other (content/mappings/feeds/cert_*.yml); the directory is imported by
// month, and whoever is missing from one has left; psychometric.csv and decoy_file.csv are not read. Nothing but
// answers and LDAP is held in memory. Fails with `app.cert_unknown_release`, `app.cert_missing` (naming what and
// where), `app.cert_other_release` (columns, answers or people are those of another), `app.bad_labels`, or a directory
// reader's error.
Result<EvaluationPast> cert_past(const std::filesystem::path& folder, const CertOptions& options);

}  // namespace candor
