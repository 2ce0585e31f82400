#pragma once

#include <iosfwd>

#include "activity/field.h"
#include "base/result.h"
#include "timeline/timeline.h"

namespace candor {

// Everything stored - activities, superseded ones too, and insights - as text that is the same for the same input
// whatever the order, batches, threads, crashes and data folder: accounts by digest, no positions, no keyed ids. For
// tests and for comparing installations; holds identities.
Result<void> write_canonical(const Timeline& timeline, const FieldCatalogue& catalogue, std::ostream& out);

}  // namespace candor
