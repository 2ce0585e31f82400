#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "access/present.h"
#include "access/viewers.h"
#include "store/test_store.h"

// A data folder of its own with everything of access wired to a clock that stands still. For tests only.
namespace candor {

class AccessTest : public testing::Test {
 protected:
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_access_XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  static std::unique_ptr<Store> open(const std::filesystem::path& folder) {
    auto store = open_test_store(folder);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return *std::move(store);
  }
  explicit AccessTest(Roles roles = *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml"))
      : viewers_(*store_, keys_, clock_, audit_, std::move(roles), {}, PasswordCost::least) {}
  ~AccessTest() override { std::filesystem::remove_all(folder_); }

  // A viewer of that role who has a password of their own and is signed in.
  Session signed_in(const std::string& user, const std::string& role) {
    const std::string one_time = *viewers_.add("test", user, role);
    const auto first = viewers_.sign_in(user, one_time);
    EXPECT_TRUE(first.has_value());
    auto session = viewers_.change_password(first->token, one_time, kPassword);
    EXPECT_TRUE(session.has_value());
    return *std::move(session);
  }

  // As if it had been agreed to.
  void give_role(const std::string& user, const std::string& role) {
    const auto given = store_->transact([&](Transaction& work) {
      return work.execute("update viewers set role = ?1 where user_name = ?2", {role, user});
    });
    ASSERT_EQ(given.value_or(0), 1);
  }

  PersonId person(const std::string& address) {
    const auto people = people_.ensure(std::vector{People::Account{keys_.account(address), address}});
    EXPECT_TRUE(people.has_value());
    return people->front();
  }

  // "action viewer object" of every line, oldest first.
  std::vector<std::string> audit_lines() {
    std::vector<std::string> lines;
    auto page = audit_.lines({.from = {}, .to = {}, .actions = {}, .viewer = {}, .alert = {}, .limit = 1000});
    EXPECT_TRUE(page.has_value());
    for (const AuditLine& line : page->lines) {
      lines.insert(lines.begin(), line.action + " " + line.viewer + " " + line.object_id);
    }
    return lines;
  }

  static constexpr const char* kPassword = "correct horse battery";
  static constexpr TimePoint kNow = 1'795'000'000 * kMicrosPerSecond;

  const std::filesystem::path folder_ = make_folder();
  const Keys keys_ = Keys::from_master({1, 2, 3});
  FixedClock clock_{kNow};
  const std::unique_ptr<Store> store_ = open(folder_);
  const AuditLog audit_{*store_, keys_, clock_};
  Viewers viewers_;
  Lifting lifting_{*store_, keys_, clock_, audit_};
  const People people_{*store_, keys_};
  const Facts facts_{*store_, keys_};
  const Presenter presenter_{*store_, keys_, clock_, audit_, lifting_, people_, facts_};
};

}  // namespace candor
