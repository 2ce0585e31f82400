#include "activity/transform.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "activity/json_text.h"
#include "activity/text_map.h"
#include "activity/text_transforms.h"
#include "base/fold.h"

namespace candor {
namespace {

constexpr std::size_t kLongestPair = 4096;  // rules of a mailbox come as JSON in one of them

struct TransformRow {
  std::string_view name;
  Transform transform;
  FieldType makes;
};
constexpr std::array kTransforms = {
    TransformRow{"text", Transform::text, FieldType::keyword},
    TransformRow{"lower", Transform::lower, FieldType::keyword},
    TransformRow{"integer", Transform::integer, FieldType::integer},
    TransformRow{"hour", Transform::hour, FieldType::integer},
    TransformRow{"amount", Transform::amount, FieldType::integer},
    TransformRow{"boolean", Transform::boolean, FieldType::boolean},
    TransformRow{"ip", Transform::ip, FieldType::ip},
    TransformRow{"port", Transform::port, FieldType::integer},
    TransformRow{"address", Transform::address, FieldType::keyword},
    TransformRow{"not_address", Transform::not_address, FieldType::keyword},
    TransformRow{"domain", Transform::domain, FieldType::keyword},
    TransformRow{"host", Transform::host, FieldType::keyword},
    TransformRow{"url", Transform::url, FieldType::keyword},
    TransformRow{"not_url", Transform::not_url, FieldType::keyword},
    TransformRow{"file_name", Transform::file_name, FieldType::keyword},
    TransformRow{"directory", Transform::directory, FieldType::keyword},
    TransformRow{"extension", Transform::extension, FieldType::keyword},
    TransformRow{"street", Transform::street, FieldType::keyword},
    TransformRow{"bare_lower", Transform::bare_lower, FieldType::keyword},
    TransformRow{"other_account", Transform::other_account, FieldType::keyword},
    TransformRow{"joined", Transform::joined, FieldType::keyword},
    TransformRow{"words", Transform::words, FieldType::keyword},
    TransformRow{"sum_of_greatest", Transform::sum_of_greatest, FieldType::integer},
    TransformRow{"highest", Transform::highest, FieldType::keyword},
    TransformRow{"list", Transform::list, FieldType::keywords},
    TransformRow{"lower_list", Transform::lower_list, FieldType::keywords},
    TransformRow{"addresses", Transform::addresses, FieldType::keywords},
    TransformRow{"domains", Transform::domains, FieldType::keywords},
    TransformRow{"pairs", Transform::pairs, FieldType::keywords},
    TransformRow{"attachments", Transform::attachments, FieldType::keywords},
    TransformRow{"contains", Transform::contains, FieldType::boolean},
};

std::optional<std::int64_t> truth_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kWords = {
      {{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {"yes", 1}, {"no", 0}}};
  for (const auto& [word, truth] : kWords) {
    if (word.size() == text.size() &&
        std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == ascii_lower(b); })) {
      return truth;
    }
  }
  return std::nullopt;
}

bool contains_any(std::string_view text, const std::vector<std::string>& any, Activity& activity) {
  const std::string_view lower = lowered(text, activity);
  return std::any_of(any.begin(), any.end(),
                     [&](const std::string& part) { return lower.find(part) != std::string_view::npos; });
}

std::optional<std::int64_t> number_of(const FieldRule& rule, std::string_view text, Activity& activity) {
  switch (rule.transform) {
    case Transform::boolean:
      return truth_of(text);
    case Transform::port:
      return parse_integer(port_of(text, activity));
    case Transform::contains:
      return contains_any(text, rule.any, activity) ? 1 : 0;
    case Transform::hour:
      return hour_of(text);
    case Transform::amount:
      return amount_of(text);
    default:
      return parse_integer(text);
  }
}

