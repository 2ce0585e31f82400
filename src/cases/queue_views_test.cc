#include "cases/queue_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(QueueViewQuery, KeepsWhatTheQueueKnowsAndNothingElse) {
  const struct {
    const char* query;
    const char* error;  // "" kept
  } rows[] = {
      {"", ""},
      {"view=all&severity=high&severity=low&sort=-updated&rows=alerts&mass_event=3", ""},
      {"policy=data-leaks&assigned_to=ann&in_case=false&opened_from=2026-01-01&opened_until=2026-02-01", ""},
      {"unassigned=true&active_from=2026-01-01&active_until=2026-02-01", ""},
      {"policy=a%20b%26c+d", ""},
      {"view=none", "queue_views.bad_query"},
      {"severity=high&severity=high", "queue_views.bad_query"},
      {"view=all&view=all", "queue_views.bad_query"},
      {"page=2", "queue_views.bad_query"},
      {"queue=x", "queue_views.bad_query"},
      {"sort=name", "queue_views.bad_query"},
      {"rows=both", "queue_views.bad_query"},
      {"mass_event=0", "queue_views.bad_query"},
      {"mass_event=1e3", "queue_views.bad_query"},
      {"mass_event=9999999999", "queue_views.bad_query"},
      {"unassigned=false", "queue_views.bad_query"},
      {"in_case=maybe", "queue_views.bad_query"},
      {"opened_from=2026-02-31", "queue_views.bad_query"},
      {"policy=", "queue_views.bad_query"},
      {"policy=%0a", "queue_views.bad_query"},
      {"policy=%ff", "queue_views.bad_query"},
      {"policy=%4", "queue_views.bad_query"},
      {"policy=%zz", "queue_views.bad_query"},
      {"&", "queue_views.bad_query"},
      {"=", "queue_views.bad_query"},
      {"view", "queue_views.bad_query"},
      {"text=Anon-AB12-CD34-EF56", ""},
      {"text=anon-ab12-cd34-ef56", ""},
      {"text=Mallory", "queue_views.names_somebody"},
      {"text=Anon-AB12", "queue_views.names_somebody"},
      {"text=Anon-AB12-CD34-EF56+Mallory", "queue_views.names_somebody"},
      {"text=", "queue_views.names_somebody"},
  };
  for (const auto& row : rows) {
    const auto checked = check_queue_query(row.query);
    EXPECT_EQ(checked ? "" : checked.error().id, row.error) << row.query;
  }
  EXPECT_EQ(*check_queue_query("view=all&text=anon-ab12-cd34-ef56"), "Anon-AB12-CD34-EF56");
  EXPECT_EQ(*check_queue_query("view=all"), "");
  EXPECT_EQ(check_queue_query("policy=" + std::string(1000, 'a')).error().id, "queue_views.bad_query");
  for (std::size_t length = 0; length < 40; ++length) {
    // Cut anywhere, no query is read past its end.
    static_cast<void>(check_queue_query(std::string("policy=%41%42&text=Anon-AB12-CD34-EF56").substr(0, length)));
  }
}

}  // namespace
}  // namespace candor
