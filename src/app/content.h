#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "activity/field.h"
#include "activity/mapping.h"
#include "activity/organisation.h"
#include "alerts/risk_level.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "cases/notice.h"
#include "indicators/indicator_set.h"
#include "ingest/intake_rules.h"
#include "notifications/texts.h"
#include "organisation/facts.h"
#include "organisation/list_book.h"
#include "organisation/settings.h"
#include "policy/policy.h"
#include "policy/unit.h"

namespace candor {

// The content folder, loaded: everything that is data but belongs to no organisation. Immutable; pointers are shared.
struct Content {
  std::filesystem::path folder;
  std::shared_ptr<const FieldCatalogue> fields;
  std::shared_ptr<const MappingSet> mappings;
  std::shared_ptr<const IndicatorSet> indicators;
  std::shared_ptr<const ScoringContent> scoring;
  std::vector<OrganisationFact> organisation_facts;  // what the content file says, without what was imported
  std::vector<OrganisationFact> said;                // with what was imported
  ShippedLists organisation_lists;
  std::shared_ptr<const Organisation> organisation;        // both together: what records are read by
  std::shared_ptr<const IntakeRules> intake;               // what is never stored; never null
  std::shared_ptr<const RiskLevels> risk_levels;           // never null; nobody has a level where the file has a fault
  std::shared_ptr<const NoticeTemplates> notices;          // never null; those without a fault
  std::shared_ptr<const NotificationTexts> notifications;  // never null; the languages without a fault
  std::shared_ptr<const Units> units;                      // never null; those without a fault
  Settings settings;                                       // defaults where diagnostics has a fault of theirs
  std::map<std::string, std::string> list_files;           // texts of the files of groups and exclusions, by list
  std::uint64_t lists = 0;      // fingerprint_of() the changes of these that are laid over the files
  std::uint64_t detection = 0;  // hash of all that normalising and matching depend on (TimelineOptions::content)
  std::vector<Diagnostic> diagnostics;  // faults of single rules; the valid ones are in `indicators` all the same
};

// `imported`, `overlays`: the facts about the organisation and the changes of lists that a data folder holds. Fails
// with the loaders' own errors when fields, mappings, the organisation's file, scoring or the rules of intake cannot be
// used at all, and with `app.no_content` when the folder is not there.
Result<Content> load_content(const std::filesystem::path& folder,
                             const std::vector<StoredOrganisationFact>& imported = {},
                             const ListOverlays& overlays = {});

// The faults that the content would have with these changes of lists, and has not as it is.
std::vector<Diagnostic> new_faults(const Content& content, const ListOverlays& overlays);

// The policies that ship with Candor, those that are put in force only when asked for too, by name; the sound ones.
std::shared_ptr<const std::vector<Policy>> policy_templates(const Content& content);

// Fails with `app.bad_settings`, naming every fault, when settings.yml has one: half-understood settings must neither
// delete nor tell anything.
Result<void> require_settings(const Content& content);

}  // namespace candor
