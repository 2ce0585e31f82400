#include "simulator/rates.h"

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr Rates executive_rates() {
  Rates rates;
  rates.mail_sent = 14000;
  rates.mail_read = 9000;
  rates.mail_outside_share = 250;
  rates.file_modified = 1500;
  rates.sync_downloaded = 600;
  return rates;
}
constexpr Rates engineering_rates() {
  Rates rates;
  rates.mail_sent = 4500;
  rates.mail_outside_share = 50;
  rates.chat_message = 8500;
  rates.sync_downloaded = 2600;
  rates.sync_uploaded = 2400;
  rates.device_file_created = 2600;
  rates.device_file_deleted = 900;
  rates.network_copied = 600;
  rates.archive_burst = 90;
  rates.media_burst = 22;
  rates.remote_session = 20;
  rates.browser_download = 500;
  return rates;
}
constexpr Rates sales_rates() {
  Rates rates;
  rates.mail_sent = 13000;
  rates.mail_outside_share = 520;
  rates.mail_attachment_share = 300;
  rates.mail_read = 7000;
  rates.file_downloaded = 2500;
  rates.file_modified = 3200;
  rates.shared_outside = 420;
  rates.anonymous_link = 110;
  rates.uploaded_partner = 160;
  rates.uploaded_personal_cloud = 25;
  return rates;
}
constexpr Rates marketing_rates() {
  Rates rates;
  rates.mail_outside_share = 300;
  rates.shared_outside = 260;
  rates.anonymous_link = 160;
  rates.uploaded_partner = 350;
  rates.uploaded_personal_cloud = 60;
  rates.media_burst = 14;
  rates.browser_download = 700;
  return rates;
}
constexpr Rates finance_rates() {
  Rates rates;
  rates.file_accessed = 16000;
  rates.file_downloaded = 4200;
  rates.printed = 1600;
  rates.mail_outside_share = 110;
  rates.device_file_read = 420;
  rates.clipboard = 350;
  return rates;
}
constexpr Rates people_rates() {
  Rates rates;
  rates.mail_sent = 9500;
  rates.mail_outside_share = 260;
  rates.printed = 900;
  rates.device_file_read = 380;
  rates.label_raised = 120;
  return rates;
}
constexpr Rates legal_rates() {
  Rates rates;
  rates.mail_outside_share = 380;
  rates.mail_attachment_share = 360;
  rates.printed = 1400;
  rates.shared_outside = 240;
  rates.label_raised = 260;
  rates.label_lowered = 30;
  return rates;
}
constexpr Rates operations_rates() {
  Rates rates;
  rates.file_accessed = 8000;
  rates.mail_sent = 5500;
  rates.printed = 700;
  rates.network_copied = 320;
  rates.media_burst = 9;
  return rates;
}
constexpr Rates procurement_rates() {
  Rates rates;
  rates.mail_sent = 11000;
  rates.mail_outside_share = 460;
  rates.mail_attachment_share = 320;
  rates.shared_outside = 330;
  rates.anonymous_link = 50;
  rates.uploaded_partner = 240;
  return rates;
}
constexpr Rates support_rates() {
  Rates rates;
  rates.mail_sent = 12500;
  rates.mail_outside_share = 450;
  rates.mail_attachment_share = 130;
  rates.file_modified = 2200;
  rates.uploaded_partner = 180;
  rates.browser_download = 650;
  return rates;
}
constexpr Rates technology_rates() {
  Rates rates;
  rates.searched = 1200;
  rates.archive_burst = 70;
  rates.media_burst = 18;
  rates.remote_session = 350;
  rates.network_copied = 700;
  rates.directory_change = 1600;
  return rates;
}

constexpr std::array<Rates, kDepartments> kRates = {
    executive_rates(), engineering_rates(), sales_rates(),       marketing_rates(), finance_rates(),   people_rates(),
    legal_rates(),     operations_rates(),  procurement_rates(), support_rates(),   technology_rates()};

// In the order of Department, with 15 records by a person and working day and with all. Measured by rates_test.cc.
constexpr std::uint32_t kFewKept = 203;  // of 1,000 occasions
constexpr std::array<BusiestDay, kDepartments> kFew = {{{85, 7},
                                                        {140, 11},
                                                        {125, 13},
                                                        {130, 10},
                                                        {150, 21},
                                                        {105, 10},
                                                        {105, 11},
                                                        {150, 10},
                                                        {130, 12},
                                                        {130, 10},
                                                        {150, 10}}};
constexpr std::array<BusiestDay, kDepartments> kUsual = {{{110, 13},
                                                          {165, 11},
                                                          {150, 32},
                                                          {165, 15},
                                                          {160, 19},
                                                          {130, 15},
                                                          {135, 17},
                                                          {200, 10},
                                                          {145, 24},
                                                          {140, 13},
                                                          {200, 13}}};

}  // namespace

BusiestDay busiest_day(Department department, std::uint32_t kept_per_thousand) {
  const BusiestDay& few = kFew[static_cast<std::size_t>(department)];
  const BusiestDay& usual = kUsual[static_cast<std::size_t>(department)];
  const int more = static_cast<int>(std::clamp(kept_per_thousand, kFewKept, 1000U) - kFewKept);
  const auto between = [&](int low, int high) { return low + (high - low) * more / static_cast<int>(1000 - kFewKept); };
  return {.downloaded = between(few.downloaded, usual.downloaded),
          .carried_out = between(few.carried_out, usual.carried_out)};
}
const Rates& rates(Department department) { return kRates[static_cast<std::size_t>(department)]; }

}  // namespace candor
