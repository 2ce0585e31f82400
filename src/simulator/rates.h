#pragma once

#include <cstdint>

#include "simulator/organisation.h"

namespace candor {

// How often a role does what: means per working day in thousandths, for a person of average activity. Where a name says
// so it is a share in thousandths instead. A burst is one occasion with many acts.
struct Rates {
  std::uint32_t signed_in = 4200;
  std::uint32_t sign_in_failed = 200;
  std::uint32_t file_accessed = 11000;
  std::uint32_t file_previewed = 2000;
  std::uint32_t file_modified = 4200;
  std::uint32_t file_downloaded = 1500;
  std::uint32_t file_uploaded = 1200;
  std::uint32_t sync_downloaded = 1600;
  std::uint32_t sync_uploaded = 1300;
  std::uint32_t file_renamed = 220;
  std::uint32_t file_moved = 160;
  std::uint32_t file_deleted = 450;
  std::uint32_t page_viewed = 3500;
  std::uint32_t searched = 700;
  std::uint32_t mail_sent = 7500;
  std::uint32_t mail_outside_share = 120;     // of mails sent
  std::uint32_t mail_attachment_share = 230;  // of mails sent
  std::uint32_t mail_read = 4800;
  std::uint32_t mail_deleted = 1400;
  std::uint32_t chat_message = 5500;
  std::uint32_t shared_inside = 320;
  std::uint32_t shared_outside = 30;
  std::uint32_t anonymous_link = 10;
  std::uint32_t device_file_created = 900;
  std::uint32_t device_file_read = 120;
  std::uint32_t device_file_renamed = 160;
  std::uint32_t device_file_deleted = 350;
  std::uint32_t printed = 250;
  std::uint32_t uploaded_own_cloud = 250;
  std::uint32_t uploaded_partner = 15;
  std::uint32_t uploaded_personal_cloud = 12;
  std::uint32_t network_copied = 160;
  std::uint32_t clipboard = 90;
  std::uint32_t browser_download = 260;
  std::uint32_t pasted_to_browser = 110;
  std::uint32_t screen_captured = 70;
  std::uint32_t remote_session = 4;
  std::uint32_t archive_burst = 25;
  std::uint32_t media_burst = 5;
  std::uint32_t download_burst = 9;
  std::uint32_t sync_burst = 7;
  std::uint32_t mail_to_self = 6;
  std::uint32_t label_raised = 50;
  std::uint32_t label_lowered = 6;
  std::uint32_t directory_change = 0;
};

const Rates& rates(Department department);

// What 95 of 100 honest people of a role stay below on their busiest day of three months, look-alikes among them and
// waves not. Whoever means harm stays below it too, so that no count of a day tells: content, destination, order and
// time must. Files.
struct BusiestDay {
  int downloaded = 0;   // from sites, and by synchronisation
  int carried_out = 0;  // of a day's carry-outs (carry_out.h)
};
// `kept_per_thousand`: see Workforce. Below 15 records by a person and working day it is that of 15.
BusiestDay busiest_day(Department department, std::uint32_t kept_per_thousand);

// How often what happens to people, and who they are. Per thousand people unless the name says otherwise; "a month" is
// 30 days. Each is measured by rates_test.cc; sources and reasons: docs/reference/simulator.md.
struct LifeRates {
  // --- who people are ---
  std::uint32_t contractors = 90;             // of those below the heads; they come from agencies and have an end date
  std::uint32_t part_time = 110;              // one free weekday
  std::uint32_t part_time_two_days = 400;     // of the part-time: a second one, which may be the same
  std::uint32_t shift_workers = 300;          // of operations and customer support below the team leads
  std::uint32_t shared_desks = 12;            // share a computer with the next in the team
  std::uint32_t shared_desks_of_crews = 700;  // the same, where both work shifts
  std::uint32_t delegates = 22;               // look after the manager's mailbox, beside the board's assistants
  std::uint32_t send_on_behalf = 500;         // of the mails delegates send for the manager; the others: as him
  std::uint32_t owned_media = 250;            // have a removable medium that belongs to the organisation
  std::uint32_t other_mails = 250;            // gave the directory a private address
  // The top one per cent hold a quarter of downloads: x / (x + 99) = 1 / 4, and bursts that grow with it take their
  // part.
  std::uint32_t heavy_downloaders = 10;
  std::uint32_t heavy_download_percent = 3300;

