#pragma once

#include <cstdint>
#include <vector>

#include "simulator/act.h"
#include "simulator/documents.h"
#include "simulator/organisation.h"
#include "simulator/random.h"

namespace candor {

struct DocumentRef {
  std::uint32_t site = 0;
  std::uint32_t file = 0;
};

// Writes one person's planted acts, one after the other, on a clock that only moves forward within a day.
class Script {
 public:
  Script(const Workforce& organisation, std::uint32_t person, std::uint64_t key)
      : organisation_(organisation), person_(person), random_(key) {}

  const Workforce& organisation() const { return organisation_; }
  const Person& person() const { return organisation_.people[person_]; }
  std::uint32_t index() const { return person_; }
  Random& random() { return random_; }
  // Minute of the person's local day at which work begins.
  int work_begins(Day day) const { return start_minute_on(person(), day); }
  std::vector<Act>& acts() { return acts_; }

  // Sets the clock to a minute of the person's local day. `night`: from home, whatever the plan of the day.
  void at(Day day, int minute, bool night = false);
  // From here on somebody else does it with the person's account.
  void by_outsider() { outsider_ = true; }
  void wait(int low_seconds, int high_seconds);
  // Something done now; the clock moves on a little. The reference is good until the next act.
  Act& act(Kind kind);
  Act& act_on(Kind kind, DocumentRef document);

  // `count` different documents, neighbours on the site. `lowest_label`: those with at least this label only (and at
  // most `highest_label`), as far as the site has them.
  std::vector<DocumentRef> choose(std::uint32_t site, int count, std::uint8_t lowest_label = 0,
                                  std::uint8_t highest_label = 4);
  void each(Kind kind, const std::vector<DocumentRef>& documents, int low_seconds, int high_seconds);

  // --- what several scenarios do ---
  void copy_to_media(const std::vector<DocumentRef>& documents, Disguise disguise, std::uint64_t medium);
  void upload(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which);
  // Packs the documents, then uploads the archives.
  void archive_and_upload(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which);
  // Mails with up to five attachments each. Returns the messages' threads.
  std::vector<std::uint64_t> mail(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which,
                                  Disguise disguise = Disguise::none);

 private:
  const Workforce& organisation_;
  std::uint32_t person_;
  Random random_;
  TimePoint now_ = 0;
  bool night_ = false;
  bool outsider_ = false;
  std::vector<Act> acts_;
};

}  // namespace candor
