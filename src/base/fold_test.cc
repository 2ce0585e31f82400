#include "base/fold.h"

#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

TEST(Fold, KnownPairs) {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"FileDownloaded", "filedownloaded"},
      {"already lower 123 [\\]^_`{|}~@", "already lower 123 [\\]^_`{|}~@"},
      {"ÄÖÜ Straße", "äöü straße"},
      {"\u1E9E", "ß"},       // capital sharp s: simple folding, one to one
      {"\u212A", "k"},       // Kelvin sign: shorter
      {"\u023A", "\u2C65"},  // longer
      {"\u017F", "s"},       // long s
      {"ΣΑΣ ς", "σασ σ"},    // final sigma folds too
      {"ПРИВЕТ", "привет"},
      {"\u0130", "\u0130"},  // dotted I has no simple folding
      {"日本語 A", "日本語 a"},
      {"\U00010400", "\U00010428"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(fold(text), expected) << text;
}

TEST(Fold, BytesThatAreNotUtf8Stay) {
  EXPECT_EQ(fold("A\xFF"
                 "B\xC3"),
            "a\xFF"
            "b\xC3");
  EXPECT_EQ(fold("\xC0\x81"), "\xC0\x81");            // overlong
  EXPECT_EQ(fold("\xED\xA0\x80X"), "\xED\xA0\x80x");  // surrogate
}

TEST(Fold, IsIdempotentAndBoundedOnAnyBytes) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 100, '\0');
    const bool ascii = random() % 2 == 0;
    for (char& c : text) c = static_cast<char>(ascii ? random() & 0x7F : random() & 0xFF);
    const std::string once = fold(text);
    ASSERT_LE(once.size(), text.size() + text.size() / 2);
    ASSERT_EQ(fold(once), once);
    std::string twice = text;  // the whole folds like its parts
    if (ascii && !text.empty()) {
      const std::size_t cut = random() % text.size();
      ASSERT_EQ(fold(text.substr(0, cut)) + fold(text.substr(cut)), once);
    }
  }
}

}  // namespace
}  // namespace candor
