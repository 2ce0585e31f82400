#include "activity/organisation_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/yaml_documents.h"

namespace candor {
namespace {

constexpr std::size_t kMaxSuggestible = 64;  // bytes; longer words are not compared with all names

class OrganisationReader {
 public:
  OrganisationReader(const std::string& file, std::vector<Diagnostic>& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  std::vector<OrganisationFact> read(const std::string& text) {
    if (text.size() > kMaxOrganisationBytes) {
      fault({}, "organisation.too_large", "the file is larger than 8 MiB", "split it: each file is imported by itself");
      return {};
    }
    try {
      const std::vector<YAML::Node> documents = load_documents(text);
      return read(documents.size() == 1 ? documents.front() : YAML::Node());
    } catch (const YAML::Exception& exception) {
      fault(exception.mark, "organisation.bad_yaml", exception.msg, "");
    }
    return std::move(facts_);
  }

  std::vector<OrganisationFact> read(const YAML::Node& sections) {
    if (!sections.IsMap()) {
      fault(sections.Mark(), "organisation.bad_file", "a map of sections is expected", "begin with `own_domains:`");
      return {};
    }
    for (const auto& entry : sections) section(entry.first, entry.second);
    return std::move(facts_);
  }

 private:
  void fault(const YAML::Mark& mark, std::string id, std::string message, std::string hint) {
    diagnostics_.push_back({.file = file_,
                            .line = std::max(0, mark.line + 1),
                            .column = std::max(0, mark.column + 1),
                            .severity = Severity::error,
                            .id = std::move(id),
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  static std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
    const std::string near = word.size() > kMaxSuggestible ? "" : nearest(word, names);
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    return near.empty() ? "known are " + all : "did you mean `" + near + "`?";
  }

  void section(const YAML::Node& name, const YAML::Node& rows) {
    const auto kind = name.IsScalar() ? organisation_fact_kind(name.Scalar()) : std::nullopt;
    if (!kind) {
      std::vector<std::string> names;
      names.reserve(kOrganisationFactKinds);
      for (const OrganisationFactSchema& each : organisation_fact_schemas()) names.emplace_back(each.section);
      fault(name.Mark(), "organisation.unknown_section", "this section means nothing here",
            did_you_mean(name.IsScalar() ? name.Scalar() : "", names));
      return;
    }
    const OrganisationFactSchema& schema = schema_of(*kind);
    if (!sections_.insert(*kind).second) {
      fault(name.Mark(), "organisation.repeated_section", "`" + std::string(schema.section) + "` is there twice",
            "put both lists into one");
      return;
    }
    if (rows.IsNull()) return;
    if (!rows.IsSequence()) {
      fault(rows.Mark(), "organisation.bad_section", "`" + std::string(schema.section) + "` must be a list",
            "write each entry on a line that begins with a dash");
      return;
    }
    for (const YAML::Node& row : rows) {
      if (facts_.size() >= kMostOrganisationFacts) {
        fault(row.Mark(), "organisation.too_many", "there are more than 200,000 entries", "split the file");
        return;
      }
      read_row(schema, row);
    }
  }

  // An entry is a map, or its only key attribute alone.
  void read_row(const OrganisationFactSchema& schema, const YAML::Node& row) {
    OrganisationFact fact;
    fact.kind = schema.kind;
    fact.source = file_;
    fact.line = row.Mark().line + 1;
    fact.column = row.Mark().column + 1;
    bool sound = true;
    if (row.IsScalar()) {
      sound = attribute(fact, schema.attributes.front(), row);
    } else if (row.IsMap()) {
      std::set<std::string, std::less<>> seen;
      for (const auto& entry : row) sound = member(schema, fact, entry.first, entry.second, seen) && sound;
    } else {
      fault(row.Mark(), "organisation.bad_entry", "an entry is a map such as `{" + names_of(schema) + "}`", "");
      return;
    }
    if (!sound) return;
    if (const auto whole = check_whole(fact); !whole) {
      fault(row.Mark(), whole.error().id, whole.error().message, "write `{" + names_of(schema) + "}`");
      return;
    }
    facts_.push_back(std::move(fact));
  }

  static std::string names_of(const OrganisationFactSchema& schema) {
    std::string names;
    for (const AttributeSchema& each : schema.attributes) {
      names.append(names.empty() ? "" : ", ").append(each.name).append(": ...");
    }
    return names;
  }

  bool member(const OrganisationFactSchema& schema, OrganisationFact& fact, const YAML::Node& key,
              const YAML::Node& value, std::set<std::string, std::less<>>& seen) {
    const std::string name = key.IsScalar() ? key.Scalar() : "";
    if (!seen.insert(name).second) {
      fault(key.Mark(), "organisation.repeated_key", "this key is there twice in one entry", "");
      return false;
    }
    if (name == "from" || name == "to") {
      const auto day = value.IsScalar() ? parse_day(value.Scalar()) : std::nullopt;
      if (!day) {
        fault(value.Mark(), "organisation.bad_value", "`" + name + "`: a day such as 2026-12-25 is expected", "");
        return false;
      }
      (name == "from" ? fact.valid_from : fact.valid_to) = day;
      return true;
    }
    const auto found = std::ranges::find(schema.attributes, std::string_view(name), &AttributeSchema::name);
    if (found == schema.attributes.end()) {
      std::vector<std::string> names = {"from", "to"};
      for (const AttributeSchema& each : schema.attributes) names.emplace_back(each.name);
      fault(key.Mark(), "organisation.unknown_key", "this key means nothing in `" + std::string(schema.section) + "`",
            did_you_mean(name, names));
      return false;
    }
    return attribute(fact, *found, value);
  }

  bool attribute(OrganisationFact& fact, const AttributeSchema& schema, const YAML::Node& value) {
    auto formed = value.IsScalar() ? in_form(schema.form, value.Scalar())
                                   : fail("organisation.bad_value", "a single value is expected");
    if (formed) {
      fact.attributes[std::string(schema.name)] = std::move(*formed);
      return true;
    }
    fault(value.Mark(), formed.error().id, "`" + std::string(schema.name) + "`: " + formed.error().message, "");
    return false;
  }

  const std::string& file_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<OrganisationFact> facts_;
  std::set<OrganisationFactKind> sections_;
};

bool overlap(const OrganisationFact& a, const OrganisationFact& b) {
  return (!a.valid_to || !b.valid_from || *b.valid_from <= *a.valid_to) &&
         (!b.valid_to || !a.valid_from || *a.valid_from <= *b.valid_to);
}

std::string place_of(const OrganisationFact& fact) {
  return fact.line > 0 ? fact.source + ":" + std::to_string(fact.line) : fact.source;
}

// A name one fact gives that another fact should bear.
struct Reference {
  OrganisationFactKind from;
  std::string_view attribute;
  OrganisationFactKind to;
};
constexpr std::array kReferences = {
    Reference{OrganisationFactKind::label, "parent", OrganisationFactKind::label},
    Reference{OrganisationFactKind::network, "place", OrganisationFactKind::place},
    Reference{OrganisationFactKind::printer, "place", OrganisationFactKind::place},
};

}  // namespace

std::vector<OrganisationFact> read_organisation_text(const std::string& text, const std::string& file,
                                                     std::vector<Diagnostic>& diagnostics) {
  return OrganisationReader(file, diagnostics).read(text);
}

std::vector<OrganisationFact> read_organisation_sections(const YAML::Node& sections, const std::string& file,
                                                         std::vector<Diagnostic>& diagnostics) {
  return OrganisationReader(file, diagnostics).read(sections);
}

Diagnostic fault_of(const OrganisationFact& fact, Severity severity, std::string id, std::string message,
                    std::string hint) {
  return {.file = fact.source,
          .line = fact.line,
          .column = fact.column,
          .severity = severity,
          .id = std::move(id),
          .message = std::move(message),
          .hint = std::move(hint)};
}

void check_between(const std::vector<OrganisationFact>& facts, std::vector<Diagnostic>& diagnostics) {
  std::map<std::pair<OrganisationFactKind, std::string>, std::vector<const OrganisationFact*>> by_key;
  std::map<std::string_view, const OrganisationFact*> by_order;
  for (const OrganisationFact& fact : facts) {
    auto& others = by_key[{fact.kind, fact.key()}];
    for (const OrganisationFact* other : others) {
      if (!overlap(*other, fact)) continue;
      diagnostics.push_back(fault_of(fact, Severity::warning, "organisation.overlap",
                                     "the same is said twice for some days, first in " + place_of(*other),
                                     "end one with `to` before the other begins; the one that begins later counts"));
      break;
    }
    others.push_back(&fact);
    if (fact.kind != OrganisationFactKind::label) continue;
    const auto [other, is_new] = by_order.emplace(fact.attribute("order"), &fact);
    if (!is_new && other->second->key() != fact.key() && overlap(*other->second, fact)) {
      diagnostics.push_back(fault_of(fact, Severity::warning, "organisation.equal_order",
                                     "another label has the same order, in " + place_of(*other->second),
                                     "a change between the two is neither an upgrade nor a downgrade"));
    }
  }
  for (const OrganisationFact& fact : facts) {
    for (const Reference& reference : kReferences) {
      if (reference.from != fact.kind || fact.attribute(reference.attribute).empty()) continue;
      OrganisationFact wanted;
      wanted.kind = reference.to;
      wanted.attributes.emplace(schema_of(reference.to).attributes.front().name, fact.attribute(reference.attribute));
      if (by_key.contains({reference.to, wanted.key()})) continue;
      diagnostics.push_back(fault_of(fact, Severity::warning, "organisation.leads_nowhere",
                                     "`" + std::string(reference.attribute) + "` names nothing of `" +
                                         std::string(schema_of(reference.to).section) + "`",
                                     "add it there, or correct the name"));
    }
  }
}

}  // namespace candor
