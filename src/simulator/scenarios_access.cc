#include <algorithm>

#include "simulator/casting.h"
#include "simulator/theft.h"

// People who misuse what their role lets them do: sabotage, and other people's mail.
namespace candor {
namespace {

std::uint32_t anybody(Script& script, const Workforce& organisation) {
  return script.random().below(static_cast<std::uint32_t>(organisation.people.size()));
}

void disable_protection(Script& script, const Workforce& organisation) {
  Random& random = script.random();
  Act& role = script.act(Kind::role_member_added);
  role.label = 1;  // Global Administrator, to himself
  script.wait(60, 600);
  for (int n = random.between(2, 6); n > 0; --n) {
    const std::uint32_t target = anybody(script, organisation);
    Act& act = script.act(Kind::strong_authentication_disabled);
    act.target_kind = Target::person;
    act.target = target;
  }
  script.act(Kind::audit_config);
  script.act(Kind::policy_deleted);
  if (random.chance(500)) script.act(Kind::transport_rule);
}

void destroy(Script& script, const Workforce& organisation) {
  Random& random = script.random();
  const std::uint32_t site = random.below(static_cast<std::uint32_t>(organisation.sites.size()));
  const std::vector<DocumentRef> documents = script.choose(site, random.between(50, 200));
  script.each(Kind::file_recycled, documents, 0, 1);
  const std::vector<DocumentRef> folders(
      documents.begin(), documents.begin() + std::min<std::ptrdiff_t>(std::ssize(documents), random.between(4, 16)));
  script.each(Kind::folder_recycled, folders, 1, 4);
  script.wait(200, 1500);
  const std::vector<DocumentRef> purged(documents.begin(), documents.begin() + std::ssize(documents) * 2 / 3);
  script.each(Kind::file_deleted_first_stage, purged, 0, 1);
  const std::vector<DocumentRef> lost(purged.begin(), purged.begin() + std::ssize(purged) / 2);
  script.each(Kind::file_deleted_second_stage, lost, 0, 1);
  for (int n = random.between(2, 9); n > 0; --n) script.act(Kind::group_deleted);
  for (int n = random.between(0, 4); n > 0; --n) {
    const std::uint32_t target = anybody(script, organisation);
    Act& act = script.act(Kind::user_deleted);
    act.target_kind = Target::person;
    act.target = target;
  }
}

}  // namespace

bool plant_saboteur_administrator(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return p.administrator; });
  if (!person) return false;
  const Day wish = casting.day_at(random.between(45, 92));
  casting.keep_at_work(*person, wish - 2, wish + 6);
  Script script(casting.organisation(), *person, random.next());
  const auto day = casting.workday_from(script.person(), wish);
  if (!day) return false;
  casting.plan().improvement_plans.push_back(
      {*person, *day - random.between(9, 35), "Repeated conflicts with the team", "1 Far below expectations"});
  const bool in_two_nights = random.chance(500);
  script.at(*day, random.between(20 * 60, 24 * 60), true);
  script.act(Kind::signed_in);
  disable_protection(script, casting.organisation());
  if (in_two_nights) {
    const auto next = casting.workday_from(script.person(), *day + 1);
    if (next) script.at(*next, random.between(19 * 60, 25 * 60), true);
    script.act(Kind::signed_in);
  }
  destroy(script, casting.organisation());
  if (random.chance(600)) destroy(script, casting.organisation());
  for (int n = random.between(3, 12); n > 0; --n)
    script.act(Kind::mail_hard_deleted).amount = static_cast<std::uint16_t>(random.between(2, 9));
  casting.plant(part.scenario, script, *day);
  const Day last = *day + random.between(1, 4);
  if (random.chance(600)) {
    casting.resign(*person, last, last);
  } else {
    casting.organisation().people[*person].last_day = last;
  }
  return true;
}

bool plant_other_mailbox_mailed_home(Casting& casting, const Part& part) {
  Random random(part.key);
  auto person = casting.cast(random, [](const Person& p) { return p.administrator; });
  if (!person || random.chance(300)) {
    const auto assistant = casting.cast(random, [](const Person& p) {
      return p.department == Department::executive || p.department == Department::human_resources;
    });
    if (assistant) person = assistant;
  }
  if (!person) return false;
  // Whose mailbox: the head or one of the heads of department.
  const std::vector<Person>& people = casting.organisation().people;
  std::uint32_t victim = 0;
  for (std::uint32_t i = 0; i < people.size(); ++i) {
    if (people[i].level == 1 && i != *person && random.chance(300)) victim = i;
  }
  const Day begin = casting.day_at(random.between(25, 80));
  casting.keep_at_work(*person, begin, begin + 14);
  Script script(casting.organisation(), *person, random.next());
  const bool forwards = random.chance(400);
  bool granted = !script.person().administrator;
  for (const Day day : casting.workdays(script.person(), begin, random.between(3, 6))) {
    script.at(day, script.work_begins(day) + random.between(30, 640));
    if (!granted) {
      Act& grant = script.act(Kind::mailbox_permission);
      grant.target_kind = Target::person;
      grant.target = victim;
      granted = true;
      script.wait(300, 3000);
    }
    for (int n = random.between(6, 24); n > 0; --n) {
      Act& read = script.act(Kind::mail_read);
      read.target_kind = Target::person;
      read.target = victim;
      read.amount = static_cast<std::uint16_t>(random.between(5, 40));
      script.wait(5, 120);
    }
    const std::uint32_t site = casting.organisation().personal_site(victim);
    for (const std::uint64_t thread :
         script.mail(script.choose(site, files_to_take_out(script), 2), Target::own_address, 0)) {
      Act& deleted = script.act(Kind::mail_hard_deleted);
      deleted.thread = thread;
      deleted.amount = 1;
    }
  }
  if (forwards) script.act(Kind::inbox_rule).target_kind = Target::own_address;
  casting.plant(part.scenario, script, begin);
  return true;
}

}  // namespace candor
