#include "simulator/habits.h"

#include <algorithm>
#include <array>

#include "simulator/documents.h"
#include "simulator/rates.h"

namespace candor {
namespace {

// One person's local day being filled.
class Workday {
 public:
  Workday(const Workforce& organisation, std::uint32_t index, Day day, std::vector<Act>& acts)
      : organisation_(organisation),
        person_(organisation.people[index]),
        work_(assignment_on(person_, day)),
        rates_(rates(work_.department)),
        index_(index),
        day_(day),
        random_{person_.key, 30, static_cast<std::uint64_t>(day)},
        acts_(acts),
        kept_per_thousand_(organisation.kept_per_thousand) {}

  void fill(std::uint32_t percent) {
    percent_ = percent * person_.activity_percent / 100 * random_.calm_percent() / 100;
    start_ = start_minute_on(person_, day_);
    sign_in();
    work_on_files();
    work_on_device();
    mail();
    chat();
    share();
    label();
    bursts();
    administrate();
    if (is_catching_up(person_, day_)) catch_up();
  }

  // A look at the mail on a day off.
  void glance() {
    percent_ = 12;
    start_ = person_.start_minute;
    if (!kept()) return;
    kept_per_thousand_ = 1000;  // the look is the occasion: kept or left out as a whole
    add(Kind::signed_in);
    for (int n = random_.between(1, 3); n > 0; --n) add(Kind::mail_read).amount = amount(2, 9);
    repeat(Kind::mail_sent, rates_.mail_sent);
    repeat_on_files(Kind::file_accessed, rates_.file_accessed);
  }

 private:
  std::uint32_t scaled(std::uint32_t mean) const { return mean * percent_ / 100; }
  // Occasions are left out, not acts: of what is kept nothing is missing, and everything is as frequent beside the rest
  // as it was. Draws nothing when all are kept.
  bool kept() { return kept_per_thousand_ >= 1000 || random_.chance(kept_per_thousand_); }
  int kept_of(int occasions) {
    int count = 0;
    for (; occasions > 0; --occasions) count += kept() ? 1 : 0;
    return count;
  }
  int count(std::uint32_t mean) { return kept_of(random_.count(scaled(mean))); }
  int download_count(std::uint32_t mean) {
    return kept_of(
        random_.count(static_cast<std::uint32_t>(std::uint64_t{scaled(mean)} * person_.download_percent / 100)));
  }
  // Media, upload and outside sharing are habits of some more than of others.
  int rare_count(std::uint32_t mean) { return kept_of(random_.count(scaled(mean) * person_.media_percent / 100)); }
  bool happens(std::uint32_t per_thousand) { return random_.chance(scaled(per_thousand)) && kept(); }
  std::uint16_t amount(int low, int high) { return static_cast<std::uint16_t>(random_.between(low, high)); }

  // Two humps with lunch between; a little in the evening.
  TimePoint moment() {
    const int half = person_.work_minutes / 2;
    int minute = start_;
    const std::uint32_t part = random_.below(100);
    if (part < 54) {
      minute += random_.near_middle(0, half - 15);
    } else if (part < 97) {
      minute += half + 20 + random_.near_middle(0, half - 20);
    } else {
      minute += person_.work_minutes + random_.between(0, 170);
    }
    return local_instant(person_, day_, minute, random_.between(0, 59));
  }

  Act& add_at(Kind kind, TimePoint time) {
    Act act;
    act.time = time;
    act.seed = random_.next();
    act.actor = index_;
    act.kind = kind;
    act.site = work_.site;
    acts_.push_back(act);
    return acts_.back();
  }
  Act& add(Kind kind) { return add_at(kind, moment()); }

  void choose_document(Act& act) {
    const std::uint32_t part = random_.below(100);
    if (part < 50) {
      act.site = work_.site;
    } else if (part < 68) {
      act.site = work_.department_site;
    } else if (part < 94) {
      act.site = organisation_.personal_site(index_);
    } else {
      act.site = random_.below(static_cast<std::uint32_t>(organisation_.sites.size()));
    }
    // A person works on a few dozen files, which change slowly; sometimes on any other.
    const std::uint32_t files = file_count(organisation_, act.site);
    const auto week = static_cast<std::uint64_t>(day_ / 7);
    act.file = random_.chance(700)
                   ? static_cast<std::uint32_t>(mix({person_.key, week, act.site, random_.below(24)}) % files)
                   : random_.below(files);
  }
  Act& add_on_file(Kind kind) {
    Act& act = add(kind);
    choose_document(act);
    return act;
  }
  void repeat(Kind kind, std::uint32_t mean) {
    for (int n = count(mean); n > 0; --n) add(kind);
  }
  void repeat_on_files(Kind kind, std::uint32_t mean) {
    for (int n = count(mean); n > 0; --n) add_on_file(kind);
  }

