#include "sources/file_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <fstream>
#include <random>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Outcome {
  std::vector<std::string> records;
  std::vector<std::uint64_t> rows;
  std::vector<std::string> rejected;  // "row reason"
  std::string error;                  // id
  std::string message;
  std::vector<std::string> checkpoints;
  std::uint64_t bytes = 0;
  SourceKind kind = SourceKind::m365_audit;
};

class FileSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("candor-sources-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& bytes, const std::string& name = "input") {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  static Outcome read(const std::filesystem::path& path, const std::string& checkpoint = "",
                      FileSource::Limits limits = {}) {
    Outcome out;
    auto source =
        FileSource::open(SourceInput::file(path), {.checkpoint = checkpoint, .cancelled = {}, .limits = limits});
    if (!source) {
      out.error = source.error().id;
      return out;
    }
    for (;;) {
      auto batch = (*source)->next();
      if (!batch) {
        out.error = batch.error().id;
        out.message = batch.error().message;
        return out;
      }
      if (!*batch) return out;
      const RawBatch& raw = **batch;
      EXPECT_TRUE(raw.text.ends_with(std::string(RawBatch::kPadding, '\0')));
      for (std::size_t i = 0; i < raw.records.size(); ++i) {
        out.records.emplace_back(raw.record(i));
        out.rows.push_back(raw.records[i].row);
      }
      for (const RejectedRow& row : raw.rejected) out.rejected.push_back(std::to_string(row.row) + ' ' + row.reason);
      out.checkpoints.push_back(raw.checkpoint);
      out.bytes += raw.bytes_consumed;
      out.kind = raw.kind;
    }
  }
  Outcome read_text(const std::string& bytes) { return read(write(bytes)); }

  std::filesystem::path folder_;
};

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string utf16(const std::string& ascii, bool big_endian) {
  std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

TEST_F(FileSourceTest, ReadsJsonLines) {
  const Outcome out = read_text("{\"a\":1}\r\n\n{\"b\":\"x\\\"}\"}\n  {\"c\":[{}]} \nnot json\n{\"d\":4}");
  EXPECT_THAT(out.records, ElementsAre("{\"a\":1}", "{\"b\":\"x\\\"}\"}", "{\"c\":[{}]}", "not json", "{\"d\":4}"));
  EXPECT_THAT(out.rows, ElementsAre(1, 3, 4, 5, 6));
  EXPECT_TRUE(out.rejected.empty());
}

TEST_F(FileSourceTest, ReadsAnArrayAndWhatIsOddInIt) {
  const Outcome out = read_text(" [\n {\"a\": 1,\n  \"b\": [\"]\", \"}\"]},\n null, 17, \"x{y\", {\"c\":2}]\n");
  EXPECT_THAT(out.records, ElementsAre("{\"a\": 1,\n  \"b\": [\"]\", \"}\"]}", "{\"c\":2}"));
  EXPECT_THAT(out.rows, ElementsAre(1, 5));
  EXPECT_THAT(out.rejected, ElementsAre("2 empty_record", "3 not_an_object", "4 not_an_object"));
}

TEST_F(FileSourceTest, ReadsPrettyPrintedObjectsOneAfterTheOther) {
  const Outcome out = read_text("{\n  \"a\": 1\n}\n{\n  \"b\": {\"c\": \"\\\\\"}\n}\n");
  EXPECT_THAT(out.records, ElementsAre("{\n  \"a\": 1\n}", "{\n  \"b\": {\"c\": \"\\\\\"}\n}"));
}

TEST_F(FileSourceTest, ReadsOneObject) {
  EXPECT_THAT(read_text("{\"a\":1}").records, ElementsAre("{\"a\":1}"));
  EXPECT_THAT(read_text("{\"a\":1}{\"b\":2}").records, ElementsAre("{\"a\":1}", "{\"b\":2}"));
}

TEST_F(FileSourceTest, AnArrayThatBreaksOffGivesWhatCameBefore) {
  const Outcome out = read_text("[{\"a\":1},{\"b\":\"");
  EXPECT_THAT(out.records, ElementsAre("{\"a\":1}"));
  EXPECT_THAT(out.rejected, ElementsAre("2 invalid_json"));
}

TEST_F(FileSourceTest, EmptyInputsAreNoError) {
  for (const char* text : {"", "\n \r\n", "[]", "AuditData\n", "CreationDate,AuditData\r\n\r\n"}) {
    const Outcome out = read_text(text);
    EXPECT_EQ(out.error, "") << text;
    EXPECT_TRUE(out.records.empty() && out.rejected.empty()) << text;
  }
}

TEST_F(FileSourceTest, ReadsCsvWithDoubledQuotesAndRecordsOverSeveralLines) {
  const Outcome out = read_text(
      "\xEF\xBB\xBF"
      "CreationDate,UserIds,AuditData,_si\r\n"
      "5/18/2021,a@example.com,\"{\"\"Id\"\":\"\"1\"\",\"\"x\"\":\"\"a,b\"\"}\",\"one\ntwo\"\r\n"
      "\r\n"
      "5/18/2021,b@example.com,,x\r\n"
      "only,two\r\n"
      "5/18/2021,c@example.com,\"{\"\"Id\"\":\"\"2\"\"}\",");
  EXPECT_THAT(out.records, ElementsAre("{\"Id\":\"1\",\"x\":\"a,b\"}", "{\"Id\":\"2\"}"));
  EXPECT_THAT(out.rows, ElementsAre(2, 7));
  EXPECT_THAT(out.rejected, ElementsAre("5 empty_record", "6 bad_csv"));
}

TEST_F(FileSourceTest, ReadsTheOtherWaysToWriteThatCsv) {
  EXPECT_THAT(
      read_text("#TYPE Selected.PSObject\r\n\"RecordType\";\"AuditData\"\r\n\"1\";\"{\"\"a\"\":1}\"\r\n").records,
      ElementsAre("{\"a\":1}"));
  EXPECT_THAT(read_text("RecordId\tAuditData\n7\t\"{\"\"a\"\":1}\"\n").records, ElementsAre("{\"a\":1}"));
  EXPECT_THAT(read_text("AuditData\n\"{\"\"a\"\":1}\"").records, ElementsAre("{\"a\":1}"));
}

TEST_F(FileSourceTest, AnUnclosedQuoteIsABadRow) {
  const Outcome out = read_text("AuditData\n\"{\"\"a\"\":1}\"\n\"{\"\"b\"\":2}\n");
  EXPECT_THAT(out.records, ElementsAre("{\"a\":1}"));
  EXPECT_THAT(out.rejected, ElementsAre("3 bad_csv"));
}

TEST_F(FileSourceTest, RefusesWhatIsNoneOfThese) {
  for (const std::string& text : {std::string("name,age\nx,3\n"), std::string("hello"), std::string(10, '\0'),
                                  std::string(300'000, 'x'), std::string(300'000, ' ') + "x"}) {
    EXPECT_EQ(read_text(text).error, "sources.unknown_format") << text.substr(0, 20);
  }
  EXPECT_EQ(read(folder_ / "absent").error, "sources.unreadable");
  EXPECT_EQ(read(folder_).error, "sources.unreadable");
}

TEST_F(FileSourceTest, RejectsAnOversizedRecordAndGoesOn) {
  const FileSource::Limits small{.batch_bytes = 1000, .record_bytes = 100};
  const std::string large = "{\"a\":\"" + std::string(5000, 'x') + "\"}";
  const std::string fine = "{\"b\":1}";
  const Outcome lines = read(write(fine + "\n" + large + "\n" + fine + "\n"), "", small);
  EXPECT_THAT(lines.records, ElementsAre(fine, fine));
  EXPECT_THAT(lines.rejected, ElementsAre("2 too_large"));
  const Outcome array = read(write("[" + fine + "," + large + "," + fine + "]"), "", small);
  EXPECT_THAT(array.records, ElementsAre(fine, fine));
  EXPECT_THAT(array.rejected, ElementsAre("2 too_large"));
  const std::string other_columns(5000, 'y');
  const Outcome csv =
      read(write("x,AuditData\n" + other_columns + ",1\n2," + large.substr(6, 3000) + "\n3,4\n"), "", small);
  EXPECT_THAT(csv.records, ElementsAre("1", "4"));
  EXPECT_THAT(csv.rejected, ElementsAre("3 too_large"));
}

TEST_F(FileSourceTest, TellsCompressionAndEncodingByContent) {
  const std::string text = "{\"a\":1}\n{\"b\":2}\n";
  const std::vector<std::string> forms = {text,
                                          gzip(text),
                                          zstd(text),
                                          gzip("{\"a\":1}\n") + gzip("{\"b\":2}\n"),
                                          zstd("{\"a\":1}\n") + zstd("{\"b\":2}\n"),
                                          utf16(text, false),
                                          utf16(text, true),
                                          gzip(utf16(text, false)),
                                          "\xEF\xBB\xBF" + text,
                                          zstd("\xEF\xBB\xBF" + text)};
  for (const std::string& form : forms) {
    const auto path = write(form, "misleading.csv");
    const Outcome out = read(path);
    EXPECT_THAT(out.records, ElementsAre("{\"a\":1}", "{\"b\":2}")) << out.error << out.message;
    EXPECT_EQ(out.bytes, form.size());
  }
}

std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "{\"n\":" + std::to_string(i) + ",\"t\":\"" + std::to_string(i * 7919) + "\"}\n";
  }
  return text;
}

