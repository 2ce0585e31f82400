#include "assessment/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "assessment/content_use.h"
#include "assessment/trace_fixture.h"

namespace candor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kSite = "https://example.sharepoint.com/sites/plans";
constexpr const char* kDocument = "https://example.sharepoint.com/sites/plans/Shared Documents/plan.docx";

const std::string kBytes(64, 'a');   // of the document
const std::string kPacked(64, 'b');  // of the archive

class TraceContent : public TraceTest {
 protected:
  static Did downloaded(double day) {
    return {.day = day,
            .operation = "FileDownloaded",
            .fields = {{"candor.object.id", kDocument}, {"file.name", "plan.docx"}, {"candor.site", kSite}}};
  }
  static Did on_device(double day, const std::string& operation, const std::string& path, const std::string& hash,
                       const std::string& to = {}) {
    Did did{.day = day, .operation = operation, .fields = {{"file.path", path}, {"host.name", "lap-1"}}};
    did.fields["file.name"] = path.substr(path.find_last_of('\\') + 1);
    if (!hash.empty()) did.fields["file.hash.sha256"] = hash;
    if (!to.empty()) did.fields["candor.destination.path"] = to;
    return did;
  }
  static Did mailed(const std::string& who, double day, const std::string& attachment, std::vector<std::string> to) {
    return {.who = who,
            .day = day,
            .operation = "Send",
            .fields = {{"email.message_id", "<m" + std::to_string(day) + who + ">"}},
            .lists = {{"email.to.address", std::move(to)}, {"email.attachments.file.name", {attachment}}}};
  }
  // Downloaded, renamed, packed, onto a stick; mailed to a second person, who sends it on.
  static std::vector<Did> chain() {
    Did stick =
        on_device(0.5, "FileCopiedToRemovableMedia", "C:\\Users\\ann\\Documents\\trip.zip", kPacked, "E:\\trip.zip");
    stick.fields["candor.destination.type"] = "removable";
    stick.fields["candor.removable_media.serial"] = "S1";
    stick.fields["candor.removable_media.name"] = "SanDisk Ultra";
    return {downloaded(0.1),
            on_device(0.2, "FileRenamed", "C:\\Users\\ann\\Downloads\\plan.docx", kBytes,
                      "C:\\Users\\ann\\Documents\\trip.docx"),
            on_device(0.3, "FileArchived", "C:\\Users\\ann\\Documents\\trip.docx", kBytes,
                      "C:\\Users\\ann\\Documents\\trip.zip"),
            on_device(0.4, "ArchiveCreated", "C:\\Users\\ann\\Documents\\trip.zip", kPacked),
            stick,
            mailed("ann@example.com", 0.6, "trip.zip", {"bob@example.com"}),
            mailed("bob@example.com", 9, "trip.zip", {"buyer@rival.example"})};
  }
};

TEST_F(TraceContent, FromADownloadToAStickAndThroughTwoPeoplesMail) {
  for (const Did& did : chain()) add(did);
  const std::vector<std::string> wanted = {
      "a downloaded plan.docx @ https://example.sharepoint.com/sites/plans: start, none",
      "a renamed plan.docx -> trip.docx: likely, same_name 0",
      "a archived trip.docx -> trip.zip: likely, renamed 1",
      "a made trip.zip: likely, archived 2",
      "a to_medium trip.zip @ SanDisk Ultra: likely, same_hash 3",
      "a mailed trip.zip: likely, same_name 4, to b",
      "b mailed trip.zip: likely, handed_over 5"};
  const Trace found = trace(TraceStartKind::document, kDocument);
  EXPECT_EQ(lines(found), wanted);
  EXPECT_EQ(found.origins, 1);
  ASSERT_THAT(found.places, SizeIs(2));
  EXPECT_EQ(found.places[0].place, "SanDisk Ultra");
  EXPECT_EQ(found.places[1].place, "rival.example");
  EXPECT_EQ(found.places[1].by, TraceAct::mailed);
  ASSERT_THAT(found.hands, SizeIs(2));
  EXPECT_EQ(name_of(found.hands[0].person), "a");
  EXPECT_EQ(found.hands[0].steps, 6);
  EXPECT_EQ(found.hands[1].steps, 1);
  EXPECT_EQ(found.hands[1].received, 1);
  EXPECT_TRUE(found.read_all);
  EXPECT_EQ(found.activities_read, 7);
}

