#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sources/raw_record.h"

namespace candor {

// Physical badging records have a shape of their own.
SourceKind kind_of_record(std::string_view record);

// Gives each batch its kind. The kind is part of an activity's identity, so every record tells for itself, whatever
// came before it in the same input; of a batch that holds both kinds two are made.
class KindBatches {
 public:
  // `covered` is the checkpoint that holds until this batch is stored as a whole.
  RawBatch split(RawBatch batch, const std::string& covered);
  // The other part of the batch split last; false when there is none.
  bool take_second(RawBatch& out);

 private:
  std::optional<RawBatch> second_;
};

}  // namespace candor
