#include "access/viewers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/viewers_state.h"
#include "access/visible_people.h"
#include "profile/people.h"

namespace candor {
namespace {

bool is_user(std::string_view user) {
  return !user.empty() && user.size() <= kLongestUser && user.find_first_not_of(kUserSymbols) == std::string_view::npos;
}

std::vector<FailureCount> sign_in_counts(const std::string& user, std::string_view address) {
  std::vector<FailureCount> counts = {at_user(user, address)};
  if (!address.empty()) counts.push_back(at_address(address));
  return counts;
}

Error unknown_role() {
  return {"access.unknown_role", "there is no such role: `candor viewer roles` lists those of content/roles.yml"};
}

}  // namespace

Viewers::Viewers(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, Roles roles,
                 SessionLimits limits, PasswordCost cost)
    : state_(new State{.store = store,
                       .keys = keys,
                       .clock = clock,
                       .audit = audit,
                       .roles = std::move(roles),
                       .limits = limits,
                       .cost = cost,
                       .token_key = keys.derive("session tokens"),
                       .failure_key = keys.derive("sign-in failures"),
                       .factor_key = keys.derive("second factors"),
                       .recovery_key = keys.derive("recovery codes"),
                       .origin_key = keys.derive("session origins"),
                       .viewer_token_key = keys.derive("viewer tokens"),
                       .provider_key = keys.derive("identity provider"),
                       .hashing = {},
                       .nobody_password = {}}) {}

Viewers::~Viewers() = default;

Result<std::optional<Viewers::FirstViewer>> Viewers::ensure_first() {
  static const std::string kUser = "admin";
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::optional<FirstViewer>> {
    CANDOR_TRY(const auto count, work.row("select count(*) from viewers"));
    CANDOR_TRY(const auto first, work.row("select one_time from viewers where user_name = ?1", {kUser}));
    const bool nobody = count->integer(0) == 0;
    if (!nobody && !(count->integer(0) == 1 && first && first->integer(0) != 0)) return std::nullopt;
    if (nobody) {
      CANDOR_TRY_VOID(work.execute("insert into viewers (user_name, role, password, one_time) values (?1, ?2, '', 1)",
                                   {kUser, "admin"}));
      CANDOR_TRY_VOID(state_->audit_line(work, "", "viewer.added", kUser, R"({"role":"admin"})"));
    }
    CANDOR_TRY(auto password, state_->new_one_time_password(work, kUser));
    return FirstViewer{kUser, std::move(password)};
  });
}

Result<std::string> Viewers::add(const std::string& actor, std::string_view user, std::string_view role) {
  const std::string name = normalise_user(user);
  if (!is_user(name)) {
    return fail("access.bad_user", "a user name has 1 to 64 of the characters a-z, 0-9, dot, underscore, @ and dash");
  }
  if (!role.empty() && !state_->roles.has(role)) return std::unexpected(unknown_role());
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::string> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (there) return fail("access.user_taken", "there is a viewer of that name already");
    CANDOR_TRY_VOID(
        work.execute("insert into viewers (user_name, role, password, one_time) values (?1, ?2, '', 1)", {name, role}));
    CANDOR_TRY_VOID(
        state_->audit_line(work, actor, "viewer.added", name, R"({"role":")" + std::string(role) + R"("})"));
    return state_->new_one_time_password(work, name);
  });
}

Result<std::string> Viewers::reset_password(const std::string& actor, std::string_view user) {
  const std::string name = normalise_user(user);
  const std::lock_guard lock(state_->hashing);
  return state_->store.transact([&](Transaction& work) -> Result<std::string> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY(const bool of_provider, state_->is_of_provider(work, name));
    if (of_provider) return std::unexpected(provider_account());
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "viewer.password_reset", name));
    CANDOR_TRY_VOID(state_->revoke_all_tokens(work, name));
    return state_->new_one_time_password(work, name);
  });
}

Result<void> Viewers::link(const std::string& actor, std::string_view user, std::string_view account) {
  const std::string name = normalise_user(user);
  const std::string address = normalise_account_name(account);
  if (address.empty()) return fail("access.bad_account", "name an account: an address, or a user name of the records");
  const AccountId id = state_->keys.account(address);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY_VOID(work.execute(
        "insert into viewer_accounts (user_name, account_id, linked_by, linked_at) values (?1, ?2, ?3, ?4) "
        "on conflict (user_name, account_id) do nothing",
        {name, id, actor, state_->clock.now()}));
    return state_->audit_line(work, actor, "viewer.linked", name);
  });
}

Result<void> Viewers::unlink(const std::string& actor, std::string_view user, std::string_view account) {
  const std::string name = normalise_user(user);
  const AccountId id = state_->keys.account(normalise_account_name(account));
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto gone,
               work.execute("delete from viewer_accounts where user_name = ?1 and account_id = ?2", {name, id}));
    if (gone == 0) return fail("access.not_linked", "that account was not linked to that viewer");
    return state_->audit_line(work, actor, "viewer.unlinked", name);
  });
}

Result<std::vector<ViewerInfo>> Viewers::list() const {
  CANDOR_TRY(auto reading, state_->store.read());
  std::vector<ViewerInfo> viewers;
  CANDOR_TRY_VOID(reading.each(
      "select v.user_name, v.role, v.one_time, v.last_sign_in, (select count(*) from second_factors f where "
      "f.user_name = v.user_name and f.confirmed is not null), (select count(*) from provider_accounts p where "
      "p.user_name = v.user_name) from viewers v order by v.user_name",
      {}, [&](const Row& row) {
        viewers.push_back({row.text(0),
                           row.text(1),
                           row.integer(2) != 0,
                           row.optional_integer(3),
                           false,
                           row.integer(4) != 0,
                           row.integer(5) != 0,
                           {}});
        return true;
      }));
  for (ViewerInfo& viewer : viewers) {
    CANDOR_TRY(const OwnPeople own, OwnPeople::of(reading, state_->keys, viewer.user));
    viewer.is_known_person = !own.empty();
    CANDOR_TRY(viewer.units, units_of_viewer(reading, viewer.user));
    CANDOR_TRY(viewer.reviews, groups_of_viewer(reading, viewer.user));
  }
  return viewers;
}

