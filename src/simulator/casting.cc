#include "simulator/casting.h"

#include <algorithm>
#include <tuple>

#include "simulator/rates.h"

namespace candor {

std::optional<std::uint32_t> Casting::cast(Random& random, const std::function<bool(const Person&)>& suits) {
  const auto people = static_cast<std::uint32_t>(organisation_.people.size());
  const std::uint32_t begin = random.below(people);
  for (std::uint32_t i = 0; i < people; ++i) {
    const std::uint32_t index = (begin + i) % people;
    if (index == 0 || taken_.contains(index) || !suits(organisation_.people[index])) continue;
    taken_.insert(index);
    return index;
  }
  return std::nullopt;
}

std::optional<Day> Casting::workday_from(const Person& person, Day day) const {
  for (day = std::max(day, organisation_.first); day <= organisation_.last; ++day) {
    if (works_on(person, day)) return day;
  }
  return std::nullopt;
}

std::optional<Day> Casting::workday_until(const Person& person, Day day) const {
  for (day = std::min(day, organisation_.last); day >= organisation_.first; --day) {
    if (works_on(person, day)) return day;
  }
  return std::nullopt;
}

std::vector<Day> Casting::workdays(const Person& person, Day day, int count) const {
  std::vector<Day> found;
  for (day = std::max(day, organisation_.first); day <= organisation_.last && static_cast<int>(found.size()) < count;
       ++day) {
    if (works_on(person, day)) found.push_back(day);
  }
  return found;
}

void Casting::keep_at_work(std::uint32_t person, Day first, Day last) {
  std::erase_if(organisation_.people[person].absences,
                [&](const Absence& absence) { return absence.first <= last && absence.last >= first; });
}

namespace {

Resignation notice_of(const Person& person, std::uint32_t index, Day notice, Day last_working_day) {
  Random random{person.key, 63};
  const bool late = random.chance(kLife.resignations_late);
  const Day known = notice + (late ? random.between(3, kLife.resignation_latest_days) : random.between(0, 2));
  return {.person = index,
          .notice = notice,
          .last_working_day = last_working_day,
          .known = known,
          .told_at_first = std::nullopt,
          .corrected = 0,
          .withdrawn = std::nullopt};
}

}  // namespace

void Casting::resign(std::uint32_t person, Day notice, Day last_working_day) {
  Person& leaver = organisation_.people[person];
  leaver.last_day = last_working_day;
  Resignation row = notice_of(leaver, person, notice, last_working_day);
  Random random{leaver.key, 64};
  if (random.chance(kLife.resignations_corrected)) {
    row.told_at_first = last_working_day + random.between(7, 21);
    row.corrected = row.known + random.between(1, 10);
  }
  plan_.resignations.push_back(row);
}

void Casting::end_contract(std::uint32_t person, Day last_day) {
  Person& contractor = organisation_.people[person];
  contractor.contract_end = last_day;
  contractor.last_day = last_day;
}

void Casting::resign_and_stay(std::uint32_t person, Day notice, Day last_working_day) {
  Resignation row = notice_of(organisation_.people[person], person, notice, last_working_day);
  row.withdrawn = row.known + 2 + static_cast<Day>(mix({organisation_.people[person].key, 65}) % 12);
  plan_.resignations.push_back(row);
}

void Casting::move(std::uint32_t person, Day day, int known_after, Assignment to) {
  organisation_.people[person].moves.push_back({day, day + known_after, std::move(to)});
}

std::vector<std::uint32_t> Casting::wave(Random& random, std::uint32_t per_thousand) const {
  std::vector<std::uint32_t> people;
  for (std::uint32_t i = 1; i < organisation_.people.size(); ++i) {
    if (random.chance(per_thousand)) people.push_back(i);
  }
  if (people.empty() && organisation_.people.size() > 1) people.push_back(1);
  return people;
}

void Casting::plant(std::size_t scenario, Script& script, Day fallback, std::vector<Act> cover) {
  Planting planting;
  planting.cover = std::move(cover);
  planting.scenario = scenario;
  planting.person = script.index();
  planting.acts = std::move(script.acts());
  std::sort(planting.acts.begin(), planting.acts.end(),
            [](const Act& a, const Act& b) { return std::tie(a.time, a.seed) < std::tie(b.time, b.seed); });
  planting.first = planting.last = fallback;
  if (!planting.acts.empty()) {
    const Office& office = offices()[script.person().office];
    const auto local_day = [&](TimePoint time) {
      return day_of(time + TimePoint{utc_offset(office, day_of(time))} * 60 * kMicrosPerSecond);
    };
    planting.first = local_day(planting.acts.front().time);
    planting.last = local_day(planting.acts.back().time);
  }
  plan_.plantings.push_back(std::move(planting));
}

}  // namespace candor
