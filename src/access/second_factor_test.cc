#include <functional>
#include <set>

#include "access/access_fixture.h"
#include "access/totp.h"

namespace candor {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SecondFactorTest : public AccessTest {
 protected:
  using AccessTest::AccessTest;
  static constexpr TimePoint kStep = kTotpStepSeconds * kMicrosPerSecond;

  void after(TimePoint time) { clock_.set(clock_.now() + time); }

  // What the app shows `steps` from now.
  static std::string decoded(const std::string& base32) {
    std::string bytes;
    unsigned bits = 0;
    int held = 0;
    for (const char c : base32) {
      bits = bits << 5 | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((held += 5) < 8) continue;
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xff);
    }
    return bytes;
  }
  std::string code(std::int64_t steps = 0) const {
    return *totp_code(decoded(secret_), totp_step(clock_.now()) + steps);
  }
  std::string wrong_code() const {
    std::string wrong = code();
    wrong[0] = wrong[0] == '9' ? '0' : static_cast<char>(wrong[0] + 1);
    return wrong;
  }

  // Signed in with a factor set up; the step it was confirmed in is over.
  ChangedFactor enrolled(const std::string& user, const std::string& role = "analyst") {
    const Session session = signed_in(user, role);
    secret_ = viewers_.begin_second_factor(session.viewer)->secret;
    auto changed = viewers_.confirm_second_factor(session.token, kPassword, code());
    EXPECT_TRUE(changed.has_value());
    after(kStep);
    return *std::move(changed);
  }

  std::string tried(const std::string& user, std::string_view password, std::string_view given,
                    const std::string& address = "") {
    const auto session = viewers_.sign_in(user, password, {.address = address}, given);
    return session ? "signed in" : session.error().error.id;
  }

  // Everything the log tells, in one text.
  std::string whole_log() {
    std::string text;
    EXPECT_TRUE(audit_.export_ndjson([&](std::string_view line) {
      text += line;
      return true;
    }));
    return text;
  }

  std::string secret_;
};

TEST_F(SecondFactorTest, IsSetUpWithPasswordAndCode) {
  const Session session = signed_in("ann", "analyst");
  EXPECT_FALSE(viewers_.second_factor(session.viewer)->since);
  const auto begun = viewers_.begin_second_factor(session.viewer);
  ASSERT_TRUE(begun);
  secret_ = begun->secret;
  EXPECT_EQ(begun->secret.size(), 32U);
  EXPECT_THAT(begun->address, HasSubstr("otpauth://totp/Candor:ann?secret=" + begun->secret + "&"));
  EXPECT_EQ(tried("ann", kPassword, ""), "signed in") << "begun is not set up";
  EXPECT_FALSE(viewers_.second_factor(session.viewer)->since);

  const auto refused = [&](std::string_view password, const std::string& given) {
    return viewers_.confirm_second_factor(session.token, password, given).error().error.id;
  };
  EXPECT_EQ(refused("wrong", code()), "access.wrong_credentials");
  EXPECT_EQ(refused(kPassword, wrong_code()), "access.wrong_credentials");
  EXPECT_EQ(refused(kPassword, ""), "access.wrong_credentials");
  const auto changed = viewers_.confirm_second_factor(session.token, kPassword, code());
  ASSERT_TRUE(changed);
  EXPECT_EQ(std::set(changed->recovery_codes.begin(), changed->recovery_codes.end()).size(), 10U);
  EXPECT_THAT(changed->recovery_codes, testing::Each(testing::MatchesRegex("([0-9a-z]{4}-){3}[0-9a-z]{4}")));
  EXPECT_FALSE(viewers_.session(session.token)) << "the session is another one";
  EXPECT_EQ(viewers_.sessions()->size(), 1U) << "and the only one";
  ASSERT_TRUE(viewers_.session(changed->session.token));
  EXPECT_EQ(viewers_.second_factor(changed->session.viewer)->since, clock_.now());
  EXPECT_EQ(viewers_.second_factor(changed->session.viewer)->recovery_codes_left, 10);
  EXPECT_EQ(viewers_.begin_second_factor(changed->session.viewer).error().id, "access.second_factor_present");
  EXPECT_TRUE(viewers_.list()->at(0).has_second_factor);
  EXPECT_THAT(audit_lines(), Contains("second_factor.set_up ann ann"));
}

