#include "simulator/organisation.h"

#include <algorithm>
#include <set>

#include "base/fold.h"
#include "simulator/life.h"
#include "simulator/names.h"
#include "simulator/rates.h"

namespace candor {
namespace {

struct DepartmentPlan {
  Department department;
  std::string_view name;
  std::uint32_t share;  // of 100 people
  std::string_view site;
  std::string_view head;
  std::array<std::string_view, 4> titles;
};
constexpr std::array<DepartmentPlan, kDepartments> kPlans = {{
    {Department::executive,
     "Executive",
     1,
     "board",
     "Chief Executive",
     {"Chief of Staff", "Executive Assistant", "Executive Assistant", "Strategy Lead"}},
    {Department::engineering,
     "Engineering",
     28,
     "engineering",
     "Head of Engineering",
     {"Software Engineer", "Mechanical Engineer", "Test Engineer", "Senior Engineer"}},
    {Department::sales,
     "Sales",
     16,
     "sales",
     "Head of Sales",
     {"Account Executive", "Account Manager", "Sales Engineer", "Sales Representative"}},
    {Department::marketing,
     "Marketing",
     7,
     "marketing",
     "Head of Marketing",
     {"Campaign Manager", "Content Editor", "Designer", "Market Analyst"}},
    {Department::finance,
     "Finance",
     9,
     "finance",
     "Head of Finance",
     {"Accountant", "Controller", "Financial Analyst", "Payroll Specialist"}},
    {Department::human_resources,
     "Human Resources",
     5,
     "people",
     "Head of People",
     {"HR Partner", "Recruiter", "HR Specialist", "Learning Specialist"}},
    {Department::legal,
     "Legal",
     3,
     "legal",
     "General Counsel",
     {"Counsel", "Paralegal", "Contract Manager", "Compliance Officer"}},
    {Department::operations,
     "Operations",
     14,
     "operations",
     "Head of Operations",
     {"Operations Planner", "Logistics Coordinator", "Quality Specialist", "Plant Supervisor"}},
    {Department::procurement,
     "Procurement",
     4,
     "procurement",
     "Head of Procurement",
     {"Buyer", "Category Manager", "Supplier Manager", "Buyer"}},
    {Department::support,
     "Customer Support",
     8,
     "support",
     "Head of Support",
     {"Support Specialist", "Support Engineer", "Customer Advocate", "Support Specialist"}},
    {Department::technology,
     "Information Technology",
     5,
     "technology",
     "Head of Information Technology",
     {"Systems Administrator", "Network Engineer", "Service Desk Analyst", "Cloud Administrator"}},
}};
constexpr int kTeamSize = 9;

constexpr std::array<std::string_view, 24> kPartners = {
    "alderworks.example", "brightferry.example", "cedarline.example",  "duneworks.example", "eastgate.example",
    "fernvalley.example", "glasshaus.example",   "harbourlaw.example", "inkwell.example",   "jadebridge.example",
    "kitefield.example",  "lanternco.example",   "millbrook.example",  "novaplast.example", "oakandpine.example",
    "pilotmetal.example", "quarrystone.example", "ridgeaudit.example", "silverbay.example", "tidewater.example",
    "umbracloud.example", "vellumpress.example", "westmoor.example",   "zephyrair.example"};

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Gives a person a name and addresses nobody has yet.
void name_person(Person& person, Random& random, std::set<std::string>& taken) {
  person.given = given_name(random);
  person.family = family_name(random);
  const std::string given = plain_letters(person.given);
  const std::string family = plain_letters(person.family);
  const std::string both = given + "." + family;
  std::string suffix;
  for (int n = 2; !taken.insert(both + suffix).second; ++n) suffix = std::to_string(n);
  person.address = both + suffix + "@" + std::string(kDomain);
  person.mail_address = capitalised(given) + "." + capitalised(family) + suffix + "@" + std::string(kDomain);
  const std::string_view provider = random.pick(kFreeMail);
  const std::string handle = random.chance(600) ? given + "." + family : given.substr(0, 1) + family;
  person.personal_address = handle + std::to_string(random.between(1, 99)) + "@" + std::string(provider);
}

void give_habits(Person& person, Random& random) {
  person.object_id = guid(random.next());
  append_hex(person.puid, random.next(), 9);
  person.puid = "1003200" + person.puid;
  person.apple = random.chance(person.department == Department::marketing ? 500 : 70);
  person.device = person.apple ? "NL-MAC-" : "NL-LT-";
  append_hex(person.device, random.next(), 6);
  person.device_key = person.key;
  person.start_minute = random.near_middle(420, 600);
  person.work_minutes = random.near_middle(470, 560);
  person.activity_percent = random.calm_percent();
  person.media_percent = random.wide_percent();
  if (random.chance(kLife.part_time)) {
    person.free_weekdays = static_cast<std::uint8_t>(1u << random.below(5));
    if (random.chance(kLife.part_time_two_days))
      person.free_weekdays |= static_cast<std::uint8_t>(1u << random.below(5));
  }
  const int home_days = random.between(0, 3);
  for (int i = 0; i < home_days; ++i) person.home_weekdays |= static_cast<std::uint8_t>(1u << random.below(5));
  person.contractor =
      person.level >= 1 && person.department != Department::executive && random.chance(kLife.contractors);
}

// How many people each department has: by share, at least one head where there are enough people, the rest to the
// largest.
std::array<int, kDepartments> headcounts(int people) {
  std::array<int, kDepartments> counts{};
  int left = people;
  for (int i = 0; i < kDepartments && left > 0; ++i) {
    const int share = people * static_cast<int>(kPlans[static_cast<std::size_t>(i)].share) / 100;
    counts[static_cast<std::size_t>(i)] = std::min(left, std::max(1, share));
    left -= counts[static_cast<std::size_t>(i)];
  }
  counts[1] += left;
  return counts;
}

std::uint32_t add_site(Workforce& organisation, std::string_view path, std::string name, Department department,
                       std::uint32_t files) {
  Site site;
  site.url = "https://" + std::string(kSiteHost) + "/sites/" + std::string(path) + "/";
  site.name = std::move(name);
  site.department = department;
  site.files = files;
  site.key = mix({organisation.seed, 3, organisation.sites.size()});
  organisation.sites.push_back(std::move(site));
  return static_cast<std::uint32_t>(organisation.sites.size() - 1);
}

class Builder {
 public:
  Builder(Workforce& organisation, Day first, Day last) : organisation_(organisation), first_(first), last_(last) {}

