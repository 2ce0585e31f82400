#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "timeline/timeline.h"

namespace candor {

// What one rule did to the records of one UTC day. All that is ever kept of what was filtered.
struct IntakeCount {
  std::uint64_t dropped = 0;  // records of which nothing is stored
  std::uint64_t changed = 0;  // records stored without some fields
};
// By day, by name of rule or protected party.
using IntakeCounts = std::map<Day, std::map<std::string, IntakeCount, std::less<>>>;

// Adds `more` to what is counted already, as notes beside the checkpoint of the batch they are about: on disk with it,
// or not at all. A batch that comes again after its checkpoint was lost is counted once; a file that is delivered twice
// is counted twice, since nothing is kept by which to tell. By the thread that appends to the timeline.
Result<void> note_intake_counts(Timeline& timeline, const IntakeCounts& more);
// All that is counted and on disk.
Result<IntakeCounts> intake_counts(const Timeline& timeline);

// Whether a checkpoint's feed is no feed but such a note.
bool is_intake_note(std::string_view feed);

}  // namespace candor
