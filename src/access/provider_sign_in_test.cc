#include "access/provider_sign_in.h"

#include "access/access_fixture.h"
#include "access/provider_fixture.h"

namespace candor {
namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kAnnBee = "ann.bee@example.com";

class ProviderSignInTest : public AccessTest {
 protected:
  explicit ProviderSignInTest(Roles roles = *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml"))
      : AccessTest(std::move(roles)) {}

  ProviderSignIn::Begun begin(const std::string& return_to = "/alerts?view=all") {
    auto begun = way_.begin({.return_to = return_to, .browser = {}, .present = {}, .address = kPlace});
    EXPECT_TRUE(begun.has_value()) << begun.error().error.message;
    return begun.value_or(ProviderSignIn::Begun());
  }
  ProviderSignIn::Answer answer_to(const ProviderSignIn::Begun& begun) {
    return {.state = field_of(begun.address, "state"),
            .code = provider_.code_for(begun.address),
            .issuer = {},
            .error = {}};
  }
  std::expected<ProviderSignIn::Finished, SignInRefusal> finish(const ProviderSignIn::Answer& answer,
                                                                const std::string& browser) {
    return way_.finish(answer, browser, {.address = kPlace, .program = "Firefox on Linux"});
  }
  std::expected<ProviderSignIn::Finished, SignInRefusal> sign_in() {
    const auto begun = begin();
    return finish(answer_to(begun), begun.browser);
  }
  // "access.provider_bad_token nonce": as answer and log say; "" when it succeeds.
  std::string refusal_of(const std::expected<ProviderSignIn::Finished, SignInRefusal>& finished) {
    if (finished) return "";
    const auto page = audit_.lines({.from = {}, .to = {}, .actions = {}, .viewer = {}, .alert = {}, .limit = 1});
    const AuditLine& line = page->lines.front();
    EXPECT_EQ(line.action, "session.failed");
    const Json details = Json::parse(line.details);
    EXPECT_EQ(details.at("reason"), finished.error().error.id);
    const std::string fault = details.value("fault", "");
    return finished.error().error.id + (fault.empty() ? "" : " " + fault);
  }
  std::string all_details() {
    std::string text;
    const auto page = audit_.lines({.from = {}, .to = {}, .actions = {}, .viewer = {}, .alert = {}, .limit = 1000});
    for (const AuditLine& line : page->lines) {
      text += line.details + line.object_id + line.viewer + "\n";
    }
    return text;
  }
  Result<std::int64_t> sign_out_there(const Json& changes, const SigningKey* key = nullptr) {
    Json claims = provider_.claims_now();
    claims["events"] = {{"http://schemas.openid.net/event/backchannel-logout", Json::object()}};
    claims["jti"] = "j-" + std::to_string(++logouts_);
    claims.update(changes);
    const auto ended = way_.sign_out_from_there(key == nullptr ? provider_.sign(claims) : key->token(claims), kPlace);
    if (!ended) return std::unexpected(ended.error().error);
    return *ended;
  }

  static constexpr const char* kPlace = "203.0.113.7";
  int logouts_ = 0;
  ProviderStandIn provider_{clock_};
  ProviderSignIn way_{ProviderStandIn::settings(), provider_.fetch(), keys_, clock_, viewers_};
};

TEST_F(ProviderSignInTest, TheWholeWay) {
  const auto begun = begin();
  EXPECT_THAT(begun.address, StartsWith("https://login.example.com/staff/auth?response_type=code&client_id=candor&"));
  EXPECT_EQ(field_of(begun.address, "redirect_uri"), "https://candor.example.com/api/v1/session/provider/callback");
  EXPECT_EQ(field_of(begun.address, "scope"), "openid profile email");
  EXPECT_EQ(field_of(begun.address, "code_challenge_method"), "S256");
  EXPECT_THAT(begun.address, Not(HasSubstr("cret")));
  EXPECT_THAT(begun.address, Not(HasSubstr(begun.browser)));
  EXPECT_EQ(begun.browser.size(), 64U);
  const auto finished = finish(answer_to(begun), begun.browser);
  ASSERT_TRUE(finished) << finished.error().error.message;
  EXPECT_EQ(finished->return_to, "/alerts?view=all");
  const Viewer& viewer = finished->session.viewer;
  EXPECT_EQ(viewer.user(), kAnnBee);
  EXPECT_EQ(viewer.role(), "analyst");
  EXPECT_EQ(viewer.display_name(), "Ann Bee");
  EXPECT_TRUE(viewer.is_of_provider());
  EXPECT_FALSE(viewer.must_change_password());
  ASSERT_TRUE(viewers_.session(finished->session.token));
  EXPECT_EQ(viewers_.session(finished->session.token)->viewer.display_name(), "Ann Bee");
  EXPECT_THAT(audit_lines(), ElementsAre("viewer.added ann.bee@example.com ann.bee@example.com",
                                         "session.started ann.bee@example.com ann.bee@example.com"));
  EXPECT_EQ(viewers_.sessions()->front().program, "Firefox on Linux");
  // Nothing that opens anything is in the log.
  for (const char* secret : {"cret", "code-1", "at-1", "eyJ"}) EXPECT_THAT(all_details(), Not(HasSubstr(secret)));
}

TEST_F(ProviderSignInTest, AnAnswerCountsOnceAndInItsBrowser) {
  const auto begun = begin();
  const auto answer = answer_to(begun);
  ASSERT_TRUE(finish(answer, begun.browser));
  EXPECT_EQ(refusal_of(finish(answer, begun.browser)), "access.provider_sign_in_over state") << "replayed";

  const auto stolen = begin();
  EXPECT_EQ(refusal_of(finish(answer_to(stolen), begin().browser)), "access.provider_sign_in_over browser");
  EXPECT_EQ(refusal_of(finish(answer_to(stolen), stolen.browser)), "access.provider_sign_in_over state")
      << "it counted once";
  EXPECT_EQ(refusal_of(finish(answer_to(begin()), "")), "access.provider_sign_in_over browser");
  EXPECT_EQ(refusal_of(finish({.state = "guessed", .code = "x", .issuer = {}, .error = {}}, begun.browser)),
            "access.provider_sign_in_over state");

  const auto slow = begin();
  clock_.set(clock_.now() + ProviderSignIn::kPendingMicros);
  EXPECT_EQ(refusal_of(finish(answer_to(slow), slow.browser)), "access.provider_sign_in_over late");
}

TEST_F(ProviderSignInTest, TwoTabsOfOneBrowser) {
  const auto one = begin();
  const auto two = way_.begin({.return_to = "/cases", .browser = one.browser, .present = {}, .address = kPlace});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->browser, one.browser);
  EXPECT_TRUE(finish(answer_to(*two), one.browser));
  EXPECT_TRUE(finish(answer_to(one), one.browser));
  const auto odd = way_.begin({.return_to = "/", .browser = "x; Path=/", .present = {}, .address = kPlace});
  EXPECT_EQ(odd->browser.size(), 64U) << "what is no value of ours is not taken over";
}

TEST_F(ProviderSignInTest, WhatTheTokenMustSay) {
  const struct {
    const char* name;
    std::function<void(Json&)> change;
    const char* refused;
  } rows[] = {
      {"another sign-in's", [](Json& c) { c["nonce"] = "x"; }, "access.provider_bad_token nonce"},
      {"another client's", [](Json& c) { c["aud"] = "mail"; }, "access.provider_bad_token audience"},
      {"another provider's", [](Json& c) { c["iss"] = "https://x.example"; }, "access.provider_bad_token issuer"},
      {"ended", [](Json& c) { c["exp"] = 1; }, "access.provider_bad_token expired"},
      {"another access token's", [](Json& c) { c["at_hash"] = "x"; }, "access.provider_bad_token access_token"},
      {"no group of ours", [](Json& c) { c["groups"] = {"everybody"}; }, "access.provider_no_role"},
      {"no groups", [](Json& c) { c["groups"] = Json::array(); }, "access.provider_no_role"},
      {"too many groups",
       [](Json& c) {
         c.erase("groups");
         c["_claim_names"] = {{"groups", "src1"}};
       },
       "access.provider_groups_overage"},
  };
  for (const auto& row : rows) {
    provider_.change = row.change;
    EXPECT_EQ(refusal_of(sign_in()), row.refused) << row.name;
  }
  EXPECT_THAT(*viewers_.list(), IsEmpty()) << "nobody was made";
}

TEST_F(ProviderSignInTest, WhatTheAnswerMustSay) {
  const auto with = [&](const std::function<void(ProviderSignIn::Answer&)>& change) {
    const auto begun = begin();
    auto answer = answer_to(begun);
    change(answer);
    return refusal_of(finish(answer, begun.browser));
  };
  EXPECT_EQ(with([](auto& a) { a.error = "access_denied"; }), "access.provider_denied access_denied");
  EXPECT_EQ(with([](auto& a) { a.error = "<script>"; }), "access.provider_denied other");
  EXPECT_EQ(with([](auto& a) { a.code = ""; }), "access.provider_bad_token code");
  EXPECT_EQ(with([](auto& a) { a.code = "never given"; }), "access.provider_refused_code code");
  EXPECT_EQ(with([](auto& a) { a.issuer = "https://evil.example.com"; }), "access.provider_bad_token answer_issuer");
  EXPECT_EQ(with([](auto& a) { a.issuer = ProviderStandIn::kIssuer; }), "");
}

TEST_F(ProviderSignInTest, AnAnnouncedIssuerMustCome) {
  provider_.discovery["authorization_response_iss_parameter_supported"] = true;
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_bad_token answer_issuer");
  const auto begun = begin();
  auto answer = answer_to(begun);
  answer.issuer = ProviderStandIn::kIssuer;
  EXPECT_TRUE(finish(answer, begun.browser));
}

TEST_F(ProviderSignInTest, KeysThatChangeBetween) {
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(provider_.times_asked("/keys"), 1);
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(provider_.times_asked("/keys"), 1) << "kept";
  provider_.keys = {SigningKey::rsa("key-2")};
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(provider_.times_asked("/keys"), 2) << "looked again, once";
  // A key nobody has: looked again a few times a minute, not for every token.
  for (int i = 0; i < 8; ++i) {
    const SigningKey stranger = SigningKey::rsa("key-" + std::to_string(100 + i));
    EXPECT_EQ(sign_out_there({{"sub", "s-1"}}, &stranger).error().id, "access.provider_logout_refused");
  }
  EXPECT_EQ(provider_.times_asked("/keys"), 6) << "five times within a minute";
  clock_.set(clock_.now() + 3601 * kMicrosPerSecond);
  ASSERT_TRUE(sign_in());
  EXPECT_EQ(provider_.times_asked("/keys"), 7) << "after an hour anyhow, so that one taken back does not live on";
}

TEST_F(ProviderSignInTest, ProviderDown) {
  provider_.down = true;
  const auto begun = way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = kPlace});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().error.id, "access.provider_unreachable");
  EXPECT_THAT(audit_lines(), ElementsAre("session.failed  "));
  EXPECT_FALSE(way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = kPlace}));
  EXPECT_EQ(provider_.asked.size(), 1U) << "not asked again at once";
  EXPECT_EQ(audit_lines().size(), 1U) << "nor noted each time";
  for (int i = 0; i < 50; ++i)
    EXPECT_FALSE(way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = kPlace}));
  const auto local = signed_in("root", "admin");
  EXPECT_TRUE(viewers_.sign_in("root", kPassword, {.address = kPlace, .program = {}})) << "an outage keeps nobody out";

  provider_.down = false;
  clock_.set(clock_.now() + 6 * kMicrosPerSecond);
  const auto before = begin();
  const auto answer = answer_to(before);
  provider_.down = true;
  EXPECT_EQ(refusal_of(finish(answer, before.browser)), "access.provider_unreachable code");
  EXPECT_EQ(way_.sign_out_address(""),
            "https://login.example.com/staff/logout?client_id=candor&post_logout_redirect_uri="
            "https%3A%2F%2Fcandor.example.com%2F")
      << "what is known holds for a while";
}

