#include <algorithm>

#include "simulator/facts.h"
#include "simulator/json_line.h"
#include "simulator/records.h"

namespace candor {
namespace {

constexpr std::uint64_t kBadgeRowsInFile = 50'000;

}  // namespace

Result<void> BadgeFiles::start_file() {
  ++files_;
  std::string number = std::to_string(files_);
  number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
  CANDOR_TRY(OutputStream stream, output_.open(files_ == 1 ? "badge.json" : "badge-" + number + ".json"));
  stream_.emplace(std::move(stream));
  stream_->buffer() += "[\n";
  in_file_ = 0;
  return {};
}

Result<void> BadgeFiles::finish() {
  if (!stream_) CANDOR_TRY_VOID(start_file());
  stream_->buffer() += in_file_ == 0 ? "]\n" : "\n]\n";
  Result<void> closed = output_.close(*stream_);
  stream_.reset();
  return closed;
}

Result<void> BadgeFiles::write_row(const Person& person, TimePoint time, std::string_view asset, std::string_view name,
                                   bool allowed) {
  if (stream_ && in_file_ == kBadgeRowsInFile) CANDOR_TRY_VOID(finish());
  if (!stream_) CANDOR_TRY_VOID(start_file());
  std::string& out = stream_->buffer();
  if (in_file_ > 0) out += ",\n";
  JsonLine json(out);
  json.text("UserId", mix({person.key, 53}) % 9 == 0 ? person.mail_address : person.address);
  json.text("AssetId", asset);
  json.text("AssetName", name);
  std::string instant;
  append_instant(instant, time);
  json.text("EventTime", instant);
  json.text("AccessStatus", allowed ? "Success" : "Failed");
  json.finish();
  ++in_file_;
  ++rows_;
  return stream_->flush_if_full();
}

Result<void> BadgeFiles::write_day(const Workforce& organisation, Day day) {
  for (const Person& person : organisation.people) {
    if (!works_on(person, day) || !at_office(person, day)) continue;
    const Office& office = offices()[person.office];
    Random random{person.key, 54, static_cast<std::uint64_t>(day)};
    const std::string entrance = std::string(office.city) + "-Main";
    const std::string hall = std::string(office.city) + " main entrance";
    const int arrival = start_minute_on(person, day) - random.between(2, 20);
    if (random.chance(25)) {  // the card was not read the first time
      CANDOR_TRY_VOID(write_row(person, local_instant(person, day, arrival, 5), entrance, hall, false));
    }
    CANDOR_TRY_VOID(
        write_row(person, local_instant(person, day, arrival, random.between(10, 59)), entrance, hall, true));
    if (random.chance(person.department == Department::technology ? 120 : 12)) {
      const bool allowed = person.department == Department::technology || random.chance(500);
      CANDOR_TRY_VOID(
          write_row(person, local_instant(person, day, start_minute_on(person, day) + random.between(60, 400)),
                    std::string(office.city) + "-Server-Room", std::string(office.city) + " server room", allowed));
    }
  }
  return {};
}

}  // namespace candor
