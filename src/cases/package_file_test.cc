#include "cases/package_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/case_fixture.h"

namespace candor {
namespace {

using ::testing::HasSubstr;

class Packages : public CaseTest {
 protected:
  std::string made(std::vector<PackedFile> files) {
    auto zip = packed(audit_, R"({"kind":"investigation package"})", std::move(files));
    EXPECT_TRUE(zip.has_value()) << zip.error().message;
    return zip.value_or("");
  }
};

TEST_F(Packages, GiveBackWhatWasPacked) {
  const std::string bytes("\0\xff=1+1\r\n", 7);
  const std::string zip = made({{"evidence/1.bin", bytes}, {"case.json", "{}"}});
  const auto opened = verified_package(zip, audit_.public_key());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  ASSERT_EQ(opened->files.size(), 2U);
  EXPECT_EQ(opened->files[0].name, "case.json");
  EXPECT_EQ(opened->files[1].bytes, bytes);
  EXPECT_THAT(opened->manifest, HasSubstr(R"("kind":"investigation package")"));
}

TEST_F(Packages, RefuseAnotherKeyAndAnotherKindOfStatement) {
  const std::string zip = made({{"case.json", "{}"}});
  const AuditLog other(*store_, Keys::from_master({9, 9, 9}), clock_);
  EXPECT_FALSE(verified_package(zip, other.public_key()).has_value());
  EXPECT_FALSE(verified_package(zip, "abc").has_value());
}

// Every byte that matters: a package with any one of them changed is either refused or says exactly the same.
TEST_F(Packages, NoChangedByteGoesUnseen) {
  const std::string zip = made({{"case.json", R"({"title":"Files offered"})"}, {"notes.json", "[]"}});
  const auto before = verified_package(zip, audit_.public_key());
  ASSERT_TRUE(before.has_value());
  const auto is_refused = [&](const std::string& changed, std::size_t place) {
    const auto after = verified_package(changed, audit_.public_key());
    if (!after) return true;
    EXPECT_EQ(after->manifest, before->manifest) << place;
    EXPECT_EQ(after->files.size(), before->files.size()) << place;
    for (std::size_t f = 0; f < std::min(after->files.size(), before->files.size()); ++f) {
      EXPECT_EQ(after->files[f].name, before->files[f].name) << place;
      EXPECT_EQ(after->files[f].bytes, before->files[f].bytes) << place;
    }
    return false;
  };
  std::size_t refused = 0;
  for (std::size_t i = 0; i < zip.size(); ++i) {
    std::string changed = zip;
    changed[i] = static_cast<char>(changed[i] ^ 0x21);
    if (is_refused(changed, i)) ++refused;
  }
  EXPECT_GT(refused, zip.size() / 4) << "the rest are times and other fields nobody reads";
  refused = 0;
  for (std::size_t end = 0; end < zip.size(); end += 7) {
    if (is_refused(zip.substr(0, end), end)) ++refused;
  }
  EXPECT_GT(refused, zip.size() / 7 / 2) << "behind the last file only the table of contents follows";
}

TEST_F(Packages, NamesAreNoWayOut) {
  for (const char* name : {"../x", "/etc/x", "-rf", "a b", "a\\b", "", "manifest.json", "a//b", "caf\xc3\xa9"}) {
    EXPECT_FALSE(packed(audit_, "{}", {{name, "x"}}).has_value()) << name;
  }
  EXPECT_FALSE(packed(audit_, "{}", {{"a", "x"}, {"a", "y"}}).has_value());
  EXPECT_FALSE(packed(audit_, "[]", {{"a", "x"}}).has_value());
}

}  // namespace
}  // namespace candor
