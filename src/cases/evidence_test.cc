#include "cases/case_fixture.h"
#include "store/test_stored_bytes.h"

namespace candor {
namespace {

class Evidence : public CaseTest {
 protected:
  void SetUp() override {
    id_ = open(ada_, alert(mallory_, "leaks"));
    ASSERT_NE(id_, "") << refusal_;
  }
  Result<CaseBook::File> file(std::int64_t number) { return cases_.file(id_, number, CaseActor(ada_)); }

  std::string id_;
};

std::string bytes_of(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 257);
  return bytes;
}

TEST_F(Evidence, ComesBackAsItWas) {
  std::int64_t number = 0;
  for (const std::size_t size : {std::size_t{1}, std::size_t{1} << 20, (std::size_t{1} << 20) + 1, kLargestEvidence}) {
    const std::string bytes = bytes_of(size);
    ASSERT_EQ(add_evidence(ada_, id_, "log.bin", bytes), "") << size;
    const auto found = file(++number);
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_TRUE(found->bytes == bytes) << size;
    EXPECT_EQ(found->evidence.size, static_cast<std::int64_t>(size));
    EXPECT_EQ(found->evidence.sha256, CaseBook::digest_of(bytes));
    EXPECT_EQ(history(id_, ada_).back().text, "SHA-256 " + found->evidence.sha256);
  }
  EXPECT_EQ(cases_.evidence(id_, CaseActor(ada_))->size(), 4u);
  EXPECT_EQ(file(5).error().id, "cases.no_evidence");
}

TEST_F(Evidence, HashIsTheUsualOne) {
  EXPECT_EQ(CaseBook::digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Evidence, SizesAndNamesAreBounded) {
  EXPECT_EQ(add_evidence(ada_, id_, "empty", ""), "cases.bad_evidence");
  EXPECT_EQ(add_evidence(ada_, id_, "large", std::string(kLargestEvidence + 1, 'x')), "cases.bad_evidence");
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("a/.."),
                                  std::string("a/"), std::string("a\0b", 3), std::string(256, 'x')})
    EXPECT_EQ(add_evidence(ada_, id_, name, "x"), "cases.bad_evidence") << name;
  ASSERT_EQ(add_evidence(ada_, id_, "C:\\Users\\../../etc/passwd", "x"), "");
  EXPECT_EQ(file(1)->evidence.name, "passwd");
  const std::string hostile = "<script>alert(1)<\xe2\x80\xae>fdp.exe";
  ASSERT_EQ(add_evidence(ada_, id_, hostile, "x"), "");
  EXPECT_EQ(file(2)->evidence.name, hostile) << "kept as it is, shown as text";
}

TEST_F(Evidence, NothingOfItLiesInTheClear) {
  ASSERT_EQ(add_evidence(ada_, id_, "salaries-of-everybody.xlsx", std::string(100'000, 'q') + "a secret sentence"), "");
  const std::string bytes = stored_bytes(folder_);
  EXPECT_NE(bytes.find("sealed_name"), std::string::npos) << "the search would find it";
  EXPECT_EQ(bytes.find("salaries-of"), std::string::npos);
  EXPECT_EQ(bytes.find("a secret sentence"), std::string::npos);
  EXPECT_EQ(bytes.find(std::string(50, 'q')), std::string::npos);
}

TEST_F(Evidence, WhatWasMovedOrCutIsNotGivenOut) {
  const auto change = [&](Sql sql) {
    ASSERT_TRUE(store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute(sql));
      return {};
    }));
  };
  const std::string two_parts = bytes_of((1u << 20) + 5);
  ASSERT_EQ(add_evidence(ada_, id_, "a", two_parts), "");
  ASSERT_EQ(add_evidence(ada_, id_, "b", "other bytes"), "");
  change("delete from case_evidence_parts where number = 1 and part = 1");
  EXPECT_EQ(file(1).error().id, "cases.evidence_broken");
  change("delete from case_evidence_parts where number = 1");
  change("update case_evidence_parts set number = 1 where number = 2");
  EXPECT_EQ(file(1).error().id, "base.seal_broken");
  change("update case_evidence set sealed_name = (select sealed_name from case_evidence where number = 1)");
  EXPECT_EQ(file(2).error().id, "base.seal_broken");
}

}  // namespace
}  // namespace candor
