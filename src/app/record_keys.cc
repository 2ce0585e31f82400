#include "app/record_keys.h"

#include <string_view>

namespace candor {

Result<void> claim_records(Store& store, const Keys& keys) {
  if (!store.is_shared()) return {};
  const auto derived = keys.derive("mark of the keys");
  const std::string_view mark(reinterpret_cast<const char*>(derived.data()), derived.size());
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select mark from record_keys where id = 1"));
    if (!row) {
      CANDOR_TRY_VOID(work.execute("insert into record_keys (id, mark) values (1, ?1)", {Blob{mark}}));
      return {};
    }
    if (row->text(0) == mark) return {};
    return fail("app.other_keys", "the records in " + store.shown() +
                                      " are sealed with other keys than those of this data folder: name the data "
                                      "folder they belong to, put its keys/master.key back, or name an empty database");
  });
}

}  // namespace candor
