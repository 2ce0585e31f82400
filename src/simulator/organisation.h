#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "simulator/calendar.h"
#include "simulator/random.h"

// Who works in the invented organisation, where and when, and what there is to work on.
namespace candor {

inline constexpr std::string_view kDomain = "northlight.example";
inline constexpr std::string_view kTenantDomain = "northlight.onmicrosoft.example";
inline constexpr std::string_view kSiteHost = "northlight.sharepoint.example";
inline constexpr std::string_view kPersonalHost = "northlight-my.sharepoint.example";
inline constexpr std::string_view kAuditors = "ridgeaudit.example";  // one of the partners
inline constexpr Day kNever = std::numeric_limits<Day>::max();

enum class Department : std::uint8_t {
  executive,
  engineering,
  sales,
  marketing,
  finance,
  human_resources,
  legal,
  operations,
  procurement,
  support,
  technology,
};
inline constexpr int kDepartments = 11;
std::string_view to_text(Department department);

struct Absence {
  Day first = 0;
  Day last = 0;
};

// What somebody works as from a day on.
struct Assignment {
  Department department = Department::operations;
  std::string title;
  int manager = -1;        // index into people; -1 for the head
  std::uint32_t site = 0;  // of the team
  std::uint32_t department_site = 0;
};
struct Move {
  Day day = 0;    // the first one of the new work
  Day known = 0;  // when human resources, and so the directory, have it
  Assignment to;
};

// Somebody with a desk: employee or contractor. Strings are ready to be written, they are part of most records.
struct Person {
  std::string address;       // lower case; also the sign-in name
  std::string mail_address;  // the same as the mail system writes it: Given.Family@...
  std::string given;
  std::string family;
  std::string personal_address;  // at a free mail provider
  std::string title;
  std::string object_id;  // of the directory
  std::string puid;       // 16 hexadecimal digits
  std::string device;
  std::uint64_t key = 0;  // everything else that is peculiar to this person follows from it
  Department department = Department::operations;
  std::uint8_t office = 0;  // index into offices()
  bool contractor = false;
  bool administrator = false;
  bool apple = false;              // uses a Mac
  std::uint8_t free_weekdays = 0;  // bit n: does not work on weekday n (part-time)
  std::uint8_t home_weekdays = 0;  // bit n: usually at home on weekday n
  int manager = -1;                // index into people; -1 for the head
  int level = 0;                   // steps below the head
  std::uint32_t site = 0;          // of the team
  std::uint32_t department_site = 0;
  std::uint8_t crew = 0;                 // 1 to 3: works shifts that change by the week; 0: office hours
  bool delegate = false;                 // looks after the manager's mailbox
  std::uint64_t device_key = 0;          // of the laptop, or of the desk shared with others
  int start_minute = 540;                // of the local day; of people with shifts see start_minute_on()
  int work_minutes = 510;                // with breaks
  std::uint32_t activity_percent = 100;  // how much this person does of everything
  std::uint32_t media_percent = 100;     // how much of removable media, upload and outside sharing
  std::uint32_t download_percent = 100;  // how much of downloads, beside activity_percent
  Day hired = 0;
  Day contract_end = kNever;  // of contractors, as the directory says it
  std::vector<Move> moves;    // by day
  Day last_day = kNever;      // last working day; set when the person leaves during the simulation
  std::vector<Absence> absences;
};

// A guest from a partner organisation, working in one team's site now and then.
struct Guest {
  std::string sign_in;  // name_partner.example#EXT#@tenant
  std::string address;
  std::uint32_t site = 0;
  std::uint64_t key = 0;
};

struct Site {
  std::string url;  // with a trailing slash
  std::string name;
  Department department = Department::operations;
  std::uint32_t files = 0;
  std::uint64_t key = 0;
};

// How the id of every invented organisation ends, so that its records are known for what they are wherever they go.
inline constexpr std::string_view kSimulatedTenantEnd = "-5eed5eed5eed";

struct Workforce {
  std::uint64_t seed = 0;
  std::string tenant_id;       // a GUID, ends with kSimulatedTenantEnd
  std::vector<Person> people;  // managers come before those they manage
  std::vector<Guest> guests;
  std::vector<Site> sites;            // shared ones; a personal site has no entry, see personal_site()
  std::vector<std::string> partners;  // domains of other organisations
  Day first = 0;
  Day last = 0;
  // How many of the occasions of ordinary work leave records, the first sign-in of a day apart: simulations with fewer
  // records a day than usual have the same habits.
  std::uint32_t kept_per_thousand = 1000;

  // Site ids from sites.size() on are the personal sites of people.
  std::uint32_t personal_site(std::uint32_t person) const { return static_cast<std::uint32_t>(sites.size()) + person; }
  bool is_personal(std::uint32_t site) const { return site >= sites.size(); }
};

// `first` and `last` are the days simulated: absences are planned for them.
Workforce build_organisation(int people, std::uint64_t seed, Day first, Day last);

// Index into partners; 0 when there is none of that name.
std::uint32_t partner_named(const Workforce& organisation, std::string_view domain);

// Whether a person works that day by plan: employed, no weekend, holiday, free weekday, vacation or sickness. Crews
// work five days of seven, whatever day it is.
bool works_on(const Person& person, Day day);
// When the person's work begins that day: minute of the local day.
int start_minute_on(const Person& person, Day day);
// The work a person has that day, which is not yet what the directory says: see Move::known.
Assignment assignment_on(const Person& person, Day day);
Assignment assignment_known_on(const Person& person, Day day);
// Whether it is one of the first two working days after an absence of LifeRates::catch_up_after_days.
bool is_catching_up(const Person& person, Day day);
// At the office rather than at home; only meaningful on a day the person works.
bool at_office(const Person& person, Day day);
// The instant of a minute of a person's local day (minutes may lie outside 0..1439), plus seconds.
TimePoint local_instant(const Person& person, Day day, int minute, int second = 0);

// What files a person can share, mail or copy: a few domains everybody knows, all reserved names.
inline constexpr std::array<std::string_view, 3> kFreeMail = {"freemail.example", "webmail.example",
                                                              "quickmail.example"};
inline constexpr std::array<std::string_view, 3> kPersonalCloud = {"dropspace.example", "filelift.example",
                                                                   "skydisk.example"};
inline constexpr std::array<std::string_view, 2> kLeakSites = {"leakboard.example", "pastedrop.example"};

}  // namespace candor
