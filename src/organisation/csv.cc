#include "organisation/csv.h"

#include <algorithm>
#include <array>
#include <utility>

#include "activity/organisation_text.h"
#include "profile/csv.h"

namespace candor {
namespace {

using Kind = OrganisationFactKind;

// Columns of Microsoft's own exports. Of several for one attribute the first that is not empty counts.
struct Alias {
  Kind kind;
  std::string_view column;  // letters and digits only, lower case
  std::string_view attribute;
};
constexpr std::array kAliases = {
    Alias{Kind::label, "immutableid", "id"},
    Alias{Kind::label, "guid", "id"},
    Alias{Kind::label, "displayname", "name"},
    Alias{Kind::label, "priority", "order"},
    Alias{Kind::label, "parentid", "parent"},
    Alias{Kind::site, "siteurl", "url"},
    Alias{Kind::device, "deviceid", "id"},
    Alias{Kind::device, "devicename", "name"},
    Alias{Kind::removable_medium, "serialnumber", "serial"},
    Alias{Kind::removable_medium, "manufacturer", "vendor"},
    Alias{Kind::network, "cidr", "network"},
    Alias{Kind::network, "iprange", "network"},
};
// What no label has as a parent.
constexpr std::string_view kNoParent = "00000000-0000-0000-0000-000000000000";

// "Display Name" and "display_name" are "displayname".
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')) out += low;
  }
  return out;
}

bool has_column(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::find(columns, name) != columns.end();
}

std::optional<Kind> kind_of(const std::vector<std::string>& columns) {
  const bool id = has_column(columns, "immutableid") || has_column(columns, "guid");
  if (id && has_column(columns, "priority")) return Kind::label;
  if (has_column(columns, "id") && has_column(columns, "name") && has_column(columns, "publisher")) {
    return Kind::sensitive_info_type;
  }
  return std::nullopt;
}

// Where an attribute's value may stand.
struct Column {
  const AttributeSchema* attribute = nullptr;
  std::size_t index = 0;
};

class Reader {
 public:
  Reader(const std::string& file, std::vector<Diagnostic>& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  std::vector<OrganisationFact> read(std::string_view text, std::optional<Kind> kind) {
    CsvReader rows(text, CsvReader::separator_of(text));
    const auto header = rows.next();
    if (!header || !header->fault.empty()) {
      fault(1, "organisation.no_header", "the first line must name the columns", "");
      return {};
    }
    std::vector<std::string> columns;
    columns.reserve(header->fields.size());
    for (const std::string& field : header->fields) columns.push_back(plain_name(field));
    if (!kind) kind = kind_of(columns);
    if (!kind) {
      fault(header->line, "organisation.unknown_columns", "the columns do not tell what the rows are",
            "say it with --kind, for example --kind sites");
      return {};
    }
    schema_ = &schema_of(*kind);
    if (!find_columns(columns, header->line)) return {};
    while (const auto row = rows.next()) {
      if (facts_.size() >= kMostOrganisationFacts) {
        fault(row->line, "organisation.too_many", "there are more than 200,000 rows", "split the file");
        break;
      }
      read_row(*row);
    }
    return std::move(facts_);
  }

 private:
  void fault(int line, std::string id, std::string message, std::string hint) {
    diagnostics_.push_back({.file = file_,
                            .line = line,
                            .column = 0,
                            .severity = Severity::error,
                            .id = std::move(id),
                            .message = std::move(message),
                            .hint = std::move(hint)});
  }

  bool find_columns(const std::vector<std::string>& columns, int line) {
    const auto place_of = [&](std::string_view name) {
      return static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin());
    };
    bool sound = true;
    for (const AttributeSchema& attribute : schema_->attributes) {
      const std::size_t before = columns_.size();
      for (const Alias& alias : kAliases) {
        if (alias.kind != schema_->kind || alias.attribute != attribute.name) continue;
        if (const auto at = place_of(alias.column); at < columns.size()) columns_.push_back({&attribute, at});
      }
      if (const auto at = place_of(plain_name(attribute.name)); at < columns.size())
        columns_.push_back({&attribute, at});
      if (attribute.required && columns_.size() == before) {
        fault(line, "organisation.missing_column",
              "there is no column `" + std::string(attribute.name) + "`, which `" + std::string(schema_->section) +
                  "` need",
              "add it, or rename the one that holds it");
        sound = false;
      }
    }
    from_ = place_of("from");
    to_ = place_of("to");
    return sound;
  }

  void read_row(const CsvReader::Record& row) {
    if (!row.fault.empty())
      return fault(row.line, "organisation.bad_row", "the row is malformed: " + std::string(row.fault), "");
    OrganisationFact fact;
    fact.kind = schema_->kind;
    fact.source = file_;
    fact.line = row.line;
    bool sound = dates(row, fact);
    for (const Column& column : columns_) sound = attribute(row, column, fact) && sound;
    if (!sound) return;
    if (const auto whole = check_whole(fact); !whole) {
      return fault(row.line, whole.error().id, whole.error().message, "");
    }
    facts_.push_back(std::move(fact));
  }

  static std::string_view cell(const CsvReader::Record& row, std::size_t index) {
    return index < row.fields.size() ? std::string_view(row.fields[index]) : std::string_view();
  }

  bool dates(const CsvReader::Record& row, OrganisationFact& fact) {
    bool sound = true;
    for (const auto& [name, index, day] :
         {std::tuple("from", from_, &fact.valid_from), std::tuple("to", to_, &fact.valid_to)}) {
      const std::string_view text = cell(row, index);
      if (text.empty()) continue;
      *day = parse_day(text);
      if (*day) continue;
      fault(row.line, "organisation.bad_value", std::string("`") + name + "`: a day such as 2026-12-25 is expected",
            "");
      sound = false;
    }
    return sound;
  }

  bool attribute(const CsvReader::Record& row, const Column& column, OrganisationFact& fact) {
    const AttributeSchema& schema = *column.attribute;
    const std::string_view text = cell(row, column.index);
    const bool nothing =
        text.find_first_not_of(" \t") == std::string_view::npos || (schema.name == "parent" && text == kNoParent);
    if (nothing || fact.attributes.contains(schema.name)) return true;
    auto formed = in_form(schema.form, text);
    if (!formed) {
      fault(row.line, formed.error().id, "`" + std::string(schema.name) + "`: " + formed.error().message, "");
      return false;
    }
    fact.attributes[std::string(schema.name)] = std::move(*formed);
    return true;
  }

  const std::string& file_;
  std::vector<Diagnostic>& diagnostics_;
  const OrganisationFactSchema* schema_ = nullptr;
  std::vector<Column> columns_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  std::vector<OrganisationFact> facts_;
};

}  // namespace

std::vector<OrganisationFact> read_organisation_csv(std::string_view text, const std::string& file,
                                                    std::optional<OrganisationFactKind> kind,
                                                    std::vector<Diagnostic>& diagnostics) {
  return Reader(file, diagnostics).read(text, kind);
}

}  // namespace candor
