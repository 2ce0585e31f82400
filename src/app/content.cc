#include "app/content.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "app/webhook_settings.h"
#include "base/keys.h"

namespace candor {
namespace {

Error with_diagnostics(Error error, const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) error.message += "\n" + to_text(diagnostic);
  return error;
}

// Files beside the folders that do not count byte by byte: who may see what changes no result, what is never stored
// changes nothing that is, settings and what others saw insiders do change no result, and of what the organisation says
// only what records are read by (its fingerprint) counts.
constexpr std::array kNotHashed = {"roles.yml",       "intake.yml",
                                   "protected.yml",   "organisation.yml",
                                   "labels.yml",      "free_mail_domains.yml",
                                   "settings.yml",    "insider_techniques.yml",
                                   "risk_levels.yml", "units.yml"};

// The files beside the folders, and those of mappings, lists, indicators and variants but for their examples: names and
// bytes.
Result<std::uint64_t> hash_detection(const std::filesystem::path& folder, const Organisation& organisation,
                                     std::uint64_t lists) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::path& part : {folder / "mappings", folder / "lists", folder / "indicators", folder / "variants"}) {
    if (!fs::exists(part, error)) continue;
    for (fs::recursive_directory_iterator at(part, error), end; !error && at != end; at.increment(error)) {
      if (at->is_regular_file(error) && !at->path().string().ends_with(".examples.yml")) files.push_back(at->path());
    }
  }
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const bool counts = std::ranges::find(kNotHashed, name) == kNotHashed.end();
    if (at->is_regular_file(error) && counts) files.push_back(at->path());
  }
  if (error) return fail("app.no_content", folder.string() + ": " + error.message());
  std::ranges::sort(files);
  std::string bytes = std::to_string(organisation.fingerprint()) + '\n';
  if (lists != 0) bytes += "lists " + std::to_string(lists) + '\n';
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (in.bad()) return fail("app.no_content", file.string() + " cannot be read");
    bytes += file.lexically_relative(folder).generic_string() + '\n' + std::to_string(text.size()) + '\n' + text;
  }
  return std::max<std::uint64_t>(content_hash(bytes), 1);  // 0 would mean: do not look
}

// What changes say in place of the file, or besides it.
void lay_over(std::vector<RuleText>& texts, const std::string& list, const ListOverlays& overlays) {
  const auto found = overlays.find(list);
  if (found == overlays.end()) return;
  const ListOverlay& overlay = found->second;
  for (RuleText& text : texts) {
    text.without = overlay.removed;
    for (const auto& [name, entry] : overlay.set) text.without.insert(name);
  }
  const auto info = list_info(list);
  if (!info || overlay.set.empty()) return;
  texts.push_back({.file = overlay_file(list), .text = list_text(*info, overlay.set), .without = {}});
}

void lay_over(RestrictionTexts& texts, const std::vector<OrganisationFact>& said, const ListOverlays& overlays) {
  for (const OrganisationFact& fact : said) {
    if (fact.kind != OrganisationFactKind::sensitive_info_type) continue;
    texts.information_types.emplace(fact.key(), fact.attribute("name"));
  }
  lay_over(texts.groups, "groups", overlays);
  lay_over(texts.exclusions, "exclusions", overlays);
}

// A rule about a feed nobody maps would keep nothing from the disk, and nobody would notice.
Result<void> check_intake_feeds(const Content& content) {
  for (const IntakeRule& rule : content.intake->rules) {
    for (const std::string& feed : rule.feeds) {
      const auto form = content.mappings->feed_form(feed);
      if (form) continue;
      return fail("intake.bad_rules", (content.folder / "intake.yml").string() + ": rule `" + rule.name +
                                          "` names source `" + feed + "`: " + form.error().message);
    }
  }
  return {};
}

// Without the file nobody has a level.
std::shared_ptr<const RiskLevels> load_risk_levels(const std::filesystem::path& file,
                                                   std::vector<Diagnostic>& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::make_shared<const RiskLevels>();
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::make_shared<const RiskLevels>(read_risk_levels(text, file.string(), diagnostics));
}

// Without the file there is no unit, and nobody in any.
std::shared_ptr<const Units> load_units(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    auto none = std::make_shared<Units>();
    std::error_code unknown;
    // One that is there and cannot be read may say whom only reviewers see.
    none->faulty = std::filesystem::exists(file, unknown) || unknown;
    if (none->faulty) {
      diagnostics.push_back({.file = file.string(),
                             .id = "units.unreadable",
                             .message = "the file is there and cannot be read",
                             .hint = "let the user that Candor runs as read it; nobody is in a unit meanwhile"});
    }
    return none;
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return std::make_shared<const Units>(read_units(text, file.string(), diagnostics));
}

}  // namespace