// A constant stands for the text of whatever the sources gave.
std::string_view mapped(const FieldRule& rule, std::string_view text, Activity& activity) {
  if (rule.constant) return *rule.constant;
  if (rule.map.empty()) return text;
  const auto found = rule.map.find(lowered(text, activity));
  return found == rule.map.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view join(const std::vector<std::string_view>& texts, std::string_view between, Activity& activity) {
  if (texts.size() == 1) return texts.front();
  std::size_t size = 0;
  for (const std::string_view text : texts) size += text.size() + between.size();
  const std::span<char> out = activity.allocate(size);
  char* at = out.data();
  for (const std::string_view text : texts) {
    if (at != out.data()) at = std::copy(between.begin(), between.end(), at);
    at = std::copy(text.begin(), text.end(), at);
  }
  return {out.data(), static_cast<std::size_t>(at - out.data())};
}

}  // namespace

// The member of a JSON object that sits in a text. Rare, so it pays for its own copy and parse.
std::string_view json_member(std::string_view text, const std::string& member, Activity& activity) {
  const simdjson::padded_string padded(text);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::element value;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) return {};
  if (root[member].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  std::string_view inner;
  if (value.get_string().get(inner) == simdjson::SUCCESS) return activity.keep(inner);
  return activity.keep(simdjson::minify(value));
}

std::optional<Transform> transform_named(std::string_view name) {
  for (const TransformRow& row : kTransforms) {
    if (row.name == name) return row.transform;
  }
  return std::nullopt;
}

std::vector<std::string> transform_names() {
  std::vector<std::string> names;
  names.reserve(kTransforms.size());
  for (const TransformRow& row : kTransforms) names.emplace_back(row.name);
  return names;
}

bool fits(Transform transform, FieldType type) {
  for (const TransformRow& row : kTransforms) {
    if (row.transform == transform) return row.makes == type;
  }
  return false;
}

std::string_view decode(RawValue& value, Activity& activity) {
  value.decoded = true;
  const std::string_view text = value.text;
  const std::span<char> out = activity.allocate(text.size());
  value.text = {out.data(), unescape_json(text, out.data())};
  return value.text;
}

std::string_view search_text(const std::vector<SlotId>& slots, Extracted& found, Activity& activity) {
  for (const SlotId slot : slots) {
    std::string_view text;
    found.each(slot, [&](RawValue& value) {
      text = decoded(value, activity);
      return text.empty();
    });
    if (!text.empty()) return text;
  }
  return {};
}

void RuleRunner::run(const FieldRule& rule, Extracted& found, Activity& activity) {
  if (activity.has(rule.field)) return;
  if (rule.is_plain) return set_plain_text(rule, found, activity);
  Context context{rule, found, activity};
  switch (rule.transform) {
    case Transform::integer:
    case Transform::hour:
    case Transform::amount:
    case Transform::boolean:
    case Transform::port:
    case Transform::contains:
      return set_number(context);
    case Transform::list:
    case Transform::lower_list:
    case Transform::addresses:
    case Transform::domains:
    case Transform::attachments:
      return set_list(context);
    case Transform::pairs:
      return set_pairs(context);
    case Transform::sum_of_greatest:
      return set_sum(context);
    case Transform::highest:
      return set_highest(context);
    case Transform::joined:
    case Transform::words:
      return set_joined(context);
    default:
      return set_text(context);
  }
}

void RuleRunner::set_plain_text(const FieldRule& rule, Extracted& found, Activity& activity) {
  for (const SlotId slot : rule.slots) {
    if (!found.has(slot)) continue;
    std::string_view text = decoded(found.first(slot), activity);
    if (text.empty()) {
      found.each(slot, [&](RawValue& value) { return (text = decoded(value, activity)).empty(); });
    }
    if (text.empty()) continue;
    return activity.set_text(rule.field, cut_text(text, kLongestText));
  }
}