  void target_partner(Act& act) {
    act.target_kind = Target::partner;
    act.target = usual_partner(organisation_, person_, random_.below(5));
  }
  void target_colleague(Act& act) {
    act.target_kind = Target::person;
    act.target = random_.below(static_cast<std::uint32_t>(organisation_.people.size()));
  }

  void sign_in() {
    add_at(Kind::signed_in, local_instant(person_, day_, start_, random_.between(0, 59)));
    repeat(Kind::signed_in, rates_.signed_in);
    repeat(Kind::sign_in_failed, rates_.sign_in_failed);
    repeat(Kind::page_viewed, rates_.page_viewed);
    repeat(Kind::list_viewed, rates_.page_viewed / 4);
    repeat_on_files(Kind::search_performed, rates_.searched);
  }

  void work_on_files() {
    repeat_on_files(Kind::file_accessed, rates_.file_accessed);
    repeat_on_files(Kind::file_accessed_extended, rates_.file_accessed / 9);
    repeat_on_files(Kind::file_previewed, rates_.file_previewed);
    repeat_on_files(Kind::file_modified, rates_.file_modified);
    repeat_on_files(Kind::file_modified_extended, rates_.file_modified / 5);
    for (int n = download_count(rates_.file_downloaded); n > 0; --n) add_on_file(Kind::file_downloaded);
    repeat_on_files(Kind::file_uploaded, rates_.file_uploaded);
    for (int n = download_count(rates_.sync_downloaded); n > 0; --n) add_on_file(Kind::file_sync_downloaded);
    repeat_on_files(Kind::file_sync_uploaded, rates_.sync_uploaded);
    repeat_on_files(Kind::file_renamed, rates_.file_renamed);
    repeat_on_files(Kind::file_moved, rates_.file_moved);
    repeat_on_files(Kind::file_copied, rates_.file_moved / 2);
    repeat_on_files(Kind::file_recycled, rates_.file_deleted);
    repeat_on_files(Kind::file_deleted, rates_.file_deleted / 4);
    repeat_on_files(Kind::folder_created, rates_.file_moved / 2);
    repeat_on_files(Kind::folder_recycled, rates_.file_deleted / 20);
    repeat_on_files(Kind::file_deleted_first_stage, rates_.file_deleted / 25);
  }

  void work_on_device() {
    repeat_on_files(Kind::device_file_created, rates_.device_file_created);
    repeat_on_files(Kind::device_file_read, rates_.device_file_read);
    repeat_on_files(Kind::device_file_renamed, rates_.device_file_renamed);
    repeat_on_files(Kind::device_file_deleted, rates_.device_file_deleted);
    repeat_on_files(Kind::device_printed, rates_.printed);
    repeat_on_files(Kind::device_network_copied, rates_.network_copied);
    repeat_on_files(Kind::device_clipboard, rates_.clipboard);
    repeat_on_files(Kind::device_screen_captured, rates_.screen_captured);
    repeat_in_browser(Kind::device_browser_download, rates_.browser_download);
    repeat_in_browser(Kind::device_pasted_to_browser, rates_.pasted_to_browser);
    repeat_on_files(Kind::device_remote_session, rates_.remote_session);
    for (int n = count(rates_.uploaded_own_cloud); n > 0; --n) {
      add_on_file(Kind::device_cloud_upload).target_kind = Target::own_cloud;
    }
    for (int n = rare_count(rates_.uploaded_partner); n > 0; --n) {
      Act& act = add_on_file(Kind::device_cloud_upload);
      act.target_kind = Target::partner_site;
      act.target = usual_partner(organisation_, person_, random_.below(3));
    }
    for (int n = rare_count(rates_.uploaded_personal_cloud); n > 0; --n) {
      Act& act = add_on_file(Kind::device_cloud_upload);
      act.target_kind = Target::personal_cloud;
      act.target = static_cast<std::uint32_t>(person_.key % kPersonalCloud.size());
    }
  }

