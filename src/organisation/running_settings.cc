#include "organisation/running_settings.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace candor {
namespace {

using Values = std::map<std::string, std::string>;

std::optional<TimePoint> written_at(const std::filesystem::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) return std::nullopt;
  return static_cast<TimePoint>(about.st_mtim.tv_sec) * kMicrosPerSecond + about.st_mtim.tv_nsec / 1000;
}

Values values_in_force(const std::vector<SettingChange>& all) {
  Values out;
  for (const auto& [setting, change] : SettingBook::in_force(all)) {
    if (change.value) out[setting] = *change.value;
  }
  return out;
}

std::string in_one_line(const std::vector<Diagnostic>& faults) {
  std::string out;
  for (const Diagnostic& fault : faults) {
    out += (out.empty() ? "" : "; ") + fault.message + (fault.hint.empty() ? "" : " (" + fault.hint + ")");
  }
  return out;
}

Result<SettingInfo> info_of(const std::string& setting) {
  for (const SettingInfo& info : setting_infos()) {
    if (info.name == setting) return info;
  }
  return fail("settings.unknown", "there is no setting of that name");
}

// Whether somebody else must agree that the one becomes the other.
bool needs_agreement(const SettingInfo& info, const Settings& after) {
  if (info.changes == SettingChanges::with_second_person) return true;
  return info.changes == SettingChanges::second_person_switches_on && setting_value(after, info.name) == "true";
}

}  // namespace

std::string_view to_text(SettingOrigin origin) {
  constexpr std::array<std::string_view, 3> kTexts = {"default", "file", "changed"};
  return kTexts.at(static_cast<std::size_t>(origin));
}

Result<std::unique_ptr<RunningSettings>> RunningSettings::open(Store& store, const Clock& clock,
                                                               const std::filesystem::path& file,
                                                               std::function<bool()> invented) {
  std::unique_ptr<RunningSettings> out(new RunningSettings(store, clock, std::move(invented)));
  out->name_ = file.string();
  out->written_ = written_at(file);
  std::vector<Diagnostic> faults;
  load_settings(file, faults);
  if (has_errors(faults)) {
    return fail("app.bad_settings", out->name_ + " cannot be used: " + in_one_line(faults));
  }
  std::ifstream in(file, std::ios::binary);
  out->text_ = {std::istreambuf_iterator<char>(in), {}};
  CANDOR_TRY(const auto all, out->book_.all());
  Settings settings = parse_settings(with_values(out->text_, values_in_force(all)), out->name_, faults);
  if (has_errors(faults)) {
    return fail("app.bad_settings",
                out->name_ + " cannot be used together with what was changed while Candor ran: " + in_one_line(faults));
  }
  out->take(std::move(settings));
  return out;
}

void RunningSettings::take(Settings settings) {
  const std::lock_guard lock(mutex_);
  settings_ = std::make_shared<const Settings>(std::move(settings));
}

std::shared_ptr<const Settings> RunningSettings::get() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

Result<std::vector<SettingState>> RunningSettings::all() const {
  CANDOR_TRY(const auto changes, book_.all());
  const auto in_force = SettingBook::in_force(changes);
  const auto effective = get();
  std::vector<Diagnostic> faults;
  const Settings file = parse_settings(text_, name_, faults);
  const std::map<std::string, int> lines = setting_lines(text_);
  std::vector<SettingState> out;
  for (const SettingInfo& info : setting_infos()) {
    SettingState state;
    state.info = info;
    state.value = setting_value(*effective, info.name);
    state.in_file = setting_value(file, info.name);
    state.by_default = setting_value(Settings(), info.name);
    if (const auto line = lines.find(info.name); line != lines.end()) state.line = line->second;
    if (const auto change = in_force.find(info.name); change != in_force.end() && change->second.value) {
      state.origin = SettingOrigin::changed;
      state.change = change->second;
      state.since = change->second.decided_at;
    } else if (state.line > 0) {
      state.origin = SettingOrigin::file;
      state.since = written_;
    }
    const auto waiting = std::ranges::find_if(changes, [&](const SettingChange& one) {
      return one.setting == info.name && one.decision == SettingDecision::waits;
    });
    if (waiting != changes.end()) state.waiting = *waiting;
    out.push_back(std::move(state));
  }
  return out;
}

Result<std::vector<SettingChange>> RunningSettings::changes() const {
  CANDOR_TRY(auto all, book_.all());
  std::ranges::reverse(all);
  return all;
}

Result<Settings> RunningSettings::read_with(const std::string& setting, const std::optional<std::string>& value) const {
  CANDOR_TRY(const auto all, book_.all());
  Values values = values_in_force(all);
  values.erase(setting);
  if (value) values[setting] = *value;
  std::vector<Diagnostic> faults;
  Settings settings = parse_settings(with_values(text_, values), name_, faults);
  if (has_errors(faults)) return fail("settings.bad_value", in_one_line(faults));
  return settings;
}

