#pragma once

#include <memory>
#include <span>
#include <vector>

#include "assessment/assess.h"
#include "profile/profile.h"
#include "store/store.h"

namespace candor {

// What is stored of one person, as known now.
struct StoredPerson {
  Profile profile;
  Insights insights;   // of all days kept
  bool guest = false;  // of every account that did anything the log says it is a guest's
};

// `sequences`: whose insights are wanted. Errors are those of timeline and store.
Result<StoredPerson> stored_person(const AssessSources& sources, Reading& reading, const PersonId& person,
                                   std::span<const Sequence> sequences);

// What policies ask for, each once, ascending by key.
std::vector<Sequence> sequences_of(std::span<const std::shared_ptr<const Policy>> policies);

}  // namespace candor
