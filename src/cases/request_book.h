#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/own_people.h"
#include "alerts/alerts.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "cases/request.h"
#include "store/store.h"

namespace candor {

// Requests as people and policies ask for them, agree to them and take them back.
//   * nobody agrees to what they asked for, nobody asks or decides about themselves;
//   * over invented people what a person asks for is agreed to at once: there is nobody to protect;
//   * a request at an alert that a policy made decides the alert, too: agreed confirms it, rejected dismisses it.
// Acts are in the caller's transaction, so that the audit line is in it too.
// Errors besides the store's: `requests.bad` (says what is wrong), `requests.not_found`, `requests.not_waiting`,
// `requests.own_request`, `requests.own_person`, `requests.too_many`, `requests.not_open`, and those of AlertBook.
// Thread safety: any member from any thread.
class RequestBook {
 public:
  static constexpr std::int64_t kMostWaiting = 1000;  // that people asked for

  // All must outlive this object. `invented`: whether the people of this folder are invented ones, asked at each call.
  RequestBook(Store& store, const Keys& keys, const Clock& clock, AlertBook& alerts, std::function<bool()> invented)
      : store_(store), keys_(keys), clock_(clock), alerts_(alerts), invented_(std::move(invented)) {}

  Result<StoredRequest> add(Transaction& work, const NewRequest& wanted, std::string_view user) const;
  // What policies ask because of their alerts (Policy::screen_evidence_days): for each that waits for review one
  // request that waits, asked again where nobody decided in its days or the alert came back; withdrawn when the alert
  // waits no more. How many were asked for.
  Result<std::int64_t> follow_alerts() const;
  Result<StoredRequest> approve(Transaction& work, std::int64_t number, std::string_view reason,
                                std::string_view user) const;
  // Who asked takes it back by withdraw().
  Result<StoredRequest> reject(Transaction& work, std::int64_t number, std::string_view reason,
                               std::string_view user) const;
  // What waits, or was agreed to: from now on it may not be used.
  Result<StoredRequest> withdraw(Transaction& work, std::int64_t number, std::string_view reason,
                                 std::string_view user) const;

  Result<RequestPage> find(const RequestQuery& query) const;
  Result<StoredRequest> get(std::int64_t number) const;
  // Whether that user asked for it, or owns or contributes to the case it was asked in: none of them decides on it.
  Result<bool> is_of(Reading& reading, const StoredRequest& request, std::string_view user) const;
  // Whether what was agreed to is that user's to read: whoever asked; in a case its members, and no longer who left it.
  Result<bool> may_use(Reading& reading, const StoredRequest& request, std::string_view user) const;
  // What a trace begins with; empty of other kinds. `base.seal_broken`.
  Result<RequestStart> start_of(Reading& reading, const StoredRequest& request) const;
  // Everything asked about one person, newest first.
  static Result<std::vector<StoredRequest>> of_person(Reading& reading, const PersonId& person);
  // About whom something was ever asked; ascending.
  static Result<std::vector<PersonId>> people(Reading& reading);

 private:
  Result<StoredRequest> waiting(Reading& reading, std::int64_t number, std::string_view user) const;
  Result<void> not_about(Reading& reading, const PersonId& person, std::string_view user) const;
  static Result<void> check_room(Reading& reading, Day today);
  Result<void> keep_start(Transaction& work, std::int64_t number, const RequestStart& start) const;
  static Result<StoredRequest> insert(Transaction& work, StoredRequest row);

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
  AlertBook& alerts_;
  const std::function<bool()> invented_;
};

}  // namespace candor
