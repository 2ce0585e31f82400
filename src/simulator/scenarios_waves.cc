#include <algorithm>

#include "simulator/casting.h"
#include "simulator/rates.h"

// What the organisation does to many people's accounts at once, and work that looks like it.
namespace candor {
namespace {

constexpr int kWaveDays = 5;
constexpr int kAnnouncedDays = kWaveDays + 4;  // weekends put some off

Day wave_begin(const Casting& casting, Random& random) { return casting.day_at(random.between(30, 85)); }

}  // namespace

bool plant_laptop_resync_wave(Casting& casting, const Part& part) {
  Random random(part.key);
  const Day begin = wave_begin(casting, random);
  const Workforce& organisation = casting.organisation();
  bool any = false;
  for (const std::uint32_t person : casting.wave(random, kLife.laptop_resync_wave)) {
    Script script(organisation, person, mix({part.key, person}));
    const auto day = casting.workday_from(script.person(), begin + script.random().between(0, kWaveDays - 1));
    if (!day || *day > begin + kAnnouncedDays) continue;  // away all the time
    // The personal site as a whole, and what of the team's is kept offline.
    script.at(*day, script.work_begins(*day) + script.random().between(10, 90));
    script.each(Kind::file_sync_downloaded, script.choose(organisation.personal_site(person), 600), 0, 0);
    script.each(Kind::file_sync_downloaded, script.choose(script.person().site, script.random().between(20, 400)), 0,
                0);
    casting.plant(part.scenario, script, *day);
    any = true;
  }
  if (!any) return false;
  casting.announce({.kind = "laptop_roll_out",
                    .first = begin,
                    .last = begin + kAnnouncedDays,
                    .owner = to_text(Department::technology),
                    .reason = "New laptops fetch their files again"});
  return true;
}

bool plant_auto_label_wave(Casting& casting, const Part& part) {
  Random random(part.key);
  const Day begin = wave_begin(casting, random);
  const Workforce& organisation = casting.organisation();
  bool any = false;
  for (const std::uint32_t person : casting.wave(random, kLife.auto_label_wave)) {
    Script script(organisation, person, mix({part.key, person}));
    const auto day = casting.workday_from(script.person(), begin + script.random().between(0, kWaveDays - 1));
    if (!day || *day > begin + kAnnouncedDays) continue;  // away all the time
    script.at(*day, script.work_begins(*day) + script.random().between(30, 300));
    for (const DocumentRef& document : script.choose(script.person().site, script.random().between(8, 50), 0, 3)) {
      const std::uint8_t now = document_label(organisation, document.site, document.file);
      Act& act = script.act_on(now == 0 ? Kind::file_label_applied : Kind::file_label_changed, document);
      // The rule mostly raises; a few files had been labelled too high.
      const bool lowers = now == 3 && act.seed % 3 == 0;
      act.label = static_cast<std::uint8_t>(lowers ? 2 : std::min(4, std::max<int>(now + 1, 2)));
    }
    casting.plant(part.scenario, script, *day);
    any = true;
  }
  if (!any) return false;
  casting.announce({.kind = "auto_labelling",
                    .first = begin,
                    .last = begin + kAnnouncedDays,
                    .owner = to_text(Department::technology),
                    .reason = "A labelling rule runs over files in use"});
  return true;
}

bool plant_mail_migration(Casting& casting, const Part& part) {
  Random random(part.key);
  auto person = casting.cast(random, [](const Person& p) { return p.administrator; });
  // A small organisation has no administrator to spare.
  if (!person) person = casting.cast(random, [](const Person& p) { return p.level >= 1; });
  if (!person) return false;
  const Day begin = casting.day_at(random.between(20, 85));
  casting.keep_at_work(*person, begin, begin + 9);
  const Workforce& organisation = casting.organisation();
  const auto people = static_cast<std::uint32_t>(organisation.people.size());
  Script script(organisation, *person, random.next());
  for (const Day day : casting.workdays(script.person(), begin, random.between(2, 4))) {
    script.at(day, script.work_begins(day) + random.between(10, 120));
    for (int mailbox = random.between(2, 6); mailbox > 0; --mailbox) {
      const std::uint32_t owner = (*person + 1 + random.below(std::max(1U, people - 1))) % people;
      Act& granted = script.act(Kind::mailbox_permission);
      granted.target_kind = Target::person;
      granted.target = owner;
      for (int n = random.between(10, 40); n > 0; --n) {
        Act& read = script.act(Kind::mail_read);
        read.target_kind = Target::person;
        read.target = owner;
        read.amount = static_cast<std::uint16_t>(random.between(20, 60));
      }
    }
  }
  casting.plant(part.scenario, script, begin);
  casting.announce({.kind = "migration",
                    .first = begin,
                    .last = begin + 9,
                    .owner = to_text(Department::technology),
                    .reason = "Mailboxes move to another service plan"});
  return true;
}

bool plant_audit_season(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) {
    return p.department == Department::finance || p.department == Department::legal ||
           p.department == Department::operations || p.department == Department::human_resources;
  });
  if (!person) return false;
  const Workforce& organisation = casting.organisation();
  // Three weeks, the same for all.
  const Day season = organisation.first + (casting.days() - 1) * 45 / 100;
  casting.keep_at_work(*person, season, season + 20);
  Script script(organisation, *person, random.next());
  const std::uint32_t auditors = partner_named(organisation, kAuditors);
  const Day begin = season + random.between(0, 12);
  for (const Day day : casting.workdays(script.person(), begin, random.between(3, 6))) {
    script.at(day, script.work_begins(day) + random.between(30, 200));
    // One after the other: in a call compilers would draw in an order of their own.
    const std::uint8_t lowest_label = random.chance(500) ? 2 : 0;
    const int count = random.between(25, 110);
    const std::vector<DocumentRef> documents = script.choose(script.person().department_site, count, lowest_label);
    script.each(Kind::file_downloaded, documents, 4, 40);
    const auto some = std::min<std::ptrdiff_t>(std::ssize(documents), random.between(5, 25));
    const std::vector<DocumentRef> evidence(documents.begin(), documents.begin() + some);
    if (random.chance(500)) {
      for (const DocumentRef& document : evidence) {
        Act& link = script.act_on(Kind::secure_link, document);
        link.target_kind = Target::partner;
        link.target = auditors;
        Act& added = script.act_on(Kind::added_to_secure_link, document);
        added.target_kind = Target::partner;
        added.target = auditors;
      }
    } else {
      script.upload(evidence, Target::partner_site, auditors);
    }
  }
  casting.plant(part.scenario, script, begin);
  if (part.key == mix({organisation.seed, 61, part.scenario, 0})) {
    casting.announce({.kind = "other",
                      .first = season,
                      .last = season + 20,
                      .owner = to_text(Department::finance),
                      .reason = "The auditors collect evidence"});
  }
  return true;
}

}  // namespace candor