  void add_department(const DepartmentPlan& plan, int count) {
    Random random{organisation_.seed, 4, static_cast<std::uint64_t>(plan.department)};
    const std::uint32_t site = add_site(organisation_, plan.site, std::string(plan.name), plan.department,
                                        static_cast<std::uint32_t>(random.between(1500, 4000)));
    const int top = organisation_.people.empty() ? -1 : 0;
    const int head = add_person(plan, plan.head, top, site, site);
    int lead = head;
    std::uint32_t team_site = site;
    for (int i = 1; i < count; ++i) {
      const bool new_team = (i - 1) % kTeamSize == 0 && count > kTeamSize;
      if (new_team) {
        const std::string number = std::to_string((i - 1) / kTeamSize + 1);
        team_site = add_site(organisation_, std::string(plan.site) + "-team-" + number,
                             std::string(plan.name) + " team " + number, plan.department,
                             static_cast<std::uint32_t>(random.between(300, 1800)));
        lead = add_person(plan, std::string("Team Lead, ") + std::string(plan.name), head, team_site, site);
      } else {
        add_person(plan, plan.titles[random.below(4)], lead, team_site, site);
      }
    }
  }

 private:
  int add_person(const DepartmentPlan& plan, std::string_view title, int manager, std::uint32_t team_site,
                 std::uint32_t department_site) {
    const auto index = organisation_.people.size();
    Person person;
    person.key = mix({organisation_.seed, 5, index});
    Random random(person.key);
    person.department = plan.department;
    person.title = std::string(title);
    person.manager = manager;
    person.level = manager < 0 ? 0 : organisation_.people[static_cast<std::size_t>(manager)].level + 1;
    person.site = team_site;
    person.department_site = department_site;
    person.office = pick_office(random, manager);
    person.administrator = plan.department == Department::technology;
    name_person(person, random, taken_);
    give_habits(person, random);
    person.hired = first_ - random.between(40, 4200);
    settle_in(person, first_, last_);
    organisation_.people.push_back(std::move(person));
    return static_cast<int>(index);
  }

