#include <algorithm>

#include "simulator/casting.h"

// What looks like theft and is work.
namespace candor {
namespace {

std::uint16_t small_amount(Random& random, int low, int high) {
  return static_cast<std::uint16_t>(random.between(low, high));
}

void migrate(Casting& casting, std::size_t scenario, std::uint32_t person, Day begin, std::uint64_t key) {
  casting.keep_at_work(person, begin, begin + 6);
  Script script(casting.organisation(), person, key);
  Random& random = script.random();
  const std::uint32_t site = script.person().site;
  for (const Day day : casting.workdays(script.person(), begin, random.between(2, 4))) {
    script.at(day, script.work_begins(day) + random.between(20, 200));
    const std::vector<DocumentRef> documents = script.choose(site, random.between(90, 320));
    script.each(random.chance(600) ? Kind::file_sync_downloaded : Kind::file_downloaded, documents, 0, 3);
    script.wait(600, 4000);
    for (const DocumentRef& document : documents)
      script.act_on(Kind::file_uploaded, {script.person().department_site, document.file});
    if (random.chance(500)) script.each(Kind::file_recycled, documents, 0, 2);
  }
  casting.plant(scenario, script, begin);
}

void announce_migration(Casting& casting, std::uint32_t person, Day begin) {
  const Person& mover = casting.organisation().people[person];
  casting.announce({.kind = "migration",
                    .first = begin,
                    .last = begin + 9,
                    .owner = to_text(mover.department),
                    .reason = casting.organisation().sites[mover.site].name + " moves to the department's site"});
}

}  // namespace

bool plant_site_migration(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto first = casting.cast(random, [&](const Person& p) { return p.level >= 2 && p.site != p.department_site; });
  const std::vector<Person>& people = casting.organisation().people;
  const Day begin = casting.day_at(random.between(25, 75));
  if (!first) {
    // No teams in a small organisation: somebody moves a department's site alone.
    const auto person = casting.cast(random, [](const Person& p) { return p.level >= 1; });
    if (!person) return false;
    migrate(casting, part.scenario, *person, begin, random.next());
    announce_migration(casting, *person, begin);
    return true;
  }
  announce_migration(casting, *first, begin);
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    if (people[i].site != people[*first].site || (casting.is_taken(i) && i != *first)) continue;
    casting.take(i);
    migrate(casting, part.scenario, i, begin, random.next());
  }
  return true;
}

bool plant_holiday_catch_up(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return p.level >= 1; });
  if (!person) return false;
  const int length = std::min(random.between(12, 23), std::max(1, casting.days() / 2));
  const Day begin = casting.day_at(random.between(10, 60));
  casting.keep_at_work(*person, begin, begin + length + 6);
  casting.organisation().people[*person].absences.push_back({begin, begin + length - 1});
  Script script(casting.organisation(), *person, random.next());
  for (const Day day : casting.workdays(script.person(), begin + length, 2)) {
    script.at(day, script.work_begins(day));
    for (int n = random.between(30, 60); n > 0; --n) {
      script.act(Kind::mail_read).amount = small_amount(random, 5, 25);
      if (n % 3 == 0) script.act(Kind::mail_soft_deleted).amount = small_amount(random, 3, 15);
    }
    script.each(Kind::file_sync_downloaded, script.choose(script.person().site, random.between(40, 160)), 0, 2);
    script.each(Kind::file_accessed, script.choose(script.person().site, random.between(40, 90)), 5, 90);
    script.each(Kind::file_downloaded, script.choose(script.person().site, random.between(15, 50)), 5, 60);
  }
  casting.plant(part.scenario, script, begin + length);
  return true;
}

bool plant_quarter_end(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return p.department == Department::finance; });
  if (!person) return false;
  const Workforce& organisation = casting.organisation();
  Day end = quarter_end(organisation.first);
  if (end > organisation.last) end = casting.day_at(70);
  casting.keep_at_work(*person, end - 4, end + 4);
  if (part.key == mix({organisation.seed, 61, part.scenario, 0})) {  // one announcement for all who close it
    casting.announce({.kind = "other",
                      .first = end - 4,
                      .last = end + 6,
                      .owner = to_text(Department::finance),
                      .reason = "Quarter closing: the auditors get the figures"});
  }
  Script script(organisation, *person, random.next());
  const std::uint32_t auditor = partner_named(organisation, kAuditors);
  for (const Day day : casting.workdays(script.person(), end - 2, random.between(3, 5))) {
    script.at(day, script.work_begins(day) + random.between(0, 90));
    const std::vector<DocumentRef> documents = script.choose(script.person().department_site, random.between(50, 160));
    script.each(Kind::file_downloaded, documents, 20, 150);
    const auto few = documents.begin() + std::min<std::ptrdiff_t>(std::ssize(documents), random.between(20, 60));
    script.each(Kind::device_printed, {documents.begin(), few}, 20, 120);
    script.mail(
        {documents.begin(), documents.begin() + std::min<std::ptrdiff_t>(std::ssize(documents), random.between(5, 16))},
        Target::partner, auditor);
  }
  casting.plant(part.scenario, script, end);
  return true;
}

}  // namespace candor