void RuleRunner::set_text(Context& context) {
  const auto& [rule, found, activity] = context;
  const TextTransform make = rule.make;
  const auto offer = [&](std::string_view text) {
    if (!rule.member.empty() && !text.empty()) text = json_member(text, rule.member, context.activity);
    if (!text.empty()) text = make(text, context.activity);
    if (!text.empty()) text = mapped(context.rule, text, context.activity);
    if (text.empty()) return false;
    context.activity.set_text(context.rule.field, cut_text(text, kLongestText));
    return true;
  };
  if (rule.from_field) {
    offer(activity.text(*rule.from_field));
    return;
  }
  if (rule.slots.empty()) return activity.set_text(rule.field, *rule.constant);  // by its conditions alone
  for (const SlotId slot : rule.slots) {
    bool done = false;
    found.each(slot, [&](RawValue& value) { return !(done = offer(decoded(value, context.activity))); });
    if (done) return;
  }
}

void RuleRunner::set_number(Context& context) {
  const auto& [rule, found, activity] = context;
  const auto offer = [&](std::string_view text) {
    if (!rule.member.empty() && !text.empty()) text = json_member(text, rule.member, context.activity);
    if (text.empty()) return false;
    auto number = number_of(context.rule, text, context.activity);
    if (number && context.rule.constant) number = parse_integer(*context.rule.constant);
    if (!number) return false;
    context.activity.set_number(context.rule.field, *number);
    return true;
  };
  if (rule.from_field) {
    offer(activity.text(*rule.from_field));
    return;
  }
  if (rule.transform == Transform::contains) return set_contains(context);
  if (rule.slots.empty()) {
    if (const auto number = parse_integer(*rule.constant)) activity.set_number(rule.field, *number);
    return;
  }
  for (const SlotId slot : rule.slots) {
    if (found.has(slot) && offer(decoded(found.first(slot), activity))) return;
  }
}

// True when some text of some source has it, false when there are texts and none has.
void RuleRunner::set_contains(Context& context) {
  bool any = false;
  bool contains = false;
  for (const SlotId slot : context.rule.slots) {
    context.found.each(slot, [&](RawValue& value) {
      const std::string_view text = decoded(value, context.activity);
      any = any || !text.empty();
      contains = !text.empty() && contains_any(text, context.rule.any, context.activity);
      return !contains;
    });
    if (contains) break;
  }
  if (any) context.activity.set_number(context.rule.field, contains ? 1 : 0);
}

