#include <algorithm>

#include "simulator/casting.h"
#include "simulator/rates.h"

// Changes in people's working lives: leaving, other work, a first use of something. All honest.
namespace candor {
namespace {

bool below_the_head(const Person& person) { return person.level >= 1; }

// Of a team or a department.
bool leads(const Person& person) {
  return person.title.starts_with("Team Lead") || person.title.starts_with("Head of") ||
         person.title == "General Counsel";
}

void hand_over(Casting& casting, Script& script, Day last) {
  const std::uint32_t site = casting.organisation().personal_site(script.index());
  const auto successor = static_cast<std::uint32_t>(std::max(0, script.person().manager));
  for (const Day day : casting.workdays(script.person(), last - 5, 3)) {
    if (day > last) continue;
    script.at(day, script.work_begins(day) + script.random().between(60, 420));
    for (const DocumentRef& document : script.choose(site, script.random().between(4, 12))) {
      Act& shared = script.act_on(Kind::sharing_set, document);
      shared.target_kind = Target::person;
      shared.target = successor;
    }
  }
}

// Everything of the personal site goes to the team's.
void hand_over_in_bulk(Casting& casting, Script& script, Day day) {
  const std::uint32_t site = casting.organisation().personal_site(script.index());
  script.at(day, script.work_begins(day) + script.random().between(30, 200));
  const std::vector<DocumentRef> documents = script.choose(site, script.random().between(60, 240));
  script.each(Kind::file_downloaded, documents, 0, 3);
  script.wait(300, 2000);
  for (const DocumentRef& document : documents) {
    script.act_on(Kind::file_uploaded, {script.person().site, document.file});
  }
}

void take_private_photos(Casting& casting, Script& script, Day day) {
  const std::uint32_t site = casting.organisation().personal_site(script.index());
  script.at(day, script.work_begins(day) + script.random().between(200, 460));
  const std::vector<DocumentRef> photos = script.choose(site, script.random().between(8, 60), 0, 0);
  if (script.random().chance(600)) {
    script.copy_to_media(photos, Disguise::harmless, 8);
    return;
  }
  script.upload(photos, Target::personal_cloud,
                static_cast<std::uint32_t>(script.person().key % kPersonalCloud.size()));
  for (Act& act : script.acts()) {
    if (act.target_kind == Target::personal_cloud) act.disguise = Disguise::harmless;
  }
}

void mail_payslips(Casting& casting, Script& script, Day day) {
  const std::uint32_t site = casting.organisation().personal_site(script.index());
  script.at(day, script.work_begins(day) + script.random().between(200, 480));
  script.mail(script.choose(site, script.random().between(3, 24), 0, 0), Target::own_address, 0, Disguise::payslip);
}

void tidy_up(Casting& casting, Script& script, Day day) {
  const std::uint32_t site = casting.organisation().personal_site(script.index());
  script.at(day, script.work_begins(day) + script.random().between(240, 420));
  const std::vector<DocumentRef> documents = script.choose(site, script.random().between(50, 220));
  script.each(Kind::file_recycled, documents, 0, 3);
  script.each(Kind::device_file_deleted, {documents.begin(), documents.begin() + std::ssize(documents) / 2}, 0, 2);
  if (script.random().chance(400)) script.each(Kind::file_deleted_first_stage, documents, 0, 1);
}

// The work of somebody else, as a new colleague has it.
Assignment work_beside(const Workforce& organisation, std::uint32_t colleague) {
  const Person& person = organisation.people[colleague];
  return {person.department, person.title, person.manager, person.site, person.department_site};
}

}  // namespace

bool plant_quiet_leaver(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, below_the_head);
  if (!person) return false;
  const Day wish = casting.day_at(random.between(10, 98));
  Script script(casting.organisation(), *person, random.next());
  const auto last = casting.workday_until(script.person(), wish);
  if (!last) return false;
  // A few days before the last one, and the last one.
  const std::vector<Day> days = casting.workdays(script.person(), *last - 9, 20);
  const auto some_day = [&] {
    const Day day = days.empty() ? *last : days[random.below(static_cast<std::uint32_t>(days.size()))];
    return std::min(day, *last);
  };
  if (random.chance(kLife.leavers_hand_over)) hand_over(casting, script, *last);
  if (random.chance(kLife.leavers_hand_over_in_bulk)) hand_over_in_bulk(casting, script, some_day());
  if (random.chance(kLife.leavers_private_photos)) take_private_photos(casting, script, some_day());
  if (random.chance(kLife.leavers_payslips)) mail_payslips(casting, script, some_day());
  if (random.chance(kLife.leavers_tidy_up)) tidy_up(casting, script, *last);
  casting.plant(part.scenario, script, *last);
  casting.resign(*person, *last - random.between(14, 40), *last);
  return true;
}

bool plant_contract_end(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person =
      casting.cast(random, [](const Person& p) { return below_the_head(p) && p.contractor && !p.administrator; });
  if (!person) return false;
  const Day wish = casting.day_at(random.between(10, 98));
  Script script(casting.organisation(), *person, random.next());
  const auto last = casting.workday_until(script.person(), wish);
  if (!last) return false;
  if (random.chance(kLife.leavers_hand_over)) hand_over(casting, script, *last);
  if (random.chance(kLife.leavers_hand_over_in_bulk)) hand_over_in_bulk(casting, script, *last);
  if (random.chance(kLife.leavers_tidy_up)) tidy_up(casting, script, *last);
  casting.plant(part.scenario, script, *last);
  casting.end_contract(*person, *last);
  return true;
}

