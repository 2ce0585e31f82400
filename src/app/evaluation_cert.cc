#include "app/evaluation_cert.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "app/cert_labels.h"
#include "profile/people.h"
#include "sources/byte_stream.h"
#include "sources/splitter.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestHeader = 4096;

// A column by which releases differ.
struct Mark {
  std::string_view column;
  std::array<std::string_view, 3> in;      // releases that have it
  std::array<std::string_view, 3> not_in;  // releases that do not; of others sources disagree
};

struct Log {
  std::string_view name;
  std::array<std::string_view, 7> columns;  // of every release; "": none
  Mark mark;
};

constexpr std::array kLogs = {
    Log{"logon", {"id", "date", "user", "pc", "activity"}, {}},
    Log{"device", {"id", "date", "user", "pc", "activity"}, {"file_tree", {"r5.2", "r6.2"}, {"r4.2"}}},
    Log{"file", {"id", "date", "user", "pc", "filename"}, {"to_removable_media", {"r5.2", "r6.2"}, {"r4.2"}}},
    Log{"email", {"id", "date", "user", "pc", "to", "from", "attachments"}, {"activity", {"r5.2", "r6.2"}, {"r4.2"}}},
    Log{"http", {"id", "date", "user", "pc", "url"}, {"activity", {"r6.2"}, {"r4.2"}}},
};
constexpr std::array<std::string_view, 3> kReleases = {"r4.2", "r5.2", "r6.2"};

bool has(std::span<const std::string_view> list, std::string_view one) {
  return std::ranges::find(list, one) != list.end();
}

Error missing(const std::string& what) {
  return {"app.cert_missing", what +
                                  "; unpack the release's archive (r4.2.tar.bz2) and answers.tar.bz2, and name the "
                                  "folder that has logon.csv (docs/architecture/evaluation.md)"};
}

// The first line of a file, whatever it is packed with.
Result<std::vector<std::string>> header_of(const fs::path& file) {
  CANDOR_TRY(auto opened, open_file(file));
  const auto stream = decoded_stream(std::move(opened.stream), file.string());
  std::string text(kLongestHeader, '\0');
  std::size_t size = 0;
  while (size < text.size() && text.find('\n') >= size) {
    CANDOR_TRY(const std::size_t more, stream->read(std::span(text).subspan(size)));
    if (more == 0) break;
    size += more;
  }
  text.resize(size);
  return csv_header(std::string_view(text).substr(0, std::min(text.find('\n'), text.size())), ',');
}

class CertReader {
 public:
  CertReader(const fs::path& folder, const CertOptions& options) : folder_(folder), options_(options) {}

  Result<EvaluationPast> run() {
    if (!has(kReleases, options_.release)) {
      return fail("app.cert_unknown_release", "release is one of r4.2, r5.2, r6.2, not `" + options_.release + "`");
    }
    past_.name = "cert " + options_.release;
    past_.is_dated = false;
    CANDOR_TRY_VOID(list_directory());
    CANDOR_TRY_VOID(list_logs());
    CANDOR_TRY_VOID(read_answers());
    return std::move(past_);
  }

 private:
  // A month's file lists who is employed at its end, so it is known on its last day.
  static std::optional<Day> last_day_named(const fs::path& file) {
    const std::string name = file.stem().string();
    const auto first = name.size() == 7 ? parse_day(name + "-01") : std::nullopt;
    if (!first) return std::nullopt;
    // 31 days on it is the next month, of which no more than three days are over.
    const std::string next = format_day(*first + 31);
    return *parse_day(next.substr(0, 7) + "-01") - 1;
  }

  Result<void> list_directory() {
    const fs::path ldap = folder_ / "LDAP";
    for (const fs::path& file : past_files(ldap)) {
      if (file.extension() != ".csv") continue;
      const auto day = last_day_named(file);
      if (!day) return std::unexpected(missing(file.string() + " is not named by a month as 2010-01.csv"));
      past_.by_day[*day].directory.push_back(file);
    }
    if (past_.by_day.empty()) return std::unexpected(missing("no files by month (2010-01.csv) in " + ldap.string()));
    past_.directory.format = DirectoryFormat::csv;
    past_.directory.columns = {
        {"user_id", "sign_in"}, {"email", "mail"}, {"employee_name", "display_name"}, {"role", "title"}};
    std::set<std::string> domains;
    for (const auto& [day, delivery] : past_.by_day) {
      for (const fs::path& file : delivery.directory) {
        CANDOR_TRY(const std::string text, read_past_file(file));
        DirectoryEntries entries;
        CANDOR_TRY_VOID(read_directory(text, file.string(), past_.directory, entries));
        for (const DirectoryEntry& entry : entries.entries) {
          for (const auto& account : entry.accounts) {
            users_.insert(account.name);
            const auto at = account.name.find('@');
            if (at != std::string::npos) domains.insert(account.name.substr(at + 1));
          }
        }
      }
    }
    // Whoever works there has an address of its domain.
    for (const std::string& domain : domains) {
      past_.own_world += (past_.own_world.empty() ? "own_domains: ['" : ", '") + domain + "'";
    }
    if (!past_.own_world.empty()) past_.own_world += "]\n";
    return {};
  }

  Result<void> list_logs() {
    // Records came when they say; all are read when all months are known.
    PastDelivery& last = past_.by_day.rbegin()->second;
    for (const Log& log : kLogs) {
      CANDOR_TRY(const fs::path file, file_of(log));
      CANDOR_TRY_VOID(check_columns(log, file));
      last.records.push_back({.file = file, .feed = "cert_" + std::string(log.name)});
    }
    return {};
  }

