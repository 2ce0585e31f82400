#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/route.h"

// What is about people hidden from a viewer - themselves, and whoever is outside of the units they are limited to - is
// not there for them. The router passes every id of a path through here, so that
// no handler has to remember it; handlers pass ids that come in bodies and queries.
namespace candor::api {

enum class ObjectKind : std::uint8_t { alert, case_file, person, account, expectation, request };

// `id`, unless it names something about people hidden from the viewer: then an id of that kind that names nothing, so
// that what follows answers exactly as it does when there is nothing.
Result<std::string> visible_id(const RecordDesk& desk, const Viewer& viewer, ObjectKind kind, const std::string& id);

// The same for the parameters of a route's path. A parameter nobody has said how to judge is an error,
// `api.unjudged_parameter`: a new kind of object is shown to nobody until it has its line in own_objects.cc.
Result<void> hide_hidden(const RecordDesk& desk, const Viewer& viewer, std::string_view path,
                         PathParameters& parameters);
// Nobody handles what is about those they lead, by however many steps, or about whoever leads them: for whatever
// changes something. Fails with `access.own_team`. What there is to see of them stays to be seen. The router asks for
// the ids of a path, handlers for those in bodies.
Result<void> refuse_own_team(const RecordDesk& desk, const Viewer& viewer, const PersonId& person);
Result<void> refuse_own_team(const RecordDesk& desk, const Viewer& viewer, std::string_view path,
                             const PathParameters& parameters);
// Nobody agrees to what they asked for, under whatever user name: fails with `own_request` when the viewer and `asker`
// are, or may be, one person. User names that are the same are the books' own business.
Result<void> refuse_one_person(const RecordDesk& desk, const Viewer& viewer, std::string_view asker,
                               const char* own_request);
// Whom a path is about; nullopt: nobody, several or nobody in particular.
Result<std::optional<PersonId>> person_in_path(const RecordDesk& desk, std::string_view path,
                                               const PathParameters& parameters);
// Whether every parameter of that path has a line: for tests.
bool is_judged(std::string_view path);

}  // namespace candor::api
