#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <set>

#include "simulator/documents.h"
#include "simulator/facts.h"
#include "simulator/rates.h"

// What the organisation says about itself, as content/schemas/organisation.schema.json has it.
namespace candor {
namespace {

// A reader takes files up to 8 MiB and 200,000 entries.
constexpr std::uint64_t kBytesInFile = std::uint64_t{4} << 20;
constexpr int kPrinters = 9;

// Values in double quotes with JSON's escapes, which YAML reads the same way.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

struct Attribute {
  std::string_view name;
  std::string value;  // as YAML has it
};

// Sections of rows, in as many files as it takes.
class OrganisationFiles {
 public:
  explicit OrganisationFiles(Output& output) : output_(output) {}

  // Rows that follow belong to this section.
  Result<void> begin(std::string_view section, std::string_view comment) {
    section_ = section;
    CANDOR_TRY_VOID(make_room());
    std::string& out = file_->buffer();
    if (!comment.empty()) out.append("# ").append(comment).append("\n");
    out.append(section).append(":\n");
    return {};
  }

  Result<void> row(std::initializer_list<Attribute> attributes) {
    const bool full = file_->bytes() >= kBytesInFile;
    if (full) {
      CANDOR_TRY_VOID(finish());
      CANDOR_TRY_VOID(begin(section_, ""));
    }
    std::string& out = file_->buffer();
    out += "  - {";
    bool first = true;
    for (const auto& [name, value] : attributes) {
      if (!first) out += ", ";
      first = false;
      out.append(name).append(": ").append(value);
    }
    out += "}\n";
    return file_->flush_if_full();
  }

  Result<void> finish() {
    if (!file_) return {};
    Result<void> closed = output_.close(*file_);
    file_.reset();
    return closed;
  }

 private:
  Result<void> make_room() {
    if (file_) return {};
    ++files_;
    std::string number = std::to_string(files_);
    number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
    CANDOR_TRY(OutputStream file, output_.open(files_ == 1 ? "organisation.yml" : "organisation-" + number + ".yml"));
    file_.emplace(std::move(file));
    return {};
  }

  Output& output_;
  std::string_view section_;
  std::optional<OutputStream> file_;
  int files_ = 0;
};

Result<void> write_domains(const Workforce& organisation, OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("own_domains", "The invented organisation's own world."));
  for (const std::string_view domain : {kDomain, kTenantDomain}) {
    CANDOR_TRY_VOID(files.row({{"domain", in_quotes(domain)}}));
  }
  CANDOR_TRY_VOID(files.begin("partner_domains", ""));
  for (const std::string& domain : organisation.partners) CANDOR_TRY_VOID(files.row({{"domain", in_quotes(domain)}}));
  CANDOR_TRY_VOID(files.begin("personal_mail_domains", ""));
  for (const std::string_view domain : kFreeMail) CANDOR_TRY_VOID(files.row({{"domain", in_quotes(domain)}}));
  return {};
}

Result<void> write_labels_and_types(OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("labels", ""));
  for (std::size_t i = 1; i < kLabels.size(); ++i) {
    const Attribute id{"id", in_quotes(kLabels[i].id)};
    const Attribute name{"name", in_quotes(kLabels[i].name)};
    const Attribute order{"order", std::to_string(i)};
    // As many tenants have it: the stricter one stands below the other.
    CANDOR_TRY_VOID(i == 4 ? files.row({id, name, order, {"parent", in_quotes(kLabels[3].id)}, {"worth", "high"}})
                           : files.row({id, name, order}));
  }
  CANDOR_TRY_VOID(files.begin("sensitive_info_types", ""));
  for (const SensitiveType& type : kSensitiveTypes) {
    CANDOR_TRY_VOID(files.row({{"id", in_quotes(type.id)}, {"name", in_quotes(type.name)}}));
  }
  return {};
}

std::string_view worth_of(Department department) {
  switch (department) {
    case Department::executive:
    case Department::finance:
    case Department::legal:
    case Department::human_resources:
      return "high";
    case Department::engineering:
    case Department::sales:
    case Department::procurement:
      return "medium";
    default:
      return "low";
  }
}

Result<void> write_sites(const Workforce& organisation, OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("sites", ""));
  for (const Site& site : organisation.sites) {
    const bool priority = worth_of(site.department) == "high" && !site.url.contains("-team-");
    CANDOR_TRY_VOID(files.row({{"url", in_quotes(site.url)},
                               {"owner", in_quotes(to_text(site.department))},
                               {"worth", std::string(worth_of(site.department))},
                               {"priority", priority ? "true" : "false"}}));
  }
  return {};
}

Result<void> write_devices(const Workforce& organisation, OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("devices", ""));
  std::set<std::uint64_t> written;  // desks are shared
  for (const Person& person : organisation.people) {
    if (!written.insert(person.device_key).second) continue;
    std::string id;
    append_hex(id, person.device_key + 4, 40);
    CANDOR_TRY_VOID(files.row({{"id", in_quotes(id)}, {"name", in_quotes(person.device)}}));
  }
  CANDOR_TRY_VOID(files.begin("removable_media", ""));
  for (const Person& person : organisation.people) {
    if (person.media_percent == 0 || !Random{person.key, 81}.chance(kLife.owned_media)) continue;
    const RemovableMedium medium = removable_medium(person, person.key % 3);
    CANDOR_TRY_VOID(
        files.row({{"serial", in_quotes(medium.serial)}, {"vendor", in_quotes(std::string(medium.manufacturer))}}));
  }
  return {};
}