  // On pages of the organisation and of those it works with.
  void repeat_in_browser(Kind kind, std::uint32_t mean) {
    for (int n = count(mean); n > 0; --n) {
      Act& act = add_on_file(kind);
      if (!random_.chance(550)) continue;
      act.target_kind = Target::partner_site;
      act.target = random_.below(static_cast<std::uint32_t>(organisation_.partners.size()));
    }
  }

  void mail() {
    for (int n = count(rates_.mail_sent); n > 0; --n) send();
    for (int n = rare_count(rates_.mail_to_self); n > 0; --n) {
      Act& act = add_on_file(Kind::mail_sent);
      act.target_kind = Target::own_address;
      act.thread = random_.next();
      act.amount = 1;
    }
    for (int n = count(rates_.mail_read); n > 0; --n) add(Kind::mail_read).amount = amount(1, 8);
    for (int n = count(rates_.mail_deleted); n > 0; --n) {
      add(random_.chance(600) ? Kind::mail_moved_to_deleted : Kind::mail_soft_deleted).amount = amount(1, 4);
    }
    deputise();
    if (happens(60)) add(Kind::mail_hard_deleted).amount = amount(1, 3);
    if (happens(6)) add(Kind::inbox_rule);
  }

  // Delegates read the manager's mail, and send in his name or on his behalf.
  void deputise() {
    if (!person_.delegate || work_.manager < 0) return;
    for (int n = count(3500); n > 0; --n) {
      Act& read = add(Kind::mail_read);
      read.amount = amount(1, 6);
      read.target_kind = Target::person;
      read.target = static_cast<std::uint32_t>(work_.manager);
    }
    for (int n = count(700); n > 0; --n) {
      const bool on_behalf = random_.chance(kLife.send_on_behalf);
      Act& sent = add_on_file(on_behalf ? Kind::mail_sent_on_behalf : Kind::mail_sent_as);
      sent.thread = random_.next() | 1;
      sent.target_kind = Target::person;
      sent.target = static_cast<std::uint32_t>(work_.manager);
    }
  }

  // Back from a long absence: the mail that piled up, and what the computer missed.
  void catch_up() {
    for (int n = kept_of(random_.between(12, 30)); n > 0; --n) {
      add(Kind::mail_read).amount = amount(5, 25);
      if (n % 3 == 0) add(Kind::mail_soft_deleted).amount = amount(3, 15);
    }
    const int missed = random_.between(25, 110);
    if (kept()) burst(Kind::file_sync_downloaded, missed, 3);
    for (int n = kept_of(random_.between(15, 40)); n > 0; --n) add_on_file(Kind::file_accessed);
    for (int n = kept_of(random_.between(3, 15)); n > 0; --n) add_on_file(Kind::file_downloaded);
  }

  void send() {
    Act& act = add_on_file(Kind::mail_sent);
    act.thread = random_.next() | 1;
    if (random_.chance(rates_.mail_attachment_share)) act.amount = static_cast<std::uint16_t>(1 + random_.count(500));
    if (!random_.chance(rates_.mail_outside_share)) {
      target_colleague(act);
      return;
    }
    if (random_.chance(25)) {
      act.target_kind = Target::other_personal;
      act.target = random_.below(6);
    } else {
      target_partner(act);
    }
    const Document file = document(organisation_, act.site, act.file);
    if (act.amount == 0 || file.sensitive == 0) return;
    const Act sent = act;
    Act& found = add_at(Kind::dlp_mail, sent.time + TimePoint{random_.between(5, 90)} * kMicrosPerSecond);
    copy_subject(found, sent);
  }

  // What two records about one thing have in common.
  static void copy_subject(Act& to, const Act& from) {
    to.site = from.site;
    to.file = from.file;
    to.thread = from.thread;
    to.target = from.target;
    to.target_kind = from.target_kind;
    to.amount = from.amount;
  }

  void chat() {
    for (int n = count(rates_.chat_message); n > 0; --n) {
      Act& act = add(Kind::chat_message);
      if (random_.chance(rates_.mail_outside_share / 5)) target_partner(act);
    }
    repeat(Kind::team_session, 900);
    if (happens(25)) target_colleague(add(Kind::team_member_added));
    if (happens(rates_.shared_outside / 12)) target_partner(add(Kind::team_member_added));
  }