TEST_F(FileSourceTest, DamagedCompressedInputGivesWhatCameBeforeAndAnErrorWithThePlace) {
  const std::string text = many_lines(200'000);
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    const Outcome cut = read(write(packed.substr(0, packed.size() / 2)));
    EXPECT_EQ(cut.error, "sources.damaged_input");
    EXPECT_THAT(cut.message, HasSubstr("ends too early"));
    EXPECT_GT(cut.records.size(), 1000U);
    std::string broken = packed;
    for (std::size_t i = 0; i < 64; ++i) broken[broken.size() / 2 + i] ^= '\x5A';
    const Outcome bad = read(write(broken));
    EXPECT_EQ(bad.error, "sources.damaged_input");
    EXPECT_THAT(bad.message, HasSubstr("at byte "));
    // Everything handed over before the damage is whole. (gzip may decode some nonsense before it notices.)
    ASSERT_GT(cut.records.size(), 1U);
    for (std::size_t i = 0; i < cut.records.size(); ++i) {
      ASSERT_TRUE(cut.records[i].starts_with("{\"n\":" + std::to_string(i) + ",")) << i << cut.records[i];
      ASSERT_TRUE(cut.records[i].ends_with("}"));
    }
  }
}

TEST_F(FileSourceTest, GoesOnBehindAnyCheckpoint) {
  const std::string lines = many_lines(3000);
  std::string array = "[";
  std::string csv = "x,AuditData\n";
  for (int i = 0; i < 3000; ++i) {
    array += (i == 0 ? "{\"n\":" : ",\n{\"n\":") + std::to_string(i) + "}";
    csv += std::to_string(i) + ",\"{\"\"n\"\":\n" + std::to_string(i) + "}\"\n";
  }
  const FileSource::Limits small{.batch_bytes = 5000, .record_bytes = 1000};
  for (const std::string& text : {lines, array + "]", csv, zstd(lines), gzip(csv), utf16(csv, false)}) {
    const auto path = write(text);
    const Outcome whole = read(path, "", small);
    ASSERT_EQ(whole.records.size(), 3000U);
    ASSERT_GT(whole.checkpoints.size(), 4U);
    for (std::size_t i = 0; i + 1 < whole.checkpoints.size(); i += 3) {
      const Outcome rest = read(path, whole.checkpoints[i], small);
      ASSERT_EQ(rest.error, "");
      ASSERT_LT(rest.records.size(), whole.records.size());
      const auto from = static_cast<std::ptrdiff_t>(whole.records.size() - rest.records.size());
      EXPECT_TRUE(std::equal(whole.records.begin() + from, whole.records.end(), rest.records.begin()));
      EXPECT_TRUE(std::equal(whole.rows.begin() + from, whole.rows.end(), rest.rows.begin()));
    }
    EXPECT_EQ(read(path, whole.checkpoints.back(), small).records.size(), 3000U) << "a whole file is read anew";
  }
  // A checkpoint of another file is of no use, and does no harm.
  const Outcome first = read(write(lines), "", small);
  EXPECT_EQ(read(write(csv), first.checkpoints[1], small).records.size(), 3000U);
  EXPECT_EQ(read(write(csv), "nonsense", small).records.size(), 3000U);
}

