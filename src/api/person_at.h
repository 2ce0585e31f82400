#pragma once

#include "api/route.h"

namespace candor::api {

// The person of the path `/people/{person_id}`, who must be somebody. `access.unknown_person`.
Result<PersonId> person_at(RecordDesk& desk, const Call& call);

}  // namespace candor::api
