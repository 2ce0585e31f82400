#pragma once

#include "simulator/organisation.h"

// What makes people differ from the average and from last month: shifts, leaves, shared desks, delegates, contracts,
// the few who download most. How often: LifeRates in rates.h.
namespace candor {

// Leaves, shifts, delegation and contract of one person; `first` and `last` are the days simulated.
void settle_in(Person& person, Day first, Day last);

// What needs everybody: who shares a desk with whom, and the few who hold a large part of all downloads.
void set_apart(Workforce& organisation);

}  // namespace candor
