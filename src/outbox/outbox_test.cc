#include "outbox/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "outbox/delivery.h"
#include "outbox/mail_server.h"
#include "store/test_store.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Kind = DeliveryOutcome::Kind;

constexpr TimePoint kStart = 20'000 * kMicrosPerDay;
constexpr TimePoint kMinute = 60 * kMicrosPerSecond;

class OutboxTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("candor-outbox-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto opened = open_test_store(folder_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    box_.emplace(*store_, keys_, clock_);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  const Outbox& outbox() { return *box_; }

  Result<std::string> add(const OutgoingMessage& message) {
    return store_->transact([&](Transaction& work) { return outbox().add(work, message); });
  }
  std::string add(const std::string& to) {
    const auto id =
        add({.kind = "notice", .to = to, .to_name = "", .subject = "A subject", .text = "Text", .html = ""});
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or("");
  }
  std::string retry(const std::string& id) {
    const auto done = store_->transact([&](Transaction& work) { return outbox().retry(work, id); });
    return done ? "" : done.error().id;
  }
  MessageRow row(const std::string& id) {
    auto reading = store_->read();
    const auto found = Outbox::find(*reading, id);
    EXPECT_TRUE(found && *found);
    return found && *found ? **found : MessageRow{};
  }
  // A sender as a new process has it.
  OutboxDelivery delivery(std::int64_t per_hour = 200) {
    return {*box_, clock_, Channel::mail, {.per_hour = per_hour}, [this](const MessageInHand& message) {
              sent_.push_back(message.message.to);
              return answer_;
            }};
  }
  OutboxDelivery::Step step(OutboxDelivery& delivery) {
    const auto done = delivery.step([] { return false; });
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(OutboxDelivery::Step{});
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  const Keys keys_ = Keys::from_master({7});
  FixedClock clock_{kStart};

  DeliveryOutcome answer_{.kind = Kind::taken, .said = "taken"};
  std::optional<Outbox> box_;
  std::vector<std::string> sent_;
};

TEST_F(OutboxTest, WhatNamesSomebodyIsErasedWhereverItWaits) {
  const std::string by_id = add("ben@example.com");
  const std::string to = add("Ada@example.com");
  const auto named = add({.kind = "webhook",
                          .channel = Channel::webhook,
                          .to = "hook",
                          .to_name = "",
                          .subject = "",
                          .text = R"({"who":"Anon-0000"})",
                          .html = ""});
  const std::string other = add("eve@example.com");
  ASSERT_TRUE(named);
  const auto gone = store_->transact([&](Transaction& work) {
    return outbox().erase(work, {by_id, "no-such-message"}, {"ada@example.com", "anon-0000"});
  });
  EXPECT_EQ(gone, 3);
  auto reading = store_->read();
  for (const std::string& id : {by_id, to, *named}) EXPECT_FALSE(Outbox::find(*reading, id)->has_value()) << id;
  EXPECT_TRUE(Outbox::find(*reading, other)->has_value());
}

TEST_F(OutboxTest, WhatWaitsIsSentOnce) {
  const std::string id = add("mallory@example.com");
  EXPECT_EQ(row(id).state, MessageState::waiting);
  OutboxDelivery sender = delivery();
  EXPECT_EQ(step(sender).taken, 1);
  EXPECT_EQ(step(sender).taken, 0);
  EXPECT_THAT(sent_, ElementsAre("mallory@example.com"));
  EXPECT_EQ(row(id).state, MessageState::sent);
  EXPECT_EQ(row(id).attempts, 1);
  EXPECT_EQ(row(id).settled, kStart);
  EXPECT_EQ(retry(id), "outbox.sent");
  EXPECT_EQ(retry("0"), "outbox.not_found");
}

TEST_F(OutboxTest, WhoItGoesToAndWhatItSaysIsNotInTheFile) {
  ASSERT_TRUE(add({.kind = "notice",
                   .to = "mallory@example.com",
                   .to_name = "Mallory Beispiel",
                   .subject = "Geheim!",
                   .text = "Inhalt der Nachricht",
                   .html = ""}));
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(in), {});
  }
  if (!tests_run_on_postgres()) {
    EXPECT_THAT(bytes, HasSubstr("outbox_messages"));
  }
  for (const char* hidden : {"mallory", "Beispiel", "Geheim", "Inhalt"}) EXPECT_THAT(bytes, Not(HasSubstr(hidden)));
}