TEST_F(TraceContent, BackwardFromTheStickAndFromWhereItWentTo) {
  for (const Did& did : chain()) add(did);
  // By the bytes of the packed file: everything on the device is certain.
  const Trace by_hash = trace(TraceStartKind::hash, std::string(64, 'A'));
  ASSERT_THAT(by_hash.steps, SizeIs(7));
  EXPECT_EQ(by_hash.steps[0].strength, TraceStrength::likely) << "the site's record has no hash";
  EXPECT_EQ(by_hash.steps[1].strength, TraceStrength::start);
  EXPECT_EQ(by_hash.steps[4].strength, TraceStrength::certain) << "the archive that holds it, on a stick";
  EXPECT_EQ(by_hash.steps[6].strength, TraceStrength::likely) << "mails name attachments, and no more";
  const Trace by_path = trace(TraceStartKind::file, "C:/users/ANN/documents/trip.zip");
  ASSERT_THAT(by_path.steps, SizeIs(7));
  EXPECT_EQ(by_path.steps[0].strength, TraceStrength::likely);
  EXPECT_EQ(by_path.steps[1].strength, TraceStrength::certain)
      << "what was packed into it, and as it was called before";
  EXPECT_EQ(by_path.steps[2].strength, TraceStrength::start);
  const Trace by_domain = trace(TraceStartKind::domain, "Rival.example");
  EXPECT_THAT(by_domain.steps, IsEmpty()) << "these mails name no domains of their recipients";
}

TEST_F(TraceContent, FromALabelASiteADomainAndAnActivity) {
  Did labelled = downloaded(0.1);
  labelled.fields["candor.label.id"] = "secret";
  add(labelled);
  Did out = on_device(0.2, "FileUploadedToCloud", "C:\\Users\\ann\\Downloads\\plan.docx", kBytes);
  out.fields["destination.domain"] = "files.rival.example";
  out.fields["candor.destination.type"] = "cloud";
  add(out);
  for (const auto& [kind, text] :
       {std::pair(TraceStartKind::label, "secret"), std::pair(TraceStartKind::site, kSite),
        std::pair(TraceStartKind::site, "https://EXAMPLE.sharepoint.com/sites/"),
        std::pair(TraceStartKind::domain, "rival.example"), std::pair(TraceStartKind::file, "PLAN.docx")}) {
    EXPECT_THAT(trace(kind, text).steps, SizeIs(2)) << text;
  }
  for (const auto& [kind, text] :
       {std::pair(TraceStartKind::label, "secre"),
        std::pair(TraceStartKind::site, "https://example.sharepoint.com/sites/pla"),
        std::pair(TraceStartKind::domain, "val.example"), std::pair(TraceStartKind::file, "lan.docx")}) {
    EXPECT_THAT(trace(kind, text).steps, IsEmpty()) << text;
  }
  const auto stored = *timeline_->activities(keys_.account("ann@example.com"), {});
  TraceStart start{.kind = TraceStartKind::activity, .text = {}, .activity = stored[0].id};
  start.activity_content = stored[0].content;
  const auto found = trace_content({.timeline = *timeline_, .store = *store_, .keys = keys_, .catalogue = *catalogue_},
                                   start, {.from = kFirst, .to = kFirst});
  ASSERT_TRUE(found);
  EXPECT_THAT(found->steps, SizeIs(2));
}

TEST_F(TraceContent, FilesThatShareANameByChanceAreListedApart) {
  for (const Did& did : chain()) add(did);
  Did other = on_device(0.5, "FilePrinted", "C:\\Users\\cat\\Documents\\plan.docx", std::string(64, 'c'));
  other.who = "cat@example.com";
  other.fields["host.name"] = "lap-2";
  add(other);
  add(mailed("cat@example.com", 0.6, "plan.docx", {"home@free.example"}));
  const Trace found = trace(TraceStartKind::document, kDocument);
  EXPECT_THAT(found.steps, SizeIs(7)) << "nothing of hers";
  ASSERT_THAT(found.name_only, SizeIs(1));
  EXPECT_EQ(name_of(found.name_only[0].person), "c");
  EXPECT_EQ(found.count[static_cast<std::size_t>(TraceStrength::name_only)], 1);
  EXPECT_TRUE(std::ranges::none_of(found.hands, [&](const TraceHand& hand) { return name_of(hand.person) == "c"; }));
}

