#include <algorithm>
#include <array>

#include "simulator/casting.h"
#include "simulator/theft.h"

// Theft beside something that explains it: the end of a contract, a colleague, a migration.
namespace candor {
namespace {

Day local_day(const Person& person, TimePoint time) {
  const int minutes = utc_offset(offices()[person.office], day_of(time));
  return day_of(time + TimePoint{minutes} * 60 * kMicrosPerSecond);
}

// How one hands over to a colleague inside: what the platform calls sharing, a chat that points at what was shared,
// mail.
void hand_over_inside(Script& script, std::uint32_t way, const std::vector<DocumentRef>& documents,
                      std::uint32_t colleague) {
  if (way == 2) {
    script.mail(documents, Target::person, colleague);
    return;
  }
  for (const DocumentRef& document : documents) {
    Act& shared = script.act_on(Kind::sharing_set, document);
    shared.target_kind = Target::person;
    shared.target = colleague;
  }
  if (way != 1) return;
  Act& message = script.act(Kind::chat_message);
  message.target_kind = Target::person;
  message.target = colleague;
}

// Takes a member of a migrating team out of the look-alike and gives the acts of the migration back.
std::optional<std::pair<std::uint32_t, std::vector<Act>>> member_of_a_migration(Plan& plan,
                                                                                const Workforce& organisation,
                                                                                Random& random) {
  const std::size_t migration = scenario_named("site_migration");
  std::vector<std::size_t> suitable;
  for (std::size_t i = 0; i < plan.plantings.size(); ++i) {
    const Planting& planting = plan.plantings[i];
    const bool moves = planting.scenario == migration && !planting.acts.empty();
    if (moves && handles_content(organisation.people[planting.person])) suitable.push_back(i);
  }
  if (suitable.empty()) return std::nullopt;
  const std::size_t at = suitable[random.below(static_cast<std::uint32_t>(suitable.size()))];
  std::pair member(plan.plantings[at].person, std::move(plan.plantings[at].acts));
  plan.plantings.erase(plan.plantings.begin() + static_cast<std::ptrdiff_t>(at));
  return member;
}

}  // namespace

bool plant_contractor_takes_project(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return p.contractor && handles_content(p); });
  if (!person) return false;
  const Day wish = casting.day_at(random.between(45, 97));
  casting.keep_at_work(*person, wish - 21, wish);
  Script script(casting.organisation(), *person, random.next());
  const auto last = casting.workday_until(script.person(), wish);
  if (!last) return false;
  std::vector<Day> days = casting.workdays(script.person(), *last - random.between(4, 21), 30);
  std::erase_if(days, [&](Day day) { return day > *last; });
  const auto wanted = static_cast<std::size_t>(random.between(2, 6));
  while (days.size() > wanted) days.erase(days.begin() + random.below(static_cast<std::uint32_t>(days.size())));
  const std::uint32_t shape = part.shape(5);
  for (const Day day : days) {
    script.at(day, script.work_begins(day) + random.between(60, 540));
    const int files = files_to_take_out(script);
    // The project's folder: neighbours on the team's site, whatever their label.
    const std::vector<DocumentRef> project = script.choose(script.person().site, files + random.between(0, 20), 1);
    script.each(random.chance(300) ? Kind::file_sync_downloaded : Kind::file_downloaded, project, 1, 30);
    script.wait(120, 2400);
    const std::vector<DocumentRef> taken = most_worth(casting.organisation(), project, files);
    if (shape == 4) {
      for (const DocumentRef& document : taken)
        script.act_on(Kind::anonymous_link, document).thread = random.next() | 1;
    } else {
      take_out(script, static_cast<Way>(shape), taken, 7);
    }
  }
  if (random.chance(300)) remove_traces(script, script.choose(script.person().site, 12));
  casting.plant(part.scenario, script, *last);
  casting.end_contract(*person, *last);
  return true;
}

bool plant_colluding_pair(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto collector = casting.cast(random, handles_content);
  if (!collector) return false;
  const Workforce& organisation = casting.organisation();
  const std::uint32_t site = organisation.people[*collector].site;
  auto carrier = casting.cast(random, [&](const Person& p) { return handles_content(p) && p.site != site; });
  if (!carrier) carrier = casting.cast(random, handles_content);
  if (!carrier) return false;
  const Day begin = casting.day_at(random.between(25, 75));
  casting.keep_at_work(*collector, begin, begin + 30);
  casting.keep_at_work(*carrier, begin, begin + 36);
  Script collecting(organisation, *collector, random.next());
  Script carrying(organisation, *carrier, random.next());
  const std::uint32_t inside = part.shape(3);
  const Way way = static_cast<Way>((part.number / 3 + part.number) % 4);
  const std::vector<Day> days = casting.workdays(collecting.person(), begin, 20);
  const int every = random.between(2, 5);
  for (std::size_t i = 0; i < days.size(); i += static_cast<std::size_t>(every)) {
    const Day day = days[i];
    collecting.at(day, collecting.work_begins(day) + random.between(60, 420));
    const int files = files_to_take_out(carrying);
    const std::vector<DocumentRef> documents = collecting.choose(collecting.person().site, files, 2);
    collecting.each(Kind::file_downloaded, documents, 2, 60);
    collecting.wait(300, 4000);
    hand_over_inside(collecting, inside, documents, *carrier);
    const auto next = casting.workday_from(carrying.person(), day + 1);
    if (!next) continue;
    carrying.at(*next, carrying.work_begins(*next) + random.between(100, 520));
    // What came by mail is at hand already.
    carrying.each(inside == 2 ? Kind::device_file_created : Kind::file_downloaded, documents, 2, 40);
    carrying.wait(200, 3000);
    take_out(carrying, way, documents, 7);
  }
  casting.plant(part.scenario, collecting, begin);
  casting.plant(part.scenario, carrying, begin);
  return true;
}

bool plant_theft_under_migration(Casting& casting, const Part& part) {
  Random random(part.key);
  const Workforce& organisation = casting.organisation();
  auto member = member_of_a_migration(casting.plan(), organisation, random);
  if (!member) {
    // No team moves, or none with somebody who suits: one more does.
    plant_site_migration(casting, {scenario_named("site_migration"), part.number, mix({part.key, 1})});
    member = member_of_a_migration(casting.plan(), organisation, random);
  }
  if (!member) return false;
  auto& [person, cover] = *member;
  std::vector<Day> days;
  for (const Act& act : cover) {
    const Day day = local_day(organisation.people[person], act.time);
    if (std::ranges::find(days, day) == days.end()) days.push_back(day);
  }
  Script script(organisation, person, random.next());
  const Way way = static_cast<Way>(part.shape(4));
  const bool clears = random.chance(400);
  for (const Day day : days) {
    script.at(day, script.work_begins(day) + random.between(90, 500));
    const int files = files_to_take_out(script);
    // Not what moves: the department's files, and those of the team that are confidential.
    std::vector<DocumentRef> documents = script.choose(script.person().department_site, files / 2, 3);
    const std::vector<DocumentRef> more = script.choose(script.person().site, files - files / 2, 3);
    documents.insert(documents.end(), more.begin(), more.end());
    script.each(Kind::file_downloaded, documents, 1, 10);
    script.wait(120, 1800);
    take_out(script, way, documents, 7);
    if (clears) remove_traces(script, documents);
  }
  casting.plant(part.scenario, script, days.empty() ? organisation.first : days.front(), std::move(cover));
  return true;
}

}  // namespace candor
