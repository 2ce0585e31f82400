#include "access/beside_seal.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

constexpr TimePoint kNow = 1'700'000'000 * kMicrosPerSecond;

const Keys& keys() {
  static const Keys kKeys = Keys::from_master({1, 2, 3});
  return kKeys;
}

SentOn request() {
  return {.method = "POST",
          .target = "/api/v1/alerts/a/dismiss",
          .client = "192.0.2.7",
          .cookie = "candor_session=abc",
          .authorization = "",
          .body = "{\"note\":\"\"}"};
}

TEST(BesideSeal, IsAdmittedOnceWithTheClientItNames) {
  BesideGate gate(BesideSeal(keys(), "token"));
  const BesideSeal beside(keys(), "token");
  for (const char* client : {"192.0.2.7", "2001:db8::/64", ""}) {
    SentOn sent = request();
    sent.client = client;
    const std::string seal = beside.seal(sent, kNow);
    sent.client = "203.0.113.9";  // of the connection: not looked at
    const auto admitted = gate.admit(seal, sent, kNow);
    ASSERT_TRUE(admitted) << admitted.error().message;
    EXPECT_EQ(*admitted, client);
    const auto again = gate.admit(seal, sent, kNow);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().id, "access.seal_used");
  }
}

TEST(BesideSeal, CoversAllThatDecidesWhatBecomesOfARequest) {
  BesideGate gate(BesideSeal(keys(), "token"));
  const std::string seal = BesideSeal(keys(), "token").seal(request(), kNow);
  const auto refused = [&](void (*change)(SentOn&)) {
    SentOn sent = request();
    change(sent);
    const auto admitted = gate.admit(seal, sent, kNow);
    return !admitted && admitted.error().id == "access.not_beside";
  };
  EXPECT_TRUE(refused([](SentOn& sent) { sent.method = "GET"; }));
  EXPECT_TRUE(refused([](SentOn& sent) { sent.target = "/api/v1/alerts/b/dismiss"; }));
  EXPECT_TRUE(refused([](SentOn& sent) { sent.cookie = "candor_session=abd"; }));
  EXPECT_TRUE(refused([](SentOn& sent) { sent.authorization = "Bearer x"; }));
  EXPECT_TRUE(refused([](SentOn& sent) { sent.body = ""; }));
  // The same bytes, parted elsewhere.
  EXPECT_TRUE(refused([](SentOn& sent) {
    sent.cookie = "candor_session=ab";
    sent.authorization = "c";
  }));
  EXPECT_TRUE(gate.admit(seal, request(), kNow)) << "what was refused used nothing up";
}

TEST(BesideSeal, OfOtherKeysOrAnotherHolderIsNone) {
  BesideGate gate(BesideSeal(keys(), "token"));
  const BesideSeal other_keys(Keys::from_master({9}), "token");
  const BesideSeal other_holder(keys(), "another token");
  for (const BesideSeal& seal : {other_keys, other_holder}) {
    const auto admitted = gate.admit(seal.seal(request(), kNow), request(), kNow);
    ASSERT_FALSE(admitted);
    EXPECT_EQ(admitted.error().id, "access.not_beside");
  }
}

TEST(BesideSeal, IsFreshForAMinute) {
  BesideGate gate(BesideSeal(keys(), "token"));
  const BesideSeal beside(keys(), "token");
  EXPECT_TRUE(gate.admit(beside.seal(request(), kNow - BesideGate::kFreshFor), request(), kNow));
  EXPECT_TRUE(gate.admit(beside.seal(request(), kNow + BesideGate::kFreshFor), request(), kNow));
  for (const TimePoint apart : {-BesideGate::kFreshFor - 1, BesideGate::kFreshFor + 1}) {
    const auto admitted = gate.admit(beside.seal(request(), kNow + apart), request(), kNow);
    ASSERT_FALSE(admitted);
    EXPECT_EQ(admitted.error().id, "access.clocks_differ");
  }
  // What was used is remembered for as long as it is fresh.
  const std::string seal = beside.seal(request(), kNow + BesideGate::kFreshFor);
  ASSERT_TRUE(gate.admit(seal, request(), kNow));
  EXPECT_FALSE(gate.admit(seal, request(), kNow + 2 * BesideGate::kFreshFor));
}

TEST(BesideSeal, WhatIsNoneIsRefused) {
  BesideGate gate(BesideSeal(keys(), "token"));
  const std::string good = BesideSeal(keys(), "token").seal(request(), kNow);
  const std::string mac = good.substr(good.rfind('.') + 1);
  for (const std::string& bad : {std::string(), std::string("."), std::string("..."), std::string("1.2.3.4"),
                                 "x" + good, good + "0", good.substr(0, good.size() - 1), std::string(100'000, '.'),
                                 "-" + good, std::string("1.00000000000000000000000000000000.a\nb.") + mac,
                                 std::string("99999999999999999999.00000000000000000000000000000000.-.") + mac}) {
    const auto admitted = gate.admit(bad, request(), kNow);
    ASSERT_FALSE(admitted) << bad.substr(0, 80);
    EXPECT_EQ(admitted.error().id, "access.not_beside");
  }
}

TEST(BesideSeal, TheHolderProvesItself) {
  const BesideSeal holder(keys(), "token");
  const std::string seal = BesideSeal(keys(), "token").seal(request(), kNow);
  EXPECT_TRUE(holder.is_proof(seal, BesideSeal(keys(), "token").proof(seal)));
  EXPECT_FALSE(holder.is_proof(seal, BesideSeal(keys(), "other").proof(seal)));
  EXPECT_FALSE(holder.is_proof(seal, ""));
  EXPECT_FALSE(holder.is_proof(seal + "0", holder.proof(seal)));
}

}  // namespace
}  // namespace candor