TEST_F(TraceContent, OnePathOnTwoDevicesIsTwoFilesAndOneOnAShareIsOne) {
  for (const char* const who : {"ann@example.com", "bob@example.com"}) {
    Did local = on_device(0.1, "FileRead", "C:\\temp\\out.txt", "");
    local.who = who;
    local.fields["host.name"] = std::string("lap-") + who[0];
    add(local);
    Did share = on_device(0.2, "FileRead", "\\\\fs01\\projects\\deal.txt", "");
    share.who = who;
    share.fields["host.name"] = std::string("lap-") + who[0];
    add(share);
  }
  const auto stored = *timeline_->activities(keys_.account("ann@example.com"), {});
  for (const StoredActivity& one : stored) {
    TraceStart start{.kind = TraceStartKind::activity, .text = {}, .activity = one.id};
    start.activity_content = one.content;
    const auto found =
        trace_content({.timeline = *timeline_, .store = *store_, .keys = keys_, .catalogue = *catalogue_}, start,
                      {.from = kFirst, .to = kFirst});
    const bool share = one.time == stored[0].time;  // newest first
    EXPECT_THAT(found->steps, SizeIs(share ? 2 : 1));
    EXPECT_THAT(found->name_only, SizeIs(share ? 0 : 1));
  }
}

TEST_F(TraceContent, AStickIsReadByTheNextPerson) {
  add(on_device(0, "FileRead", "C:\\a\\deal.txt", kBytes));
  Did out = on_device(0.1, "FileCopiedToRemovableMedia", "C:\\a\\deal.txt", kBytes, "E:\\deal.txt");
  out.fields["candor.destination.type"] = "removable";
  out.fields["candor.removable_media.serial"] = "S1";
  add(out);
  Did in = on_device(1, "FileRead", "F:\\deal.txt", "");
  in.who = "bob@example.com";
  in.fields["candor.source.type"] = "removable";
  in.fields["candor.removable_media.serial"] = "s1";
  add(in);
  EXPECT_THAT(lines(trace(TraceStartKind::file, "C:\\a\\deal.txt")),
              ElementsAre("a opened deal.txt: start, none", "a to_medium deal.txt @ S1: start, same_hash 0",
                          "b opened deal.txt: certain, same_medium 1"));
}

TEST_F(TraceContent, AFileThatWasEditedIsTiedAndSaysSo) {
  add(on_device(0, "FileRead", "C:\\a\\deal.txt", kBytes));
  add(on_device(1, "FileModified", "C:\\a\\deal.txt", kPacked));
  EXPECT_THAT(lines(trace(TraceStartKind::file, "C:\\a\\deal.txt")),
              ElementsAre("a opened deal.txt: start, none", "a changed deal.txt: start, same_path 0, other bytes"));
}

TEST_F(TraceContent, FoldersAndDrivesAreNoContent) {
  add({.operation = "FolderRenamed",
       .fields = {{"candor.object.id", kSite}, {"candor.object.type", "Folder"}, {"file.name", "Shared"}}});
  add(on_device(0, "RemovableMediaMount", "E:\\", ""));
  EXPECT_THAT(trace(TraceStartKind::file, "Shared").steps, IsEmpty());
  EXPECT_THAT(trace(TraceStartKind::file, "E:\\").steps, IsEmpty());
}

TEST_F(TraceContent, WhomTheViewerMayNotSeeIsLeftOutAndCounted) {
  for (const Did& did : chain()) add(did);
  TraceOptions units;
  units.without.outside_units = std::vector<std::string>{"nobody"};
  const Trace none = trace(TraceStartKind::document, kDocument, units);
  EXPECT_THAT(none.steps, IsEmpty());
  EXPECT_THAT(none.hands, IsEmpty());
  EXPECT_EQ(none.hidden_people, 1);
  EXPECT_EQ(none.hidden_activities, 1) << "nothing is followed through them";
  // Of themselves a viewer is told nothing, not that there is something.
  TraceOptions own;
  own.without.people = {person("bob@example.com")};
  const Trace without_bob = trace(TraceStartKind::document, kDocument, own);
  EXPECT_THAT(without_bob.steps, SizeIs(6));
  EXPECT_THAT(without_bob.hands, SizeIs(1));
  EXPECT_THAT(without_bob.steps[5].given_to, IsEmpty());
  EXPECT_EQ(without_bob.hidden_people, 0);
}

