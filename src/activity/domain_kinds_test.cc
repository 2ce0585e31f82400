#include "activity/domain_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const FieldCatalogue> domain_fields() {
  return FieldCatalogue::create({{.name = "destination.domain", .type = FieldType::keyword, .description = ""},
                                 {.name = "candor.destination.kind", .type = FieldType::keywords, .description = ""},
                                 {.name = "candor.recipient.domains", .type = FieldType::keywords, .description = ""},
                                 {.name = "url.domain", .type = FieldType::keyword, .description = ""},
                                 {.name = "candor.url.kind", .type = FieldType::keywords, .description = ""}})
      .value();
}

class Lists : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "candor_domain_kinds";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  Result<DomainKinds> load() const { return DomainKinds::load(folder_, *fields_); }

  std::vector<std::string> derived(const DomainKinds& kinds, const char* field, std::vector<std::string_view> domains,
                                   const char* kind) const {
    Activity activity(fields_);
    const FieldId id = *fields_->find(field);
    if (domains.size() == 1) {
      activity.set_text(id, domains[0]);
    } else {
      activity.set_list(id, domains);
    }
    kinds.derive(activity);
    const auto list = activity.list(*fields_->find(kind));
    return {list.begin(), list.end()};
  }

  std::filesystem::path folder_;
  std::shared_ptr<const FieldCatalogue> fields_ = domain_fields();
};

TEST_F(Lists, ADomainHasTheKindsOfItselfOrOfTheNearestAbove) {
  write("paste.yml", "kind: paste\ndomains: [paste.example, both.example]\n");
  write("files.yml", "kind: file_sharing\ndomains: [both.example, special.paste.example]\n");
  write("notes.txt", "not a list");
  const auto kinds = load();
  ASSERT_TRUE(kinds) << kinds.error().message;
  EXPECT_THAT(kinds->of("paste.example"), ElementsAre("paste"));
  EXPECT_THAT(kinds->of("www.paste.example"), ElementsAre("paste"));
  EXPECT_THAT(kinds->of("special.paste.example"), ElementsAre("file_sharing"));
  EXPECT_THAT(kinds->of("both.example"), ElementsAre("file_sharing", "paste"));
  for (const char* none : {"notpaste.example", "paste.example.org", "example", "", ".", "paste.example."}) {
    EXPECT_THAT(kinds->of(none), IsEmpty()) << none;
  }
}

TEST_F(Lists, TheDestinationCountsBeforeTheRecipients) {
  write("paste.yml", "kind: paste\ndomains: [paste.example]\n");
  write("mail.yml", "kind: webmail\ndomains: [mail.example]\n");
  const auto kinds = load();
  ASSERT_TRUE(kinds);
  EXPECT_THAT(derived(*kinds, "destination.domain", {"a.paste.example"}, "candor.destination.kind"),
              ElementsAre("paste"));
  EXPECT_THAT(derived(*kinds, "url.domain", {"mail.example"}, "candor.url.kind"), ElementsAre("webmail"));
  EXPECT_THAT(derived(*kinds, "url.domain", {"mail.example"}, "candor.destination.kind"), IsEmpty());
  const std::vector<std::string> both = {"paste", "webmail"};
  EXPECT_EQ(derived(*kinds, "candor.recipient.domains", {"mail.example", "paste.example"}, "candor.destination.kind"),
            both);
  EXPECT_EQ(derived(*kinds, "candor.recipient.domains", {"paste.example", "mail.example"}, "candor.destination.kind"),
            both);
}

TEST_F(Lists, RefusesWhatIsNoDomain) {
  for (const char* domains :
       {"[Paste.example]", "[example]", "['']", "[a b.example]", "[a.example, a.example]", "paste.example", "[[a]]"}) {
    write("paste.yml", std::string("kind: paste\ndomains: ") + domains + "\n");
    const auto kinds = load();
    ASSERT_FALSE(kinds) << domains;
    EXPECT_EQ(kinds.error().id, "activity.bad_content") << domains;
  }
  write("paste.yml", "domains: [paste.example]\n");
  EXPECT_FALSE(load());
  std::filesystem::remove_all(folder_);
  EXPECT_FALSE(load());
}

TEST_F(Lists, TheShippedOnesLoad) {
  const auto kinds = DomainKinds::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content" / "lists", *fields_);
  ASSERT_TRUE(kinds) << kinds.error().message;
  EXPECT_THAT(kinds->of("mailinator.com"), ElementsAre("disposable_mail"));
  EXPECT_THAT(kinds->of("www.wetransfer.com"), ElementsAre("file_sharing"));
  EXPECT_THAT(kinds->of("mega.nz"), ElementsAre("cloud_storage", "file_sharing"));
  EXPECT_THAT(kinds->of("example.sharepoint.com"), IsEmpty());
}

}  // namespace
}  // namespace candor
