#include "sigma/detection.h"

#include <algorithm>
#include <set>

#include "sigma/condition.h"
#include "sigma/modifiers.h"
#include "sigma/suggestion.h"

namespace candor::sigma {
namespace {

// What the modifiers behind a field add up to.
struct Shape {
  const Modifier* comparison = &plain_comparison();
  bool cased = false;
  bool all = false;
  bool negated = false;
  bool reference = false;
  bool expand = false;
  DatePart part = DatePart::none;
  std::string regex_flags;
  std::vector<const Modifier*> transforms;
};

// One line of a selection on its way to an expression.
class LineReader {
 public:
  // `tests`: how many those before have made.
  LineReader(const FieldLine& line, FieldScope& scope, Faults& faults, const FieldSeen& seen, std::size_t& tests)
      : line_(line), scope_(scope), faults_(faults), seen_(seen), tests_(tests) {}

  std::optional<Expression> read() {
    const std::string_view key = line_.key;
    const std::size_t bar = key.find('|');
    name_ = std::string(key.substr(0, bar));
    if (name_.empty()) {
      keywords();
    } else {
      field_ = scope_.find(name_);
      if (!field_) {
        faults_.error(line_.place, "sigma.unknown_field", "field `" + shortened(name_) + "` is not part of an activity",
                      did_you_mean(name_, scope_.names()));
      }
    }
    if (field_ && seen_) seen_(*field_, line_);
    const bool sound = bar == std::string_view::npos || modifiers_of(bar);
    if (!field_ || !sound || !fits()) return std::nullopt;
    std::vector<Expression> values;
    for (const Scalar& value : line_.values) {
      if (auto expression = test_of(value)) values.push_back(std::move(*expression));
    }
    Expression result = shape_.all ? Expression::all_of(std::move(values)) : Expression::any_of(std::move(values));
    if (shape_.negated) result = Expression::negation(std::move(result));
    result.origin = line_.key.empty() ? "keywords" : line_.key;
    return result;
  }

 private:
  void keywords() {
    if (scope_.has_keywords()) {
      field_ = kAllFields;
      return;
    }
    faults_.error(line_.place, "sigma.keywords_unsupported", "keywords search the whole record, an activity has fields",
                  "name the field: `file.name|contains: ...`");
  }

  ValueType type() const { return *field_ == kAllFields ? ValueType::any : scope_.type(*field_); }

  bool modifiers_of(std::size_t bar) {
    const std::string_view key = line_.key;
    bool sound = true;
    std::set<std::string> seen;
    while (bar != std::string_view::npos) {
      const std::size_t next = key.find('|', bar + 1);
      const std::string name(key.substr(bar + 1, next == std::string_view::npos ? next : next - bar - 1));
      Place place = line_.place;
      place.column += static_cast<int>(bar) + 1;
      bar = next;
      const Modifier* modifier = find_modifier(name);
      if (modifier == nullptr) {
        std::vector<std::string> names;
        for (const Modifier& known : modifiers()) names.emplace_back(known.name);
        const std::string hint = did_you_mean(name, names);
        faults_.error(place, "sigma.unknown_modifier", "modifier `" + shortened(name) + "` is not known",
                      hint.empty() ? "docs/reference/sigma.md lists them" : hint);
        sound = false;
      } else if (!seen.insert(name).second) {
        faults_.error(place, "sigma.bad_modifier", "modifier `" + name + "` appears twice");
        sound = false;
      } else {
        sound = take(*modifier, place) && sound;
      }
    }
    return sound;
  }