// Files are exported again under their old name and grow: nothing that was added may be passed over.
TEST_F(FileSourceTest, ACompleteFileIsReadAnewWhateverChangedInIt) {
  const std::string lines = many_lines(100);
  const Outcome first = read(write(lines));
  ASSERT_EQ(first.checkpoints.size(), 1U);
  std::string changed = lines;
  changed.insert(changed.find("{\"n\":50,"), "{\"n\":\"late\"}\n");
  const Outcome again = read(write(changed + "{\"n\":\"last\"}\n"), first.checkpoints.back());
  EXPECT_EQ(again.records.size(), 102U);
  EXPECT_TRUE(again.rejected.empty());
  const Outcome array = read(write("[{\"n\":1},{\"n\":2}]"));
  const Outcome grown = read(write("[{\"n\":1},{\"n\":2},{\"n\":3}]"), array.checkpoints.back());
  EXPECT_EQ(grown.records.size(), 3U);
  EXPECT_TRUE(grown.rejected.empty());
}

TEST_F(FileSourceTest, GoesOnOnlyWhereWhatWasReadIsStillTheSame) {
  const FileSource::Limits small{.batch_bytes = 5000, .record_bytes = 1000};
  const std::string lines = many_lines(3000);
  const Outcome first = read(write(lines), "", small);
  const std::string checkpoint = first.checkpoints[first.checkpoints.size() / 2];
  EXPECT_LT(read(write(lines), checkpoint, small).records.size(), 3000U);
  // Far behind the first bytes, and of the same length.
  std::string changed = lines;
  changed.replace(changed.find("{\"n\":700,"), 9, "{\"n\":007,");
  EXPECT_EQ(read(write(changed), checkpoint, small).records.size(), 3000U);
  EXPECT_EQ(read(write(lines.substr(0, 9000)), checkpoint, small).error, "");
  EXPECT_EQ(read(write(zstd(changed)), checkpoint, small).records.size(), 3000U);
}

