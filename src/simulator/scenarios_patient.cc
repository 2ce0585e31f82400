#include <algorithm>

#include "simulator/calendar.h"
#include "simulator/casting.h"
#include "simulator/theft.h"

// People who take their time: never much on one day, for weeks or from before anybody looked.
namespace candor {
namespace {

// What a day of slow_ramp goes by. Nobody else's acts have all of them.
enum class Channel : std::uint8_t { media, mail, cloud, paper };
constexpr std::uint32_t kChannels = 4;

void take_by(Script& script, Channel channel, const std::vector<DocumentRef>& documents) {
  const auto provider = static_cast<std::uint32_t>(script.person().key % kPersonalCloud.size());
  switch (channel) {
    case Channel::media:
      take_out(script, Way::media, documents, 7);
      break;
    case Channel::mail:
      take_out(script, Way::mail, documents, 7);
      break;
    case Channel::cloud:
      script.upload(documents, Target::personal_cloud, provider);
      break;
    case Channel::paper:
      script.each(Kind::device_printed, documents, 10, 90);
      break;
  }
}

// How a ramp grows: by files a day, by days a week, by channels.
struct Week {
  int days = 2;
  int files = 1;
  std::uint32_t channels = kChannels;
};
Week week_of_ramp(std::uint32_t shape, int week, int weeks) {
  const int third = week * 3 / std::max(1, weeks);  // 0 to 2
  switch (shape) {
    case 0:
      return {.days = 3, .files = 1 + third * 2, .channels = kChannels};
    case 1:
      return {.days = 1 + third, .files = 3, .channels = kChannels};
    default:
      return {.days = 3, .files = 2 + third, .channels = 2 + static_cast<std::uint32_t>(third)};
  }
}

}  // namespace

bool plant_slow_ramp(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person =
      casting.cast(random, [](const Person& p) { return handles_content(p) && p.free_weekdays == 0 && p.crew == 0; });
  if (!person) return false;
  const int weeks = std::clamp(random.between(6, 10), 1, std::max(1, casting.days() * 8 / 10 / kWeek));
  const int latest = std::max(0, casting.days() - weeks * kWeek);
  const Day begin = casting.organisation().first + random.between(latest / 4, latest);
  casting.keep_at_work(*person, begin, begin + weeks * kWeek);
  Script script(casting.organisation(), *person, random.next());
  const std::uint32_t shape = part.shape(3);
  std::uint32_t turn = random.below(kChannels);
  for (int week = 0; week < weeks; ++week) {
    const Week plan = week_of_ramp(shape, week, weeks);
    std::vector<Day> days = casting.workdays(script.person(), begin + week * kWeek, 5);
    std::erase_if(days, [&](Day day) { return day >= begin + (week + 1) * kWeek; });
    while (static_cast<int>(days.size()) > plan.days) {
      days.erase(days.begin() + random.below(static_cast<std::uint32_t>(days.size())));
    }
    for (const Day day : days) {
      script.at(day, script.work_begins(day) + random.between(60, 460));
      const int files = std::max(1, plan.files + random.between(-1, 1));
      const std::vector<DocumentRef> documents = script.choose(script.person().site, files, 3);
      script.each(Kind::file_downloaded, documents, 20, 400);
      script.wait(300, 5000);
      take_by(script, static_cast<Channel>(turn++ % plan.channels), documents);
    }
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

bool plant_active_from_the_start(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, handles_content);
  if (!person) return false;
  const Day first = casting.organisation().first;
  const Day begin = first + random.between(0, 6);
  // To the end for some; others stop at some time.
  const Day end = random.chance(500) ? casting.organisation().last : casting.day_at(random.between(55, 95));
  casting.keep_at_work(*person, begin, begin + 20);
  Script script(casting.organisation(), *person, random.next());
  const Way way = static_cast<Way>(part.shape(4));
  const std::uint32_t per_thousand = static_cast<std::uint32_t>(random.between(200, 450));  // of days
  bool any = false;
  for (const Day day : casting.workdays(script.person(), begin, 4'000)) {
    if (day > end) break;
    if (any && !random.chance(per_thousand)) continue;
    any = true;
    script.at(day, script.work_begins(day) + random.between(120, 600));
    const int most = std::max(3, files_to_take_out(script) / 2);
    const std::vector<DocumentRef> documents = script.choose(script.person().site, random.between(2, most), 2);
    script.each(Kind::file_downloaded, documents, 5, 120);
    script.wait(200, 3000);
    take_out(script, way, documents, 7);
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

bool plant_stops_half_way(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, handles_content);
  if (!person) return false;
  const Day begin = casting.day_at(random.between(28, 85));
  casting.keep_at_work(*person, begin, begin + 14);
  Script script(casting.organisation(), *person, random.next());
  const std::vector<Day> days = casting.workdays(script.person(), begin, random.between(2, 4));
  std::vector<DocumentRef> collected;
  for (const Day day : days) {
    script.at(day, script.work_begins(day) + random.between(180, 520));
    const std::vector<DocumentRef> more =
        script.choose(script.person().department_site, files_to_collect(script) / 2, 2);
    script.each(Kind::file_downloaded, more, 1, 20);
    script.wait(200, 2000);
    const std::uint64_t archive = random.next() | 1;
    for (const DocumentRef& document : more) script.act_on(Kind::device_file_archived, document).thread = archive;
    if (!more.empty()) {
      Act& packed = script.act_on(Kind::device_archive_created, more.front());
      packed.thread = archive;
      packed.disguise = Disguise::archive;
    }
    collected.insert(collected.end(), more.begin(), more.end());
  }
  // A first small part to see whether it works.
  const std::vector<DocumentRef> first = most_worth(casting.organisation(), collected, random.between(1, 3));
  constexpr std::array kWays = {Way::mail, Way::media, Way::cloud};
  script.wait(600, 4000);
  if (!first.empty()) take_out(script, kWays[part.shape(3)], first, 7);
  if (!days.empty() && random.chance(500)) {
    // On another day, with a bad conscience.
    const auto later = casting.workday_from(script.person(), days.back() + 1);
    if (later) script.at(*later, script.work_begins(*later) + random.between(30, 300));
    script.each(Kind::device_file_deleted, collected, 0, 3);
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

}  // namespace candor
