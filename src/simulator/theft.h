#pragma once

#include <cstdint>
#include <vector>

#include "simulator/script.h"

// What scenarios of people who take content with them have in common.
namespace candor {

// Works with content that is worth taking, and is not watched over by everybody.
bool handles_content(const Person& person);

// How many files go on one day: within what honest people of the role have on a busy one (busiest_day()).
int files_to_collect(Script& script);
int files_to_take_out(Script& script);

// Documents worth taking: the team's, and some of the department's.
std::vector<DocumentRef> loot(Script& script, int count);
// The `count` with the highest labels, in the order they came in.
std::vector<DocumentRef> most_worth(const Workforce& organisation, const std::vector<DocumentRef>& documents,
                                    int count);

enum class Way : std::uint8_t { media, cloud, mail, hidden_media };
// Each of the documents leaves once. `medium`: see removable_medium().
void take_out(Script& script, Way way, const std::vector<DocumentRef>& documents, std::uint64_t medium);

// Deletes the copies, and some of the originals.
void remove_traces(Script& script, const std::vector<DocumentRef>& documents);

}  // namespace candor