TEST_F(SecondFactorTest, ABeginningOverMakesTheFirstSecretVoid) {
  const Session session = signed_in("ann", "analyst");
  secret_ = viewers_.begin_second_factor(session.viewer)->secret;
  const std::string of_the_first = code();
  secret_ = viewers_.begin_second_factor(session.viewer)->secret;
  EXPECT_FALSE(viewers_.confirm_second_factor(session.token, kPassword, of_the_first));
  EXPECT_TRUE(viewers_.confirm_second_factor(session.token, kPassword, code()));
}

TEST_F(SecondFactorTest, NothingToConfirmIsSaid) {
  const Session session = signed_in("ann", "analyst");
  EXPECT_EQ(viewers_.confirm_second_factor(session.token, kPassword, "123456").error().error.id,
            "access.no_second_factor");
  EXPECT_EQ(viewers_.remove_second_factor(session.token, kPassword, "123456").error().error.id,
            "access.no_second_factor");
  EXPECT_EQ(viewers_.confirm_second_factor(std::string(64, 'a'), kPassword, "123456").error().error.id,
            "access.no_session");
}

struct Attempt {
  const char* what;
  const char* user;
  bool right_password;
  const char* code;  // "right", "wrong", ""
  const char* outcome;
};
class SignInWithFactor : public SecondFactorTest, public testing::WithParamInterface<Attempt> {};

TEST_P(SignInWithFactor, TellsNothingBeforeBothAreThere) {
  enrolled("ann");
  signed_in("bob", "analyst");
  const Attempt& attempt = GetParam();
  const std::string_view kind = attempt.code;
  const std::string given = kind == "right" ? code() : kind == "wrong" ? wrong_code() : std::string();
  EXPECT_EQ(tried(attempt.user, attempt.right_password ? kPassword : "wrong password", given), attempt.outcome);
}

constexpr const char* kWrong = "access.wrong_credentials";
constexpr const char* kAsked = "access.code_needed";
INSTANTIATE_TEST_SUITE_P(
    Attempts, SignInWithFactor,
    testing::Values(Attempt{"both", "ann", true, "right", "signed in"}, Attempt{"code", "ann", true, "wrong", kWrong},
                    Attempt{"password", "ann", false, "right", kWrong}, Attempt{"all", "ann", false, "wrong", kWrong},
                    Attempt{"none yet", "ann", true, "", kAsked}, Attempt{"none", "ann", false, "", kAsked},
                    Attempt{"nobody", "nobody", false, "", kAsked}, Attempt{"nobody", "nobody", true, "wrong", kWrong},
                    Attempt{"without factor", "bob", true, "", "signed in"},
                    Attempt{"without factor", "bob", true, "wrong", "signed in"},
                    Attempt{"without factor", "bob", false, "", kAsked},
                    Attempt{"without factor", "bob", false, "wrong", kWrong}));

TEST_F(SecondFactorTest, WhereNobodyHasOneNobodyIsAskedForACode) {
  const Session session = signed_in("ann", "analyst");
  ASSERT_TRUE(viewers_.begin_second_factor(session.viewer));
  EXPECT_EQ(tried("ann", "wrong", ""), kWrong);
  EXPECT_EQ(tried("nobody", "wrong", ""), kWrong);
}

