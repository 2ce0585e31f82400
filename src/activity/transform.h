#pragma once

#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "activity/extracted.h"
#include "activity/json_text.h"
#include "activity/mapping_program.h"

namespace candor {

// The value without JSON escapes; decoded once, kept in the activity's arena.
std::string_view decode(RawValue& value, Activity& activity);
inline std::string_view decoded(RawValue& value, Activity& activity) {
  if (value.decoded || value.kind == RawValue::Kind::token) return value.text;
  if (has_backslash(value.text)) return decode(value, activity);
  value.decoded = true;
  return value.text;
}

// Longer texts are cut: the raw record keeps them, and nothing that is compared is that long.
inline constexpr std::size_t kLongestText = 8192;

// The first of the slots that holds a text that is not empty; "" when none does.
std::string_view search_text(const std::vector<SlotId>& slots, Extracted& found, Activity& activity);
inline std::string_view first_text(const std::vector<SlotId>& slots, Extracted& found, Activity& activity) {
  if (!slots.empty() && found.has(slots.front())) {
    const std::string_view text = decoded(found.first(slots.front()), activity);
    if (!text.empty()) return text;
  }
  return search_text(slots, found, activity);
}

// The e-mail address in a text, lower case, or "": also out of "Name <a@b.example>" and the platform's prefixes.
std::string_view address_in(std::string_view text, Activity& activity);

// Lower case by ASCII; the same view when there is nothing to do.
std::string_view lowered(std::string_view text, Activity& activity);

// The member of a JSON object that is written inside a text; "" when the text is none or the member is absent.
std::string_view json_member(std::string_view text, const std::string& member, Activity& activity);

// Runs field rules. Keeps its scratch space between records. Thread safety: one thread at a time.
class RuleRunner {
 public:
  // Sets the rule's field unless it is set already or its sources give nothing. Conditions are the caller's concern.
  void run(const FieldRule& rule, Extracted& found, Activity& activity);

 private:
  struct Context {
    const FieldRule& rule;
    Extracted& found;
    Activity& activity;
  };
  static void set_plain_text(const FieldRule& rule, Extracted& found, Activity& activity);
  void set_text(Context& context);
  void set_number(Context& context);
  static void set_contains(Context& context);
  void set_list(Context& context);
  void set_pairs(Context& context);
  void set_sum(Context& context);
  void set_highest(Context& context);
  void set_joined(Context& context);
  bool collect(Context& context, bool merge, std::string_view (*make)(std::string_view, Activity&));
  void collect_attachments(Context& context);
  void keep_distinct();

  std::vector<std::string_view> texts_;
};

}  // namespace candor
