#include "simulator/life.h"

#include <algorithm>

#include "simulator/calendar.h"
#include "simulator/rates.h"

namespace candor {
namespace {

void add_absences(Person& person, Random& random, Day first, Day last, std::uint32_t mean_thousandths, int shortest,
                  int longest) {
  for (int n = random.count(mean_thousandths); n > 0; --n) {
    const Day begin = random.between(first, last);
    person.absences.push_back({begin, begin + random.between(shortest, longest) - 1});
  }
}

void plan_absences(Person& person, Day first, Day last) {
  Random random{person.key, 70};
  const int days = last - first + 1;
  const auto every = [&](int interval) { return static_cast<std::uint32_t>(days * 1000 / interval); };
  add_absences(person, random, first, last, every(kLife.vacation_every_days), 1, kLife.vacation_longest_days);
  add_absences(person, random, first, last, every(kLife.sickness_every_days), 1, kLife.sickness_longest_days);
  // Long ones come once at most, and may have begun before.
  Random rare{person.key, 71};
  const auto begins = [&](std::uint32_t per_thousand_a_month, int longest) {
    const int begin_days = days + longest;
    return rare.below(30'000) < per_thousand_a_month * static_cast<std::uint32_t>(begin_days);
  };
  if (begins(kLife.parental_leave_a_month, kLife.parental_leave_longest_days)) {
    const Day begin = rare.between(first - kLife.parental_leave_longest_days, last);
    const int length = rare.between(kLife.parental_leave_shortest_days, kLife.parental_leave_longest_days);
    person.absences.push_back({begin, begin + length - 1});
  } else if (begins(kLife.long_sickness_a_month, kLife.long_sickness_longest_days)) {
    const Day begin = rare.between(first - kLife.long_sickness_longest_days, last);
    const int length = rare.between(kLife.long_sickness_shortest_days, kLife.long_sickness_longest_days);
    person.absences.push_back({begin, begin + length - 1});
  }
}

bool has_shifts(Department department) {
  return department == Department::operations || department == Department::support;
}

std::int64_t week_of(Day day) { return (day + 3) / kWeek; }

bool is_absent(const Person& person, Day day) {
  return std::ranges::any_of(person.absences,
                             [&](const Absence& absence) { return day >= absence.first && day <= absence.last; });
}

}  // namespace

void settle_in(Person& person, Day first, Day last) {
  plan_absences(person, first, last);
  Random random{person.key, 72};
  if (person.level >= 2 && has_shifts(person.department) && random.chance(kLife.shift_workers)) {
    person.crew = static_cast<std::uint8_t>(1 + random.below(3));
    person.free_weekdays = 0;
    person.home_weekdays = 0;
  }
  person.delegate =
      person.manager >= 0 && (person.department == Department::executive || random.chance(kLife.delegates));
  if (person.contractor) person.contract_end = last + random.between(20, 500);
}

void set_apart(Workforce& organisation) {
  std::vector<Person>& people = organisation.people;
  // Neighbours in the list are in one team.
  for (std::size_t i = 1; i + 1 < people.size(); ++i) {
    Person& first = people[i];
    Person& second = people[i + 1];
    const bool same_place = first.site == second.site && first.office == second.office;
    if (!same_place || first.level < 2 || second.level < 2 || first.device_key != first.key) continue;
    const bool on_shifts = first.crew != 0 && second.crew != 0;
    if (!Random{first.key, 73}.chance(on_shifts ? kLife.shared_desks_of_crews : kLife.shared_desks)) continue;
    second.device = first.device;
    second.device_key = first.device_key;
    second.apple = first.apple;
  }
  // The exact share, so that two organisations of one size have as many.
  const std::size_t heavy = (people.size() * kLife.heavy_downloaders + 500) / 1000;
  Random random{organisation.seed, 74};
  for (std::size_t n = 0; n < heavy;) {
    Person& person = people[random.below(static_cast<std::uint32_t>(people.size()))];
    if (person.download_percent != 100) continue;
    person.download_percent = kLife.heavy_download_percent;
    // About as much as the others of everything else, else the share would hang on one person's pace.
    person.activity_percent = 100;
    person.free_weekdays = 0;
    ++n;
  }
}

bool works_on(const Person& person, Day day) {
  if (day > person.last_day || day < person.hired || is_absent(person, day)) return false;
  if (person.crew != 0) return (day + static_cast<Day>(person.key % kWeek)) % kWeek < 5;
  if (is_weekend(day) || (person.free_weekdays >> weekday(day) & 1) != 0) return false;
  return !is_day_off(offices()[person.office], day);
}

int start_minute_on(const Person& person, Day day) {
  if (person.crew == 0) return person.start_minute;
  constexpr std::array kStarts = {6 * 60, 14 * 60, 22 * 60};
  return kStarts[static_cast<std::size_t>((week_of(day) + person.crew) % 3)];
}

namespace {

Assignment assignment(const Person& person, Day day, Day Move::* from) {
  const auto move = std::find_if(person.moves.rbegin(), person.moves.rend(),
                                 [&](const Move& candidate) { return candidate.*from <= day; });
  if (move != person.moves.rend()) return move->to;
  return {person.department, person.title, person.manager, person.site, person.department_site};
}

}  // namespace

Assignment assignment_on(const Person& person, Day day) { return assignment(person, day, &Move::day); }
Assignment assignment_known_on(const Person& person, Day day) { return assignment(person, day, &Move::known); }

bool is_catching_up(const Person& person, Day day) {
  return std::ranges::any_of(person.absences, [&](const Absence& absence) {
    if (absence.last - absence.first + 1 < kLife.catch_up_after_days) return false;
    if (day <= absence.last || day > absence.last + 5) return false;
    int worked = 0;
    for (Day earlier = absence.last + 1; earlier < day; ++earlier) worked += works_on(person, earlier) ? 1 : 0;
    return worked < 2;
  });
}

}  // namespace candor