  // --- days off ---
  int vacation_every_days = 75;  // on average a person begins one
  int vacation_longest_days = 14;
  int sickness_every_days = 55;
  int sickness_longest_days = 4;
  std::uint32_t parental_leave_a_month = 3;
  int parental_leave_shortest_days = 30;
  int parental_leave_longest_days = 180;
  std::uint32_t long_sickness_a_month = 4;
  int long_sickness_shortest_days = 15;
  int long_sickness_longest_days = 60;
  int catch_up_after_days = 9;  // absences from this length on are followed by two days of catching up

  // --- changes ---
  std::uint32_t job_changes_a_month = 10;
  int directory_keeps_leavers_days = 30;  // switched off, then gone
  int job_change_latest_known_days = 30;  // until human resources, and so the directory, have it: 0 to this
  std::uint32_t leavers_a_month = 9;      // honest ones; the planted malicious leavers come on top
  std::uint32_t leavers_hand_over = 500;  // of honest leavers; several may be true of one
  std::uint32_t leavers_hand_over_in_bulk = 300;
  std::uint32_t leavers_private_photos = 300;
  std::uint32_t leavers_payslips = 350;
  std::uint32_t leavers_tidy_up = 400;
  std::uint32_t contracts_ending_a_month = 3;  // honest contractors who go at the end of the contract
  std::uint32_t first_uses_a_month = 25;       // of a removable medium or personal cloud, by who never used one
  std::uint32_t first_uses_media = 600;        // of those: a removable medium; the others: personal cloud storage

  // --- what human resources write, per thousand resignations ---
  std::uint32_t resignations_late = 300;  // known 3 to resignation_latest_days after the notice; the others 0 to 2
  int resignation_latest_days = 30;
  std::uint32_t resignations_corrected = 80;  // the last working day was moved
  std::uint32_t resignations_withdrawn = 40;  // of somebody who stays, so on top

  // --- what comes over many at once: people it touches ---
  std::uint32_t laptop_resync_wave = 80;
  std::uint32_t auto_label_wave = 300;

  // --- planted, at least one of each: instances for 1,000 people in the time simulated. Far more than real ones, so
  //     that there is something to find: prevalence is no result of a simulation. ---
  std::uint32_t departing_thief = 12;
  std::uint32_t slow_leaker = 6;
  std::uint32_t night_media_leak_site = 4;
  std::uint32_t saboteur_administrator = 4;
  std::uint32_t other_mailbox_mailed_home = 4;
  std::uint32_t cloud_upload_after_layoffs = 8;
  std::uint32_t mail_to_self = 8;
  std::uint32_t label_downgrade_exfiltration = 8;
  std::uint32_t misdirected_mail = 8;    // accident
  std::uint32_t link_left_open = 6;      // accident
  std::uint32_t taken_over_account = 4;  // the account's owner did nothing
  std::uint32_t contractor_takes_project = 4;
  std::uint32_t colluding_pair = 3;  // pairs
  std::uint32_t active_from_the_start = 4;
  std::uint32_t slow_ramp = 4;
  std::uint32_t theft_under_migration = 3;
  std::uint32_t stops_half_way = 4;
  // --- look-alikes, the same way ---
  std::uint32_t site_migration = 3;  // teams
  std::uint32_t mail_migration = 2;
  std::uint32_t reorganisation = 2;  // teams
  std::uint32_t holiday_catch_up = 20;
  std::uint32_t quarter_end = 20;
  std::uint32_t audit_season = 12;
};
inline constexpr LifeRates kLife{};

}  // namespace candor
