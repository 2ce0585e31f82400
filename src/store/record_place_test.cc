#include "store/record_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

namespace candor {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;
using testing::Not;

class RecordPlaceTest : public testing::Test {
 protected:
  RecordPlaceTest() {
    // What libpq would take from the environment of whoever runs the tests.
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGPORT", "PGSERVICE"}) ::unsetenv(name);
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_place_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~RecordPlaceTest() override {
    ::unsetenv("PGHOST");
    ::unsetenv("PGSSLMODE");
    std::filesystem::remove_all(folder_);
  }

  static std::string network(const std::string& url, bool without_tls = false) {
    const auto checked = PostgresUrl::parse(url)->check_network(without_tls);
    return checked ? "" : checked.error().id;
  }
  std::string find(const std::string& asked, bool without_tls = false) {
    const auto place = find_records(folder_, asked, without_tls);
    return place ? place->shown() : place.error().id;
  }

  std::filesystem::path folder_;
};

TEST_F(RecordPlaceTest, WhatIsNoUrlIsRefusedAndNotRepeated) {
  const std::vector<std::string> wrong = {"mysql://secret@x/y",
                                          "records.db",
                                          "",
                                          "postgresql://a:secret@[::1/x",
                                          "postgresql://h/db?secret=1",
                                          "postgresql://u:secret%zz@h/db",
                                          "postgresql://h:5432secret/%00",
                                          "postgresql:///x\0secret"s,
                                          "postgresql:///?service=secret",
                                          "postgresql:///" + std::string(5000, 's')};
  for (const std::string& bad : wrong) {
    const auto url = PostgresUrl::parse(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().id, "store.bad_url");
    EXPECT_THAT(url.error().message, Not(HasSubstr("secret")));
  }
}

TEST_F(RecordPlaceTest, NoPasswordIsShownOrWritten) {
  const auto url = PostgresUrl::parse(
      "postgresql://candor:geheim@db.example.com:5433/records?sslmode=verify-full&sslrootcert=/etc/ca%20x.pem&"
      "sslpassword=geheim2");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->has_password());
  EXPECT_EQ(url->shown(), "postgresql://candor@db.example.com:5433/records");
  EXPECT_EQ(url->without_password(),
            "postgresql://candor@db.example.com:5433/records?sslmode=verify-full&sslrootcert=%2Fetc%2Fca%20x.pem");
  const auto again = PostgresUrl::parse(url->without_password());
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->has_password());
  EXPECT_TRUE(again->is_same_place(*url));
  EXPECT_EQ(again->without_password(), url->without_password());
}

TEST_F(RecordPlaceTest, UrlsOfEveryFormAreReadAgain) {
  for (const char* text : {"postgresql:///x?host=/run/a%20b&port=5433&user=c", "postgresql://[::1]:5432/x",
                           "postgresql://a,b:1/x?target_session_attrs=read-write", "postgres://u%40v@h/d%2Fb",
                           "postgresql:///x?options=-csearch_path%3Dcandor"}) {
    const auto url = PostgresUrl::parse(text);
    ASSERT_TRUE(url) << text;
    const auto again = PostgresUrl::parse(url->without_password());
    ASSERT_TRUE(again) << url->without_password();
    EXPECT_TRUE(again->is_same_place(*url)) << url->without_password();
  }
  EXPECT_FALSE(PostgresUrl::parse("postgresql://h/x")->is_same_place(*PostgresUrl::parse("postgresql://h/y")));
  EXPECT_TRUE(PostgresUrl::parse("postgresql://a@h/x")->is_same_place(*PostgresUrl::parse("postgresql://b@h/x")));
}

TEST_F(RecordPlaceTest, AcrossANetworkTheServerProvesItsName) {
  for (const char* local : {"postgresql:///x", "postgresql://localhost/x", "postgresql://127.0.0.1/x",
                            "postgresql://[::1]/x", "postgresql:///x?host=/run/postgresql",
                            "postgresql://db/x?hostaddr=127.0.0.1", "postgresql://localhost,127.1/x"}) {
    EXPECT_EQ(network(local), "") << local;
  }
  for (const char* away : {"postgresql://db.example.com/x", "postgresql://10.0.0.1/x", "postgresql://localhost,db/x",
                           "postgresql://localhost/x?hostaddr=10.0.0.1", "postgresql://db/x?sslmode=require",
                           "postgresql://127.0.0.1.example.com/x", "postgresql://localhost.example.com/x"}) {
    EXPECT_EQ(network(away), "store.no_tls") << away;
    EXPECT_EQ(network(away, true), "") << away;
  }
  EXPECT_EQ(network("postgresql://db.example.com/x?sslmode=verify-full"), "");
  // What libpq takes from the environment counts as it does.
  ::setenv("PGHOST", "db.example.com", 1);
  EXPECT_EQ(network("postgresql:///x"), "store.no_tls");
  ::setenv("PGSSLMODE", "verify-full", 1);
  EXPECT_EQ(network("postgresql:///x"), "");
  EXPECT_EQ(network("postgresql://db/x?sslmode=prefer"), "store.no_tls");
}

TEST_F(RecordPlaceTest, TheFolderRemembers) {
  const std::string file = (folder_ / "records.db").string();
  EXPECT_EQ(find(""), file);
  const auto place = find_records(folder_, "postgresql://candor:geheim@db/records?port=5433", true);
  ASSERT_TRUE(place);
  ASSERT_TRUE(remember_records(folder_, *place));
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "records.url").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 077, 0u);
  std::ifstream note(folder_ / "records.url");
  const std::string text((std::istreambuf_iterator<char>(note)), {});
  EXPECT_EQ(text, "postgresql://candor@db:5433/records\nwithout-tls\n");
  EXPECT_EQ(find(""), "postgresql://candor@db:5433/records") << "nothing need be said again, the network neither";
  EXPECT_EQ(find("postgresql://db:5433/records"), "postgresql://db:5433/records");
  EXPECT_EQ(find("postgresql://db:5434/records"), "store.other_place");
  EXPECT_EQ(find("postgresql://db:5433/others"), "store.other_place");
  EXPECT_EQ(find("nonsense"), "store.bad_url");
}

TEST_F(RecordPlaceTest, RecordsInTheFolderStayThere) {
  std::ofstream(folder_ / "records.db") << "";
  EXPECT_EQ(find("postgresql://localhost/x"), "store.other_place");
  EXPECT_EQ(find(""), (folder_ / "records.db").string());
}

TEST_F(RecordPlaceTest, ANoteThatCannotBeReadIsNotTakenForNone) {
  std::ofstream(folder_ / "records.url") << "";
  EXPECT_EQ(find(""), "store.unavailable");
  std::ofstream(folder_ / "records.url") << "not a url\n";
  EXPECT_EQ(find(""), "store.bad_url");
}

}  // namespace
}  // namespace candor
