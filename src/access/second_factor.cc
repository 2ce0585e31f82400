#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/totp.h"
#include "access/viewers_state.h"

namespace candor {
namespace {

constexpr int kRecoveryCodes = 10;
constexpr int kRecoverySymbols = 16;  // 80 bits: no list of them can be guessed through, so a fast hash is enough
constexpr std::string_view kRecoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

std::string secret_context(const std::string& user) { return "second factor of " + user; }

// "k7m2-9qxd-h4tb-3w80"
std::string new_recovery_code() {
  std::string code;
  for (int i = 0; i < kRecoverySymbols; ++i) {
    if (i > 0 && i % 4 == 0) code += '-';
    code += kRecoveryAlphabet[randombytes_uniform(static_cast<std::uint32_t>(kRecoveryAlphabet.size()))];
  }
  return code;
}

// As it was made, however it is typed: capitals, with or without dashes and blanks. "" when it is none.
std::string recovery_symbols(std::string_view typed) {
  std::string symbols;
  for (const char c : normalise_user(typed.substr(0, 64))) {
    if (c != '-' && c != ' ') symbols += c;
  }
  const bool is_one =
      symbols.size() == kRecoverySymbols && symbols.find_first_not_of(kRecoveryAlphabet) == std::string::npos;
  return is_one ? symbols : "";
}

// "123 456" is what some apps show.
std::string without_blanks(std::string_view typed) {
  std::string digits(typed.substr(0, 64));
  std::erase(digits, ' ');
  return digits;
}

}  // namespace

Error no_second_factor() { return {"access.no_second_factor", "there is no second factor: it has to be begun first"}; }

std::string Viewers::State::recovery_hash(const std::string& user, std::string_view code) const {
  return keyed_hash(recovery_key, user + "\n" + recovery_symbols(code));
}

Result<std::optional<KeptFactor>> Viewers::State::factor_of(Reading& reading, const std::string& user) const {
  CANDOR_TRY(const auto row, reading.row("select secret, begun, confirmed, last_step from second_factors "
                                         "where user_name = ?1",
                                         {user}));
  if (!row) return std::nullopt;
  CANDOR_TRY(auto secret, unseal(factor_key, row->text(0), secret_context(user)));
  return KeptFactor{.secret = std::move(secret),
                    .begun = row->integer(1),
                    .confirmed = row->optional_integer(2),
                    .last_step = row->integer(3)};
}

Result<std::optional<KeptFactor>> Viewers::State::factor_asked(Reading& reading, const Proof& proof) const {
  if (proof.factor == Proof::Factor::not_asked) return std::nullopt;
  CANDOR_TRY(auto factor, factor_of(reading, proof.user));
  const bool counts = factor && factor->confirmed;
  const bool wants_begun = proof.factor == Proof::Factor::begun;
  if (proof.factor == Proof::Factor::if_confirmed) return counts ? std::move(factor) : std::nullopt;
  if (wants_begun && counts) {
    return fail("access.second_factor_present", "a second factor is set up already: remove it first");
  }
  if (!factor || (!counts && !wants_begun)) return std::unexpected(no_second_factor());
  return factor;
}

Result<std::optional<CodeUse>> Viewers::State::code_use(Reading& reading, const std::string& user,
                                                        const KeptFactor& factor, std::string_view code) const {
  CANDOR_TRY(const auto step, totp_step_of(factor.secret, without_blanks(code), clock.now(), factor.last_step));
  if (step) return CodeUse{.step = *step, .begun = factor.begun};
  if (!factor.confirmed || recovery_symbols(code).empty()) return std::nullopt;
  std::string hash = recovery_hash(user, code);
  CANDOR_TRY(const auto row, reading.row("select 1 from recovery_codes where user_name = ?1 and code_hash = ?2 and "
                                         "used is null",
                                         {user, Blob{hash}}));
  if (!row) return std::nullopt;
  return CodeUse{.recovery_hash = std::move(hash), .begun = factor.begun};
}

Result<bool> Viewers::State::use(Transaction& work, const std::string& user, const CodeUse& code) const {
  if (code.step >= 0) {
    CANDOR_TRY(const auto rows, work.execute("update second_factors set last_step = ?3 where user_name = ?1 and begun "
                                             "= ?2 and last_step < ?3",
                                             {user, code.begun, code.step}));
    return rows == 1;
  }
  CANDOR_TRY(
      const auto rows,
      work.execute("update recovery_codes set used = ?3 where user_name = ?1 and code_hash = ?2 and used is null",
                   {user, Blob{code.recovery_hash}, clock.now()}));
  if (rows != 1) return false;
  CANDOR_TRY(const auto left,
             work.row("select count(*) from recovery_codes where user_name = ?1 and used is null", {user}));
  CANDOR_TRY_VOID(audit_line(work, user, "second_factor.recovery_code_used", user,
                             nlohmann::json{{"left", left->integer(0)}}.dump()));
  return true;
}

SignInRefusal Viewers::State::asking_for_code(const SignInRefusal& refused) const {
  if (refused.error.id != wrong_credentials().id) return refused;
  auto reading = store.read();
  if (!reading) return refused;
  const auto anybody = reading->row("select 1 from second_factors where confirmed is not null limit 1");
  if (!anybody || !*anybody) return refused;
  return refusal({"access.code_needed",
                  "give the code of your second factor as well; whether user and password are right is told with it"});
}

Result<std::vector<std::string>> Viewers::State::new_recovery_codes(Transaction& work, const std::string& user) const {
  CANDOR_TRY_VOID(work.execute("delete from recovery_codes where user_name = ?1", {user}));
  std::vector<std::string> codes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(new_recovery_code());
    const std::string hash = recovery_hash(user, codes.back());
    CANDOR_TRY_VOID(
        work.execute("insert into recovery_codes (user_name, code_hash) values (?1, ?2)", {user, Blob{hash}}));
  }
  return codes;
}

