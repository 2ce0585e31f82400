#include "simulator/documents.h"

#include <utility>

namespace candor {
namespace {

using Words = std::array<std::string_view, 12>;
constexpr std::array<Words, kDepartments> kTopics = {{
    {"Board pack", "Strategy", "Minutes", "Agenda", "Acquisition brief", "Investor letter", "Outlook", "Roadmap",
     "Budget", "Risk map", "Town hall", "Review"},
    {"Design", "Specification", "Test report", "Drawing", "Firmware notes", "Source export", "Prototype plan",
     "Release notes", "Bill of materials", "Simulation", "Interface", "Measurement"},
    {"Offer", "Customer list", "Price book", "Pipeline", "Account plan", "Contract draft", "Discount table", "Forecast",
     "Territory plan", "Reference case", "Visit notes", "Tender"},
    {"Campaign", "Brochure", "Market study", "Launch plan", "Press text", "Newsletter", "Photo set", "Survey",
     "Persona", "Event plan", "Slides", "Brand guide"},
    {"Ledger", "Forecast", "Quarter results", "Invoice batch", "Payroll run", "Cash plan", "Audit file", "Cost report",
     "Tax return", "Closing checklist", "Budget", "Bank statement"},
    {"Salary review", "Contract", "Applications", "Headcount plan", "Appraisal", "Onboarding", "Training plan",
     "Absence list", "Policy", "Survey results", "Job profile", "Relocation"},
    {"Contract", "Opinion", "Patent file", "Claim", "Non-disclosure agreement", "Licence", "Compliance report",
     "Merger file", "Statutes", "Litigation notes", "Terms", "Filing"},
    {"Shift plan", "Delivery list", "Stock report", "Maintenance plan", "Quality report", "Incident log", "Route plan",
     "Work instruction", "Capacity plan", "Inspection", "Packing list", "Audit"},
    {"Supplier list", "Order", "Tender", "Price comparison", "Framework contract", "Delivery terms", "Savings report",
     "Category plan", "Invoice check", "Scorecard", "Request for quotation", "Quote"},
    {"Ticket export", "Knowledge article", "Customer list", "Service report", "Escalation", "Return form",
     "Call script", "Feedback", "Warranty case", "Runbook", "Coverage plan", "Manual"},
    {"Network plan", "Configuration", "Access list", "Backup report", "Inventory", "Runbook", "Migration plan",
     "Licence list", "Change request", "Recovery plan", "Password policy", "Architecture"},
}};
constexpr std::array<std::string_view, 8> kFolders = {"Shared Documents",          "Shared Documents/General",
                                                      "Shared Documents/Projects", "Shared Documents/Archive",
                                                      "Shared Documents/Drafts",   "Shared Documents/Customers",
                                                      "Shared Documents/Reports",  "Shared Documents/Confidential"};
constexpr std::array<std::string_view, 14> kExtensions = {"docx", "xlsx", "pptx", "pdf", "csv", "png", "txt",
                                                          "one",  "msg",  "vsdx", "zip", "dwg", "sql", "mp4"};
constexpr std::array<std::uint16_t, 14> kOfficeFiles = {260, 240, 130, 170, 40, 50, 40, 20, 25, 10, 12, 0, 1, 2};
constexpr std::array<std::uint16_t, 14> kTechnicalFiles = {160, 130, 60, 150, 70, 60, 90, 10, 10, 30, 40, 140, 40, 10};
// none, Public, General, Confidential, Highly Confidential
constexpr std::array<std::uint16_t, 5> kOrdinary = {420, 60, 400, 110, 10};
constexpr std::array<std::uint16_t, 5> kGuarded = {220, 10, 330, 350, 90};

Department department_of(const Workforce& organisation, std::uint32_t site) {
  if (!organisation.is_personal(site)) return organisation.sites[site].department;
  return organisation.people[site - organisation.sites.size()].department;
}

std::uint64_t site_key(const Workforce& organisation, std::uint32_t site) { return mix({organisation.seed, 10, site}); }

bool is_guarded(Department department) {
  return department == Department::executive || department == Department::finance || department == Department::legal ||
         department == Department::human_resources;
}

Random document_random(const Workforce& organisation, std::uint32_t site, std::uint32_t file) {
  return Random{site_key(organisation, site), file};
}

std::uint8_t draw_label(Random& random, Department department) {
  return static_cast<std::uint8_t>(random.weighted(is_guarded(department) ? kGuarded : kOrdinary));
}

}  // namespace

std::uint8_t document_label(const Workforce& organisation, std::uint32_t site, std::uint32_t file) {
  Random random = document_random(organisation, site, file);
  return draw_label(random, department_of(organisation, site));
}

Document document(const Workforce& organisation, std::uint32_t site, std::uint32_t file) {
  const Department department = department_of(organisation, site);
  Random random = document_random(organisation, site, file);
  Document result;
  result.label = draw_label(random, department);
  const bool technical = department == Department::engineering || department == Department::technology;
  result.extension = kExtensions[random.weighted(technical ? kTechnicalFiles : kOfficeFiles)];
  result.name = random.pick(kTopics[static_cast<std::size_t>(department)]);
  result.name += ' ';
  result.name += std::to_string(random.between(2021, 2026));
  result.name += '-';
  result.name += std::to_string(100 + file);
  result.name += '.';
  result.name += result.extension;
  result.folder = organisation.is_personal(site) ? std::string("Documents") : std::string(random.pick(kFolders));
  // One draw a statement: the order of evaluation within an expression is the compiler's.
  const std::uint32_t spread = random.wide_percent();
  const int factor = random.between(1, 12);
  result.size = std::int64_t{1500} * spread * factor + random.between(0, 999);
  if (random.chance(is_guarded(department) ? 180 : 50)) {
    result.sensitive = static_cast<std::uint8_t>(1 + random.below(static_cast<std::uint32_t>(kSensitiveTypes.size())));
  }
  return result;
}

std::uint32_t file_count(const Workforce& organisation, std::uint32_t site) {
  if (!organisation.is_personal(site)) return organisation.sites[site].files;
  return 150 + static_cast<std::uint32_t>(site_key(organisation, site) % 500);
}

std::string site_url(const Workforce& organisation, std::uint32_t site) {
  if (!organisation.is_personal(site)) return organisation.sites[site].url;
  std::string url = "https://";
  url += kPersonalHost;
  url += "/personal/";
  for (const char c : organisation.people[site - organisation.sites.size()].address) {
    url += c == '.' || c == '@' ? '_' : c;
  }
  url += '/';
  return url;
}

RemovableMedium removable_medium(const Person& person, std::uint64_t medium) {
  struct Model {
    std::string_view manufacturer;
    std::string_view model;
  };
  constexpr std::array<Model, 4> kModels = {
      {{"Generic", "Flash Disk"}, {"Northstone", "Pocket 64"}, {"Ambit", "Slim SSD"}, {"Kestrel", "Key 128"}}};
  const Model& model = kModels[mix({person.key, medium}) % kModels.size()];
  std::string serial;
  append_hex(serial, mix({person.key, medium, 19}), 16);
  return {model.manufacturer, model.model, std::move(serial)};
}

FileName disguised(Disguise disguise, const Act& act, const Document& document) {
  if (disguise == Disguise::none) return {document.name, std::string(document.extension)};
  if (disguise == Disguise::harmless) {
    std::string name = "IMG_" + std::to_string(1000 + mix({act.site, act.file}) % 9000) + ".jpg";
    return {std::move(name), "jpg"};
  }
  if (disguise == Disguise::payslip) {
    const std::uint64_t month = mix({act.site, act.file}) % 12 + 1;
    return {"Payslip 2025-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + ".pdf", "pdf"};
  }
  const bool zip = act.thread % 4 != 0;
  std::string name = (act.thread % 3 == 0 ? "photos_" : "backup_") + std::to_string(act.thread % 900 + 100);
  name += zip ? ".zip" : ".7z";
  return {std::move(name), zip ? "zip" : "7z"};
}

FileName file_name(const Act& act, const Document& document) { return disguised(act.disguise, act, document); }

}  // namespace candor
