#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "sources/raw_record.h"

namespace candor {

// Records of a feed are marked (feed.h), physical badging records have a shape of their own; all others are of the
// audit log.
SourceKind kind_of_record(std::string_view record);

// Gives each batch its kind. The kind is part of an activity's identity, so every record tells for itself, whatever
// came before it in the same input; of a batch that holds several kinds one is made for each.
class KindBatches {
 public:
  // The first part. `covered` is the checkpoint that holds until this batch is stored as a whole.
  RawBatch split(RawBatch batch, const std::string& covered);
  // The next part of the batch split last; false when there is none.
  bool take_next(RawBatch& out);

 private:
  std::deque<RawBatch> others_;
};

}  // namespace candor
