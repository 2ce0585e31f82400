#pragma once

#include <cstdint>
#include <vector>

#include "simulator/act.h"
#include "simulator/organisation.h"

// Ordinary work: what people, guests and services do on a day when nothing is planted.
namespace candor {

// Appends one person's acts of one local day, in no order. Nothing for most people on days off.
void plan_day(const Workforce& organisation, std::uint32_t person, Day day, std::vector<Act>& acts);
// The same for a guest, and for all services together.
void plan_guest_day(const Workforce& organisation, std::uint32_t guest, Day day, std::vector<Act>& acts);
void plan_services_day(const Workforce& organisation, Day day, std::vector<Act>& acts);

// The few partners a person deals with: index into partners.
std::uint32_t usual_partner(const Workforce& organisation, const Person& person, std::uint32_t n);

}  // namespace candor
