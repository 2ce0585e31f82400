#pragma once

#include "base/keys.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// Records on a server are sealed with the keys of one data folder, which does not lie beside them: with another's they
// would be mixed up beyond repair. Marks records that nobody has marked yet, and fails with `app.other_keys` when these
// are not the keys they were marked with. Records in the folder itself need no mark.
Result<void> claim_records(Store& store, const Keys& keys);
// The same without marking: records nobody has marked are not these keys' either.
Result<void> check_record_keys(Store& store, const Keys& keys);

}  // namespace candor
