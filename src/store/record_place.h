#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "store/postgres_url.h"

namespace candor {

// Where the records of a data folder lie: in its `records.db`, or on the PostgreSQL server that its `records.url` names
// (mode 0600: one line with the URL, without a password; a second one, "without-tls", where that was allowed).
struct RecordPlace {
  std::filesystem::path file;         // records.db, also where there is a server
  std::optional<PostgresUrl> server;  // nullopt: the file
  bool without_tls = false;

  // For messages: the path, or the URL without a password.
  std::string shown() const;
};

// What the folder says, or else `asked` ("" for nothing asked: the file). Fails with
//   store.bad_url      `asked`, or what is written in the folder, is no URL of PostgreSQL
//   store.other_place  the folder's records lie elsewhere than was asked for
//   store.no_tls       see PostgresUrl::check_network
//   store.unavailable  the folder cannot be read
Result<RecordPlace> find_records(const std::filesystem::path& data_folder, const std::string& asked, bool without_tls);

// Writes a server's place into the folder, whole or not at all.
Result<void> remember_records(const std::filesystem::path& data_folder, const RecordPlace& place);

}  // namespace candor
