#include "access/unit_members.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "access/present.h"

namespace candor {
namespace {

using UnitIds = std::set<std::string>;

// What the members that are stored were found from.
struct FoundFrom {
  Day day = -1;
  std::int64_t facts = 0;
  std::string rules;
  bool operator==(const FoundFrom&) const = default;
};

std::int64_t integer_in(const std::string& text, std::int64_t otherwise) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? value : otherwise;
}

Result<FoundFrom> found_from(Reading& reading) {
  FoundFrom out;
  CANDOR_TRY_VOID(reading.each("select name, value from unit_state", {}, [&](const Row& row) {
    if (row.text(0) == "day") out.day = static_cast<Day>(integer_in(row.text(1), -1));
    if (row.text(0) == "facts") out.facts = integer_in(row.text(1), 0);
    if (row.text(0) == "rules") out.rules = row.text(1);
    return true;
  }));
  return out;
}

Result<void> note_found_from(Transaction& work, const FoundFrom& from) {
  const std::map<std::string, std::string> values = {
      {"day", std::to_string(from.day)}, {"facts", std::to_string(from.facts)}, {"rules", from.rules}};
  for (const auto& [name, value] : values) {
    CANDOR_TRY_VOID(
        work.execute("insert into unit_state (name, value) values (?1, ?2) on conflict (name) do update "
                     "set value = excluded.value",
                     {name, value}));
  }
  return {};
}

// Of everybody a rule could bring in, and everybody who is in.
Result<std::set<PersonId>> everybody(Reading& reading) {
  std::set<PersonId> people;
  const auto take = [&](const Row& row) {
    people.insert(row.id<PersonId>(0));
    return true;
  };
  CANDOR_TRY_VOID(reading.each("select distinct person_id from directory_entries", {}, take));
  CANDOR_TRY_VOID(reading.each("select distinct person_id from unit_members", {}, take));
  return people;
}

Result<UnitIds> stored_units(Reading& reading, const PersonId& person) {
  UnitIds units;
  CANDOR_TRY_VOID(reading.each("select unit_id from unit_members where person_id = ?1", {person}, [&](const Row& row) {
    units.insert(row.text(0));
    return true;
  }));
  return units;
}

Result<void> put_units(Transaction& work, const std::vector<Unit>& units, std::int64_t priority) {
  for (const Unit& unit : units) {
    CANDOR_TRY_VOID(
        work.execute("insert into units (unit_id, rule, priority) values (?1, ?2, ?3) on conflict (unit_id) "
                     "do update set rule = excluded.rule, priority = excluded.priority",
                     {unit.id, rule_in_words(unit), priority}));
  }
  return {};
}

// A priority group that the file may mean, in what was not understood of it, stays as it was.
Result<void> replace_units(Transaction& work, const Units& units) {
  CANDOR_TRY_VOID(units.faulty ? work.execute("delete from units where priority = 0")
                               : work.execute("delete from units"));
  CANDOR_TRY_VOID(put_units(work, units.units, 0));
  CANDOR_TRY_VOID(put_units(work, units.groups, 1));
  CANDOR_TRY_VOID(work.execute("delete from unit_members where unit_id not in (select unit_id from units)"));
  return {};
}

std::string lines_of(const std::vector<Unit>& units) {
  std::string text;
  for (const Unit& unit : units) text += unit.id + ": " + rule_in_words(unit) + "\n";
  return text;
}

std::string rules_text(const Units& units) {
  const std::string groups = lines_of(units.groups);
  return lines_of(units.units) + (groups.empty() ? "" : "priority groups\n" + groups) +
         (units.faulty ? "not understood\n" : "");
}

Result<std::string> stored_groups(Reading& reading) {
  std::string text;
  CANDOR_TRY_VOID(
      reading.each("select unit_id, rule from units where priority = 1 order by unit_id", {}, [&](const Row& row) {
        text += row.text(0) + ": " + row.text(1) + "\n";
        return true;
      }));
  return text;
}

// Whoever changes the file is not known here; that people came into the sight of more viewers is.
Result<void> note_groups(Transaction& work, const AuditLog& audit, const std::string& from, const std::string& to) {
  constexpr std::size_t kLongest = 4000;  // bytes: a line of the log, not a copy of the file
  AuditEntry entry;
  entry.viewer = "candor";
  entry.action = "priority_groups.changed";
  entry.object_kind = "priority_groups";
  entry.object_id = "units.yml";
  entry.details = nlohmann::ordered_json{{"from", from.substr(0, kLongest)}, {"to", to.substr(0, kLongest)}}.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  CANDOR_TRY_VOID(audit.append(work, entry));
  return {};
}

// Priority groups that the file does not have, and that stay because something in it was not understood.
Result<UnitIds> kept_groups(Reading& reading, const Units& units) {
  UnitIds kept;
  CANDOR_TRY_VOID(reading.each("select unit_id from units where priority = 1", {}, [&](const Row& row) {
    if (units.find_group(row.text(0)) == nullptr) kept.insert(row.text(0));
    return true;
  }));
  return kept;
}

}  // namespace

