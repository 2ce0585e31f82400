#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "organisation/setting_book.h"
#include "organisation/settings.h"

// The settings as they hold while Candor runs: what settings.yml says, with the changes that people made laid over it
// (docs/architecture/decisions/0026).
namespace candor {

// Where a value comes from.
enum class SettingOrigin : std::uint8_t { by_default, file, changed };
std::string_view to_text(SettingOrigin origin);

// One setting as it stands.
struct SettingState {
  SettingInfo info;
  std::string value;       // in words; of a secret only "set" or ""
  std::string in_file;     // what holds without changes, in words
  std::string by_default;  // in words
  SettingOrigin origin = SettingOrigin::by_default;
  int line = 0;                          // of the file that names it; 0: it does not
  std::optional<TimePoint> since;        // nullopt of defaults
  std::optional<SettingChange> change;   // that holds
  std::optional<SettingChange> waiting;  // for a second person
};

// One of several values asked for at once.
struct SettingWish {
  std::string setting;
  std::string value;
};

class RunningSettings;

// Several settings asked for at once, in somebody else's transaction: made before it begins, stored in it, taken when
// it is done. While it lives nobody else changes settings. One thread.
class SettingsTogether {
 public:
  Result<std::vector<SettingChange>> store(Transaction& work, const SettingActor& actor);
  // Those that wait for nobody are in force from here on.
  void take();

 private:
  friend RunningSettings;
  SettingsTogether(RunningSettings& settings, std::unique_lock<std::mutex> lock)
      : settings_(settings), lock_(std::move(lock)) {}

  struct Part {
    SettingWish wish;
    bool waits = false;
  };
  RunningSettings& settings_;
  std::unique_lock<std::mutex> lock_;
  std::vector<Part> parts_;
  std::optional<Settings> after_;
};

// Thread safety: any member from any thread.
class RunningSettings {
 public:
  // Reads the file once; one that is not there says nothing. `invented`: whether the people of this folder are invented
  // ones, asked at each call. Store and clock must outlive this object. Fails with `app.bad_settings`, naming every
  // fault, when the file, or the file with the stored changes, does not read.
  static Result<std::unique_ptr<RunningSettings>> open(Store& store, const Clock& clock,
                                                       const std::filesystem::path& file,
                                                       std::function<bool()> invented);

  std::shared_ptr<const Settings> get() const;
  // In the order of the file.
  Result<std::vector<SettingState>> all() const;
  // The newest first.
  Result<std::vector<SettingChange>> changes() const;
  // Over real people.
  bool asks_second_person() const { return !invented_(); }

  // Asks for a value, as the file would say it; nullopt: what the file says. In force when it returns, unless it waits
  // for approve(). Fails with `settings.unknown`, `settings.in_file_only`, `settings.same` (it is so already) and
  // `settings.bad_value`, which says what the file's reader would.
  Result<SettingChange> ask(const std::string& setting, const std::optional<std::string>& value,
                            const SettingActor& actor);
  // Several at once; what is so already is left out. Each is judged together with those before it. Must outlive what it
  // gives. Errors are those of ask().
  Result<std::unique_ptr<SettingsTogether>> together(const std::vector<SettingWish>& wishes);
  // Errors besides: those of SettingBook::decide().
  Result<SettingChange> approve(const std::string& setting, std::int64_t number, const SettingActor& actor);
  Result<SettingChange> reject(const std::string& setting, std::int64_t number, const SettingActor& actor);
  // By whoever asked for it.
  Result<SettingChange> withdraw(const std::string& setting, std::int64_t number, const SettingActor& actor);

 private:
  friend SettingsTogether;
  RunningSettings(Store& store, const Clock& clock, std::function<bool()> invented)
      : book_(store, clock), invented_(std::move(invented)) {}

  Result<SettingChange> drop(const std::string& setting, std::int64_t number, SettingDecision decision,
                             const SettingActor& actor);
  // Reads the file's text with one more change laid over those in force.
  Result<Settings> read_with(const std::string& setting, const std::optional<std::string>& value) const;
  void take(Settings settings);

  SettingBook book_;
  const std::function<bool()> invented_;
  std::string text_;  // of the file
  std::string name_;  // of the file, for messages
  std::optional<TimePoint> written_;
  std::mutex changing_;  // one change at a time: each is judged by what holds
  mutable std::mutex mutex_;
  std::shared_ptr<const Settings> settings_;  // guarded by mutex_
};

}  // namespace candor
