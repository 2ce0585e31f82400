#include "access/signed_statement.h"

#include "access/access_fixture.h"

namespace candor {
namespace {

class SignedStatementTest : public AccessTest {};

TEST_F(SignedStatementTest, IsReadBackAndNotOneByteMayChange) {
  const std::string statement = R"({"b":1,"a":["é",true],"n":12345678901234})";
  const std::string file = *signed_statement(audit_, "attestation", statement);
  EXPECT_EQ(*verified_statement(file, "attestation", audit_.public_key()), statement) << "members keep their order";
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string changed = file;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(verified_statement(changed, "attestation", audit_.public_key()).has_value()) << at;
  }
  EXPECT_FALSE(verified_statement(file, "package", audit_.public_key()).has_value()) << "of another kind";
  EXPECT_FALSE(verified_statement(file, "attestation", std::string(64, '0')).has_value());
  EXPECT_FALSE(verified_statement(file + " ", "attestation", audit_.public_key()).has_value());
  EXPECT_FALSE(verified_statement(file, "attestation", "short").has_value());
  for (const char* text : {"", "[]", "{}", "{\"statement\":1,\"signature\":2}", "\xff"}) {
    EXPECT_EQ(verified_statement(text, "attestation", audit_.public_key()).error().id, "access.bad_statement") << text;
  }
  EXPECT_FALSE(signed_statement(audit_, "attestation", "[1]").has_value());
}

// Which of two members of one name counts differs between readers.
TEST_F(SignedStatementTest, TwoMembersOfOneNameAreRefused) {
  const std::string file = *signed_statement(audit_, "attestation", R"({"off":true})");
  std::string doubled = file;
  doubled.replace(doubled.find("{\"off\":true}"), 12, R"({"off":false,"off":true})");
  EXPECT_FALSE(verified_statement(doubled, "attestation", audit_.public_key()).has_value());
}

}  // namespace
}  // namespace candor