  bool take(const Modifier& modifier, Place place) {
    const std::string name(modifier.name);
    const auto refuse = [&](std::string message, std::string hint = "") {
      faults_.error(place, "sigma.bad_modifier", std::move(message), std::move(hint));
      return false;
    };
    if (field_ && (modifier.types & type_bit(type())) == 0)
      return refuse("`" + name + "` does not fit the type of this field");
    switch (modifier.role) {
      case ModifierRole::comparison:
        if (shape_.comparison != &plain_comparison()) {
          return refuse("`" + std::string(shape_.comparison->name) + "` and `" + name + "` cannot stand together",
                        "use two lines, or two selections");
        }
        shape_.comparison = &modifier;
        return true;
      case ModifierRole::regex_flag:
        if (shape_.comparison->name != "re") return refuse("`" + name + "` only follows `re`");
        shape_.regex_flags += name;
        return true;
      case ModifierRole::date_part:
        if (shape_.part != DatePart::none) return refuse("one part of a date at a time");
        shape_.part = modifier.part;
        return true;
      case ModifierRole::transform:
        // contains, startswith and endswith add wildcards, and those cannot be encoded.
        if (modifier.encodes && shape_.comparison != &plain_comparison()) {
          return refuse("`" + name + "` cannot follow `" + std::string(shape_.comparison->name) + "`",
                        "write it before: `" + name + "|" + std::string(shape_.comparison->name) + "`");
        }
        shape_.transforms.push_back(&modifier);
        return true;
      case ModifierRole::reference:
        shape_.reference = true;
        return true;
      case ModifierRole::cased:
        shape_.cased = true;
        return true;
      case ModifierRole::all:
        shape_.all = true;
        return true;
      case ModifierRole::negated:
        shape_.negated = true;
        return true;
      case ModifierRole::expand:
        shape_.expand = true;
        return true;
    }
    return false;
  }

  // Combinations that no single modifier can judge.
  bool fits() {
    const std::string comparison(shape_.comparison->name);
    const auto refuse = [&](std::string message, std::string hint = "") {
      faults_.error(line_.place, "sigma.bad_modifier", std::move(message), std::move(hint));
      return false;
    };
    const std::string with = comparison.empty() ? "this" : "`" + comparison + "`";
    if (shape_.cased && !shape_.comparison->texts) return refuse("`cased` does not go with " + with);
    if (!shape_.transforms.empty() && !shape_.comparison->texts) {
      return refuse("`" + std::string(shape_.transforms.front()->name) + "` does not go with " + with);
    }
    const bool order = shape_.comparison->numbers && !comparison.empty();
    if (order && shape_.part == DatePart::none && type() == ValueType::text) return refuse(with + " compares numbers");
    if (shape_.part != DatePart::none &&
        (!shape_.comparison->numbers || shape_.cased || shape_.reference || !shape_.transforms.empty())) {
      return refuse("a part of a date is a number", "it goes with lt, lte, gt, gte and neq");
    }
    if (shape_.reference && shape_.comparison->referenced == Comparison::present) {
      return refuse("`fieldref` does not go with " + with);
    }
    if (shape_.reference && (!shape_.transforms.empty() || shape_.expand || *field_ == kAllFields)) {
      return refuse("`fieldref` names a field; nothing can be made of its name");
    }
    if (*field_ == kAllFields && (comparison == "cidr" || comparison == "exists" || shape_.part != DatePart::none ||
                                  (shape_.comparison->numbers && !comparison.empty()))) {
      return refuse("keywords are texts");
    }
    if (line_.values.size() > 1 && !shape_.comparison->lists) return refuse(with + " takes one value, not a list");
    if (shape_.all && line_.values.size() < 2) {
      return refuse("`all` needs a list of at least two values", "leave `all` out");
    }
    const bool has_null = std::ranges::any_of(line_.values, &Scalar::null);
    if (has_null && line_.values.size() > 1) {
      return refuse("null cannot be one of several values", "make it a selection of its own");
    }
    return true;
  }

  std::optional<Expression> test_of(const Scalar& value) {
    if (shape_.reference) return reference(value);
    if (shape_.expand && !value.null) return expanded(value);
    return value_test(value);
  }

  std::optional<Expression> value_test(const Scalar& value) {
    const ValueContext context{.scope = scope_,
                               .field = *field_,
                               .type = type(),
                               .cased = shape_.cased,
                               .regex_flags = shape_.regex_flags,
                               .part = shape_.part,
                               .transforms = shape_.transforms};
    if (tests_ > kMaxTests) return std::nullopt;
    ValueResult result = shape_.comparison->value(context, value);
    if (result) {
      tests_ += std::max<std::size_t>(1, result->parts.size());
      if (tests_ <= kMaxTests) return std::move(*result);
      faults_.error(value.place, "sigma.too_large", "the selections make more than 50000 tests", "split the rule");
      return std::nullopt;
    }
    faults_.error(value.place, result.error().id, result.error().message, result.error().hint);
    return std::nullopt;
  }

