#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "base/time.h"
#include "indicators/indicator_info.h"

// Matches that somebody expected: stored like any other, and left out of what is added up.
namespace candor {

struct ActivityRow;

// What tells where an activity went, as far as stored activities do.
enum class Towards : std::uint8_t {
  anything,  // wherever it went
  domain,    // destination.domain, else the recipients' domains, else url.domain; those below a domain too
  site,      // candor.site; sites below it too
  medium,    // serial number of the removable medium
};
std::string_view to_text(Towards towards);  // "anything", "domain", ...
std::optional<Towards> towards_named(std::string_view word);

// A destination as it is compared, whatever the letter case; nullopt when it is none of that kind.
std::optional<std::string> destination_form(Towards towards, std::string_view written);

struct Expected {
  Day from = 0;  // of the activity's UTC day; both inclusive
  Day to = 0;
  std::vector<IndicatorKey> indicators;  // ascending; empty: every one
  Towards towards = Towards::anything;
  // As destination_form() makes them. An activity is meant when it says where it went and all of that is among them:
  // a mail that also goes elsewhere is not.
  std::vector<std::string> destinations;
  bool operator==(const Expected&) const = default;
};

// Which fields of a catalogue say where an activity went. A field the catalogue lacks says nothing.
class DestinationFields {
 public:
  explicit DestinationFields(const FieldCatalogue& catalogue);

  // The matches of a stored activity that none of `expected` means, in their order.
  std::vector<IndicatorKey> counting(const ActivityRow& row, std::span<const Expected> expected) const;

 private:
  bool went_there(const ActivityRow& row, const Expected& expected) const;

  std::vector<FieldId> domains_;  // the first that has a value decides
  std::vector<FieldId> sites_;
  std::vector<FieldId> media_;
};

}  // namespace candor
