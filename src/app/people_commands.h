#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "app/command.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/erasures.h"

// The parts of `candor people`, one a file.
namespace candor {

// show, list, unresolved
void add_people_looks(CLI::App& people, Command& command);
// link, unlink
void add_people_decisions(CLI::App& people, Command& command);
// export
void add_people_export(CLI::App& people, Command& command);
// erase
void add_people_erase(CLI::App& people, Command& command);
// erasures, erasures verify
void add_people_erasures(CLI::App& people, Command& command);
// hold, release, holds
void add_people_holds(CLI::App& people, Command& command);
// start-scoring, stop-scoring
void add_people_scoring(CLI::App& people, Command& command);

// Whom a command means: a pseudonym, an account (whoever owns it on `day`) or a whole display name that one person has.
// Fails with `app.unknown_person`, `app.several_people`; messages do not repeat what was typed.
Result<PersonId> find_person(Installation& installation, const std::string& text, Day day);

// Erasures of whom `text` means, a pseudonym or an account; the newest first.
Result<std::vector<Erasure>> erasures_of(Installation& installation, const std::string& text);

}  // namespace candor