TEST_F(OutboxTest, ComesAgainLaterAndLaterAndIsGivenUp) {
  const std::string id = add("mallory@example.com");
  OutboxDelivery sender = delivery();
  answer_ = {.kind = Kind::later, .said = "451 try later, Mallory@Example.com"};
  TimePoint waited = 0;
  for (std::int64_t attempt = 1; attempt < kMostAttempts; ++attempt) {
    EXPECT_EQ(step(sender).later, 1);
    EXPECT_EQ(row(id).state, MessageState::waiting);
    EXPECT_EQ(row(id).next_attempt, clock_.now() + retry_delay(attempt));
    EXPECT_EQ(row(id).answer, "451 try later, ...");
    clock_.set(row(id).next_attempt - 1);
    EXPECT_EQ(step(sender).later, 0);  // not its turn yet
    clock_.set(row(id).next_attempt);
    waited += retry_delay(attempt);
  }
  EXPECT_EQ(step(sender).later, 1);
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_EQ(row(id).attempts, kMostAttempts);
  EXPECT_GT(waited, 20 * 60 * kMinute);
  // Somebody has it tried again: from the start.
  answer_ = {.kind = Kind::taken, .said = "taken"};
  EXPECT_EQ(retry(id), "");
  EXPECT_EQ(step(sender).taken, 1);
  EXPECT_EQ(row(id).state, MessageState::sent);
  EXPECT_EQ(row(id).attempts, 1);
}

TEST_F(OutboxTest, DelaysGrowToALimit) {
  EXPECT_EQ(retry_delay(1), kMinute);
  EXPECT_EQ(retry_delay(4), 8 * kMinute);
  EXPECT_EQ(retry_delay(9), 240 * kMinute);
  EXPECT_EQ(retry_delay(1'000'000), 240 * kMinute);
  EXPECT_EQ(retry_delay(-5), kMinute);
}

TEST_F(OutboxTest, WhatIsRefusedIsADeadLetter) {
  const std::string id = add("mallory@example.com");
  add("eve@example.com");
  OutboxDelivery sender = delivery();
  answer_ = {.kind = Kind::refused, .said = "550 no mailbox mallory here"};
  EXPECT_EQ(step(sender).refused, 2);  // one does not hold up the other
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_EQ(row(id).answer, "550 no mailbox ... here");
  const auto failed = outbox().list(MessageState::failed, 10);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->size(), 2U);
  EXPECT_TRUE(outbox().list(MessageState::sent, 10)->empty());
}

TEST_F(OutboxTest, WhoeverEndsInBetweenSendsAtMostTwice) {
  const std::string id = add("mallory@example.com");
  for (int process = 0; process < 5; ++process) {
    // What a process does that is killed behind the server's answer: taken in hand, sent, never settled.
    ASSERT_TRUE(outbox().take_back(Channel::mail));
    const auto taken = outbox().take(Channel::mail);
    ASSERT_TRUE(taken);
    if (*taken) sent_.push_back((*taken)->message.to);
    clock_.set(clock_.now() + kMicrosPerDay);
  }
  EXPECT_EQ(sent_.size(), 2U);
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_THAT(row(id).answer, HasSubstr("may have arrived"));
  EXPECT_EQ(retry(id), "");
}

TEST_F(OutboxTest, WhatGotNoAnswerIsSentAtMostTwice) {
  const std::string id = add("mallory@example.com");
  answer_ = {.kind = Kind::unknown, .said = "the server got all of it and gave no answer: it may have arrived"};
  OutboxDelivery sender = delivery();
  for (int day = 0; day < 5; ++day) {
    step(sender);
    clock_.set(clock_.now() + kMicrosPerDay);
  }
  EXPECT_EQ(sent_.size(), 2U);
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_THAT(row(id).answer, HasSubstr("may have arrived"));
}