  Result<fs::path> file_of(const Log& log) const {
    const std::string name = std::string(log.name) + ".csv";
    for (const char* const packed : {"", ".gz", ".zst"}) {
      std::error_code error;
      if (fs::is_regular_file(folder_ / (name + packed), error)) return folder_ / (name + packed);
    }
    return std::unexpected(missing(folder_.string() + " has no " + name));
  }

  Result<void> check_columns(const Log& log, const fs::path& file) const {
    CANDOR_TRY(const auto columns, header_of(file));
    const auto there = [&](std::string_view name) { return std::ranges::find(columns, name) != columns.end(); };
    for (const std::string_view column : log.columns) {
      if (column.empty() || there(column)) continue;
      return fail("app.cert_other_release",
                  file.string() + ":1: no column `" + std::string(column) + "`: " + options_.release + " has it");
    }
    const Mark& mark = log.mark;
    const bool wanted = !mark.column.empty() && has(mark.in, options_.release);
    const bool unwanted = !mark.column.empty() && has(mark.not_in, options_.release);
    if ((wanted && !there(mark.column)) || (unwanted && there(mark.column))) {
      return fail("app.cert_other_release", file.string() + ":1: " + (wanted ? "no" : "a") + " column `" +
                                                std::string(mark.column) + "`, so it is not of " + options_.release +
                                                "; name its release by --release");
    }
    return {};
  }

  Result<fs::path> answers_folder() const {
    std::vector<fs::path> places = {options_.answers};
    if (options_.answers.empty()) places = {folder_ / "answers", folder_.parent_path() / "answers"};
    for (const fs::path& place : places) {
      std::error_code error;
      if (fs::is_regular_file(place / "insiders.csv", error)) return place;
    }
    return std::unexpected(missing("no insiders.csv in " + places.front().string() +
                                   (places.size() > 1 ? " or " + places.back().string() : "") +
                                   "; another folder is named by --answers"));
  }

  Result<void> read_answers() {
    CANDOR_TRY(const fs::path folder, answers_folder());
    const fs::path list = folder / "insiders.csv";
    CANDOR_TRY(const std::string text, read_past_file(list));
    const std::string dataset = options_.release.substr(1);
    CANDOR_TRY(const CertInsiders found, read_cert_insiders(text, list.string(), dataset));
    if (found.insiders.empty()) {
      std::string others;
      for (const auto& [name, rows] : found.others) others += (others.empty() ? "" : ", ") + name;
      return fail("app.cert_other_release", list.string() + " has no row of data set " + dataset +
                                                (others.empty() ? "" : "; it has rows of " + others));
    }
    if (found.bad_rows > 0) {
      past_.notes.push_back(list.string() + ": " + std::to_string(found.bad_rows) + " rows cannot be used");
    }
    const bool known = std::ranges::any_of(found.insiders, [this](const CertInsider& insider) {
      return users_.contains(normalise_account_name(insider.user));
    });
    if (!known) {
      return fail("app.cert_other_release", "the directory in " + (folder_ / "LDAP").string() +
                                                " knows none of the people whom " + list.string() + " names for " +
                                                dataset + "; name the release of the logs by --release");
    }
    for (const CertInsider& insider : found.insiders) CANDOR_TRY_VOID(add_label(folder, insider, list));
    if (of_others_ > 0) {
      past_.notes.push_back(std::to_string(of_others_) +
                            " rows of answers are of accounts of others than the insider; they are no labels");
    }
    return {};
  }

  // Releases 4.2 and 5.2 have a folder for each scenario, others none.
  Result<fs::path> details_of(const fs::path& folder, const CertInsider& insider, const fs::path& list) const {
    const fs::path in_folder = folder / (options_.release + "-" + insider.scenario) / insider.details;
    for (const fs::path& file : {in_folder, folder / insider.details}) {
      std::error_code error;
      if (fs::is_regular_file(file, error)) return file;
    }
    return std::unexpected(missing("no " + in_folder.string() + ", which line " + std::to_string(insider.line) +
                                   " of " + list.string() + " names"));
  }

  Result<void> add_label(const fs::path& folder, const CertInsider& insider, const fs::path& list) {
    CANDOR_TRY(const fs::path file, details_of(folder, insider, list));
    CANDOR_TRY(const std::string text, read_past_file(file));
    CertAnswers answers = read_cert_answers(text, insider.user);
    of_others_ += answers.of_others;
    if (answers.bad_rows > 0) {
      past_.notes.push_back(file.string() + ": " + std::to_string(answers.bad_rows) + " rows cannot be used");
    }
    const auto first = answers.first ? answers.first : insider.start;
    const auto last = answers.last ? answers.last : insider.end;
    if (!first || !last) {
      past_.notes.push_back(file.string() + ": no row of the insider; left out");
      return {};
    }
    past_.labels.push_back({.line = insider.line,
                            .person = insider.user,
                            .scenario = cert_scenario(insider.scenario),
                            .kind = EvaluationLabel::Kind::malicious,
                            .start = *first,
                            .end = *last,
                            .first_harmful = first,
                            .carry_outs = std::move(answers.carry_outs),
                            .activities = std::move(answers.activities)});
    return {};
  }

  const fs::path folder_;
  const CertOptions& options_;
  EvaluationPast past_;
  std::set<std::string> users_;  // normalised names of accounts
  std::int64_t of_others_ = 0;
};

}  // namespace

std::vector<std::string> cert_releases() { return {kReleases.begin(), kReleases.end()}; }

Result<EvaluationPast> cert_past(const fs::path& folder, const CertOptions& options) {
  return CertReader(folder, options).run();
}

}  // namespace candor
