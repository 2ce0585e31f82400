// The shipped indicators on a real audit log of a laboratory with real attacks (the shared data set is not part of the
// project: without it the test is skipped).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "activity/mapping.h"
#include "activity/normalise.h"
#include "base/keys.h"
#include "indicators/indicator_set.h"
#include "sources/file_source.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

fs::path real_log() {
  const char* set = std::getenv("CANDOR_SHARED");
  const fs::path shared = set != nullptr ? fs::path(set) : fs::path(CANDOR_SOURCE_DIR) / ".." / "shared";
  return shared / "data" / "invictus-o365" / "auditrecords-before-2021-06.csv.zst";
}

// Matches of distinct records by people, by indicator.
std::map<std::string, int> matches_of(const fs::path& log) {
  const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
  const auto fields = FieldCatalogue::load(content / "fields.yml").value();
  std::vector<Diagnostic> diagnostics;
  Normaliser normaliser(MappingSet::load(content / "mappings", fields, diagnostics).value());
  const auto indicators = IndicatorSet::load({content / "indicators"}, fields).set;
  Matcher matcher(indicators);
  const IndicatorMask all(indicators->size(), true);
  std::map<std::string, int> counts;
  std::set<std::uint64_t> seen;
  std::vector<IndicatorIndex> matched;
  const auto source = FileSource::open(log).value();
  while (const auto batch = source->next().value()) {
    normaliser.normalise(*batch, [&](const Normalised& result) {
      if (result.activity == nullptr || !seen.insert(content_hash(batch->record(result.index))).second) return;
      if (result.activity->actor != ActorKind::person) return;
      matcher.match(*result.activity, all, matched);
      for (const IndicatorIndex index : matched) {
        if (indicators->is_indicator(index)) ++counts[(*indicators)[index].name];
      }
    });
  }
  return counts;
}

TEST(RealLog, FindsWhatTheAttackersDid) {
  const fs::path log = real_log();
  if (!fs::exists(log)) GTEST_SKIP() << log << " is not there: set CANDOR_SHARED";
  std::map<std::string, int> counts = matches_of(log);
  // Account taken over, rules that hide the traces, copies of all mail to an outsider, rights to read and send, a
  // malicious application with consent and a secret of its own, roles for the attacker.
  for (const char* name :
       {"sign_in_failed", "inbox_rule_hides_mail", "protection_weakened", "mailbox_permission_added",
        "mailbox_send_rights", "application_consent", "application_credentials_added", "role_member_added",
        "site_admin_added", "anonymous_link_created", "password_reset_by_other"}) {
    EXPECT_GE(counts[name], 1) << name;
  }
  // An administrator's laboratory, no leak by device or mail: nothing of the kind is invented.
  for (const char* name : {"usb_copy", "cloud_upload", "print", "email_external", "email_self", "label_downgraded",
                           "inbox_forwarding_rule", "badge_failed"}) {
    EXPECT_EQ(counts[name], 0) << name;
  }
}

}  // namespace
}  // namespace candor