TEST_F(FileSourceTest, ALineCaughtWhileItWasWrittenIsReadAgain) {
  const std::string lines = many_lines(10);
  const Outcome caught = read(write(lines.substr(0, lines.size() - 5)));
  const Outcome whole = read(write(lines), caught.checkpoints.back());
  EXPECT_EQ(whole.records.size(), 10U);
  EXPECT_TRUE(whole.rejected.empty());
}

TEST_F(FileSourceTest, ABrokenLineCostsOnlyItself) {
  const std::string good = "{\"a\":1}\n{\"b\":{\"c\":2}}\n{\"d\":3}\n";
  for (const std::string& broken : {std::string("{\"x\": \n"), std::string("{\"x\":\"y\n"), std::string("{\"x\":[1,\n"),
                                    std::string("me\":1}\n"), std::string("{\"x\":\n{\"x\":\n{\"x\":\n{\"x\":\n")}) {
    for (const std::string& text : {broken + good, good + broken + good}) {
      const Outcome out = read(write(text));
      std::size_t found = 0;
      for (const std::string& record : out.records) found += good.find(record + "\n") != std::string::npos ? 1 : 0;
      EXPECT_EQ(found, text.size() > broken.size() + good.size() ? 6U : 3U) << text;
      EXPECT_GT(out.records.size() + out.rejected.size(), found) << "the broken one is not counted: " << text;
    }
  }
}

