#include "api/static_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor::api {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("candor_static_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "dist" / "assets");
    write("secret.txt", "secret");
    write("dist/index.html", "<!doctype html>");
    write("dist/assets/index-Ab3_9-xZ.js", std::string(4000, 'x'));
    write("dist/assets/logo.svg", "<svg/>");
    fs::create_symlink(folder_ / "secret.txt", folder_ / "dist" / "link.txt");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  StaticFiles load() const {
    auto files = StaticFiles::load(folder_ / "dist");
    EXPECT_TRUE(files);
    return std::move(files).value_or(StaticFiles());
  }

  fs::path folder_;
};

Request get_with(std::vector<Header> headers = {}) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST_F(StaticFilesTest, ServesWithTypeAndCaching) {
  const StaticFiles files = load();
  const Response page = files.serve(get_with(), "/index.html");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html>");
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  const Response script = files.serve(get_with({{"accept-encoding", "gzip"}}), "/assets/index-Ab3_9-xZ.js");
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.header("content-encoding"), "gzip");
  EXPECT_LT(script.body.size(), 4000u);
  EXPECT_EQ(files.serve(get_with(), "/assets/logo.svg").header("cache-control"), "no-cache");
}

TEST_F(StaticFilesTest, KnownContentIsNotSentAgain) {
  const StaticFiles files = load();
  const std::string etag(files.serve(get_with(), "/index.html").header("etag"));
  ASSERT_FALSE(etag.empty());
  const Response again = files.serve(get_with({{"if-none-match", etag}}), "/index.html");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(files.serve(get_with({{"if-none-match", "\"other\""}}), "/index.html").status, 200);
}

TEST_F(StaticFilesTest, PagesOfTheClientAreItsIndex) {
  const StaticFiles files = load();
  for (const char* path : {"/", "/alerts", "/alerts/7"})
    EXPECT_EQ(files.serve(get_with(), path).body, "<!doctype html>") << path;
}

TEST_F(StaticFilesTest, NothingElseIsReachable) {
  const StaticFiles files = load();
  for (const char* path : {"/link.txt", "/secret.txt", "/../secret.txt", "/assets/../../secret.txt", "/missing.js"})
    EXPECT_EQ(files.serve(get_with(), path).status, 404) << path;
  Request post;
  post.method = Method::post;
  EXPECT_EQ(files.serve(post, "/index.html").status, 405);
}

TEST_F(StaticFilesTest, SaysWhatIsMissing) {
  const auto none = StaticFiles::load(folder_ / "nowhere");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().id, "api.static_unreadable");
  fs::remove(folder_ / "dist" / "index.html");
  EXPECT_FALSE(StaticFiles::load(folder_ / "dist"));
  EXPECT_NE(StaticFiles().serve(get_with(), "/").body.find("./dev build"), std::string::npos);
}

}  // namespace
}  // namespace candor::api
