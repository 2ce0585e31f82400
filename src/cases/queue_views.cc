#include "cases/queue_views.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "access/visible_people.h"
#include "base/utf8.h"

namespace candor {
namespace {

constexpr Sql kViewColumns =
    "select view_id, owner, name, shared, query, pseudonym, columns, changed_at from queue_views ";

constexpr std::array<std::string_view, 10> kColumns = {"severity", "score",  "policy", "person",      "activity",
                                                       "updated",  "status", "opened", "assigned_to", "id"};

QueueView read_view(const Row& row) {
  QueueView view;
  view.id = row.text(0);
  view.owner = row.text(1);
  view.name = row.text(2);
  view.shared = row.integer(3) != 0;
  view.query = row.text(4);
  view.pseudonym = row.text(5);
  view.columns = row.text(6);
  view.changed_at = row.integer(7);
  return view;
}

std::unexpected<Error> no_view() { return fail("queue_views.not_found", "there is no such view"); }

// Characters, not bytes: of UTF-8.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Result<std::string> checked_name(std::string_view name) {
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  const bool printable =
      std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'; });
  if (name.empty() || !printable || !is_utf8(name) || characters(name) > QueueViews::kLongestName) {
    return fail("queue_views.bad_name", "a view's name has 1 to 60 characters on one line");
  }
  return std::string(name);
}

Result<void> check_columns(std::string_view columns) {
  std::set<std::string_view> seen;
  std::string_view rest = columns;
  while (true) {
    const std::string_view one = rest.substr(0, rest.find(','));
    if (std::ranges::find(kColumns, one) == kColumns.end() || !seen.insert(one).second) {
      return fail("queue_views.bad_columns", "columns are known ones, each once, with commas between them");
    }
    if (one.size() == rest.size()) break;
    rest.remove_prefix(one.size() + 1);
  }
  if (seen.contains("policy")) return {};
  return fail("queue_views.bad_columns", "the column `policy` opens the alert, so it stays");
}

struct CheckedParts {
  QueueViewParts parts;
  std::string pseudonym;
};

Result<CheckedParts> checked(const QueueViewParts& parts) {
  CheckedParts out{.parts = parts, .pseudonym = {}};
  CANDOR_TRY(out.parts.name, checked_name(parts.name));
  CANDOR_TRY(out.pseudonym, check_queue_query(parts.query));
  CANDOR_TRY_VOID(check_columns(parts.columns));
  return out;
}

Result<std::size_t> count_of(Transaction& work, Sql sql, const Parameters& parameters) {
  CANDOR_TRY(const auto row, work.row(sql, parameters));
  return static_cast<std::size_t>(row->integer(0));
}

// Whether another of the owner's views has the name, or there are as many as there may be.
Result<void> check_room(Transaction& work, const QueueView& view, bool is_new, bool newly_shared) {
  CANDOR_TRY(const std::size_t same,
             count_of(work, "select count(*) from queue_views where owner = ?1 and name = ?2 and view_id <> ?3",
                      {view.owner, view.name, view.id}));
  if (same > 0) return fail("queue_views.name_taken", "another of your views has that name");
  if (is_new) {
    CANDOR_TRY(const std::size_t own,
               count_of(work, "select count(*) from queue_views where owner = ?1", {view.owner}));
    if (own >= QueueViews::kMostOfViewer) return fail("queue_views.too_many", "a viewer has at most 50 views");
  }
  if (newly_shared) {
    CANDOR_TRY(const std::size_t all, count_of(work, "select count(*) from queue_views where shared = 1", {}));
    if (all >= QueueViews::kMostShared) return fail("queue_views.too_many", "there are at most 200 shared views");
  }
  return {};
}

std::string new_view_id() {
  std::string raw(16, '\0');
  randombytes_buf(raw.data(), raw.size());
  return to_hex(raw);
}

}  // namespace

std::vector<std::string_view> queue_columns() { return {kColumns.begin(), kColumns.end()}; }

QueueViews::QueueViews(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit)
    : store_(&store), keys_(&keys), clock_(&clock), audit_(&audit) {}

Result<std::vector<QueueView>> QueueViews::all(const Viewer& viewer) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  static const SqlBuilder kTheirs =
      SqlBuilder().add(kViewColumns).add("where owner = ?1 or shared = 1 order by name, owner, view_id");
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto rows, reading.rows(kTheirs.sql(), {viewer.user()}));
  std::vector<QueueView> found;
  for (const Row& row : rows) {
    QueueView view = read_view(row);
    bool hidden = false;
    if (!view.pseudonym.empty()) {
      CANDOR_TRY(hidden, hides_pseudonym(reading, *keys_, viewer.hidden_people(), view.pseudonym));
    }
    if (!hidden) found.push_back(std::move(view));
  }
  return found;
}

Result<QueueView> QueueViews::visible(Reading& reading, const Viewer& viewer, std::string_view id) const {
  static const SqlBuilder kOneView =
      SqlBuilder().add(kViewColumns).add("where view_id = ?1 and (owner = ?2 or shared = 1)");
  CANDOR_TRY(const auto row, reading.row(kOneView.sql(), {id, viewer.user()}));
  if (!row) return no_view();
  QueueView view = read_view(*row);
  if (view.pseudonym.empty()) return view;
  CANDOR_TRY(const bool hidden, hides_pseudonym(reading, *keys_, viewer.hidden_people(), view.pseudonym));
  if (hidden) return no_view();
  return view;
}

