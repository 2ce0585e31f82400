#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Who must be assessed again though no account was touched; survives restarts.
namespace candor {

// A person's decisions or links changed: the next assess_pending() includes the person. Call it in the same transaction
// as the change. With `due` the person waits until that day is assessed; an earlier mark stays.
Result<void> mark_for_assessment(Transaction& transaction, const PersonId& person, Day due = 0);

// Something changed that may be about anybody: the next assess_pending() includes everybody.
Result<void> mark_everybody(Transaction& transaction);

// Marks up to and with a day, by person; the value is what clear_mark() needs.
Result<std::map<PersonId, std::int64_t>> marked_for_assessment(Reading& reading, Day as_of);
// Forgets a mark unless the person was marked again since.
Result<void> clear_mark(Transaction& transaction, const PersonId& person, std::int64_t mark);

// Erasure: nobody is left to assess.
Result<std::int64_t> erase_mark(Transaction& transaction, const PersonId& person);

// Small facts about the last run; "" when there was none.
Result<std::string> assessment_state(Reading& reading, std::string_view name);
Result<void> set_assessment_state(Transaction& transaction, std::string_view name, std::string_view value);

}  // namespace candor
