#include <algorithm>

#include "simulator/casting.h"
#include "simulator/theft.h"

// Harm without a person's intent: accidents, and accounts others have taken over.
namespace candor {
namespace {

bool ordinary(const Person& person) { return person.level >= 1 && !person.administrator; }

}  // namespace

bool plant_misdirected_mail(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, ordinary);
  if (!person) return false;
  const Workforce& organisation = casting.organisation();
  Script script(organisation, *person, random.next());
  const Day wish = casting.day_at(random.between(15, 95));
  casting.keep_at_work(*person, wish, wish + 4);
  const auto day = casting.workday_from(script.person(), wish);
  if (!day) return false;
  script.at(*day, script.work_begins(*day) + random.between(60, 420));
  // The address book completes the wrong name: somebody else's private mail, or another partner.
  const bool private_address = part.shape(2) == 0;
  const auto partner = random.below(static_cast<std::uint32_t>(organisation.partners.size()));
  const std::vector<DocumentRef> documents = script.choose(script.person().site, random.between(1, 5), 3);
  if (documents.empty()) return false;
  script.mail(documents, private_address ? Target::other_personal : Target::partner, private_address ? 2 : partner);
  // Noticed, and sent to the colleague it was for.
  script.wait(120, 2400);
  script.mail(documents, Target::person, static_cast<std::uint32_t>(std::max(0, script.person().manager)));
  casting.plant(part.scenario, script, *day);
  return true;
}

bool plant_link_left_open(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, ordinary);
  if (!person) return false;
  Script script(casting.organisation(), *person, random.next());
  const Day wish = casting.day_at(random.between(15, 90));
  casting.keep_at_work(*person, wish, wish + 4);
  const auto day = casting.workday_from(script.person(), wish);
  if (!day) return false;
  script.at(*day, script.work_begins(*day) + random.between(60, 420));
  for (const DocumentRef& document : script.choose(script.person().department_site, random.between(2, 9), 3)) {
    const std::uint64_t thread = random.next() | 1;
    script.act_on(Kind::anonymous_link, document).thread = thread;
    for (int n = random.between(1, 4); n > 0; --n) {
      script.wait(600, 9000);
      script.act_on(Kind::anonymous_link_used, document).thread = thread;
    }
  }
  casting.plant(part.scenario, script, *day);
  return true;
}

bool plant_taken_over_account(Casting& casting, const Part& part) {
  Random random(part.key);
  const auto person = casting.cast(random, ordinary);
  if (!person) return false;
  const Workforce& organisation = casting.organisation();
  Script script(organisation, *person, random.next());
  const Day begin = casting.day_at(random.between(20, 90));
  casting.keep_at_work(*person, begin, begin + 6);
  script.by_outsider();
  // In the owner's night; a second one, or more, when nobody noticed.
  int nights = random.between(1, 3);
  for (Day day = begin; day <= organisation.last && nights > 0; ++day, --nights) {
    script.at(day, random.between(60, 240), true);
    for (int n = random.between(4, 25); n > 0; --n) script.act(Kind::sign_in_failed);
    script.act(Kind::signed_in);
    for (int n = random.between(10, 40); n > 0; --n) {
      script.act(Kind::mail_read).amount = static_cast<std::uint16_t>(random.between(5, 50));
    }
    if (day == begin) {
      Act& rule = script.act(Kind::inbox_rule);
      rule.target_kind = Target::other_personal;
      rule.target = 5;
    }
    for (int n = random.between(2, 6); n > 0; --n) {
      const auto documents = script.choose(script.person().site, 1);
      if (!documents.empty()) script.act_on(Kind::search_performed, documents[0]);
    }
    const std::vector<DocumentRef> documents = script.choose(script.person().site, files_to_collect(script));
    script.each(Kind::file_downloaded, documents, 0, 3);
    if (part.shape(2) == 0) {
      const auto some = std::min<std::ptrdiff_t>(std::ssize(documents), files_to_take_out(script));
      script.each(Kind::anonymous_link, {documents.begin(), documents.begin() + some}, 1, 10);
    } else {
      // Mail to everybody the owner knows, in the owner's name.
      for (int n = random.between(15, 60); n > 0; --n) {
        Act& sent = script.act(Kind::mail_sent);
        sent.target_kind = Target::partner;
        sent.target = random.below(static_cast<std::uint32_t>(organisation.partners.size()));
        sent.thread = random.next() | 1;
      }
    }
  }
  casting.plant(part.scenario, script, begin);
  return true;
}

}  // namespace candor
