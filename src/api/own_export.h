#pragma once

#include "api/route.h"

// Files that leave Candor with people in them, with pseudonyms of their own (access/exports.h).
namespace candor::api {

// Answers a route that exports(). Where `pseudonyms=own` is asked for, or the setting `exports.own_pseudonyms` says so,
// the handler works for a viewer who has lifted nothing; what it answers has pseudonyms of a new export in it, and
// neither its name nor its ids are those of anything in Candor. Fails with `api.bad_parameter`,
// `exports.recipient_missing`, `exports.own_only`, `exports.bad_recipient`, and as the handler does.
Result<Response> answer_export(Desk& desk, const Route& route, const Call& call);

}  // namespace candor::api