bool plant_job_change(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return below_the_head(p) && !leads(p); });
  if (!person) return false;
  const Workforce& organisation = casting.organisation();
  // Beside somebody of another team; in an organisation without teams, of another department.
  const auto people = static_cast<std::uint32_t>(organisation.people.size());
  const std::uint32_t begin = random.below(people);
  std::optional<std::uint32_t> beside;
  for (std::uint32_t i = 0; i < people && !beside; ++i) {
    const std::uint32_t other = (begin + i) % people;
    const Person& colleague = organisation.people[other];
    if (other != 0 && colleague.site != organisation.people[*person].site && !leads(colleague) &&
        !colleague.administrator) {
      beside = other;
    }
  }
  if (!beside) return false;
  const Day wish = casting.day_at(random.between(5, 90));
  casting.keep_at_work(*person, wish - 6, wish + 10);
  Script script(organisation, *person, random.next());
  const auto day = casting.workday_from(script.person(), wish);
  if (!day) return false;
  Assignment to = work_beside(organisation, *beside);
  // The old files come along, then the new ones are read.
  if (const auto before = casting.workday_until(script.person(), *day - 1)) {
    script.at(*before, script.work_begins(*before) + random.between(100, 400));
    script.each(Kind::file_downloaded, script.choose(script.person().site, random.between(10, 90)), 1, 12);
  }
  for (const Day learning : casting.workdays(script.person(), *day, 4)) {
    script.at(learning, script.work_begins(learning) + random.between(20, 200));
    script.each(Kind::file_accessed, script.choose(to.site, random.between(20, 70)), 5, 120);
    script.each(Kind::file_downloaded, script.choose(to.department_site, random.between(3, 25)), 5, 60);
  }
  casting.plant(part.scenario, script, *day);
  casting.move(*person, *day, random.between(0, kLife.job_change_latest_known_days), std::move(to));
  return true;
}

bool plant_reorganisation(Casting& casting, const Part& part) {
  Random random(part.key);
  std::vector<Person>& people = casting.organisation().people;
  // A team lead's team comes to another lead of the department; without teams somebody alone.
  const auto first = casting.cast(random, [](const Person& p) { return p.level >= 2 && p.site != p.department_site; });
  const auto alone = first ? first : casting.cast(random, below_the_head);
  if (!alone) return false;
  const std::uint32_t old_site = people[*alone].site;
  const auto lead = std::ranges::find_if(people, [&](const Person& p) {
    return p.level == 2 && p.site != old_site && p.site != p.department_site && p.title.starts_with("Team Lead");
  });
  const bool has_lead = first && lead != people.end();
  const std::uint32_t new_lead = has_lead ? static_cast<std::uint32_t>(lead - people.begin()) : 0;
  const Day begin = casting.day_at(random.between(25, 80));
  casting.announce({.kind = "reorganisation",
                    .first = begin - 7,
                    .last = begin + 14,
                    .owner = to_text(people[new_lead].department),
                    .reason = casting.organisation().sites[old_site].name + " joins another team"});
  for (std::uint32_t i = 1; i < people.size(); ++i) {
    const bool chosen = i == *alone || (first && people[i].site == old_site && people[i].level >= 2);
    if (!chosen || i == new_lead || (casting.is_taken(i) && i != *alone)) continue;
    casting.take(i);
    casting.keep_at_work(i, begin, begin + 7);
    Assignment to{people[i].department, people[i].title, static_cast<int>(new_lead), people[new_lead].site,
                  people[new_lead].department_site};
    if (has_lead) to.department = people[new_lead].department;
    Script script(casting.organisation(), i, mix({part.key, i}));
    const auto day = casting.workday_from(script.person(), begin);
    if (!day) continue;
    script.at(*day, script.work_begins(*day) + script.random().between(20, 260));
    const std::vector<DocumentRef> documents = script.choose(old_site, script.random().between(15, 90));
    script.each(Kind::file_moved, documents, 1, 6);
    script.each(Kind::file_downloaded, {documents.begin(), documents.begin() + std::ssize(documents) / 3}, 1, 9);
    casting.plant(part.scenario, script, *day);
    casting.move(i, *day, script.random().between(0, 5), std::move(to));
  }
  return true;
}

bool plant_first_use(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return below_the_head(p) && p.media_percent < 120; });
  if (!person) return false;
  // Never before, and not beside what is written here.
  casting.organisation().people[*person].media_percent = 0;
  Script script(casting.organisation(), *person, random.next());
  const Day wish = casting.day_at(random.between(12, 95));
  const bool media = random.chance(kLife.first_uses_media);
  const int times = random.chance(400) ? random.between(2, 3) : 1;
  const auto provider = static_cast<std::uint32_t>(script.person().key % kPersonalCloud.size());
  for (const Day day : casting.workdays(script.person(), wish, times)) {
    script.at(day, script.work_begins(day) + random.between(60, 420));
    // Slides for a fair, plans for a supplier, something to read on the train: nothing confidential.
    const std::vector<DocumentRef> documents = script.choose(script.person().site, random.between(1, 14), 0, 2);
    script.each(Kind::file_downloaded, documents, 3, 40);
    script.wait(60, 900);
    if (media) {
      script.copy_to_media(documents, Disguise::none, 8);
    } else {
      script.upload(documents, Target::personal_cloud, provider);
    }
  }
  casting.plant(part.scenario, script, wish);
  return true;
}

}  // namespace candor