TEST_F(TraceContent, LimitsSayThatTheyWereReached) {
  for (int i = 0; i < 40; ++i) add(downloaded(i * 0.01));
  Did printed = downloaded(0.9);
  printed.fields["candor.printer.name"] = "PRN-1";
  add(printed);
  TraceOptions few;
  few.most_steps = 10;
  const Trace shown = trace(TraceStartKind::document, kDocument, few);
  EXPECT_THAT(shown.steps, SizeIs(10));
  EXPECT_EQ(shown.steps_left_out, 31);
  EXPECT_THAT(shown.places, SizeIs(1)) << "places and hands are of all";
  EXPECT_EQ(shown.hands.at(0).steps, 41);
  TraceOptions little;
  little.most_read = 5;
  const Trace cut = trace(TraceStartKind::document, kDocument, little);
  EXPECT_FALSE(cut.read_all);
  EXPECT_EQ(cut.activities_read, 5);
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = trace_content(
      {.timeline = *timeline_, .store = *store_, .keys = keys_, .catalogue = *catalogue_},
      *read_trace_start(TraceStartKind::document, kDocument), {.from = kFirst, .to = kFirst, .stop = stop.get_token()});
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().id, "trace.cancelled");
}

TEST_F(TraceContent, HostileTextsAreCutAndCannotStopIt) {
  Did hostile = downloaded(0.1);
  hostile.fields["candor.site"] = std::string(100'000, 'x');
  hostile.fields["file.name"] = "\xE2\x80\xAEgpj.\xFF<script>" + std::string(1'000'000, '\xE2');
  add(hostile);
  Did mail = mailed("ann@example.com", 0.2, "a", {});
  for (int i = 0; i < 5'000; ++i) {
    mail.lists["email.to.address"].push_back("p" + std::to_string(i) + "@example.net");
    mail.lists["email.attachments.file.name"].push_back("f" + std::to_string(i));
  }
  add(mail);
  const Trace found = trace(TraceStartKind::document, kDocument);
  ASSERT_THAT(found.steps, SizeIs(1));
  EXPECT_LT(found.steps[0].name.size(), 600U);
  EXPECT_LT(found.steps[0].site.size(), 600U);
  EXPECT_THAT(trace(TraceStartKind::file, "f1").steps, SizeIs(1));
}

// The whole, with texts and ties, however the records came.
TEST_F(TraceContent, TheSameInputGivesTheSameWhateverTheOrder) {
  std::vector<Did> all = chain();
  for (int i = 0; i < 20; ++i) all.push_back(downloaded(0.1 + i * 0.013));
  std::mt19937_64 random(3);
  std::vector<std::string> first;
  for (int round = 0; round < 4; ++round) {
    open(("t" + std::to_string(round)).c_str());
    // Record ids and contents are those of the activity, not of its turn.
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (round > 0) std::ranges::shuffle(order, random);
    for (const std::size_t i : order) {
      records_ = static_cast<int>(i);
      add(all[i]);
    }
    const std::vector<std::string> told = lines(trace(TraceStartKind::document, kDocument));
    if (round == 0) first = told;
    EXPECT_EQ(told, first);
    EXPECT_THAT(told, SizeIs(27));
  }
}

TEST(TraceStarts, SayWhatIsWrong) {
  struct Case {
    TraceStartKind kind;
    std::string text;
    bool good;
  };
  const std::string zero(1, '\0');
  for (const Case& one : std::vector<Case>{{TraceStartKind::file, " plan.docx ", true},
                                           {TraceStartKind::file, "  ", false},
                                           {TraceStartKind::file, "a" + zero, false},
                                           {TraceStartKind::file, "\xFF", false},
                                           {TraceStartKind::file, std::string(2'001, 'x'), false},
                                           {TraceStartKind::hash, std::string(64, 'A'), true},
                                           {TraceStartKind::hash, std::string(63, 'a'), false},
                                           {TraceStartKind::hash, std::string(40, 'g'), false},
                                           {TraceStartKind::site, "https://example.com/sites/a", true},
                                           {TraceStartKind::site, "example.com", false},
                                           {TraceStartKind::domain, "example.com", true},
                                           {TraceStartKind::domain, "https://example.com/", false},
                                           {TraceStartKind::domain, "com", false},
                                           {TraceStartKind::activity, std::string(64, '0') + " x.docx", true},
                                           {TraceStartKind::activity, std::string(64, '0') + "x", false},
                                           {TraceStartKind::activity, "7", false}}) {
    EXPECT_EQ(read_trace_start(one.kind, one.text).has_value(), one.good) << one.text.substr(0, 80);
  }
  EXPECT_EQ(read_trace_start(TraceStartKind::activity, std::string(64, '0') + " x.docx")->text, "x.docx");
}

}  // namespace
}  // namespace candor
