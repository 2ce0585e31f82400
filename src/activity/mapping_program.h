#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "activity/derive.h"
#include "activity/domain_kinds.h"
#include "activity/extracted.h"
#include "activity/field.h"
#include "activity/organisation.h"
#include "activity/text_map.h"
#include "activity/time_formats.h"
#include "sources/raw_record.h"

// A mapping file after reading and checking: what normalising runs. Internal to this folder.
namespace candor {

// How a rule makes its value. The names in mapping files stand beside them in transform.cc.
enum class Transform : std::uint8_t {
  text,             // as it is
  lower,            // in lower case
  integer,          // a number, also when written as text
  hour,             // the hour of the day of a time as it is written: 14 of "01/05/2026 14:03" and of "2:03 PM"
  amount,           // the whole part of a sum: 1250 of "1,250.75", "1.250,75 EUR", "1250.7"
  boolean,          // true, false, 1, 0, in any case, also as text
  ip,               // the address of "1.2.3.4:5", "[::1]:5", "::1"
  port,             // the port of the same
  address,          // the first e-mail address in "Name <a@b.example>", "smtp:a@b.example; c@d.example",
                    // "i:0#.f|membership|a@b.example"; of a guest's "a_b.example#EXT#@c.example" the one at home
  not_address,      // the text, when there is no address in it
  domain,           // of an address
  host,             // of a URL
  url,              // the text, when it is a URL
  not_url,          // the text, when it is none
  file_name,        // last part of a path or URL
  directory,        // the rest of it, without the last separator
  extension,        // of a file name or path
  street,           // of an address line: lower case, without house numbers and punctuation
  bare_lower,       // lower case without leading dots: "DOCX", ".docx"
  other_account,    // an address that is not the account's own
  joined,           // all texts, once each, with ", "
  words,            // all texts, with a blank
  sum_of_greatest,  // of pairs (name, number): the greatest number of each name, summed
  highest,          // the greatest of all by the order of `order`
  list,             // all texts, once each
  lower_list,       // all texts, once each, lower case
  addresses,        // all addresses, once each
  domains,          // their domains, once each, sorted; merges all sources
  pairs,            // of pairs: "Name=Value"
  attachments,      // names in "a.docx (12b); b.pdf (3b)"
  contains,         // whether one of `any` occurs, any case
};

// From one text to another, "" when there is nothing of the kind in it. New bytes go to the activity's arena.
using TextTransform = std::string_view (*)(std::string_view text, Activity& activity);

// When a rule applies: the slot holds one of the values.
struct Condition {
  SlotId slot = 0;
  std::set<std::string, std::less<>> values;  // lower case; the empty one stands for absent
};

// Conditions of a mapping as bits, so that a record's value is looked up once for all rules that ask about it.
inline constexpr std::size_t kMaxConditions = 128;
struct ConditionSet {
  std::array<std::uint64_t, kMaxConditions / 64> words{};
  void insert(std::size_t index) { words[index >> 6] |= std::uint64_t{1} << (index & 63); }
  bool is_empty() const { return (words[0] | words[1]) == 0; }
  bool holds_all(const ConditionSet& wanted) const {
    return ((wanted.words[0] & ~words[0]) | (wanted.words[1] & ~words[1])) == 0;
  }
  bool holds_any(const ConditionSet& wanted) const {
    return ((wanted.words[0] & words[0]) | (wanted.words[1] & words[1])) != 0;
  }
  void add(const ConditionSet& more) {
    words[0] |= more.words[0];
    words[1] |= more.words[1];
  }
};

// "This field comes from the first of these that has something."
struct FieldRule {
  FieldId field = 0;
  Transform transform = Transform::text;
  TextTransform make = nullptr;  // of `transform`, when it makes one text of one text
  bool is_plain = false;         // the text as it is, from paths, without anything else below
  std::vector<SlotId> slots;
  std::optional<FieldId> from_field;  // instead of slots: what an earlier rule set
  std::vector<FieldId> from_fields;   // of `domains`, beside slots
  SlotSet needs{};                    // nothing to do unless one of these is there; all zero: always try
  ConditionSet when;                  // all of these must hold
  ConditionSet unless;                // and none of these
  bool has_conditions = false;
  std::optional<std::string> constant;  // the value, when some source has something
  TextMap<std::string> map;             // by the lower-case text; what is not in it gives nothing
  std::vector<std::string> any;         // lower case: of `contains`
  std::vector<std::string> order;       // lower case: of `highest`
  std::string member;                   // the source is JSON in a text: its member of this name
  bool by_agent = true;                 // also when the record was written by an agent on somebody's behalf
};

// What the account's name alone says. First row that fits wins.
struct AccountRow {
  ActorKind kind = ActorKind::unknown;
  std::vector<std::string> equals, suffixes, parts;  // lower case, as are those below
  std::vector<std::string> prefixes;                 // of names that are no address: people have addresses
  std::vector<std::string> shapes;                   // of any name, whole; src/activity/name_shape.h
  std::vector<std::string> domains;                  // of addresses, unless the organisation owns them
  std::vector<std::string> cut_prefixes;             // of any name, and no part of it
  bool guid = false;
};

struct AccountRules {
  std::vector<SlotId> from;                 // who acted: first that is not empty
  std::vector<SlotId> behind;               // the person behind an agent
  std::vector<SlotId> behind_in;            // else: JSON objects inside a text,
  std::vector<std::string> behind_members;  // and their members that name the person, if it is by an address
  std::vector<SlotId> application;          // what a person acts through
  std::optional<SlotId> type;               // UserType
  std::vector<std::string> strip;           // prefixes that are no part of the name ("i:0#.f|membership|")
  std::vector<std::string> after;           // the name is what stands behind the last of these, if anything does
  TextSet agents;
  std::vector<AccountRow> rows;
  std::shared_ptr<const Organisation> organisation = Organisation::unknown();
  TextMap<std::int64_t> type_names;  // lower case: exports that write UserType as a word
  // For names that are no address: what the type says. Also: types that mean "through an application".
  std::map<std::int64_t, ActorKind> kind_by_type;
  std::set<std::int64_t> through_application;
  std::set<std::int64_t> guests;
  ActorKind otherwise = ActorKind::unknown;  // of a name that is no address, fits no row, and has no type that tells
};

// ECS categorisation of operations.
struct OperationInfo {
  std::vector<std::string> category;
  std::vector<std::string> type;
};

// What an operation is called whose record holds all of these.
struct OperationRow {
  std::string name;
  std::vector<Condition> when;
};

struct RecordTypeInfo {
  std::string number;  // as text
  std::string name;
};

struct MappingProgram {
  SourceKind source = SourceKind::m365_audit;
  std::string feed;                    // its name; "" of other sources
  std::vector<std::string> envelopes;  // FeedForm::envelopes
  std::vector<std::string> left_out;   // FeedForm::left_out
  std::shared_ptr<const FieldCatalogue> catalogue;
  PathTree tree;
  std::string dataset;
  std::vector<SlotId> id, time, operation;
  std::optional<SlotId> clock;               // the time of day, where `time` has the date only
  TimeFormats time_formats;                  // empty: as base/time.h reads it
  std::string only_operation;                // for feeds whose records name none
  TextMap<std::string> operation_names;      // by lower-case text: what we call what the source calls so
  std::vector<OperationRow> operation_rows;  // go before all that; the first row that fits
  std::optional<SlotId> version, record_type;
  std::optional<SlotId> wrapped;  // the whole record as JSON in this text, when nothing beside it names a time
  AccountRules account;
  std::vector<FieldRule> rules;
  std::vector<Condition> conditions;                                      // by index
  TextMap<OperationInfo> operations;                                      // by lower-case normalised name
  std::vector<std::pair<std::string, OperationInfo>> operation_prefixes;  // lower case
  bool checks_operations = false;                                         // the mapping names operations at all
  TextMap<RecordTypeInfo> record_types;                                   // by number and by lower-case name

  std::optional<Deriver> deriver;           // runs after all rules
  std::optional<DomainKinds> domain_kinds;  // and then this

  // Fields this code fills; absent from the catalogue: not filled (the benchmark has its own fields).
  struct OwnFields {
    std::optional<FieldId> id, action, original_operation, code, dataset, category, type;
    std::optional<FieldId> email, name, domain, actor_kind, actor_type, application;
  } own;
};

// The transform of this name in mapping files.
std::optional<Transform> transform_named(std::string_view name);
std::vector<std::string> transform_names();
// Whether what the transform makes can be held by a field of this type.
bool fits(Transform transform, FieldType type);

}  // namespace candor