TEST_F(FileSourceTest, ABrokenElementCostsOnlyItself) {
  const std::string tail = "{\"b\":[{\"x\":\"},{\"}]},{\"c\":\"2\"}]";
  for (const std::string& broken :
       {std::string("{\"a\":1"), std::string("{\"a\":[1,2}"), std::string("{\"a\":{\"x\":1}"),
        std::string("{\"a\":\"x}"), std::string("{\"a:1}"), std::string("{\"a\":[{\"x\":1}")}) {
    for (const std::string& text :
         {"[" + broken + ",\n" + tail, "[\n" + broken + ",\n" + tail, "[{\"z\":0}, " + broken + "\n, \n" + tail}) {
      const Outcome out = read(write(text));
      EXPECT_THAT(out.records, testing::IsSupersetOf({"{\"b\":[{\"x\":\"},{\"}]}", "{\"c\":\"2\"}"})) << text;
      EXPECT_EQ(out.rejected.size(), 1U) << text;
    }
  }
  // All on one line a missing quote is seen where it turns the text inside out.
  const Outcome out = read(write("[{\"a\":\"x},{\"b\":1},{\"c\":2}, {\"d\":\"y}, {\"e\":3}]"));
  EXPECT_THAT(out.records, ElementsAre("{\"b\":1}", "{\"c\":2}", "{\"e\":3}"));
  EXPECT_THAT(out.rejected, ElementsAre("1 invalid_json", "4 invalid_json"));
}

TEST_F(FileSourceTest, LayoutOfSoundJsonIsNoFault) {
  const std::string object = "{\n\"a\":\n[\n{\n\"x\":\n{\n\"y\":1\n}\n},\n{\n\"x\":2\n}\n]\n}";
  for (const std::string& text : {object + "\n" + object, "[\n" + object + ",\n" + object + "]"}) {
    const Outcome out = read(write(text));
    EXPECT_THAT(out.records, ElementsAre(object, object));
    EXPECT_TRUE(out.rejected.empty());
  }
  EXPECT_THAT(read(write("{\"a\": [\n  {\"x\":1},\n  {\"x\":2}\n]}\n{\"b\":1}\n")).records.size(), 2U);
}

TEST_F(FileSourceTest, AQuoteInsideACellIsACharacter) {
  const Outcome out = read_text("Note,AuditData,More\na \"b,{1},x\n5\" disk,{2},\"q\"\"z\" \"\n\"a,\"\"b\"\"\",{3},\n");
  EXPECT_THAT(out.records, ElementsAre("{1}", "{2}", "{3}"));
  EXPECT_TRUE(out.rejected.empty());
}

TEST_F(FileSourceTest, NullIsAnEmptyRecordInEveryForm) {
  EXPECT_THAT(read_text("{\"a\":1}\nnull\n").rejected, ElementsAre("2 empty_record"));
  EXPECT_THAT(read_text("[{\"a\":1},null]").rejected, ElementsAre("2 empty_record"));
  EXPECT_THAT(read_text("AuditData\nnull\n").rejected, ElementsAre("2 empty_record"));
}

TEST_F(FileSourceTest, ZstdThatFillsTheBufferExactlyIsWhole) {
  for (const std::size_t size : {262'148U, 524'296U, 262'144U, 524'288U}) {
    std::string text = "{\"a\":1}\n";
    text += "{\"b\":\"" + std::string(size - text.size() - 9, 'x') + "\"}\n";
    ASSERT_EQ(text.size(), size);
    EXPECT_EQ(read(write(zstd(text))).error, "") << size;
    EXPECT_EQ(read(write(zstd(text).substr(0, zstd(text).size() - 2))).error, "sources.damaged_input") << size;
  }
}