bool RuleRunner::collect(Context& context, bool merge, TextTransform make) {
  texts_.clear();
  const bool splits = make == &address_in || make == &domain_of;
  const auto offer_one = [&](std::string_view text) {
    text = make(text, context.activity);
    if (!text.empty()) texts_.push_back(cut_text(text, kLongestText));
  };
  // "a@b.example; c@d.example" in one text. A comma within a display name parts what holds no address anyway.
  const auto offer = [&](std::string_view text) {
    for (auto end = splits ? text.find_first_of(";,") : std::string_view::npos; end != std::string_view::npos;
         end = text.find_first_of(";,")) {
      offer_one(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    offer_one(text);
    return true;
  };
  for (const FieldId field : context.rule.from_fields) {
    for (const std::string_view text : context.activity.list(field)) offer(text);
  }
  for (const SlotId slot : context.rule.slots) {
    if (!merge && !texts_.empty()) break;
    context.found.each(slot, [&](RawValue& value) { return offer(decoded(value, context.activity)); });
  }
  return !texts_.empty();
}

void RuleRunner::keep_distinct() {
  constexpr std::size_t kFew = 12;
  if (texts_.size() < 2) return;
  std::size_t kept = 0;
  if (texts_.size() <= kFew) {
    for (const std::string_view text : texts_) {
      const auto end = texts_.begin() + static_cast<std::ptrdiff_t>(kept);
      if (std::find(texts_.begin(), end, text) == end) texts_[kept++] = text;
    }
  } else {
    absl::flat_hash_set<std::string_view, TextHash, std::equal_to<>> seen;
    for (const std::string_view text : texts_) {
      if (seen.insert(text).second) texts_[kept++] = text;
    }
  }
  texts_.resize(kept);
}

// "a.docx" of "a.docx (12b)", "a.docx(12)", "C:\\drafts\\a.docx(12)". Names may hold blanks and brackets, so only a
// size at the very end is cut off.
std::string_view attachment_name(std::string_view text) {
  if (text.ends_with(')')) {
    const std::size_t open = text.rfind('(');
    std::string_view size = open == std::string_view::npos ? std::string_view() : text.substr(open + 1);
    if (!size.empty()) size.remove_suffix(1);
    if (size.ends_with('b')) size.remove_suffix(1);
    if (!size.empty() && size.find_first_not_of("0123456789") == std::string_view::npos) text = text.substr(0, open);
  }
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  const std::size_t folder = text.rfind('\\');
  return folder == std::string_view::npos ? text : text.substr(folder + 1);
}

// "a.docx (12b); b.pdf (3b)"
void RuleRunner::collect_attachments(Context& context) {
  texts_.clear();
  std::string_view rest = first_text(context.rule.slots, context.found, context.activity);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto first = name.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    name = attachment_name(name.substr(first));
    if (!name.empty()) texts_.push_back(name);
  }
}

void RuleRunner::set_list(Context& context) {
  const Transform transform = context.rule.transform;
  if (transform == Transform::attachments) {
    collect_attachments(context);
  } else if (transform == Transform::domains) {
    if (collect(context, true, &domain_of)) std::sort(texts_.begin(), texts_.end());
  } else {
    collect(context, false,
            transform == Transform::addresses    ? &address_in
            : transform == Transform::lower_list ? &lowered
                                                 : text_transform(Transform::text));
  }
  keep_distinct();
  context.activity.set_list(context.rule.field, texts_);
}

void RuleRunner::set_pairs(Context& context) {
  texts_.clear();
  Activity& activity = context.activity;
  for (const SlotId slot : context.rule.slots) {
    std::string_view name;
    bool is_name = true;
    context.found.each(slot, [&](RawValue& value) {
      const std::string_view text = cut_text(decoded(value, activity), kLongestPair);
      if (is_name) {
        name = text;
      } else {
        texts_.push_back(join({name, text}, "=", activity));
      }
      is_name = !is_name;
      return true;
    });
    if (!texts_.empty()) break;
  }
  activity.set_list(context.rule.field, texts_);
}

void RuleRunner::set_sum(Context& context) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;  // of one name: more is nonsense, and sums must not overflow
  std::vector<std::pair<std::string_view, std::int64_t>> greatest;
  for (const SlotId slot : context.rule.slots) {
    std::string_view name;
    bool is_name = true;
    context.found.each(slot, [&](RawValue& value) {
      const std::string_view text = decoded(value, context.activity);
      if (is_name) {
        name = text;
      } else if (const auto number = parse_integer(text)) {
        greatest.emplace_back(name, std::clamp(*number, std::int64_t{0}, kMost));
      }
      is_name = !is_name;
      return true;
    });
  }
  if (greatest.empty()) return;
  std::sort(greatest.begin(), greatest.end());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < greatest.size(); ++i) {
    const bool last_of_name = i + 1 == greatest.size() || greatest[i + 1].first != greatest[i].first;
    if (last_of_name) sum += greatest[i].second;
  }
  context.activity.set_number(context.rule.field, sum);
}

void RuleRunner::set_highest(Context& context) {
  const std::vector<std::string>& order = context.rule.order;
  collect(context, true, &lowered);
  std::size_t best = order.size();
  for (const std::string_view text : texts_) {
    const auto place = static_cast<std::size_t>(std::find(order.begin(), order.end(), text) - order.begin());
    if (place < order.size() && (best == order.size() || place > best)) best = place;
  }
  if (best < order.size()) context.activity.set_text(context.rule.field, order[best]);
}

void RuleRunner::set_joined(Context& context) {
  const bool words = context.rule.transform == Transform::words;
  if (!collect(context, words, text_transform(Transform::text))) return;
  keep_distinct();
  const std::string_view text = join(texts_, words ? " " : ", ", context.activity);
  context.activity.set_text(context.rule.field, cut_text(text, kLongestText));
}

}  // namespace candor
