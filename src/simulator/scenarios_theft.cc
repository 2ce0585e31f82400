#include <algorithm>

#include "simulator/casting.h"
#include "simulator/theft.h"

// People who take content with them: by removable media, cloud storage and mail.
namespace candor {
namespace {

// Two to five of the working days between two, the last one among them.
std::vector<Day> theft_days(const Casting& casting, Script& script, Day begin, Day last) {
  std::vector<Day> days = casting.workdays(script.person(), begin, 60);
  std::erase_if(days, [&](Day day) { return day >= last; });
  const int others = script.random().between(1, 4);
  while (static_cast<int>(days.size()) > others) {
    days.erase(days.begin() + script.random().below(static_cast<std::uint32_t>(days.size())));
  }
  days.push_back(last);
  return days;
}

}  // namespace

bool plant_departing_thief(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, handles_content);
  if (!person) return false;
  const Day wish = casting.day_at(random.between(55, 96));
  const Day notice = wish - random.between(10, 28);
  const Day begin = notice - random.between(0, 7);
  casting.keep_at_work(*person, begin, wish);
  Script script(casting.organisation(), *person, random.next());
  const auto last = casting.workday_until(script.person(), wish);
  if (!last) return false;
  const std::vector<Day> days = theft_days(casting, script, begin, *last);
  const Way way = static_cast<Way>(part.shape(4));
  const bool by_sync = random.chance(350);
  std::vector<DocumentRef> taken;
  for (const Day day : days) {
    script.at(day, script.work_begins(day) + script.person().work_minutes - random.between(-60, 150));
    const std::vector<DocumentRef> collected = loot(script, files_to_collect(script));
    script.each(by_sync ? Kind::file_sync_downloaded : Kind::file_downloaded, collected, 0, 8);
    script.wait(120, 1500);
    taken = most_worth(casting.organisation(), collected, files_to_take_out(script));
    take_out(script, way, taken, 7);
  }
  if (random.chance(700)) remove_traces(script, taken);
  casting.plant(part.scenario, script, *last);
  casting.resign(*person, notice, *last);
  return true;
}

bool plant_slow_leaker(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) {
    return handles_content(p) && p.free_weekdays == 0 && p.department != Department::support;
  });
  if (!person) return false;
  Script script(casting.organisation(), *person, random.next());
  const Day begin = casting.day_at(random.between(5, 25));
  const Way way = static_cast<Way>(part.shape(3));
  const int most = random.between(2, 4);
  for (const Day day : casting.workdays(script.person(), begin, 120)) {
    if (!random.chance(720)) continue;
    script.at(day, script.work_begins(day) + random.between(200, 520));
    const std::vector<DocumentRef> documents = script.choose(script.person().site, random.between(1, most), 3);
    script.each(Kind::file_downloaded, documents, 20, 300);
    script.wait(300, 4000);
    if (way == Way::cloud) {
      script.upload(documents, Target::personal_cloud, static_cast<std::uint32_t>(script.person().key % 3));
    } else {
      take_out(script, way, documents, 7);
    }
  }
  casting.plant(part.scenario, script, begin);
  if (random.chance(500)) {
    casting.plan().reviews.push_back({*person, begin - 6, "Passed over for promotion", "2 Below expectations"});
  }
  return true;
}

bool plant_night_media_leak_site(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, [](const Person& p) { return handles_content(p) && p.media_percent < 90; });
  if (!person) return false;
  // No removable media before: that is the point.
  casting.organisation().people[*person].media_percent = 0;
  const Day begin = casting.day_at(random.between(40, 80));
  casting.keep_at_work(*person, begin, begin + 40);
  Script script(casting.organisation(), *person, random.next());
  const auto site = random.below(static_cast<std::uint32_t>(kLeakSites.size()));
  const std::vector<Day> days = casting.workdays(script.person(), begin, random.between(4, 8));
  for (const Day day : days) {
    script.at(day, random.between(22 * 60 + 10, 26 * 60), true);
    script.act(Kind::signed_in);
    for (int n = random.between(2, 5); n > 0; --n)
      script.act_on(Kind::search_performed, script.choose(script.person().department_site, 1)[0]);
    // What goes to the medium and what goes to the site leave on one day.
    const int files = files_to_take_out(script);
    const std::vector<DocumentRef> documents = script.choose(script.person().department_site, files * 2 / 3, 2);
    script.each(Kind::file_downloaded, documents, 1, 25);
    script.copy_to_media(documents, Disguise::none, 7);
    script.wait(60, 900);
    script.upload({documents.begin(), documents.begin() + std::ssize(documents) / 2}, Target::leak_site, site);
  }
  casting.plant(part.scenario, script, begin);
  const Day after = days.empty() ? begin : days.back();
  casting.resign(*person, after + 1, after + random.between(4, 15));
  return true;
}

