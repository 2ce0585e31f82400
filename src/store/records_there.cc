#include "store/records_there.h"

#include "store/connection.h"
#include "store/migration.h"
#include "store/record_place.h"

namespace candor {

Result<void> require_records(const std::filesystem::path& data_folder, const StoreOptions& options) {
  CANDOR_TRY(const RecordPlace place, find_records(data_folder, options.url, options.without_tls));
  if (!place.server) {
    return fail("store.no_server",
                "two processes share records only in a PostgreSQL database: name it with --store, after the records "
                "were moved there with `candor store copy`");
  }
  CANDOR_TRY(const auto connection, open_postgres(*place.server, options.lock_wait));
  bool there = false;
  CANDOR_TRY_VOID(connection->run(
      "select 1 from pg_catalog.pg_tables where schemaname = current_schema() and tablename = 'migrations'", {},
      [&](const Row&) {
        there = true;
        return false;
      }));
  if (!there) {
    return fail("store.no_records", "there are no records of Candor in " + place.shown() +
                                        ": name the database of the process that holds the timelines, after that one "
                                        "was started");
  }
  return require_migrations(*connection, shipped_migrations());
}

}  // namespace candor
