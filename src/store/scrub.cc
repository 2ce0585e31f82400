#include "store/scrub.h"

#include <chrono>
#include <system_error>

#include "store/connection.h"
#include "store/record_place.h"

namespace candor {

Result<void> scrub_records(const std::filesystem::path& data_folder) {
  CANDOR_TRY(const RecordPlace place, find_records(data_folder, "", true));
  std::error_code failed;
  if (place.server || !std::filesystem::exists(place.file, failed)) return {};
  constexpr std::chrono::milliseconds kWait{10'000};
  CANDOR_TRY(const auto connection, open_sqlite(place.file, kWait));
  bool busy = false;
  const auto visit = [&](const Row& row) {
    busy = row.integer(0) != 0;
    return true;
  };
  CANDOR_TRY_VOID(connection->run("pragma wal_checkpoint(truncate)", {}, visit));
  if (busy) return fail("store.locked", "somebody reads the record database all the time: try again later");
  return {};
}

}  // namespace candor