  void share() {
    for (int n = count(rates_.shared_inside); n > 0; --n) {
      Act& act = add_on_file(random_.chance(500) ? Kind::sharing_set : Kind::company_link);
      if (act.kind == Kind::sharing_set) target_colleague(act);
    }
    for (int n = rare_count(rates_.shared_outside); n > 0; --n) share_outside();
    for (int n = rare_count(rates_.anonymous_link); n > 0; --n) {
      Act& created = add_on_file(Kind::anonymous_link);
      created.thread = random_.next();
      const Act link = created;
      if (!random_.chance(600)) continue;
      Act& used =
          add_at(Kind::anonymous_link_used, link.time + TimePoint{random_.between(300, 90000)} * kMicrosPerSecond);
      copy_subject(used, link);
    }
    if (happens(45)) add_on_file(Kind::access_requested);
    if (happens(30)) target_colleague(add_on_file(Kind::access_approved));
    if (happens(20)) target_colleague(add(Kind::added_to_group));
    if (happens(rates_.shared_outside / 25)) target_partner(add(Kind::added_to_group));
  }

  void share_outside() {
    const Act first = [&] {
      Act& act = add_on_file(random_.chance(400) ? Kind::sharing_invitation : Kind::secure_link);
      target_partner(act);
      act.thread = random_.next();
      act.amount = random_.chance(90) ? 1 : 0;  // the whole folder
      return act;
    }();
    if (first.kind == Kind::secure_link) {
      copy_subject(add_at(Kind::added_to_secure_link, first.time + 2 * kMicrosPerSecond), first);
    }
    if (document(organisation_, first.site, first.file).sensitive == 0) return;
    copy_subject(add_at(Kind::dlp_site, first.time + 600 * kMicrosPerSecond), first);
    if (random_.chance(150)) copy_subject(add_at(Kind::dlp_undo, first.time + 1500 * kMicrosPerSecond), first);
  }

  void label() {
    for (int n = count(rates_.label_raised); n > 0; --n) relabel(true);
    for (int n = count(rates_.label_lowered); n > 0; --n) relabel(false);
  }

  void relabel(bool raise) {
    Act& act = add_on_file(Kind::file_label_applied);
    const bool on_device = random_.chance(400);
    const std::uint8_t now = document_label(organisation_, act.site, act.file);
    if (raise) {
      if (now == 4) return;
      act.label = static_cast<std::uint8_t>(now + 1);
      if (now > 0) act.kind = on_device ? Kind::label_updated : Kind::file_label_changed;
      if (now == 0 && on_device) act.kind = Kind::label_applied;
    } else if (now >= 2) {
      act.label = static_cast<std::uint8_t>(now - 1);
      act.kind = on_device ? Kind::label_updated : Kind::file_label_changed;
    } else {
      act.label = 2;
    }
  }

  void bursts() {
    for (int n = download_count(rates_.download_burst); n > 0; --n)
      burst(Kind::file_downloaded, random_.near_middle(12, 70), 12);
    for (int n = download_count(rates_.sync_burst); n > 0; --n)
      burst(Kind::file_sync_downloaded, random_.near_middle(20, 180), 3);
    for (int n = rare_count(rates_.media_burst); n > 0; --n) use_media();
    for (int n = count(rates_.archive_burst); n > 0; --n) {
      const std::uint64_t thread = random_.next() | 1;
      burst(Kind::device_file_archived, random_.between(1, 6), 4, thread);
      Act& archive = add_on_file(Kind::device_archive_created);
      archive.thread = thread;
      archive.disguise = Disguise::archive;
    }
  }

  // `files` neighbouring files of one site, one after the other.
  void burst(Kind kind, int files, int seconds, std::uint64_t thread = 0) {
    Act& begin = add_on_file(kind);
    begin.thread = thread;
    const Act first = begin;
    for (int i = 1; i < files; ++i) {
      Act& act = add_at(kind, first.time + TimePoint{i} * seconds * kMicrosPerSecond);
      act.site = first.site;
      act.file = (first.file + static_cast<std::uint32_t>(i)) % file_count(organisation_, first.site);
      act.thread = thread;
    }
  }