  // Two thirds sit where their manager sits.
  std::uint8_t pick_office(Random& random, int manager) const {
    if (manager > 0 && random.chance(660)) return organisation_.people[static_cast<std::size_t>(manager)].office;
    std::uint32_t at = random.below(100);
    for (std::size_t i = 0; i < offices().size(); ++i) {
      if (at < offices()[i].weight) return static_cast<std::uint8_t>(i);
      at -= offices()[i].weight;
    }
    return 0;
  }

  Workforce& organisation_;
  Day first_;
  Day last_;
  std::set<std::string> taken_;
};

void add_guests(Workforce& organisation) {
  const std::size_t count = organisation.people.size() / 12;
  for (std::size_t i = 0; i < count; ++i) {
    Guest guest;
    guest.key = mix({organisation.seed, 6, i});
    Random random(guest.key);
    std::string name = plain_letters(given_name(random));
    name += "." + plain_letters(family_name(random));
    const std::string& partner =
        organisation.partners[random.below(static_cast<std::uint32_t>(organisation.partners.size()))];
    guest.address.append(name).append("@").append(partner);
    guest.sign_in.append(name).append("_").append(partner).append("#EXT#@").append(kTenantDomain);
    guest.site = random.below(static_cast<std::uint32_t>(organisation.sites.size()));
    organisation.guests.push_back(std::move(guest));
  }
}

}  // namespace

std::string_view to_text(Department department) { return kPlans[static_cast<std::size_t>(department)].name; }

Workforce build_organisation(int people, std::uint64_t seed, Day first, Day last) {
  Workforce organisation;
  organisation.seed = seed;
  organisation.tenant_id = guid(mix({seed, 1}));
  organisation.tenant_id.replace(organisation.tenant_id.size() - kSimulatedTenantEnd.size(), kSimulatedTenantEnd.size(),
                                 kSimulatedTenantEnd);
  organisation.first = first;
  organisation.last = last;
  for (const std::string_view partner : kPartners) organisation.partners.push_back(ascii_lowered(partner));
  organisation.people.reserve(static_cast<std::size_t>(people));
  const auto counts = headcounts(people);
  Builder builder(organisation, first, last);
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    if (counts[i] > 0) builder.add_department(kPlans[i], counts[i]);
  }
  set_apart(organisation);
  add_guests(organisation);
  return organisation;
}

std::uint32_t partner_named(const Workforce& organisation, std::string_view domain) {
  const auto found = std::ranges::find(organisation.partners, domain);
  return found == organisation.partners.end() ? 0 : static_cast<std::uint32_t>(found - organisation.partners.begin());
}

bool at_office(const Person& person, Day day) {
  const bool usually_home = (person.home_weekdays >> weekday(day) & 1) != 0;
  return Random{person.key, 7, static_cast<std::uint64_t>(day)}.chance(usually_home ? 80 : 930);
}

TimePoint local_instant(const Person& person, Day day, int minute, int second) {
  const int offset = utc_offset(offices()[person.office], day);
  return start_of(day) + (TimePoint{minute - offset} * 60 + second) * kMicrosPerSecond;
}

}  // namespace candor