TEST_F(SecondFactorTest, ACodeCountsOnceAndTheOneBeforeNoMore) {
  const auto first = enrolled("ann");
  EXPECT_EQ(tried("ann", kPassword, code(-1)), kWrong) << "that of the confirmation";
  const std::string now = code();
  EXPECT_EQ(tried("ann", kPassword, now), "signed in");
  EXPECT_EQ(tried("ann", kPassword, now), kWrong);
  EXPECT_EQ(tried("ann", kPassword, code(1)), "signed in") << "a clock that is fast";
  EXPECT_EQ(tried("ann", kPassword, now), kWrong);
  after(10 * kStep);
  EXPECT_EQ(tried("ann", kPassword, code(-1)), "signed in") << "a clock that is slow";
  EXPECT_EQ(tried("ann", kPassword, code(-2)), kWrong);
  EXPECT_EQ(tried("ann", kPassword, code(2)), kWrong);
  const std::string spaced = code().insert(3, " ");
  EXPECT_EQ(tried("ann", kPassword, spaced), "signed in") << "as some apps show it";
  // It is on disk: a restart brings none back.
  Viewers restarted(*store_, keys_, clock_, audit_, *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml"), {},
                    PasswordCost::least);
  EXPECT_FALSE(restarted.sign_in("ann", kPassword, {}, code()));
}

// Whatever is wrong, five failures make one wait as long, at one user and in all.
TEST_F(SecondFactorTest, AWrongCodeCostsWhatAWrongPasswordCosts) {
  enrolled("ann");
  enrolled("bob");
  std::vector<std::vector<int>> waits;
  const auto wait_of = [&](const char* user, const std::string& password, const std::function<std::string()>& given) {
    const std::string address = "192.0.2." + std::to_string(waits.size());
    std::vector<int>& seen = waits.emplace_back();
    for (int i = 0; i < 7; ++i) {
      const auto outcome = viewers_.sign_in(user, password, {.address = address}, given());
      seen.push_back(outcome ? -1 : outcome.error().retry_after_seconds);
    }
  };
  wait_of("ann", "wrong", [] { return ""; });
  wait_of("ann", "wrong", [&] { return wrong_code(); });
  wait_of("ann", kPassword, [] { return ""; });
  wait_of("ann", kPassword, [] { return "0000 0000 0000 0000"; });
  wait_of("nobody", "wrong", [] { return "123456"; });
  for (const auto& seen : waits) EXPECT_THAT(seen, ElementsAre(0, 0, 0, 0, 0, 30, 30));
}

TEST_F(SecondFactorTest, BeingAskedForTheCodeIsNoFailureInTheEnd) {
  enrolled("ann");
  const std::string shared = "192.0.2.1";
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(tried("ann", kPassword, "", shared), kAsked) << i;
    EXPECT_EQ(tried("ann", kPassword, code(), shared), "signed in") << i;
    after(kStep);
  }
  // What it takes back is only what it added: own sign-ins wipe out no guessing at others.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(tried("other" + std::to_string(i), "guess", "", shared), kAsked) << i;
    if (i == 19) break;
    EXPECT_EQ(tried("ann", kPassword, code(), shared), "signed in") << i;
    after(kStep);
  }
  EXPECT_EQ(tried("ann", kPassword, code(), shared), "access.too_many_attempts");
}

TEST_F(SecondFactorTest, TheLogTellsARightPasswordWithoutACodeFromAWrongOne) {
  enrolled("ann");
  EXPECT_EQ(tried("ann", kPassword, ""), kAsked);
  EXPECT_EQ(tried("ann", "wrong", ""), kAsked);
  const auto lines = audit_lines();
  EXPECT_THAT(lines, Contains("session.code_asked  ann").Times(1));
  EXPECT_THAT(lines, Contains("session.failed  ann").Times(1));
}

TEST_F(SecondFactorTest, ARecoveryCodeCountsOnce) {
  const auto set_up = enrolled("ann");
  const std::string& one = set_up.recovery_codes[3];
  EXPECT_EQ(tried("ann", "wrong", one), kWrong) << "and is not used up by that";
  EXPECT_EQ(tried("ann", kPassword, one), "signed in");
  EXPECT_EQ(tried("ann", kPassword, one), kWrong);
  std::string typed = set_up.recovery_codes[4];
  std::erase(typed, '-');
  for (char& c : typed) c = static_cast<char>(::toupper(c));
  EXPECT_EQ(tried("ann", kPassword, typed), "signed in");
  EXPECT_EQ(viewers_.second_factor(set_up.session.viewer)->recovery_codes_left, 8);
  enrolled("bob");
  EXPECT_EQ(tried("bob", kPassword, set_up.recovery_codes[5]), kWrong) << "another's";
  EXPECT_THAT(audit_lines(), Contains("second_factor.recovery_code_used ann ann").Times(2));
}