Result<UnitMembers::Refreshed> UnitMembers::refresh(const Units& units, Day today) const {
  FoundFrom before;
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(before, found_from(reading));
  }
  if (units.units.empty() && units.groups.empty() && before.rules.empty()) return Refreshed{};  // nobody is in anything
  CANDOR_TRY(const auto changed, facts_.changed_since(before.facts));
  const FoundFrom now{.day = today, .facts = changed.upto, .rules = rules_text(units)};
  if (now == before) return Refreshed{};
  Refreshed out;
  std::map<PersonId, UnitIds> wanted;
  {
    CANDOR_TRY(auto reading, store_.read());
    std::set<PersonId> people(changed.people.begin(), changed.people.end());
    if (now.day != before.day || now.rules != before.rules) {
      CANDOR_TRY(people, everybody(reading));
    }
    for (const PersonId& person : people) {
      CANDOR_TRY(const Profile profile, facts_.profile(reading, person, kKnownNow));
      const Fact* const told = profile.directory_on(today);
      UnitIds& theirs = wanted[person];
      for (const std::vector<Unit>* list : {&units.units, &units.groups}) {
        for (const Unit& unit : *list) {
          if (is_member(unit, told)) theirs.insert(unit.id);
        }
      }
    }
  }
  out.looked_at = static_cast<std::int64_t>(wanted.size());
  CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
    if (now.rules != before.rules) {
      CANDOR_TRY(const std::string groups_before, stored_groups(work));
      CANDOR_TRY_VOID(replace_units(work, units));
      CANDOR_TRY(const std::string groups_after, stored_groups(work));
      if (groups_before != groups_after) CANDOR_TRY_VOID(note_groups(work, audit_, groups_before, groups_after));
    }
    CANDOR_TRY(const UnitIds kept, kept_groups(work, units));
    for (const auto& [person, theirs] : wanted) {
      CANDOR_TRY(const UnitIds stored, stored_units(work, person));
      for (const std::string& unit : stored) {
        if (theirs.contains(unit) || kept.contains(unit)) continue;
        CANDOR_TRY(const auto gone,
                   work.execute("delete from unit_members where unit_id = ?1 and person_id = ?2", {unit, person}));
        out.left += gone;
      }
      for (const std::string& unit : theirs) {
        if (stored.contains(unit)) continue;
        // Somebody may have been erased since.
        CANDOR_TRY(const auto known, work.row("select 1 from people where person_id = ?1", {person}));
        if (!known) continue;
        CANDOR_TRY(const auto come,
                   work.execute("insert into unit_members (unit_id, person_id, person_hex, pseudonym) values (?1, ?2, "
                                "?3, ?4) on conflict (unit_id, person_id) do nothing",
                                {unit, person, to_hex(person), pseudonym(keys_, person)}));
        out.joined += come;
      }
    }
    return note_found_from(work, now);
  }));
  return out;
}

Result<std::map<std::string, std::int64_t>> UnitMembers::counts() const {
  CANDOR_TRY(auto reading, store_.read());
  std::map<std::string, std::int64_t> out;
  CANDOR_TRY_VOID(
      reading.each("select un.unit_id, count(um.person_id) from units un left join unit_members um on "
                   "um.unit_id = un.unit_id group by un.unit_id",
                   {}, [&](const Row& row) {
                     out[row.text(0)] = row.integer(1);
                     return true;
                   }));
  return out;
}

Result<std::int64_t> erase_unit_memberships(Transaction& work, const PersonId& person) {
  return work.execute("delete from unit_members where person_id = ?1", {person});
}

}  // namespace candor