TEST_F(FileSourceTest, ReadsZstdBehindASkippableFrame) {
  const std::string skippable("\x52\x2A\x4D\x18\x04\0\0\0abcd", 12);
  EXPECT_THAT(read(write(skippable + zstd("{\"a\":1}\n") + skippable + zstd("{\"b\":2}\n"))).records,
              ElementsAre("{\"a\":1}", "{\"b\":2}"));
}

TEST_F(FileSourceTest, SmallDamagedFilesGiveWhatCameBefore) {
  for (const std::string& packed : {gzip(many_lines(5)), zstd(many_lines(5))}) {
    const Outcome cut = read(write(packed.substr(0, packed.size() - 2)));
    EXPECT_EQ(cut.error, "sources.damaged_input");
    EXPECT_EQ(cut.records.size(), packed.starts_with("\x1F") ? 5U : cut.records.size());
  }
  const Outcome cut = read(write(gzip(many_lines(5)) + gzip(many_lines(500)).substr(0, 700)));
  EXPECT_EQ(cut.error, "sources.damaged_input");
  EXPECT_GE(cut.records.size(), 5U);
  for (const std::string& line : cut.records) EXPECT_TRUE(line.ends_with("}")) << line;
}

TEST_F(FileSourceTest, OverlooksZerosBehindGzip) {
  EXPECT_EQ(read(write(gzip(many_lines(5)) + std::string(1000, '\0'))).error, "");
  EXPECT_EQ(read(write(gzip(many_lines(5)) + std::string(1000, '\0') + gzip(many_lines(2)))).records.size(), 7U);
  EXPECT_EQ(read(write(gzip(many_lines(5)) + "junk")).error, "sources.damaged_input");
}

TEST_F(FileSourceTest, KnowsEachRecordsKindWhateverStandsBeforeIt) {
  const std::string badge = R"({"AssetId":"Door","EventTime":"2026-01-02T03:04:05","UserId":"a@example.com"})";
  const std::string audit = R"({"CreationTime":"2026-01-02T03:04:05","AssetId":1,"EventTime":2})";
  auto source = FileSource::open(write(audit + "\n" + badge + "\n" + audit + "\nnull\n"));
  ASSERT_TRUE(source);
  const auto first = (*source)->next();
  const auto second = (*source)->next();
  ASSERT_TRUE(first && *first && second && *second);
  EXPECT_EQ((*first)->kind, SourceKind::m365_audit);
  EXPECT_EQ((*first)->records.size(), 2U);
  EXPECT_EQ((*first)->rejected.size(), 1U);
  EXPECT_EQ((*first)->checkpoint, "") << "covers only half of the batch";
  EXPECT_EQ((*second)->kind, SourceKind::badge);
  EXPECT_EQ((*second)->record(0), badge);
  EXPECT_EQ((*second)->records[0].row, 2U);
  EXPECT_NE((*second)->checkpoint, "");
  EXPECT_FALSE((*source)->next()->has_value());
}

TEST_F(FileSourceTest, KnowsABadgeWhereverItsKeyStands) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string record =
        R"({"a":")" + std::string(size, 'A') + R"(","AssetId":"Door","EventTime":"2026-01-02T03:04:05"})";
    EXPECT_EQ(read_text(record).kind, SourceKind::badge) << size;
    EXPECT_EQ(read_text(record.substr(0, record.find("AssetId")) + R"(AssetID":1})").kind, SourceKind::m365_audit)
        << size;
  }
}

