#include "access/access_fixture.h"
#include "access/viewer_changes.h"

namespace candor {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kVouchedIssuer = "https://login.example.com";

Roles strict_roles() {
  return *Roles::parse(
      "second_factor_required: [admin]\n"
      "roles: {admin: [viewers.write, alerts.read], analyst: [alerts.read], auditor: [audit.read]}\n",
      "roles.yml");
}

class ViewersOfProvider : public AccessTest {
 protected:
  ViewersOfProvider() : AccessTest(strict_roles()) {}

  static Viewers::Vouched ann(const std::string& role = "analyst") {
    return {.issuer = kVouchedIssuer,
            .subject = "s-1",
            .user = "ann",
            .display_name = "Ann",
            .role = role,
            .used_second_factor = true};
  }
  std::string refusal_of(const Viewers::Vouched& vouched) {
    const auto session = viewers_.sign_in_vouched(vouched, {});
    return session ? "" : session.error().error.id;
  }
  std::string user_of(const Viewers::Vouched& vouched) { return viewers_.sign_in_vouched(vouched, {})->viewer.user(); }
};

TEST_F(ViewersOfProvider, AreKnownByIssuerAndSubject) {
  EXPECT_EQ(user_of(ann()), "ann");
  Viewers::Vouched renamed = ann();
  renamed.user = "ann.married";
  EXPECT_EQ(user_of(renamed), "ann") << "whatever they are called now";
  Viewers::Vouched other = ann();
  other.subject = "s-2";
  EXPECT_EQ(user_of(other), "ann-2") << "somebody else of that name";
  EXPECT_EQ(user_of(other), "ann-2");
  Viewers::Vouched elsewhere = ann();
  elsewhere.issuer = kVouchedIssuer + "/other";
  EXPECT_EQ(user_of(elsewhere), "ann-3") << "the same subject of another provider";
  // Issuer and subject are told apart wherever one ends.
  Viewers::Vouched shifted = ann();
  shifted.issuer = kVouchedIssuer + "s";
  shifted.subject = "-1";
  EXPECT_EQ(user_of(shifted), "ann-4");
}

TEST_F(ViewersOfProvider, TakeOverNoAccountOfOurs) {
  const Session local = signed_in("ann", "auditor");
  EXPECT_EQ(user_of(ann()), "ann-2");
  EXPECT_EQ(viewers_.session(local.token)->viewer.role(), "auditor");
  EXPECT_TRUE(viewers_.sign_in("ann", kPassword));
  EXPECT_FALSE(viewers_.add("test", "ann-2", "admin"));
}

TEST_F(ViewersOfProvider, NamesBecomeUserNames) {
  const struct {
    const char* told;
    const char* user;
  } rows[] = {{"Ann@Example.COM", "ann@example.com"}, {"CONTOSO\\ann", "contoso-ann"},
              {"ann o'hara", "ann-o-hara"},           {"x_y.example#EXT#@c.example", "x_y.example-ext-@c.example"},
              {"\xd0\x90\xd0\xbd", "viewer"},         {"...", "viewer-2"}};
  int number = 0;
  for (const auto& row : rows) {
    Viewers::Vouched vouched = ann();
    vouched.subject = "n-" + std::to_string(++number);
    vouched.user = row.told;
    EXPECT_EQ(user_of(vouched), row.user);
  }
  Viewers::Vouched vouched = ann();
  vouched.subject = "long";
  vouched.user = std::string(300, 'a');
  EXPECT_LE(user_of(vouched).size(), 64U);
}

TEST_F(ViewersOfProvider, TheRoleFollowsTheGroups) {
  const auto first = viewers_.sign_in_vouched(ann(), {});
  const auto second = viewers_.sign_in_vouched(ann("auditor"), {});
  EXPECT_EQ(second->viewer.role(), "auditor");
  EXPECT_EQ(viewers_.session(first->token)->viewer.role(), "auditor") << "of open sessions, too";
  EXPECT_THAT(audit_lines(), Contains("viewer.role_changed ann ann"));
  const ViewerChanges changes(*store_, keys_, clock_, audit_, viewers_.roles());
  EXPECT_EQ(changes
                .ask({.name = "local/root", .own = {}, .token = {}, .local = true}, "ann", {.role = "admin"}, {},
                     "asked by nobody", false)
                .error()
                .id,
            "access.provider_account");
}

TEST_F(ViewersOfProvider, WhoeverHasNoRoleAnyMoreIsOut) {
  const auto session = viewers_.sign_in_vouched(ann(), {});
  EXPECT_EQ(refusal_of(ann("")), "access.provider_no_role");
  EXPECT_EQ(viewers_.session(session->token).error().id, "access.no_session");
  EXPECT_EQ(viewers_.sessions()->size(), 0U);
  auto reading = store_->read();
  EXPECT_TRUE(viewers_.permissions_of(*reading, "ann")->none());
  EXPECT_EQ(user_of(ann()), "ann") << "and back in with a group";
  Viewers::Vouched silent = ann("");
  silent.tells_groups = false;
  EXPECT_EQ(refusal_of(silent), "access.provider_no_groups");
  EXPECT_EQ(viewers_.sessions()->size(), 0U) << "some providers leave the claim out for whoever has none";
  EXPECT_EQ(user_of(ann()), "ann");
  Viewers::Vouched nobody = ann("");
  nobody.subject = "s-5";
  EXPECT_EQ(refusal_of(nobody), "access.provider_no_role");
  EXPECT_EQ(viewers_.list()->size(), 1U);
}

TEST_F(ViewersOfProvider, ASecondFactorIsTheProvidersToAskFor) {
  Viewers::Vouched vouched = ann("admin");
  vouched.used_second_factor = false;
  EXPECT_EQ(refusal_of(vouched), "access.provider_second_factor");
  EXPECT_EQ(viewers_.sessions()->size(), 0U);
  vouched.used_second_factor = true;
  const auto in = viewers_.sign_in_vouched(vouched, {});
  ASSERT_TRUE(in);
  EXPECT_FALSE(in->viewer.must_set_up_second_factor());
  // Begun without, and the role requires one since.
  Viewers::Vouched weak = ann("analyst");
  weak.subject = "s-7";
  weak.used_second_factor = false;
  const auto before = viewers_.sign_in_vouched(weak, {});
  ASSERT_TRUE(before);
  weak.role = "admin";
  EXPECT_EQ(refusal_of(weak), "access.provider_second_factor");
  EXPECT_EQ(viewers_.session(before->token).error().id, "access.no_session");
}

TEST_F(ViewersOfProvider, HaveNoPasswordFactorOrTokenHere) {
  const auto session = viewers_.sign_in_vouched(ann(), {});
  EXPECT_FALSE(viewers_.sign_in("ann", ""));
  EXPECT_EQ(viewers_.sign_in("ann", "any password").error().error.id, "access.wrong_credentials");
  const std::string id = "access.provider_account";
  EXPECT_EQ(viewers_.change_password(session->token, "", "another long password").error().error.id, id);
  EXPECT_EQ(viewers_.begin_second_factor(session->viewer).error().id, id);
  EXPECT_EQ(viewers_.create_token(session->token, "", "", {.name = "x", .days = 1}).error().error.id, id);
  EXPECT_EQ(viewers_.reset_password("test", "ann").error().id, id);
  EXPECT_EQ(viewers_.reset_second_factor("test", "ann").error().id, "access.no_second_factor");
}

TEST_F(ViewersOfProvider, SeeNothingAboutThemselves) {
  const PersonId by_name = person("ann");
  const PersonId by_mail = person("ann.bee@example.com");
  const PersonId linked = person("a.bee@other.example");
  Viewers::Vouched vouched = ann();
  vouched.accounts = {"ann", "Ann.Bee@example.com"};
  const auto session = viewers_.sign_in_vouched(vouched, {});
  EXPECT_TRUE(session->viewer.own_people().contains(by_name));
  EXPECT_TRUE(session->viewer.own_people().contains(by_mail));
  EXPECT_FALSE(session->viewer.own_people().contains(linked));
  ASSERT_TRUE(viewers_.link("test", "ann", "a.bee@other.example"));
  ASSERT_TRUE(viewers_.sign_in_vouched(vouched, {}));
  EXPECT_TRUE(viewers_.session(session->token)->viewer.own_people().contains(linked)) << "it stays";
  const auto lines = audit_lines();
  EXPECT_EQ(std::ranges::count(lines, "viewer.linked ann ann"), 1) << "noted once";
}

TEST_F(ViewersOfProvider, LocalAccountsMayBeLimited) {
  const Session admin = signed_in("root", "admin");
  const Session analyst = signed_in("cyd", "analyst");
  ASSERT_TRUE(viewers_.session(analyst.token));
  viewers_.limit_local_accounts(LocalAccounts::administrators);
  EXPECT_EQ(viewers_.session(analyst.token).error().id, "access.no_session");
  EXPECT_TRUE(viewers_.session(admin.token));
  const auto refused = viewers_.sign_in("cyd", kPassword);
  EXPECT_EQ(refused.error().error.id, "access.wrong_credentials") << "who may is told nobody";
  EXPECT_EQ(refused.error().error.message, viewers_.sign_in("nobody", kPassword).error().error.message);
  EXPECT_TRUE(viewers_.sign_in("root", kPassword));
  EXPECT_TRUE(viewers_.sign_in_vouched(ann(), {}));
}

}  // namespace
}  // namespace candor