TEST_F(ProviderSignInTest, GuessingIsSlowed) {
  SignInRefusal last;
  for (int i = 0; i < 40 && last.retry_after_seconds == 0; ++i) {
    const auto refused = finish({.state = "guess " + std::to_string(i), .code = "x", .issuer = {}, .error = {}}, "");
    ASSERT_FALSE(refused);
    last = refused.error();
  }
  EXPECT_EQ(last.error.id, "access.too_many_attempts");
  EXPECT_EQ(way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = kPlace}).error().error.id,
            "access.too_many_attempts");
  EXPECT_TRUE(way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = "198.51.100.1"}));
}

TEST_F(ProviderSignInTest, BegunSignInsAreBounded) {
  const auto other = way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = "198.51.100.1"});
  const auto first = begin();
  for (std::size_t i = 0; i < ProviderSignIn::kMostPendingOfOne; ++i) begin();
  EXPECT_EQ(refusal_of(finish(answer_to(first), first.browser)), "access.provider_sign_in_over state");
  ASSERT_TRUE(finish(answer_to(*other), other->browser)) << "another's is still there";
  const auto last = begin();
  for (std::size_t i = 0; i < ProviderSignIn::kMostPending; ++i) {
    ASSERT_TRUE(
        way_.begin({.return_to = "/", .browser = {}, .present = {}, .address = "2001:db8::" + std::to_string(i)}));
  }
  EXPECT_EQ(refusal_of(finish(answer_to(last), last.browser)), "access.provider_sign_in_over state");
}