// A receiver that takes long does not keep the sender from what else it has to do.
TEST_F(OutboxTest, AStepEndsBehindTheMessageThatTookLong) {
  for (int i = 0; i < 3; ++i) add("p" + std::to_string(i) + "@example.com");
  OutboxDelivery sender(*box_, clock_, Channel::mail, {}, [&](const MessageInHand&) {
    clock_.set(clock_.now() + OutboxDelivery::kLongestStep);
    return DeliveryOutcome{.kind = Kind::taken, .said = "taken"};
  });
  EXPECT_EQ(step(sender).taken, 1);
  EXPECT_EQ(step(sender).taken, 1);
}

TEST_F(OutboxTest, AReceiverThatIsAwayHoldsUpNoOther) {
  const auto to = [&](const std::string& name) {
    clock_.set(clock_.now() + 1);
    ASSERT_TRUE(add({.kind = "event",
                     .channel = Channel::webhook,
                     .to = name,
                     .to_name = "",
                     .subject = "",
                     .text = "{}",
                     .html = ""}));
  };
  for (int i = 0; i < 3; ++i) to("away");
  to("there");
  OutboxDelivery sender(*box_, clock_, Channel::webhook, {}, [&](const MessageInHand& message) {
    sent_.push_back(message.message.to);
    return DeliveryOutcome{.kind = message.message.to == "away" ? Kind::later : Kind::taken, .said = "said"};
  });
  step(sender);
  EXPECT_THAT(sent_, ElementsAre("away", "there"));
}

TEST_F(OutboxTest, WhatGoesBehindWaitsForAllOthers) {
  ASSERT_TRUE(add({.kind = "notice_test",
                   .to = "test@example.com",
                   .to_name = "",
                   .subject = "s",
                   .text = "t",
                   .html = "",
                   .behind = true}));
  clock_.set(kStart + 1);
  add("mallory@example.com");
  OutboxDelivery sender = delivery();
  step(sender);
  EXPECT_THAT(sent_, ElementsAre("mallory@example.com", "test@example.com"));
}

// A handed over message that cannot be noted as sent is noted later, and not sent again.
TEST_F(OutboxTest, WhatCouldNotBeNotedIsNotedFirst) {
  const std::string id = add("mallory@example.com");
  OutboxDelivery sender(*box_, clock_, Channel::mail, {}, [&](const MessageInHand& message) {
    sent_.push_back(message.message.to);
    // From now on nothing can be written.
    EXPECT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("alter table outbox_messages rename to elsewhere"));
      return {};
    }));
    return DeliveryOutcome{.kind = Kind::taken, .said = "taken"};
  });
  EXPECT_FALSE(sender.step([] { return false; }));
  EXPECT_FALSE(sender.step([] { return false; }));
  ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("alter table elsewhere rename to outbox_messages"));
    return {};
  }));
  EXPECT_EQ(step(sender).taken, 0);
  EXPECT_EQ(row(id).state, MessageState::sent);
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(OutboxTest, NoMoreThanTheLimitGoesInAnHour) {
  for (int i = 0; i < 5; ++i) add("p" + std::to_string(i) + "@example.com");
  OutboxDelivery sender = delivery(2);
  EXPECT_EQ(step(sender).taken, 2);
  EXPECT_EQ(step(sender).taken, 0);
  clock_.set(kStart + 61 * kMinute);
  EXPECT_EQ(step(sender).taken, 2);
  clock_.set(kStart + 122 * kMinute);
  EXPECT_EQ(step(sender).taken, 1);
}

TEST_F(OutboxTest, WhatNoMailCanBeIsNotTaken) {
  const auto refused = [&](const OutgoingMessage& message) {
    const auto id = add(message);
    return id ? "" : id.error().id;
  };
  EXPECT_EQ(refused({.kind = "notice", .to = "a@b\r\nx", .to_name = "", .subject = "s", .text = "t", .html = ""}),
            "outbox.bad_address");
  EXPECT_EQ(refused({.kind = "notice", .to = "a@b", .to_name = "", .subject = "s\r\nBcc: x@y", .text = "", .html = ""}),
            "outbox.bad_header");
  EXPECT_EQ(refused({.kind = "", .to = "a@b", .to_name = "", .subject = "s", .text = "t", .html = ""}),
            "outbox.bad_message");
  EXPECT_TRUE(outbox().list(std::nullopt, 10)->empty());
}