Result<Content> load_content(const std::filesystem::path& folder, const std::vector<StoredOrganisationFact>& imported,
                             const ListOverlays& overlays) {
  std::error_code missing;
  if (!std::filesystem::exists(folder / "fields.yml", missing)) {
    return fail("app.no_content", "there is no content in " + folder.string() + ": name the folder with --content DIR");
  }
  Content content;
  content.folder = folder;
  content.settings = load_settings(folder / "settings.yml", content.diagnostics);
  static_cast<void>(load_webhooks(folder / "settings.yml", content.diagnostics));  // opened where they are told
  content.risk_levels = load_risk_levels(folder / "risk_levels.yml", content.diagnostics);
  content.units = load_units(folder / "units.yml", content.diagnostics);
  content.notices =
      std::make_shared<const NoticeTemplates>(NoticeTemplates::load(folder / "notices", content.diagnostics));
  content.notifications =
      std::make_shared<const NotificationTexts>(NotificationTexts::load(folder / "notifications", content.diagnostics));
  CANDOR_TRY(content.fields, FieldCatalogue::load(folder / "fields.yml"));
  std::vector<Diagnostic> faults;
  content.organisation_facts = load_organisation_facts(folder / "organisation.yml", faults);
  if (has_errors(faults)) {
    return std::unexpected(
        with_diagnostics({"activity.bad_content", (folder / "organisation.yml").string() + " cannot be used"}, faults));
  }
  CANDOR_TRY(content.organisation_lists, load_shipped_lists(folder / "labels.yml", folder / "free_mail_domains.yml"));
  content.organisation = Organisation::build(combine(content.organisation_facts, imported), content.organisation_lists);
  auto mappings = MappingSet::load(folder / "mappings", content.fields, faults, content.organisation);
  if (!mappings) return std::unexpected(with_diagnostics(mappings.error(), faults));
  content.mappings = std::move(*mappings);
  content.said = combine(content.organisation_facts, imported);
  RestrictionTexts restrictions = read_restriction_texts(folder, content.diagnostics);
  for (const RuleText& text : restrictions.groups) content.list_files["groups"] = text.text;
  for (const RuleText& text : restrictions.exclusions) content.list_files["exclusions"] = text.text;
  lay_over(restrictions, content.said, overlays);
  auto indicators = IndicatorSet::load({folder / "indicators"}, content.fields, restrictions);
  content.indicators = std::move(indicators.set);
  std::ranges::move(indicators.diagnostics, std::back_inserter(content.diagnostics));
  CANDOR_TRY(content.intake, IntakeRules::load(folder, content.diagnostics));
  CANDOR_TRY_VOID(check_intake_feeds(content));
  content.lists = fingerprint_of(overlays);
  CANDOR_TRY(content.detection, hash_detection(folder, *content.organisation, content.lists));
  CANDOR_TRY(content.scoring, ScoringContent::load(folder / "scoring"));
  return content;
}

std::vector<Diagnostic> new_faults(const Content& content, const ListOverlays& overlays) {
  std::vector<Diagnostic> ignored;
  RestrictionTexts texts = read_restriction_texts(content.folder, ignored);
  lay_over(texts, content.said, overlays);
  auto loaded = IndicatorSet::load({content.folder / "indicators"}, content.fields, texts);
  std::erase_if(loaded.diagnostics, [&](const Diagnostic& fault) {
    return std::ranges::any_of(content.diagnostics, [&](const Diagnostic& known) {
      return known.file == fault.file && known.line == fault.line && known.id == fault.id &&
             known.message == fault.message;
    });
  });
  return std::move(loaded.diagnostics);
}

std::shared_ptr<const std::vector<Policy>> policy_templates(const Content& content) {
  const std::vector<std::filesystem::path> folders = {content.folder / "policies",
                                                      content.folder / "policies" / "optional"};
  auto loaded = load_policies(folders, content.indicators->indicators(), *content.scoring);
  std::ranges::sort(loaded.policies, {}, &Policy::name);
  return std::make_shared<const std::vector<Policy>>(std::move(loaded.policies));
}

Result<void> require_settings(const Content& content) {
  std::vector<Diagnostic> faults;
  std::ranges::copy_if(content.diagnostics, std::back_inserter(faults), [](const Diagnostic& fault) {
    return fault.severity == Severity::error && fault.id.starts_with("settings.");
  });
  if (faults.empty()) return {};
  return std::unexpected(
      with_diagnostics({"app.bad_settings", (content.folder / "settings.yml").string() + " cannot be used"}, faults));
}

}  // namespace candor