Result<void> write_places(OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("networks", ""));
  for (std::size_t i = 0; i < offices().size(); ++i) {
    const Office& office = offices()[i];
    for (int host = 0; host < 4; ++host) {
      CANDOR_TRY_VOID(files.row(
          {{"network", in_quotes("203.0.113." + std::to_string(10 + static_cast<int>(i) * 20 + host) + "/32")},
           {"name", in_quotes(std::string(office.city) + " line " + std::to_string(host + 1))},
           {"place", in_quotes(office.city)}}));
    }
  }
  CANDOR_TRY_VOID(files.begin("places", ""));
  for (const Office& office : offices()) {
    CANDOR_TRY_VOID(files.row({{"name", in_quotes(office.city)},
                               {"time_zone", in_quotes(office.zone)},
                               {"country", in_quotes(office.country)}}));
  }
  return {};
}

Result<void> write_clouds(const Workforce& organisation, OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("clouds", ""));
  CANDOR_TRY_VOID(files.row(
      {{"domain", in_quotes(kSiteHost)}, {"sanctioned", "true"}, {"tenant", in_quotes(organisation.tenant_id)}}));
  CANDOR_TRY_VOID(files.row(
      {{"domain", in_quotes(kPersonalHost)}, {"sanctioned", "true"}, {"tenant", in_quotes(organisation.tenant_id)}}));
  for (const std::string& partner : organisation.partners) {
    CANDOR_TRY_VOID(files.row({{"domain", in_quotes("portal." + partner)},
                               {"sanctioned", "true"},
                               {"reason", in_quotes("upload page of a partner")}}));
  }
  for (const std::string_view domain : kPersonalCloud) {
    CANDOR_TRY_VOID(files.row({{"domain", in_quotes(domain)}, {"sanctioned", "false"}}));
  }
  for (const std::string_view domain : kLeakSites) {
    CANDOR_TRY_VOID(files.row(
        {{"domain", in_quotes(domain)}, {"sanctioned", "false"}, {"reason", in_quotes("publishes what it is given")}}));
  }
  CANDOR_TRY_VOID(files.begin("applications", ""));
  for (const std::string_view name : {"msedge.exe", "WINWORD.EXE", "EXCEL.EXE", "explorer.exe", "mstsc.exe"}) {
    CANDOR_TRY_VOID(files.row({{"name", in_quotes(name)}, {"sanctioned", "true"}}));
  }
  CANDOR_TRY_VOID(files.row({{"name", in_quotes("7zFM.exe")},
                             {"sanctioned", "false"},
                             {"reason", in_quotes("archives are made with what the system has")}}));
  CANDOR_TRY_VOID(files.begin("printers", ""));
  for (int i = 1; i <= kPrinters; ++i) {
    const Office& office = offices()[static_cast<std::size_t>(i - 1) % offices().size()];
    CANDOR_TRY_VOID(files.row({{"name", in_quotes("PRN-" + std::to_string(i))}, {"place", in_quotes(office.city)}}));
  }
  return {};
}

Result<void> write_dates(const Workforce& organisation, const Plan& plan, OrganisationFiles& files) {
  CANDOR_TRY_VOID(files.begin("holidays", ""));
  std::set<std::string_view> countries;
  for (const Office& office : offices()) countries.insert(office.country);
  for (const std::string_view country : countries) {
    for (Day day = organisation.first; day <= organisation.last; ++day) {
      if (!is_holiday(country, day)) continue;
      CANDOR_TRY_VOID(files.row({{"country", in_quotes(country)}, {"date", in_quotes(format_day(day))}}));
    }
  }
  CANDOR_TRY_VOID(files.begin("announced_events", ""));
  int number = 0;
  for (const Announcement& event : plan.announcements) {
    CANDOR_TRY_VOID(files.row({{"name", in_quotes("Announcement " + std::to_string(++number))},
                               {"kind", std::string(event.kind)},
                               {"owner", in_quotes(event.owner)},
                               {"reason", in_quotes(event.reason)},
                               {"from", format_day(event.first)},
                               {"to", format_day(event.last)}}));
  }
  return {};
}

}  // namespace

Result<void> write_organisation(const Workforce& organisation, const Plan& plan, Output& output) {
  OrganisationFiles files(output);
  CANDOR_TRY_VOID(write_domains(organisation, files));
  CANDOR_TRY_VOID(write_labels_and_types(files));
  CANDOR_TRY_VOID(write_sites(organisation, files));
  CANDOR_TRY_VOID(write_devices(organisation, files));
  CANDOR_TRY_VOID(write_places(files));
  CANDOR_TRY_VOID(write_clouds(organisation, files));
  CANDOR_TRY_VOID(write_dates(organisation, plan, files));
  return files.finish();
}

}  // namespace candor