TEST_F(SecondFactorTest, RecoveryCodesAreMadeAnew) {
  const auto set_up = enrolled("ann");
  EXPECT_FALSE(viewers_.renew_recovery_codes(set_up.session.token, kPassword, wrong_code()));
  EXPECT_FALSE(viewers_.renew_recovery_codes(set_up.session.token, "wrong", code()));
  const auto renewed = viewers_.renew_recovery_codes(set_up.session.token, kPassword, code());
  ASSERT_TRUE(renewed);
  EXPECT_FALSE(viewers_.session(set_up.session.token));
  EXPECT_EQ(tried("ann", kPassword, set_up.recovery_codes[0]), kWrong);
  EXPECT_EQ(tried("ann", kPassword, renewed->recovery_codes[0]), "signed in");
}

TEST_F(SecondFactorTest, RemovingItNeedsPasswordAndCode) {
  const auto set_up = enrolled("ann");
  const std::string& token = set_up.session.token;
  EXPECT_FALSE(viewers_.remove_second_factor(token, kPassword, wrong_code()));
  EXPECT_FALSE(viewers_.remove_second_factor(token, kPassword, ""));
  EXPECT_FALSE(viewers_.remove_second_factor(token, "wrong", code()));
  const auto removed = viewers_.remove_second_factor(token, kPassword, set_up.recovery_codes[9]);
  ASSERT_TRUE(removed) << "whoever lost the app has the codes";
  EXPECT_TRUE(removed->recovery_codes.empty());
  EXPECT_EQ(tried("ann", kPassword, ""), "signed in");
  EXPECT_FALSE(viewers_.second_factor(removed->session.viewer)->since);
  EXPECT_THAT(audit_lines(), Contains("second_factor.removed ann ann"));
}

TEST_F(SecondFactorTest, GuessingInASessionIsSlowedDown) {
  const auto set_up = enrolled("ann");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(viewers_.remove_second_factor(set_up.session.token, kPassword, wrong_code()).error().error.id, kWrong);
  }
  const auto blocked = viewers_.remove_second_factor(set_up.session.token, kPassword, code());
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().retry_after_seconds, 30);
}

TEST_F(SecondFactorTest, AnAdministratorResetsItAndTheViewerIsSignedOut) {
  const auto set_up = enrolled("ann");
  const auto token = viewers_.create_token(set_up.session.token, kPassword, code(), {.name = "t", .days = 1});
  ASSERT_TRUE(token);
  EXPECT_EQ(viewers_.reset_second_factor("local/root", "nobody").error().id, "access.unknown_user");
  ASSERT_TRUE(viewers_.reset_second_factor("local/root", "Ann"));
  EXPECT_FALSE(viewers_.session(set_up.session.token));
  EXPECT_FALSE(viewers_.session_of_token(token->text));
  EXPECT_EQ(tried("ann", kPassword, ""), "signed in");
  EXPECT_EQ(viewers_.reset_second_factor("local/root", "ann").error().id, "access.no_second_factor");
  EXPECT_THAT(audit_lines(), Contains("second_factor.reset local/root ann"));
}

