// A rule file of any bytes is read, collected and compiled; what loads is matched against a small activity.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indicators/indicator_set.h"

namespace {

std::shared_ptr<const candor::FieldCatalogue> catalogue() {
  static const auto kCatalogue =
      candor::FieldCatalogue::load(std::string(CANDOR_SOURCE_DIR) + "/content/fields.yml").value();
  return kCatalogue;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto loaded = candor::IndicatorSet::parse({{.file = "rule.yml", .text = std::string(bytes)}}, catalogue());
  candor::Activity activity(catalogue());
  const candor::FieldCatalogue& fields = *catalogue();
  const std::string_view recipients[] = {"Bob@partner.example", bytes.substr(0, std::min<std::size_t>(size, 40))};
  activity.operation = "FileDownloaded";
  activity.set_text(fields.require("event.action"), activity.operation);
  activity.set_text(fields.require("file.name"), bytes.substr(size / 2));  // any bytes, also not UTF-8
  activity.set_text(fields.require("file.extension"), "XLSX");
  activity.set_text(fields.require("source.ip"), "203.0.113.9");
  activity.set_number(fields.require("file.size"), 12345);
  activity.set_list(fields.require("email.to.address"), recipients);
  candor::Matcher matcher(loaded.set);
  const candor::IndicatorMask all(loaded.set->size(), true);
  std::vector<candor::IndicatorIndex> first;
  std::vector<candor::IndicatorIndex> again;
  matcher.match(activity, all, first);
  matcher.match(activity, all, again);  // what the first learnt changes nothing
  if (first != again) __builtin_trap();
  return 0;
}
