#pragma once

#include <functional>

#include "app/io.h"
#include "base/result.h"

namespace candor {

class Installation;

// Every two seconds: whatever changed since is assessed (decisions, a new day), and `each` is called; once a day old
// alerts expire, the ledger is counted, and what is over goes.
// Ends, but for io.cancelled(), when another process has the records - what is found here could not be written - and
// when changes of lists are to be taken up and `may_end` says so.
Result<void> keep_assessed(Installation& installation, const std::function<bool()>& may_end,
                           const std::function<void()>& each, const Io& io);

}  // namespace candor