  void use_media() {
    const TimePoint begin = add(Kind::device_usb_mounted).time;
    const std::uint64_t medium = person_.key % 3;
    acts_.back().thread = medium;
    const int files = std::min(40, 1 + random_.count(4500));
    for (int i = 0; i < files; ++i) {
      Act& act = add_at(random_.chance(850) ? Kind::device_usb_copied : Kind::device_usb_created,
                        begin + TimePoint{20 + i * 9} * kMicrosPerSecond);
      choose_document(act);
      act.thread = medium;
    }
    add_at(Kind::device_usb_unmounted, begin + TimePoint{60 + files * 10} * kMicrosPerSecond).thread = medium;
  }

  void administrate() {
    constexpr std::array kChanges = {Kind::user_updated,        Kind::user_updated,   Kind::group_member_added,
                                     Kind::group_member_added,  Kind::password_reset, Kind::password_reset,
                                     Kind::application_updated, Kind::user_updated};
    if (rates_.directory_change == 0) return;
    for (int n = count(rates_.directory_change); n > 0; --n) target_colleague(add(random_.pick(kChanges)));
    if (happens(20)) target_colleague(add(Kind::role_member_added));
    if (happens(25)) target_colleague(add(Kind::mailbox_permission));
    if (happens(15)) target_colleague(add(Kind::strong_authentication_disabled));
    if (happens(20)) target_colleague(add(Kind::account_disabled));
    if (happens(15)) add(Kind::group_deleted);
    if (happens(10)) add(Kind::site_admin_added);
  }

  const Workforce& organisation_;
  const Person& person_;
  const Assignment work_;
  const Rates& rates_;
  std::uint32_t index_;
  Day day_;
  Random random_;
  std::vector<Act>& acts_;
  std::uint32_t kept_per_thousand_;  // of occasions
  std::uint32_t percent_ = 100;
  int start_ = 0;  // minute of the local day
};

}  // namespace

std::uint32_t usual_partner(const Workforce& organisation, const Person& person, std::uint32_t n) {
  return static_cast<std::uint32_t>(mix({person.key, 31, n}) % organisation.partners.size());
}

void plan_day(const Workforce& organisation, std::uint32_t index, Day day, std::vector<Act>& acts) {
  const Person& person = organisation.people[index];
  if (day > person.last_day || day < person.hired) return;
  Workday workday(organisation, index, day, acts);
  if (works_on(person, day)) {
    // Who leaves does less in the last two weeks.
    workday.fill(person.last_day != kNever && person.last_day - day < 14 ? 75 : 100);
    return;
  }
  const std::uint32_t looks = person.level <= 1 ? 300 : 70;
  if (Random{person.key, 32, static_cast<std::uint64_t>(day)}.chance(looks)) workday.glance();
}

void plan_guest_day(const Workforce& organisation, std::uint32_t index, Day day, std::vector<Act>& acts) {
  if (is_weekend(day)) return;
  const Guest& guest = organisation.guests[index];
  Random random{guest.key, 33, static_cast<std::uint64_t>(day)};
  if (!random.chance(300)) return;
  constexpr std::array kDone = {Kind::file_accessed, Kind::file_accessed, Kind::file_previewed, Kind::file_modified,
                                Kind::page_viewed,   Kind::file_uploaded, Kind::file_downloaded};
  for (int n = 1 + random.count(5000); n > 0; --n) {
    Act act;
    act.time = start_of(day) + TimePoint{random.near_middle(7 * 3600, 18 * 3600)} * kMicrosPerSecond;
    act.seed = random.next();
    act.actor = index;
    act.actor_kind = Actor::guest;
    act.kind = random.pick(kDone);
    act.site = guest.site;
    act.file = random.below(file_count(organisation, guest.site));
    acts.push_back(act);
  }
}

void plan_services_day(const Workforce& organisation, Day day, std::vector<Act>& acts) {
  Random random{organisation.seed, 34, static_cast<std::uint64_t>(day)};
  const int count = 40 + static_cast<int>(organisation.people.size()) * random.between(8, 14) / 10;
  for (int i = 0; i < count; ++i) {
    Act act;
    act.time = start_of(day) + TimePoint{random.between(0, 86399)} * kMicrosPerSecond;
    act.seed = random.next();
    act.actor_kind = Actor::service;
    acts.push_back(act);
  }
}

}  // namespace candor
