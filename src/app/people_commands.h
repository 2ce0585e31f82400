#pragma once

#include <CLI/App.hpp>
#include <string>

#include "app/command.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

// The parts of `candor people`, one a file.
namespace candor {

// show, list, unresolved
void add_people_looks(CLI::App& people, Command& command);
// link, unlink
void add_people_decisions(CLI::App& people, Command& command);
// export
void add_people_export(CLI::App& people, Command& command);
// start-scoring, stop-scoring
void add_people_scoring(CLI::App& people, Command& command);

// Whom a command means: a pseudonym, an account (whoever owns it on `day`) or a whole display name that one person has.
// Fails with `app.unknown_person`, `app.several_people`; messages do not repeat what was typed.
Result<PersonId> find_person(Installation& installation, const std::string& text, Day day);

}  // namespace candor