Result<void> Viewers::State::drop_factor(Transaction& work, const std::string& user) const {
  CANDOR_TRY_VOID(work.execute("delete from recovery_codes where user_name = ?1", {user}));
  CANDOR_TRY_VOID(work.execute("delete from second_factors where user_name = ?1", {user}));
  return {};
}

std::expected<ChangedFactor, SignInRefusal> Viewers::State::change_factor(const Session& current,
                                                                          const std::string& session_hash,
                                                                          std::string_view password,
                                                                          std::string_view code,
                                                                          const FactorChange& change) {
  const std::string& name = current.viewer.user();
  const std::vector<FailureCount> counts = {in_session(session_hash)};
  const auto proven = check({.user = name,
                             .password = password,
                             .code = code,
                             .factor = change.factor,
                             .failure_action = "second_factor.change_failed",
                             .counts = counts});
  if (!proven) return std::unexpected(proven.error());
  auto changed = store.transact([&](Transaction& work) -> Result<ChangedFactor> {
    CANDOR_TRY(const auto row,
               work.row("select 1 from viewers where user_name = ?1 and password = ?2", {name, proven->password_hash}));
    CANDOR_TRY(const bool used, use(work, name, *proven->code));
    if (!row || !used) return std::unexpected(wrong_credentials());
    CANDOR_TRY(auto codes, change.make(work));
    CANDOR_TRY_VOID(audit_line(work, name, change.action, name));
    CANDOR_TRY(auto session, renew(work, name, current.viewer.session()));
    return ChangedFactor{.session = std::move(session), .recovery_codes = std::move(codes)};
  });
  if (!changed) return std::unexpected(refusal(changed.error()));
  return *std::move(changed);
}

Result<SecondFactorInfo> Viewers::second_factor(const Viewer& viewer) const {
  CANDOR_TRY(auto reading, state_->store.read());
  CANDOR_TRY(const auto factor,
             reading.row("select confirmed from second_factors where user_name = ?1", {viewer.user()}));
  CANDOR_TRY(const auto left,
             reading.row("select count(*) from recovery_codes where user_name = ?1 and used is null", {viewer.user()}));
  return SecondFactorInfo{.since = factor ? factor->optional_integer(0) : std::nullopt,
                          .is_required = state_->roles.second_factor_required(viewer.role()),
                          .recovery_codes_left = left->integer(0)};
}