TEST_F(OutboxTest, AMessageOfAnotherKeyHoldsUpNothing) {
  const std::string broken = add("a@example.com");
  clock_.set(kStart + 1);
  const std::string whole = add("b@example.com");
  ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("update outbox_messages set sealed = ?2 where message_id = ?1",
                                 {broken, Blob{"not sealed by us"}}));
    return {};
  }));
  OutboxDelivery sender = delivery();
  EXPECT_EQ(step(sender).taken, 1);
  EXPECT_EQ(row(broken).state, MessageState::failed);
  EXPECT_EQ(row(whole).state, MessageState::sent);
}

TEST_F(OutboxTest, WhatNothingSendsIsGivenUp) {
  const std::string id = add("a@example.com");
  clock_.set(kStart + Outbox::kMostWaiting);
  ASSERT_TRUE(outbox().forget());
  EXPECT_EQ(row(id).state, MessageState::waiting);
  clock_.set(clock_.now() + 1);
  ASSERT_TRUE(outbox().forget());
  EXPECT_EQ(row(id).state, MessageState::failed);
  EXPECT_EQ(retry(id), "") << "once it can be sent again somebody may want it";
}

TEST_F(OutboxTest, WhatNobodyNeedsIsForgotten) {
  const std::string failed = add("a@example.com");
  answer_ = {.kind = Kind::refused, .said = "550 no"};
  OutboxDelivery sender = delivery();
  step(sender);
  clock_.set(kStart + Outbox::kKeepsFailed + 1);
  ASSERT_TRUE(outbox().forget());
  EXPECT_EQ(retry(failed), "outbox.gone");
  const std::string waits = add("b@example.com");
  const auto settled = [&](TimePoint before) {
    auto reading = store_->read();
    return *Outbox::settled_before(*reading, before, "", 10);
  };
  EXPECT_TRUE(settled(kStart).empty());
  EXPECT_EQ(settled(clock_.now()), std::vector{failed}) << "not what waits";
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return Outbox::drop(work, settled(clock_.now())); }));
  const auto left = outbox().list(std::nullopt, 10);
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().id, waits);
}

TEST(Answers, HoldNoAddress) {
  EXPECT_EQ(without_addresses("550 <Jo.Doe@example.com>: gone", "x@y"), "550 <...>: gone");
  EXPECT_EQ(without_addresses("a@b c@d", "x@y"), "... ...");
  EXPECT_EQ(without_addresses("550 user JDOE unknown", "jdoe@example.com"), "550 user ... unknown");
  EXPECT_EQ(without_addresses("@", "x@y"), "...");
  EXPECT_EQ(without_addresses("550 mailbox of Jack Qualtz (qualtz-j) is full", "jack.qualtz@example.com", "Jo Qualtz"),
            "550 mailbox of ... ... (...-j) is full");
  EXPECT_EQ(without_addresses("550 " + std::string(kLongestSaid, 'x') + " jdoe", "jdoe@example.com"), "550");
  EXPECT_LE(without_addresses(std::string(5'000, '@'), "x@y").size(), 2 * kLongestAnswer);
}

TEST(MailServerAddress, IsSchemeHostAndPort) {
  for (const char* good : {"smtp://mail.example.com", "smtp://mail.example.com:587", "smtps://mail.example.com:465/",
                           "smtp://127.0.0.1:2525", "smtp://[::1]:25"}) {
    EXPECT_TRUE(is_mail_server(good)) << good;
  }
  for (const char* bad : {"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp:///", "smtp://a b",
                          "smtp://user:secret@mail.example.com", "smtp://mail.example.com/path", "smtp://x?y",
                          "smtp://mail.example.com:99999", "smtp://mail\r\nx"}) {
    EXPECT_FALSE(is_mail_server(bad)) << bad;
  }
  EXPECT_TRUE(is_this_machine("smtp://localhost:25"));
  EXPECT_TRUE(is_this_machine("smtp://127.1.2.3"));
  EXPECT_TRUE(is_this_machine("smtp://[::1]:25"));
  EXPECT_FALSE(is_this_machine("smtp://localhost.example.com"));
}

}  // namespace
}  // namespace candor