std::expected<void, SignInRefusal> Viewers::may_try(std::string_view user, std::string_view address) const {
  auto reading = state_->store.read();
  if (!reading) return std::unexpected(refusal(reading.error()));
  const auto wait =
      state_->wait_seconds(*reading, sign_in_counts(normalise_user(user.substr(0, kLongestUser + 1)), address));
  if (!wait) return std::unexpected(refusal(wait.error()));
  if (*wait > 0) return std::unexpected(too_many_attempts(*wait));
  return {};
}

std::expected<Session, SignInRefusal> Viewers::sign_in(std::string_view user, std::string_view password,
                                                       const SignInOrigin& origin, std::string_view code) {
  const std::string name = normalise_user(user.substr(0, kLongestUser + 1));
  const auto counts = sign_in_counts(name, origin.address);
  const Proof proof{.user = name,
                    .password = password,
                    .code = code,
                    .factor = Proof::Factor::if_confirmed,
                    .failure_action = "session.failed",
                    .counts = counts,
                    .code_missing_action = "session.code_asked",
                    .without_code = without_code(name, origin.address)};
  auto proven = state_->check(proof);
  if (proven) {
    // Told as a wrong password: which accounts may sign in is nobody's business who may not.
    if (const auto allowed = state_->allowed_locally(proof); !allowed) proven = std::unexpected(allowed.error());
  }
  if (!proven) return std::unexpected(code.empty() ? state_->asking_for_code(proven.error()) : proven.error());
  auto started = state_->store.transact([&](Transaction& work) -> Result<Session> {
    // Between the check and now the password may have been changed, or the code used.
    CANDOR_TRY(const auto row,
               work.row("select 1 from viewers where user_name = ?1 and password = ?2", {name, proven->password_hash}));
    if (!row) return std::unexpected(wrong_credentials());
    if (proven->code) {
      CANDOR_TRY(const bool used, state_->use(work, name, *proven->code));
      if (!used) return std::unexpected(wrong_credentials());
    }
    CANDOR_TRY_VOID(state_->purge(work));
    // Not those of the address: who has one account could go on guessing at others.
    CANDOR_TRY_VOID(state_->forget_failures(work, counts.front()));
    CANDOR_TRY_VOID(state_->take_back(work, name, origin.address));
    CANDOR_TRY_VOID(
        work.execute("update viewers set last_sign_in = ?1 where user_name = ?2", {state_->clock.now(), name}));
    CANDOR_TRY_VOID(state_->audit_line(work, name, "session.started", name));
    CANDOR_TRY(auto session, state_->start(work, name, origin));
    CANDOR_TRY(Viewer viewer, state_->viewer_of(work, name, std::move(session.id)));
    return Session{std::move(session.token), std::move(viewer), session.expires_at};
  });
  if (!started) return std::unexpected(refusal(started.error()));
  return *std::move(started);
}

std::expected<Session, SignInRefusal> Viewers::change_password(std::string_view token, std::string_view password,
                                                               std::string_view new_password) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  if (current->viewer.is_of_provider()) return std::unexpected(refusal(provider_account()));
  const std::string& name = current->viewer.user();
  const std::vector<FailureCount> counts = {in_session(keyed_hash(state_->token_key, token))};
  const auto old = state_->check({.user = name,
                                  .password = password,
                                  .code = "",
                                  .failure_action = "viewer.password_change_failed",
                                  .counts = counts});
  if (!old) return std::unexpected(old.error());
  if (new_password.size() < kShortestPassword || new_password.size() > kLongestPassword || new_password == password ||
      normalise_user(new_password) == name) {
    return std::unexpected(refusal(
        {"access.bad_password", "a new password has 12 to 256 bytes, and is neither the old one nor the user name"}));
  }
  std::string hash;
  {
    const std::lock_guard lock(state_->hashing);
    hash = state_->hash_password(new_password);
  }
  if (hash.empty()) {
    return std::unexpected(refusal({"access.out_of_memory", "there is not enough memory to hash a password"}));
  }
  auto changed = state_->store.transact([&](Transaction& work) -> Result<Session> {
    CANDOR_TRY(const auto rows, work.execute("update viewers set password = ?1, one_time = 0 "
                                             "where user_name = ?2 and password = ?3",
                                             {hash, name, old->password_hash}));
    if (rows == 0) return std::unexpected(wrong_credentials());
    CANDOR_TRY_VOID(state_->audit_line(work, name, "viewer.password_changed", name));
    return state_->renew(work, name, current->viewer.session());
  });
  if (!changed) return std::unexpected(refusal(changed.error()));
  return *std::move(changed);
}

Result<Permissions> Viewers::permissions_of(Reading& reading, std::string_view user) const {
  CANDOR_TRY(const auto row, reading.row("select role from viewers where user_name = ?1", {normalise_user(user)}));
  if (!row) return std::unexpected(unknown_user());
  return state_->roles.permissions(row->text(0));
}

void Viewers::limit_local_accounts(LocalAccounts which) { state_->local_accounts = which; }

const Roles& Viewers::roles() const { return state_->roles; }

}  // namespace candor