bool plant_cloud_upload_after_layoffs(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, handles_content);
  if (!person) return false;
  const Day wish = casting.day_at(random.between(45, 85));
  casting.keep_at_work(*person, wish, wish + 20);
  Script script(casting.organisation(), *person, random.next());
  const auto told = casting.workday_from(script.person(), wish);
  if (!told) return false;
  const bool archived = part.shape(2) == 1;
  const bool cleans = random.chance(400);
  const auto provider = static_cast<std::uint32_t>(random.below(3));
  for (const Day day : casting.workdays(script.person(), *told, random.between(1, 4))) {
    script.at(day, random.between(13 * 60, 19 * 60));
    const std::vector<DocumentRef> collected = loot(script, files_to_collect(script));
    script.each(Kind::file_downloaded, collected, 0, 7);
    script.wait(100, 900);
    const std::vector<DocumentRef> documents = most_worth(casting.organisation(), collected, files_to_take_out(script));
    if (archived) {
      script.archive_and_upload(documents, Target::personal_cloud, provider);
    } else {
      script.upload(documents, Target::personal_cloud, provider);
    }
    if (cleans) remove_traces(script, documents);
  }
  casting.plant(part.scenario, script, *told);
  casting.resign(*person, *told, *told + random.between(14, 40));
  // Others hear the same day that they must go, and do nothing about it.
  for (int n = random.between(1, 3); n > 0; --n) {
    const auto other = casting.cast(random, handles_content);
    if (other) casting.resign(*other, *told, *told + random.between(14, 40));
  }
  return true;
}

bool plant_mail_to_self(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, handles_content);
  if (!person) return false;
  Script script(casting.organisation(), *person, random.next());
  const Day begin = casting.day_at(random.between(20, 80));
  casting.keep_at_work(*person, begin, begin + 14);
  const bool one_day = part.shape(3) == 0;
  const bool hidden = random.chance(250);
  for (const Day day : casting.workdays(script.person(), begin, one_day ? 1 : random.between(3, 8))) {
    script.at(day, script.work_begins(day) + random.between(120, 560));
    const int most = files_to_take_out(script);
    const std::vector<DocumentRef> documents =
        script.choose(script.person().site, one_day ? most : random.between(2, most), 2);
    script.each(Kind::file_downloaded, documents, 1, 20);
    for (const std::uint64_t thread :
         script.mail(documents, Target::own_address, 0, hidden ? Disguise::harmless : Disguise::none)) {
      if (!random.chance(400)) continue;
      Act& deleted = script.act(Kind::mail_hard_deleted);
      deleted.thread = thread;
      deleted.amount = 1;
    }
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

bool plant_label_downgrade(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(
      random, [](const Person& p) { return handles_content(p) && p.department != Department::operations; });
  if (!person) return false;
  Script script(casting.organisation(), *person, random.next());
  const Day begin = casting.day_at(random.between(15, 85));
  casting.keep_at_work(*person, begin, begin + 10);
  const std::uint32_t shape = part.shape(4);
  for (const Day day : casting.workdays(script.person(), begin, random.between(2, 4))) {
    script.at(day, script.work_begins(day) + random.between(60, 420));
    const std::vector<DocumentRef> documents =
        script.choose(script.person().department_site, files_to_take_out(script), 3);
    for (const DocumentRef& document : documents) {
      const bool removed = shape == 1;
      const bool on_device = shape == 2;
      const Kind lowered = on_device ? Kind::label_updated : Kind::file_label_changed;
      const Kind gone = on_device ? Kind::label_removed : Kind::file_label_removed;
      Act& act = script.act_on(removed ? gone : lowered, document);
      act.label = removed ? 0 : 2;
    }
    script.wait(120, 1800);
    script.each(Kind::file_downloaded, documents, 1, 12);
    script.wait(120, 1800);
    if (shape == 0) {
      script.each(Kind::anonymous_link, documents, 2, 30);
    } else if (shape == 1) {
      script.mail(documents, Target::other_personal, 4);
    } else {
      take_out(script, shape == 2 ? Way::hidden_media : Way::cloud, documents, 7);
    }
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

}  // namespace candor
