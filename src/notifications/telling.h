#pragma once

#include <map>
#include <optional>
#include <string>

#include "access/own_people.h"
#include "access/visible_people.h"
#include "alerts/alerts.h"
#include "base/keys.h"
#include "base/result.h"
#include "cases/cases.h"
#include "cases/request_book.h"
#include "notifications/recipients.h"
#include "notifications/waiting.h"
#include "outbox/field_text.h"
#include "profile/facts.h"
#include "store/store.h"

namespace candor {

// Where what is told is looked up. All must outlive whoever uses them.
struct TellingSources {
  Store& store;
  const Keys& keys;
  const Clock& clock;
  const AlertBook& alerts;
  const CaseBook& cases;
  const RequestBook& requests;
  const Facts& facts;
  std::string site;  // where browsers reach Candor; "": not known
};

// What one viewer may be told, as things are now. People go by pseudonym, policies by their name with the person's own
// names masked; nothing that somebody typed is in it. Thread safety: one thread; as long as one look lasts.
class Telling {
 public:
  // Both must outlive this object.
  Telling(const TellingSources& sources, const NotifiedViewer& viewer, OwnPeople own, HiddenPeople hidden);

  // What is told of it; nullopt: the viewer may not read it, it is about themselves, somebody outside of the units
  // they are limited to, or somebody they lead or are led by, or it is over by now.
  Result<std::optional<FieldValues>> values(const NotificationNews& news);
  // The same question without the answer: cheaper.
  Result<bool> may_tell(const NotificationNews& news);

 private:
  struct Found {
    std::optional<PersonId> person = {};
    std::string path = {};         // of the page
    std::string policy_name = {};  // as it is stored
    FieldValues values = {};
  };
  using MaybeFound = Result<std::optional<Found>>;

  MaybeFound find(const NotificationNews& news) const;
  MaybeFound find_alert(const NotificationNews& news) const;
  MaybeFound find_case(const NotificationNews& news) const;
  MaybeFound find_source(const NotificationNews& news) const;
  MaybeFound find_mass_event(const NotificationNews& news) const;
  MaybeFound find_request(const NotificationNews& news) const;
  MaybeFound find_allowed(const NotificationNews& news);
  Result<bool> is_of_own_team(const PersonId& person);

  const TellingSources& sources_;
  const NotifiedViewer& viewer_;
  const OwnPeople own_;
  const HiddenPeople hidden_;
  std::map<PersonId, bool> own_team_;  // asked already
};

}  // namespace candor