TEST_F(ProviderSignInTest, GroupsOfTheUserInfo) {
  provider_.person = {{"sub", "s-1"}};
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_refused_code user_info");
  provider_.user_info = {{"sub", "s-2"}, {"groups", {"irm-admins"}}, {"preferred_username", "ann"}};
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_bad_token user_info") << "somebody else's";
  provider_.user_info["sub"] = "s-1";
  const auto in = sign_in();
  ASSERT_TRUE(in);
  EXPECT_EQ(in->session.viewer.role(), "admin");
  provider_.user_info.erase("groups");
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_no_groups");
  provider_.user_info["groups"] = {"irm-admins"};
  provider_.user_info.erase("preferred_username");
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_bad_user");
  provider_.discovery.erase("userinfo_endpoint");
  clock_.set(clock_.now() + 3601 * kMicrosPerSecond);
  EXPECT_EQ(refusal_of(sign_in()), "access.provider_no_groups");
}

TEST_F(ProviderSignInTest, ThePresentSessionEnds) {
  const Session before = signed_in("cyd", "analyst");
  const auto begun =
      way_.begin({.return_to = "//evil.example.com", .browser = {}, .present = before.token, .address = kPlace});
  EXPECT_TRUE(viewers_.session(before.token)) << "not before the other one is there";
  const auto in = finish(answer_to(*begun), begun->browser);
  ASSERT_TRUE(in);
  EXPECT_EQ(in->return_to, "/");
  EXPECT_FALSE(viewers_.session(before.token));
}

