#pragma once

#include <cstdint>
#include <vector>

#include "alerts/expectation_book.h"

// The table of expectations. For src/alerts only.
namespace candor::expectation_rows {

// The newest first.
Result<std::vector<StoredExpectation>> all(Reading& reading);
// `expectations.not_found`.
Result<StoredExpectation> get(Reading& reading, std::int64_t number);
// That wait, or were agreed to and neither withdrawn nor over.
Result<std::int64_t> count_open(Reading& reading, Day today);
// Gives it the next number.
Result<std::int64_t> insert(Transaction& transaction, const StoredExpectation& row);
Result<void> decide(Transaction& transaction, const StoredExpectation& row);
Result<void> withdraw(Transaction& transaction, const StoredExpectation& row);

}  // namespace candor::expectation_rows