TEST_F(SecondFactorTest, NeitherSecretNorCodeIsStoredOrLoggedAsItIs) {
  const auto set_up = enrolled("ann");
  const std::string used = code();
  ASSERT_EQ(tried("ann", kPassword, used), "signed in");
  const std::string log = whole_log();
  auto reading = store_->read();
  std::string stored;
  const auto keep = [&](const Row& row) {
    stored += row.text(0);
    return true;
  };
  ASSERT_TRUE(reading->each("select secret from second_factors", {}, keep));
  ASSERT_TRUE(reading->each("select code_hash from recovery_codes", {}, keep));
  ASSERT_GT(stored.size(), 300U);
  std::string symbols = set_up.recovery_codes[0];
  std::erase(symbols, '-');
  for (const std::string& kept : {secret_, decoded(secret_), set_up.recovery_codes[0], symbols}) {
    EXPECT_EQ(stored.find(kept), std::string::npos);
    EXPECT_EQ(log.find(kept), std::string::npos);
  }
  EXPECT_THAT(log, Not(HasSubstr("\"" + used + "\"")));
}

// A sealed secret that is put into another viewer's row opens nothing.
TEST_F(SecondFactorTest, ASecretIsOneViewersOnly) {
  enrolled("ann");
  const std::string of_ann = secret_;
  enrolled("bob");
  ASSERT_TRUE(store_->transact([](Transaction& work) {
    return work.execute(
        "update second_factors set secret = (select secret from second_factors where user_name = "
        "'ann') where user_name = 'bob'");
  }));
  secret_ = of_ann;
  EXPECT_EQ(tried("bob", kPassword, code()), "base.seal_broken");
}

class RequiredFactorTest : public SecondFactorTest {
 protected:
  RequiredFactorTest()
      : SecondFactorTest(*Roles::parse("second_factor_required: [investigator]\n"
                                       "roles: {investigator: [alerts.read], analyst: [alerts.read]}",
                                       "roles.yml")) {}
};

TEST_F(RequiredFactorTest, WhoeverLacksItMayOnlySetItUp) {
  const Session session = signed_in("ivy", "investigator");
  EXPECT_FALSE(session.viewer.must_change_password());
  EXPECT_TRUE(session.viewer.must_set_up_second_factor());
  EXPECT_FALSE(session.viewer.may(Permission::alerts_read));
  EXPECT_EQ(session.viewer.require(Permission::alerts_read).error().id, "access.second_factor_required");
  EXPECT_TRUE(viewers_.second_factor(session.viewer)->is_required);
  EXPECT_EQ(viewers_.create_token(session.token, kPassword, "", {.name = "t", .days = 1}).error().error.id,
            "access.second_factor_required");
  secret_ = viewers_.begin_second_factor(session.viewer)->secret;
  const auto changed = viewers_.confirm_second_factor(session.token, kPassword, code());
  ASSERT_TRUE(changed);
  EXPECT_TRUE(changed->session.viewer.may(Permission::alerts_read));
  after(kStep);
  const auto removed = viewers_.remove_second_factor(changed->session.token, kPassword, code());
  ASSERT_TRUE(removed);
  EXPECT_FALSE(removed->session.viewer.may(Permission::alerts_read)) << "from that moment on";
  EXPECT_TRUE(signed_in("ann", "analyst").viewer.may(Permission::alerts_read));
}

TEST_F(RequiredFactorTest, TheOneTimePasswordComesFirst) {
  const std::string one_time = *viewers_.add("test", "ivy", "investigator");
  const auto session = viewers_.sign_in("ivy", one_time);
  EXPECT_EQ(session->viewer.require(Permission::alerts_read).error().id, "access.password_change_required");
  EXPECT_EQ(viewers_.begin_second_factor(session->viewer).error().id, "access.password_change_required");
}

TEST_F(RequiredFactorTest, ATokenEndsWithTheRoleThatRequiresOne) {
  const Session session = signed_in("ann", "analyst");
  const auto token = viewers_.create_token(session.token, kPassword, "", {.name = "t", .days = 1});
  EXPECT_TRUE(viewers_.session_of_token(token->text)->viewer.may(Permission::alerts_read));
  give_role("ann", "investigator");
  EXPECT_FALSE(viewers_.session_of_token(token->text)->viewer.may(Permission::alerts_read));
}

}  // namespace
}  // namespace candor