Result<void> QueueViews::note(Transaction& work, const Viewer& viewer, const char* action,
                              const QueueView& view) const {
  AuditEntry line;
  line.action = action;
  line.object_kind = "queue_view";
  line.object_id = view.id;
  line.pseudonym = view.pseudonym;
  const nlohmann::ordered_json details = {
      {"name", view.name}, {"owner", view.owner}, {"filter", view.query}, {"columns", view.columns}};
  line.details = details.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  CANDOR_TRY_VOID(audit_->append(work, done_by(viewer, std::move(line))));
  return {};
}

Result<QueueView> QueueViews::add(const Viewer& viewer, const QueueViewParts& parts) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  CANDOR_TRY(CheckedParts made, checked(parts));
  QueueView view;
  static_cast<QueueViewParts&>(view) = std::move(made.parts);
  view.id = new_view_id();
  view.owner = viewer.user();
  view.pseudonym = std::move(made.pseudonym);
  view.changed_at = clock_->now();
  CANDOR_TRY_VOID(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(check_room(work, view, true, view.shared));
    CANDOR_TRY_VOID(
        work.execute("insert into queue_views (view_id, owner, name, shared, query, pseudonym, columns, changed_at) "
                     "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     {view.id, view.owner, view.name, std::int64_t{view.shared}, view.query, view.pseudonym,
                      view.columns, view.changed_at}));
    return view.shared ? note(work, viewer, "queue_view.shared", view) : Result<void>();
  }));
  return view;
}

Result<QueueView> QueueViews::change(const Viewer& viewer, std::string_view id, const QueueViewParts& parts) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  CANDOR_TRY(CheckedParts made, checked(parts));
  return store_->transact([&](Transaction& work) -> Result<QueueView> {
    CANDOR_TRY(const QueueView before, visible(work, viewer, id));
    if (before.owner != viewer.user()) {
      return fail("access.not_allowed", "a shared view is changed by whoever saved it; save one of your own");
    }
    QueueView view = before;
    static_cast<QueueViewParts&>(view) = made.parts;
    view.pseudonym = made.pseudonym;
    view.changed_at = clock_->now();
    CANDOR_TRY_VOID(check_room(work, view, false, view.shared && !before.shared));
    CANDOR_TRY_VOID(work.execute(
        "update queue_views set name = ?2, shared = ?3, query = ?4, pseudonym = ?5, columns = ?6, changed_at = ?7 "
        "where view_id = ?1",
        {view.id, view.name, std::int64_t{view.shared}, view.query, view.pseudonym, view.columns, view.changed_at}));
    if (before.shared && !view.shared) {
      CANDOR_TRY_VOID(note(work, viewer, "queue_view.unshared", before));
    } else if (view.shared) {
      CANDOR_TRY_VOID(note(work, viewer, before.shared ? "queue_view.changed" : "queue_view.shared", view));
    }
    return view;
  });
}

Result<void> QueueViews::remove(const Viewer& viewer, std::string_view id) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  return store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const QueueView view, visible(work, viewer, id));
    if (view.owner != viewer.user() && !viewer.may(Permission::viewers_write)) {
      return fail("access.not_allowed", "a shared view is deleted by whoever saved it, or who may change viewers");
    }
    CANDOR_TRY_VOID(work.execute("delete from queue_views where view_id = ?1", {view.id}));
    CANDOR_TRY_VOID(work.execute("update queue_choices set opens_with = '' where opens_with = ?1", {view.id}));
    return view.shared ? note(work, viewer, "queue_view.deleted", view) : Result<void>();
  });
}

Result<QueueChoice> QueueViews::choice(const Viewer& viewer) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto row,
             reading.row("select columns, opens_with from queue_choices where user_name = ?1", {viewer.user()}));
  if (!row) return QueueChoice{};
  QueueChoice choice{.columns = row->text(0), .opens_with = row->text(1)};
  if (!choice.opens_with.empty()) {
    const auto view = visible(reading, viewer, choice.opens_with);
    if (!view && view.error().id != "queue_views.not_found") return std::unexpected(view.error());
    if (!view) choice.opens_with.clear();
  }
  return choice;
}

Result<void> QueueViews::choose(const Viewer& viewer, const QueueChoice& choice) const {
  CANDOR_TRY_VOID(viewer.require(Permission::alerts_read));
  if (!choice.columns.empty()) {
    CANDOR_TRY_VOID(check_columns(choice.columns));
  }
  return store_->transact([&](Transaction& work) -> Result<void> {
    if (!choice.opens_with.empty()) {
      CANDOR_TRY_VOID(visible(work, viewer, choice.opens_with));
    }
    CANDOR_TRY_VOID(work.execute(
        "insert into queue_choices (user_name, columns, opens_with) values (?1, ?2, ?3) on conflict (user_name) "
        "do update set columns = excluded.columns, opens_with = excluded.opens_with",
        {viewer.user(), choice.columns, choice.opens_with}));
    return {};
  });
}

}  // namespace candor