TEST_F(ProviderSignInTest, SignOutThere) {
  const auto in = sign_in();
  const std::string hint = *viewers_.id_token_of(in->session.viewer);
  EXPECT_EQ(std::ranges::count(hint, '.'), 2);
  const std::string address = way_.sign_out_address(hint);
  EXPECT_EQ(field_of(address, "id_token_hint"), hint);
  EXPECT_EQ(field_of(address, "post_logout_redirect_uri"), "https://candor.example.com/");
  EXPECT_EQ(field_of(way_.sign_out_address(std::string(8000, 'x')), "id_token_hint"), "") << "too long for an address";
  ASSERT_TRUE(viewers_.sign_out(in->session.token));
  EXPECT_EQ(*viewers_.id_token_of(in->session.viewer), "") << "gone with the session";
}

TEST_F(ProviderSignInTest, SignOutFromThere) {
  const auto one = sign_in();
  provider_.person["sid"] = "there-2";
  const auto two = sign_in();
  provider_.person = {{"sub", "s-9"}, {"sid", "there-9"}, {"preferred_username", "bob"}, {"groups", {"irm-analysts"}}};
  const auto bob = sign_in();
  EXPECT_EQ(*sign_out_there({{"sid", "there-1"}}), 1);
  EXPECT_FALSE(viewers_.session(one->session.token));
  EXPECT_TRUE(viewers_.session(two->session.token));
  EXPECT_EQ(*sign_out_there({{"sub", "s-1"}, {"sid", "there-9"}}), 0) << "nobody's";
  EXPECT_EQ(*sign_out_there({{"sub", "s-1"}}), 1);
  EXPECT_FALSE(viewers_.session(two->session.token));
  EXPECT_TRUE(viewers_.session(bob->session.token));
  EXPECT_EQ(*sign_out_there({{"sub", "nobody"}}), 0);
  ASSERT_EQ(*sign_out_there({{"sub", "s-9"}, {"jti", "again"}}), 1);
  const auto back = sign_in();
  EXPECT_EQ(sign_out_there({{"sub", "s-9"}, {"jti", "again"}}).error().id, "access.provider_token_replayed");
  EXPECT_TRUE(viewers_.session(back->session.token));
  EXPECT_EQ(sign_out_there({{"sub", "s-9"}, {"nonce", "x"}}).error().id, "access.provider_logout_refused");
  EXPECT_EQ(way_.sign_out_from_there("", kPlace).error().error.id, "access.provider_logout_refused");
  EXPECT_TRUE(viewers_.session(back->session.token));
}

TEST(ReturnAddress, OnlyPagesOfOurs) {
  for (const char* good : {"/", "/alerts", "/alerts?view=all&x=%2F", "/cases/1#notes"})
    EXPECT_TRUE(is_return_address(good)) << good;
  for (const char* bad :
       {"", "alerts", "//evil.example.com", "/\\evil.example.com", "\\\\evil", "https://evil.example.com", "/a\\b",
        "/a b", "/\t/evil.example.com", "/\n", "/api/v1/session", "/api", "/metrics", "/\xc3\xa4", " /"}) {
    EXPECT_FALSE(is_return_address(bad)) << bad;
  }
  EXPECT_FALSE(is_return_address("/" + std::string(1000, 'a')));
}

}  // namespace
}  // namespace candor