TEST_F(FileSourceTest, APipeThatPausesHandsOverWhatItGaveAndCanBeLeft) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  bool cancelled = false;
  auto source = FileSource::open(SourceInput::opened(ends[0], "standard input"),
                                 {.checkpoint = "", .cancelled = [&] { return cancelled; }, .limits = {}});
  ASSERT_TRUE(source);
  const auto put = [&](const std::string& text) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  put("{\"a\":1}\n{\"b\"");
  const auto first = (*source)->next();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->documents(), "{\"a\":1}\n");
  EXPECT_TRUE((*first)->is_last_for_now);
  EXPECT_EQ((*first)->origin, "standard input");
  put(":2}\n");
  const auto second = (*source)->next();
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->documents(), "{\"b\":2}\n");
  EXPECT_EQ((*second)->records[0].row, 2U);
  cancelled = true;
  const auto left = (*source)->next();
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().id, "sources.interrupted");
  cancelled = false;
  put("{\"c\":3}");
  ::close(ends[1]);
  const auto third = (*source)->next();
  ASSERT_TRUE(third && *third);
  EXPECT_EQ((*third)->documents(), "{\"c\":3}\n");
  EXPECT_FALSE((*source)->next()->has_value());
  ::close(ends[0]);
}

TEST_F(FileSourceTest, KnowsBadgeRecordsByTheirShape) {
  const Outcome out = read_text(
      "[{\"UserId\":\"a@example.com\",\"AssetId\":\"Door-7\",\"AssetName\":\"Lab\",\"EventTime\":\"2026-01-02T03:04:"
      "05\","
      "\"AccessStatus\":\"Failed\"}]");
  EXPECT_EQ(out.kind, SourceKind::badge);
  EXPECT_EQ(read_text("{\"CreationTime\":\"2026-01-02T03:04:05\",\"AssetId\":1}").kind, SourceKind::m365_audit);
}

TEST_F(FileSourceTest, ListsFoldersSorted) {
  write("{}", "in/b.json");
  write("{}", "in/a/z.json");
  write("{}", "in/.hidden/x.json");
  write("{}", "in/.x");
  const auto files = list_inputs({(folder_ / "in").string(), "-"});
  ASSERT_TRUE(files.has_value());
  std::vector<std::string> found;
  for (const SourceInput& input : *files) found.push_back(input.name + (input.from_folder ? " below" : ""));
  EXPECT_THAT(found, ElementsAre((folder_ / "in/a/z.json").string() + " below",
                                 (folder_ / "in/b.json").string() + " below", "standard input"));
  EXPECT_EQ(list_inputs({"/nowhere/at/all"}).error().id, "sources.unreadable");
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_EQ(list_inputs({(folder_ / "empty").string()}).error().id, "sources.no_files");
}

std::filesystem::path shared_data() {
  const char* set = std::getenv("CANDOR_SHARED");
  return std::filesystem::path(set != nullptr ? set : CANDOR_SOURCE_DIR "/../shared") / "data";
}

TEST(SharedData, TheRealExportHasItsRowsAndThreeEmptyOnes) {
  const auto file = shared_data() / "invictus-o365" / "auditrecords-before-2021-06.csv.zst";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there: set CANDOR_SHARED";
  auto source = FileSource::open(file);
  ASSERT_TRUE(source.has_value());
  std::size_t records = 0;
  std::size_t empty = 0;
  std::uint64_t bytes = 0;
  for (;;) {
    auto batch = (*source)->next();
    ASSERT_TRUE(batch.has_value()) << batch.error().message;
    if (!*batch) break;
    records += (*batch)->records.size();
    for (const RejectedRow& row : (*batch)->rejected) empty += row.reason == "empty_record" ? 1 : 0;
    EXPECT_EQ((*batch)->rejected.size() > 0, empty > 0 && !(*batch)->rejected.empty());
    bytes += (*batch)->bytes_consumed;
  }
  EXPECT_EQ(records, 4766U);
  EXPECT_EQ(empty, 3U);
  EXPECT_EQ(bytes, (*source)->total_bytes());
}

}  // namespace
}  // namespace candor