Result<SettingChange> RunningSettings::ask(const std::string& setting, const std::optional<std::string>& value,
                                           const SettingActor& actor) {
  const std::lock_guard lock(changing_);
  CANDOR_TRY(const SettingInfo info, info_of(setting));
  if (info.changes == SettingChanges::in_file_only) {
    return fail("settings.in_file_only", "`" + setting +
                                             "` is changed in settings.yml only, and holds from the next "
                                             "start on");
  }
  CANDOR_TRY(Settings after, read_with(setting, value));
  CANDOR_TRY(const auto changes, book_.all());
  const auto in_force = SettingBook::in_force(changes);
  const auto held = in_force.find(setting);
  const bool is_changed = held != in_force.end() && held->second.value.has_value();
  const bool same = setting_value(after, setting) == setting_value(*get(), setting);
  if (same && (value.has_value() || !is_changed)) return fail("settings.same", "`" + setting + "` is so already");
  const bool waits = asks_second_person() && !same && needs_agreement(info, after);
  CANDOR_TRY(SettingChange change, book_.ask(setting, value, waits, actor));
  if (!waits) take(std::move(after));
  return change;
}

Result<std::unique_ptr<SettingsTogether>> RunningSettings::together(const std::vector<SettingWish>& wishes) {
  std::unique_ptr<SettingsTogether> out(new SettingsTogether(*this, std::unique_lock(changing_)));
  CANDOR_TRY(const auto all, book_.all());
  const auto read = [&](const Values& values) -> Result<Settings> {
    std::vector<Diagnostic> faults;
    Settings settings = parse_settings(with_values(text_, values), name_, faults);
    if (has_errors(faults)) return fail("settings.bad_value", in_one_line(faults));
    return settings;
  };
  Values asked = values_in_force(all);
  Values at_once = asked;
  for (const SettingWish& wish : wishes) {
    CANDOR_TRY(const SettingInfo info, info_of(wish.setting));
    if (info.changes == SettingChanges::in_file_only) {
      return fail("settings.in_file_only", "`" + wish.setting + "` is changed in settings.yml only");
    }
    asked[wish.setting] = wish.value;
    CANDOR_TRY(const Settings after, read(asked));
    if (setting_value(after, wish.setting) == setting_value(*get(), wish.setting)) continue;
    const bool waits = asks_second_person() && needs_agreement(info, after);
    if (!waits) at_once[wish.setting] = wish.value;
    out->parts_.push_back({.wish = wish, .waits = waits});
  }
  CANDOR_TRY(out->after_, read(at_once));
  return out;
}

Result<std::vector<SettingChange>> SettingsTogether::store(Transaction& work, const SettingActor& actor) {
  std::vector<SettingChange> out;
  for (const Part& part : parts_) {
    CANDOR_TRY(SettingChange change, settings_.book_.ask(work, part.wish.setting, part.wish.value, part.waits, actor));
    out.push_back(std::move(change));
  }
  return out;
}

void SettingsTogether::take() {
  if (after_) settings_.take(*std::exchange(after_, std::nullopt));
}

Result<SettingChange> RunningSettings::approve(const std::string& setting, std::int64_t number,
                                               const SettingActor& actor) {
  const std::lock_guard lock(changing_);
  CANDOR_TRY_VOID(info_of(setting));
  CANDOR_TRY(const auto changes, book_.all());
  const auto waiting = std::ranges::find(changes, number, &SettingChange::number);
  if (waiting == changes.end() || waiting->setting != setting) {
    return fail("settings.nothing_waits", "no change of `" + setting + "` waits for a decision");
  }
  // What it was judged by may have changed meanwhile.
  CANDOR_TRY(Settings after, read_with(setting, waiting->value));
  CANDOR_TRY(SettingChange change, book_.decide(setting, number, SettingDecision::agreed, actor));
  take(std::move(after));
  return change;
}

Result<SettingChange> RunningSettings::reject(const std::string& setting, std::int64_t number,
                                              const SettingActor& actor) {
  return drop(setting, number, SettingDecision::rejected, actor);
}

Result<SettingChange> RunningSettings::withdraw(const std::string& setting, std::int64_t number,
                                                const SettingActor& actor) {
  return drop(setting, number, SettingDecision::withdrawn, actor);
}

Result<SettingChange> RunningSettings::drop(const std::string& setting, std::int64_t number, SettingDecision decision,
                                            const SettingActor& actor) {
  const std::lock_guard lock(changing_);
  CANDOR_TRY_VOID(info_of(setting));
  return book_.decide(setting, number, decision, actor);
}

}  // namespace candor
