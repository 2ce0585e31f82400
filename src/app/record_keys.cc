#include "app/record_keys.h"

#include <string>

namespace candor {
namespace {

std::string record_mark(const Keys& keys) {
  const auto derived = keys.derive("mark of the keys");
  return {reinterpret_cast<const char*>(derived.data()), derived.size()};
}

Result<void> other_keys(const Store& store) {
  return fail("app.other_keys", "the records in " + store.shown() +
                                    " are sealed with other keys than those of this data folder: name the data "
                                    "folder they belong to, put its keys/master.key back, or name an empty database");
}

}  // namespace

Result<void> check_record_keys(Store& store, const Keys& keys) {
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(const auto row, reading.row("select mark from record_keys where id = 1"));
  return row && row->text(0) == record_mark(keys) ? Result<void>() : other_keys(store);
}

Result<void> claim_records(Store& store, const Keys& keys) {
  if (!store.is_shared()) return {};
  const std::string mark = record_mark(keys);
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto row, work.row("select mark from record_keys where id = 1"));
    if (!row) {
      CANDOR_TRY_VOID(work.execute("insert into record_keys (id, mark) values (1, ?1)", {Blob{mark}}));
      return {};
    }
    if (row->text(0) == mark) return {};
    return other_keys(store);
  });
}

}  // namespace candor