  // A placeholder without values is known to match nothing; the rule is sound, and whoever runs it is told.
  std::optional<Expression> expanded(const Scalar& value) {
    const Patterns texts = expand_placeholders(scope_, value.text);
    if (!texts) {
      if (texts.error().id != "sigma.placeholder_without_values") {
        faults_.error(value.place, texts.error().id, texts.error().message, texts.error().hint);
        return std::nullopt;
      }
      faults_.warning(value.place, texts.error().id, texts.error().message + ": it equals nothing", texts.error().hint);
      return Expression::any_of({});
    }
    std::vector<Expression> tests;
    for (const std::string& text : *texts) {
      Scalar one = value;
      one.text = text;
      if (auto test = value_test(one)) tests.push_back(std::move(*test));
    }
    return Expression::any_of(std::move(tests));
  }

  std::optional<Expression> reference(const Scalar& value) {
    const std::optional<FieldIndex> other = scope_.find(value.text);
    if (!other) {
      faults_.error(value.place, "sigma.unknown_field",
                    "field `" + shortened(value.text) + "` is not part of an activity",
                    did_you_mean(value.text, scope_.names()));
      return std::nullopt;
    }
    const ValueType other_type = scope_.type(*other);
    if (other_type == ValueType::integer || other_type == ValueType::truth) {
      faults_.error(value.place, "sigma.bad_modifier", "`fieldref` compares texts only");
      return std::nullopt;
    }
    Test test{.field = *field_, .comparison = shape_.comparison->referenced, .cased = shape_.cased};
    test.other = *other;
    return Expression::of(std::move(test));
  }

  const FieldLine& line_;
  FieldScope& scope_;
  Faults& faults_;
  const FieldSeen& seen_;
  std::size_t& tests_;
  std::string name_;
  std::optional<FieldIndex> field_;
  Shape shape_;
};

}  // namespace

void Faults::add(Severity severity, Place place, const std::string& id, std::string message, std::string hint) {
  diagnostics_.push_back({.file = file_,
                          .line = place.line,
                          .column = place.column,
                          .severity = severity,
                          .id = id,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const std::string near = suggestion(word, names);
  return near.empty() ? "" : "did you mean `" + near + "`?";
}

std::string shortened(std::string_view text) { return std::string(text.substr(0, kMaxSuggestible)); }

std::map<std::string, Expression> expressions_of(const std::vector<Selection>& selections, FieldScope& scope,
                                                 Faults& faults, const FieldSeen& seen) {
  std::map<std::string, Expression> result;
  std::size_t tests = 0;
  for (const Selection& selection : selections) {
    std::vector<Expression> maps;
    for (const FieldMap& map : selection.maps) {
      std::vector<Expression> lines;
      for (const FieldLine& line : map) {
        if (auto expression = LineReader(line, scope, faults, seen, tests).read())
          lines.push_back(std::move(*expression));
      }
      maps.push_back(Expression::all_of(std::move(lines)));
    }
    Expression whole = maps.size() == 1 ? std::move(maps.front()) : Expression::any_of(std::move(maps));
    whole.origin = selection.name;
    result[selection.name] = std::move(whole);
  }
  return result;
}

std::optional<Expression> expression_of(const std::vector<Scalar>& conditions, const std::vector<Selection>& selections,
                                        const std::map<std::string, Expression>& expressions, Faults& faults) {
  std::set<std::string> used;
  std::vector<Expression> parts;
  for (const Scalar& condition : conditions) {
    auto parsed = parse_condition(condition.text, expressions, used);
    if (parsed) {
      parts.push_back(std::move(*parsed));
      continue;
    }
    Place place = condition.place;
    if (place.column > 0) place.column += static_cast<int>(parsed.error().offset) + (condition.quoted ? 1 : 0);
    faults.error(place, parsed.error().id, parsed.error().message, parsed.error().hint);
    return std::nullopt;
  }
  for (const Selection& selection : selections) {
    if (!used.contains(selection.name)) {
      faults.warning(selection.place, "sigma.unused_selection",
                     "selection `" + shortened(selection.name) + "` is not in the condition");
    }
  }
  return parts.size() == 1 ? std::move(parts.front()) : Expression::any_of(std::move(parts));
}

}  // namespace candor::sigma
