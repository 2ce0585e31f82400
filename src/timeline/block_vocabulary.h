#pragma once

#include <string_view>

namespace candor {

// The dictionary blocks are compressed with: texts and patterns that they often hold, trained (`zstd --train`) on the
// columns of simulated activities only - Candor's own simulator and the benchmark's generator - so that it holds
// nothing of any organisation. It is part of the block format: another one needs another block version.
std::string_view block_vocabulary();

}  // namespace candor