Result<NewSecondFactor> Viewers::begin_second_factor(const Viewer& viewer) {
  if (viewer.is_of_provider()) return std::unexpected(provider_account());
  if (viewer.must_change_password()) CANDOR_TRY_VOID(viewer.is_ready());
  std::string secret(kTotpSecretBytes, '\0');
  randombytes_buf(secret.data(), secret.size());
  const std::string sealed = seal(state_->factor_key, secret, secret_context(viewer.user()));
  const TimePoint now = state_->clock.now();
  const auto begun = state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto there, work.row("select 1 from second_factors where user_name = ?1 and confirmed is not null",
                                          {viewer.user()}));
    if (there) return fail("access.second_factor_present", "a second factor is set up already: remove it first");
    CANDOR_TRY_VOID(state_->drop_factor(work, viewer.user()));
    CANDOR_TRY_VOID(
        work.execute("insert into second_factors (user_name, secret, begun, last_step) "
                     "values (?1, ?2, ?3, -1)",
                     {viewer.user(), Blob{sealed}, now}));
    return state_->audit_line(work, viewer.user(), "second_factor.begun", viewer.user());
  });
  if (!begun) return std::unexpected(begun.error());
  std::string text = totp_secret_text(secret);
  std::string address = totp_address(viewer.user(), text);
  return NewSecondFactor{.secret = std::move(text), .address = std::move(address)};
}

std::expected<ChangedFactor, SignInRefusal> Viewers::confirm_second_factor(std::string_view token,
                                                                           std::string_view password,
                                                                           std::string_view code) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  const std::string& name = current->viewer.user();
  return state_->change_factor(
      *current, keyed_hash(state_->token_key, token), password, code,
      {.factor = Proof::Factor::begun,
       .action = "second_factor.set_up",
       .make = [&](Transaction& work) -> Result<std::vector<std::string>> {
         CANDOR_TRY_VOID(work.execute("update second_factors set confirmed = ?2 where user_name = ?1",
                                      {name, state_->clock.now()}));
         return state_->new_recovery_codes(work, name);
       }});
}

std::expected<ChangedFactor, SignInRefusal> Viewers::renew_recovery_codes(std::string_view token,
                                                                          std::string_view password,
                                                                          std::string_view code) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  return state_->change_factor(
      *current, keyed_hash(state_->token_key, token), password, code,
      {.factor = Proof::Factor::confirmed,
       .action = "second_factor.recovery_codes_made",
       .make = [&](Transaction& work) { return state_->new_recovery_codes(work, current->viewer.user()); }});
}

std::expected<ChangedFactor, SignInRefusal> Viewers::remove_second_factor(std::string_view token,
                                                                          std::string_view password,
                                                                          std::string_view code) {
  const auto current = session(token);
  if (!current) return std::unexpected(refusal(current.error()));
  return state_->change_factor(*current, keyed_hash(state_->token_key, token), password, code,
                               {.factor = Proof::Factor::confirmed,
                                .action = "second_factor.removed",
                                .make = [&](Transaction& work) -> Result<std::vector<std::string>> {
                                  CANDOR_TRY_VOID(state_->drop_factor(work, current->viewer.user()));
                                  return std::vector<std::string>();
                                }});
}

Result<void> Viewers::reset_second_factor(const std::string& actor, std::string_view user) {
  const std::string name = normalise_user(user);
  return state_->store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto there, work.row("select 1 from viewers where user_name = ?1", {name}));
    if (!there) return std::unexpected(unknown_user());
    CANDOR_TRY(const auto factor, work.row("select 1 from second_factors where user_name = ?1", {name}));
    if (!factor) return fail("access.no_second_factor", "that viewer has no second factor");
    CANDOR_TRY_VOID(state_->drop_factor(work, name));
    CANDOR_TRY_VOID(state_->audit_line(work, actor, "second_factor.reset", name));
    CANDOR_TRY_VOID(state_->revoke_all_tokens(work, name));
    CANDOR_TRY_VOID(state_->end_all(work, name));
    return {};
  });
}

}  // namespace candor
