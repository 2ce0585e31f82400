#pragma once

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "activity/activity.h"
#include "activity/mapping.h"
#include "sources/raw_record.h"

namespace candor {

// What became of one raw record. Everything it points to dies when the callback returns (views into the batch's own
// text live as long as the batch, but nothing tells them from those in the arena: copy what you keep).
struct Normalised {
  std::size_t index = 0;               // in RawBatch::records
  const Activity* activity = nullptr;  // nullptr when rejected
  // Stable id, "" when taken: invalid_json, not_an_object, no_time, no_operation, no_mapping.
  std::string_view rejection;
  // What the mapping's lists do not name, as the record writes it ("" when known). The activity is there all the same.
  std::string_view unknown_record_type;
  std::string_view unknown_operation;
};

// Turns raw records into activities. Learns the shapes of the records it sees, which is why each thread has its own;
// what it learns changes speed only, never a result.
// Thread safety: one thread at a time. The mapping set is shared.
class Normaliser {
 public:
  explicit Normaliser(std::shared_ptr<const MappingSet> mappings);
  Normaliser(Normaliser&&) noexcept;
  Normaliser& operator=(Normaliser&&) noexcept;
  ~Normaliser();

  // Calls `deliver` once for each record of the batch, in order. Rows the source rejected are not its concern.
  void normalise(const RawBatch& batch, absl::FunctionRef<void(const Normalised&)> deliver);
  // The same result by the plain way through simdjson's on-demand parser: the oracle of the fast one, for tests.
  void normalise_plainly(const RawBatch& batch, absl::FunctionRef<void(const Normalised&)> deliver);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candor
