#include "access/lifting.h"

#include <sodium.h>

#include "access/local_names.h"
#include "access/person_names.h"
#include "access/present.h"
#include "profile/hidden_people.h"

namespace candor {
namespace {

constexpr Sql kColumns = "select lift_id, person_id, alert, reason, user_name, begins, ends from lifts ";

Lift read_lift(const Row& row) {
  return {.id = row.text(0),
          .person = row.id<PersonId>(1),
          .alert = row.text(2),
          .reason = row.text(3),
          .viewer = row.text(4),
          .from = row.integer(5),
          .until = row.integer(6)};
}

std::string random_id() {
  std::string raw(16, '\0');
  randombytes_buf(raw.data(), raw.size());
  return to_hex(raw);
}

std::string_view trimmed(std::string_view text) {
  static constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Result<void> end_now(Transaction& work, const Keys& keys, const AuditLog& audit, TimePoint now,
                     const std::string& viewer, const Lift& lift) {
  CANDOR_TRY_VOID(work.execute("update lifts set ends = ?1 where lift_id = ?2", {now, lift.id}));
  AuditEntry entry;
  entry.viewer = viewer;
  entry.action = "person.lift_ended";
  entry.object_kind = "lift";
  entry.object_id = lift.id;
  entry.alert = lift.alert;
  entry.pseudonym = pseudonym(keys, lift.person);
  CANDOR_TRY_VOID(audit.append(work, entry));
  return {};
}

Result<std::vector<Lift>> lifts(Store& store, Sql sql, const Parameters& parameters, const Viewer& viewer) {
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(const auto rows, reading.rows(sql, parameters));
  std::vector<Lift> found;
  for (const Row& row : rows) {
    Lift lift = read_lift(row);
    CANDOR_TRY(const bool hidden, hides(reading, viewer.hidden_people(), lift.person));
    if (!hidden) found.push_back(std::move(lift));
  }
  return found;
}

}  // namespace

Lifting::Lifting(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, TimePoint duration)
    : store_(&store), keys_(&keys), clock_(&clock), audit_(&audit), duration_(duration) {}

Result<Lift> Lifting::lift(const Viewer& viewer, const PersonId& person, const std::string& alert,
                           std::string_view reason) {
  CANDOR_TRY_VOID(viewer.require(Permission::people_lift));
  const std::string_view why = trimmed(reason);
  if (why.empty()) return fail("access.bad_reason", "say why the name is needed");
  if (why.size() > kLongestReason) return fail("access.bad_reason", "a reason has at most 1000 bytes");
  const TimePoint now = clock_->now();
  const Lift lift{.id = random_id(),
                  .person = person,
                  .alert = alert,
                  .reason = std::string(why),
                  .viewer = viewer.user(),
                  .from = now,
                  .until = now + duration_};
  CANDOR_TRY(const std::string why_masked, masked_for_audit(*store_, *keys_, person, now, why));
  return store_->transact([&](Transaction& work) -> Result<Lift> {
    CANDOR_TRY(const auto known, work.row("select 1 from people where person_id = ?1", {person}));
    CANDOR_TRY(const bool hidden, hides(work, viewer.hidden_people(), person));
    if (!known || hidden) return fail("access.unknown_person", "there is no such person");
    CANDOR_TRY_VOID(work.execute("update lifts set ends = ?1 where user_name = ?2 and person_id = ?3 and ends > ?1",
                                 {now, lift.viewer, person}));
    CANDOR_TRY_VOID(
        work.execute("insert into lifts (lift_id, person_id, alert, reason, user_name, begins, ends, session) "
                     "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     {lift.id, person, alert, lift.reason, lift.viewer, lift.from, lift.until, viewer.session()}));
    AuditEntry entry;
    entry.viewer = lift.viewer;
    entry.action = "person.lifted";
    entry.object_kind = "lift";
    entry.object_id = lift.id;
    entry.alert = alert;
    entry.pseudonym = pseudonym(*keys_, person);
    entry.reason = why_masked;
    entry.details = R"({"until":")" + format_time(lift.until) + R"("})";
    CANDOR_TRY_VOID(audit_->append(work, done_by(viewer, std::move(entry))));
    return lift;
  });
}

Result<void> Lifting::end(const Viewer& viewer, std::string_view lift_id) {
  const TimePoint now = clock_->now();
  return store_->transact([&](Transaction& work) -> Result<void> {
    static const SqlBuilder kOne = SqlBuilder().add(kColumns).add("where lift_id = ?1 and ends > ?2");
    CANDOR_TRY(const auto row, work.row(kOne.sql(), {lift_id, now}));
    const Error none{"access.unknown_lift", "there is no such lift, or it has ended"};
    if (!row || (row->text(4) != viewer.user() && !viewer.may(Permission::audit_read))) return std::unexpected(none);
    CANDOR_TRY(const bool hidden, hides(work, viewer.hidden_people(), read_lift(*row).person));
    if (hidden) return std::unexpected(none);
    return end_now(work, *keys_, *audit_, now, viewer.user(), read_lift(*row));
  });
}

Result<void> end_lifts_of_session(Transaction& work, const Keys& keys, const AuditLog& audit, TimePoint now,
                                  const std::string& viewer, const std::string& session) {
  static const SqlBuilder kOpen =
      SqlBuilder().add(kColumns).add("where session = ?1 and ends > ?2 order by begins, lift_id");
  CANDOR_TRY(const auto rows, work.rows(kOpen.sql(), {session, now}));
  for (const Row& row : rows) CANDOR_TRY_VOID(end_now(work, keys, audit, now, viewer, read_lift(row)));
  return {};
}

Result<std::vector<Lift>> Lifting::current(const Viewer& viewer) const {
  static const SqlBuilder kOwn =
      SqlBuilder().add(kColumns).add("where user_name = ?1 and ends > ?2 order by begins desc, lift_id");
  return lifts(*store_, kOwn.sql(), {viewer.user(), clock_->now()}, viewer);
}

Result<std::vector<Lift>> Lifting::current_of_all(const Viewer& viewer) const {
  CANDOR_TRY_VOID(viewer.require(Permission::audit_read));
  static const SqlBuilder kAll = SqlBuilder().add(kColumns).add("where ends > ?1 order by begins desc, lift_id");
  return lifts(*store_, kAll.sql(), {clock_->now()}, viewer);
}

Result<std::vector<PersonId>> people_lifted(Reading& reading) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each("select distinct person_id from lifts", {}, [&](const Row& row) {
    people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return people;
}

Result<std::int64_t> erase_lifts(Transaction& work, const PersonId& person) {
  return work.execute("delete from lifts where person_id = ?1", {person});
}

Result<std::int64_t> forget_lifts_at(Transaction& work, std::string_view alert_id, TimePoint now) {
  return work.execute("delete from lifts where alert = ?1 and ends < ?2", {alert_id, now});
}

}  // namespace candor
