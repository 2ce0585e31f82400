#include "activity/derive.h"

#include <gtest/gtest.h>

#include "activity/organisation_text.h"

namespace candor {
namespace {

std::shared_ptr<const FieldCatalogue> shipped_fields() {
  return FieldCatalogue::load(std::string(CANDOR_SOURCE_DIR) + "/content/fields.yml").value();
}

// With shipped lists and what `facts` says.
Deriver deriver(const FieldCatalogue& catalogue, const std::string& facts = "own_domains: [example.com, example.org]") {
  ShippedLists lists;
  lists.personal_mail = {"freemail.example"};
  lists.label_rank = {{"public", 0}, {"general", 1}, {"confidential", 2}, {"id-2", 2}};
  std::vector<Diagnostic> faults;
  auto said = read_organisation_text(facts, "facts.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return {catalogue, Organisation::build(said, std::move(lists))};
}

constexpr const char* kNothing = "own_domains: []";

// Of a field of an activity: 0, 1, or -1 where it is absent.
int flag(const Activity& activity, const FieldCatalogue& catalogue, const char* name) {
  const FieldId id = catalogue.require(name);
  return activity.has(id) ? static_cast<int>(activity.number(id)) : -1;
}

struct Mail {
  std::string_view from;
  std::vector<std::string_view> to;
  std::vector<std::string_view> domains;
  int external;  // -1: absent
  int free_mail;
  int self;
};

TEST(Derive, Recipients) {
  const auto fields = shipped_fields();
  const Mail rows[] = {
      {"ann.bell@example.com", {"bob@example.com"}, {"example.com"}, 0, 0, 0},
      {"ann.bell@example.com", {"bob@partner.example"}, {"partner.example"}, 1, 0, 0},
      {"ann.bell@example.com", {"bob@freemail.example"}, {"freemail.example"}, 1, 1, 0},
      {"ann.bell@example.com", {"annbell1980@freemail.example"}, {"freemail.example"}, 1, 1, 1},
      {"ann.bell@example.com", {"Ann_Bell+home@freemail.example"}, {"freemail.example"}, 1, 1, 1},
      {"ann.bell@example.com", {"ann.bell@eu.example.com"}, {"eu.example.com"}, 0, 0, 0},
      {"ann.bell@eu.example.com", {"x@example.com"}, {"example.com"}, 0, 0, 0},
      {"ann.bell@example.com", {"x@badexample.com"}, {"badexample.com"}, 1, 0, 0},
      {"ann.bell@example.com", {"bob@example.com", "x@partner.example"}, {"example.com", "partner.example"}, 1, 0, 0},
      {"a@example.com", {"a@partner.example"}, {"partner.example"}, 1, 0, 0},  // too short to mean anything
      {"ann.bell@example.com", {}, {}, -1, -1, -1},
  };
  for (const Mail& row : rows) {
    Activity activity(fields);
    activity.set_text(fields->require("user.email"), row.from);
    activity.set_text(fields->require("user.domain"), row.from.substr(row.from.find('@') + 1));
    activity.set_list(fields->require("email.to.address"), row.to);
    activity.set_list(fields->require("candor.recipient.domains"), row.domains);
    deriver(*fields).derive(activity);
    const std::string shown = row.to.empty() ? "" : std::string(row.to[0]);
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.external"), row.external) << shown;
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.free_mail"), row.free_mail) << shown;
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.self"), row.self) << shown;
  }
}

// While the own domains are not known, what is certain all the same is set, and nothing else.
TEST(Derive, RecipientsWithoutOwnDomains) {
  const auto fields = shipped_fields();
  const Mail rows[] = {
      {"ann.bell@example.com", {"bob@example.com"}, {"example.com"}, 0, 0, 0},
      {"ann.bell@example.com", {"bob@partner.example"}, {"partner.example"}, -1, 0, 0},
      {"ann.bell@example.com", {"ann.bell@partner.example"}, {"partner.example"}, -1, 0, -1},
      {"ann.bell@example.com", {"x@eu.example.com"}, {"eu.example.com"}, -1, 0, 0},
      {"ann.bell@example.com", {"x@example.onmicrosoft.com"}, {"example.onmicrosoft.com"}, -1, 0, 0},
      {"ann.bell@example.com", {"bob@freemail.example"}, {"freemail.example"}, 1, 1, 0},
      {"ann.bell@example.com", {"annbell1980@freemail.example"}, {"freemail.example"}, 1, 1, 1},
      {"ann.bell@example.com", {"x@example.com", "x@other.example"}, {"example.com", "other.example"}, -1, 0, 0},
      {"ann.bell@example.com",
       {"ann.bell@other.example", "x@freemail.example"},
       {"freemail.example", "other.example"},
       1,
       1,
       -1},
      {"ann.bell@example.com", {"bob@known.example"}, {"known.example"}, 0, 0, 0},  // a partner
      {"bob@freemail.example", {"ann@freemail.example"}, {"freemail.example"}, 1, 1, 0},
      {"ann.bell", {"bob@other.example"}, {"other.example"}, -1, 0, 0},
  };
  for (const Mail& row : rows) {
    Activity activity(fields);
    const auto at = row.from.find('@');
    activity.set_text(fields->require("user.email"), row.from);
    if (at != std::string_view::npos) activity.set_text(fields->require("user.domain"), row.from.substr(at + 1));
    activity.set_list(fields->require("email.to.address"), row.to);
    activity.set_list(fields->require("candor.recipient.domains"), row.domains);
    deriver(*fields, "partner_domains: [known.example]").derive(activity);
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.external"), row.external) << row.to[0];
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.free_mail"), row.free_mail) << row.to[0];
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.self"), row.self) << row.to[0];
  }
}

TEST(Derive, AGuestsOwnDomainSaysNothing) {
  const auto fields = shipped_fields();
  for (const auto& [kind, external] : {std::pair{ActorKind::person, 0}, {ActorKind::guest, -1}}) {
    Activity activity(fields);
    activity.actor = kind;
    activity.set_text(fields->require("user.domain"), "elsewhere.example");
    activity.set_text(fields->require("url.domain"), "elsewhere.example");
    const std::string_view domains[] = {"elsewhere.example"};
    activity.set_list(fields->require("candor.recipient.domains"), domains);
    deriver(*fields, kNothing).derive(activity);
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.external"), external);
    EXPECT_EQ(flag(activity, *fields, "candor.url.external"), external);
  }
}

TEST(Derive, OwnDomainsOfTheRecordsDayDecide) {
  const auto fields = shipped_fields();
  for (const auto& [day, external] : {std::pair{"2026-02-28", -1}, {"2026-03-01", 1}}) {
    Activity activity(fields);
    activity.time = start_of(*parse_day(day));
    activity.set_text(fields->require("user.domain"), "example.com");
    activity.set_text(fields->require("destination.domain"), "other.example");
    const std::string_view domains[] = {"other.example"};
    activity.set_list(fields->require("candor.recipient.domains"), domains);
    deriver(*fields, "own_domains: [{domain: example.com, from: 2026-03-01}]").derive(activity);
    EXPECT_EQ(flag(activity, *fields, "candor.recipient.external"), external) << day;
    EXPECT_EQ(flag(activity, *fields, "candor.destination.external"), external) << day;
  }
}

TEST(Derive, GuestsAndOpenLinksAreOutside) {
  const auto fields = shipped_fields();
  for (const auto& [field, value] :
       {std::pair{"candor.sharing.target_type", "Guest"}, {"candor.sharing.scope", "anyone"}}) {
    Activity activity(fields);
    activity.set_text(fields->require(field), value);
    deriver(*fields, kNothing).derive(activity);
    EXPECT_EQ(activity.number(fields->require("candor.recipient.external")), 1) << value;
  }
  Activity activity(fields);  // written as a guest, of a domain nobody has placed
  const std::string_view domains[] = {"other.example"};
  activity.set_text(fields->require("user.domain"), "example.com");
  activity.set_list(fields->require("candor.recipient.domains"), domains);
  activity.set_number(fields->require("candor.recipient.guest"), 1);
  deriver(*fields, kNothing).derive(activity);
  EXPECT_EQ(flag(activity, *fields, "candor.recipient.external"), 1);
}

TEST(Derive, LabelChange) {
  const auto fields = shipped_fields();
  const std::tuple<const char*, const char*, const char*> rows[] = {
      {"Confidential", "General", "downgraded"},
      {"id-2", "Public", "downgraded"},
      {"General", "CONFIDENTIAL", "upgraded"},
      {"Confidential", "", "removed"},
      {"unheard-of", "", "removed"},
      {"Confidential", "id-2", ""},
      {"unheard-of", "Public", ""},
      {"", "Public", ""},
  };
  for (const auto& [before, after, change] : rows) {
    Activity activity(fields);
    activity.set_text(fields->require("candor.label.previous_id"), before);
    activity.set_text(fields->require("candor.label.id"), after);
    deriver(*fields).derive(activity);
    EXPECT_EQ(activity.text(fields->require("candor.label.change")), change) << before << " -> " << after;
  }
}

TEST(Derive, Hosts) {
  const auto fields = shipped_fields();
  // With the own domain example.org known, and with none known.
  const std::tuple<const char*, const char*, int, int> rows[] = {
      {"example.org", "example.org", 0, 0},
      {"example.org", "files.example.org", 0, -1},
      {"example.org", "example.sharepoint.com", 0, -1},
      {"example.org", "example-my.sharepoint.com", 0, -1},
      {"example.org", "other.sharepoint.com", 1, -1},
      {"example.org", "example.sharepoint.com.evil", 1, -1},
      {"example.org", "dropspace.example", 1, -1},
      {"example.org", "examples.sharepoint.com", 1, -1},
      {"example.org", "freemail.example", 1, 1},
      {"example.org", "", -1, -1},
      {"", "dropspace.example", 1, -1},
      {"", "freemail.example", 1, 1},
  };
  for (const auto& [own, host, known, unknown] : rows) {
    for (const auto& [from, to] :
         {std::pair{"destination.domain", "candor.destination.external"}, {"url.domain", "candor.url.external"}}) {
      for (const auto& [facts, external] : {std::pair{"own_domains: [example.org]", known}, {kNothing, unknown}}) {
        Activity activity(fields);
        activity.set_text(fields->require("user.domain"), own);
        activity.set_text(fields->require(from), host);
        deriver(*fields, facts).derive(activity);
        EXPECT_EQ(flag(activity, *fields, to), external) << own << " " << host << " " << facts;
      }
    }
  }
}

TEST(Derive, WhatTheMappingSetStays) {
  const auto fields = shipped_fields();
  Activity activity(fields);
  activity.set_text(fields->require("candor.label.previous_id"), "General");
  activity.set_text(fields->require("candor.label.id"), "Public");
  activity.set_text(fields->require("candor.label.change"), "upgraded");
  deriver(*fields).derive(activity);
  EXPECT_EQ(activity.text(fields->require("candor.label.change")), "upgraded");
}

TEST(Derive, ShippedContentLoads) {
  const std::string content = std::string(CANDOR_SOURCE_DIR) + "/content/";
  const auto loaded = load_shipped_lists(content + "labels.yml", content + "free_mail_domains.yml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_LT(loaded->label_rank.at("general"), loaded->label_rank.at("highly confidential"));
  EXPECT_TRUE(loaded->personal_mail.contains("gmail.com"));
  EXPECT_EQ(load_shipped_lists(content + "fields.yml", content + "missing.yml").error().id, "activity.bad_content");
}

// What the organisation says, on one day and another.
constexpr const char* kWorld = R"(
own_domains: [example.com, {domain: bought.example, from: 2026-03-01}]
partner_domains: [{domain: partner.example, to: 2026-03-31}]
personal_mail_domains: [privatemail.example]
labels:
  - {id: id-open, name: Open, order: 1}
  - {id: id-secret, name: Secret, order: 9, worth: high}
  - {id: id-twin, name: Open, order: 5, from: 2026-05-01}
sensitive_info_types: [{id: 50842EB7-edc8-4019-85dd-5a5c1f2bb085, name: Credit Card Number}]
sites:
  - {url: 'https://example.sharepoint.com/sites/Plan/', priority: true, worth: high}
  - {url: example.sharepoint.com, worth: low}
devices: [{id: dev-1, name: LAP-0141}]
removable_media: [{serial: AA-11, vendor: Acme}]
networks:
  - {network: 203.0.113.0/24, name: office, place: Berlin}
  - {network: 203.0.113.128/25, name: guests}
  - {network: '2001:db8::/32', name: six}
clouds:
  - {domain: dropspace.example, sanctioned: false, from: 2026-02-01}
  - {domain: business.dropspace.example, sanctioned: true}
domains:
  - {domain: allowed.example, stance: allowed, from: 2026-02-01}
  - {domain: '*.allowed.example', stance: unallowed, from: 2026-05-01}
  - {domain: '**.onion', stance: unallowed}
  - {domain: '*.shop.example', stance: third_party}
applications: [{name: Notes, sanctioned: true}, {name: Rclone, sanctioned: false}]
printers: [{name: P-17}]
)";

std::shared_ptr<const Organisation> world() {
  std::vector<Diagnostic> faults;
  const auto facts = read_organisation_text(kWorld, "world.yml", faults);
  for (const Diagnostic& fault : faults) ADD_FAILURE() << to_text(fault);
  return Organisation::build(facts);
}

struct Derived {
  const char* day;
  const char* from;
  const char* value;
  const char* field;
  const char* wanted;  // "": absent
};

TEST(Derive, WhatTheOrganisationSays) {
  const auto fields = shipped_fields();
  const Derived rows[] = {
      {"2026-04-01", "candor.label.id", "ID-Secret", "candor.priority", "1"},
      {"2026-04-01", "candor.label.id", "Secret", "candor.priority", "1"},
      {"2026-04-01", "candor.label.previous_id", "id-secret", "candor.priority", "1"},
      {"2026-04-01", "candor.label.id", "id-open", "candor.priority", ""},
      {"2026-02-28", "destination.domain", "bought.example", "candor.destination.external", "1"},
      {"2026-03-01", "destination.domain", "bought.example", "candor.destination.external", "0"},
      {"2026-03-31", "destination.domain", "files.partner.example", "candor.destination.external", "0"},
      {"2026-04-01", "destination.domain", "files.partner.example", "candor.destination.external", "1"},
      {"2026-01-31", "destination.domain", "dropspace.example", "candor.destination.unallowed", ""},
      {"2026-02-01", "destination.domain", "my.dropspace.example", "candor.destination.unallowed", "1"},
      {"2026-02-01", "destination.domain", "business.dropspace.example", "candor.destination.unallowed", "0"},
      {"2026-02-01", "destination.domain", "elsewhere.example", "candor.destination.unallowed", ""},
      {"2026-02-01", "url.domain", "dropspace.example", "candor.url.unallowed", "1"},
      {"2026-01-31", "destination.domain", "allowed.example", "candor.destination.external", "1"},
      {"2026-02-01", "destination.domain", "allowed.example", "candor.destination.external", "0"},
      {"2026-02-01", "destination.domain", "x.y.allowed.example", "candor.destination.external", "0"},
      {"2026-02-01", "destination.domain", "x.allowed.example", "candor.destination.unallowed", "0"},
      {"2026-05-01", "destination.domain", "x.allowed.example", "candor.destination.unallowed", "1"},
      {"2026-05-01", "destination.domain", "x.allowed.example", "candor.destination.external", "1"},
      {"2026-05-01", "destination.domain", "x.y.allowed.example", "candor.destination.unallowed", "0"},
      {"2026-02-01", "candor.recipient.domains", "allowed.example", "candor.recipient.external", "0"},
      {"2026-05-01", "candor.recipient.domains", "x.allowed.example", "candor.destination.unallowed", "1"},
      {"2026-02-01", "url.domain", "hidden.onion", "candor.url.unallowed", "1"},
      {"2026-02-01", "url.domain", "a.shop.example", "candor.url.external", "1"},
      {"2026-02-01", "url.domain", "a.shop.example", "candor.url.unallowed", ""},
      {"2026-02-01", "candor.recipient.domains", "dropspace.example", "candor.destination.unallowed", "1"},
      {"2026-03-31", "candor.recipient.domains", "partner.example", "candor.recipient.external", "0"},
      {"2026-03-31", "candor.recipient.domains", "partner.example", "candor.recipient.partner", "1"},
      {"2026-04-01", "candor.recipient.domains", "partner.example", "candor.recipient.external", "1"},
      {"2026-04-01", "candor.recipient.domains", "partner.example", "candor.recipient.partner", ""},
      {"2026-04-01", "candor.recipient.domains", "privatemail.example", "candor.recipient.free_mail", "1"},
      {"2026-04-01", "candor.site", "https://EXAMPLE.sharepoint.com/sites/plan/sub", "candor.priority", "1"},
      {"2026-04-01", "candor.site", "https://example.sharepoint.com/sites/plan/sub", "candor.site_worth", "high"},
      {"2026-04-01", "candor.site", "https://example.sharepoint.com/sites/planner", "candor.priority", "0"},
      {"2026-04-01", "candor.site", "https://example.sharepoint.com/sites/planner", "candor.site_worth", "low"},
      {"2026-04-01", "candor.site", "https://other.sharepoint.com/sites/plan", "candor.priority", ""},
      {"2026-04-01", "source.ip", "203.0.113.7", "network.name", "office"},
      {"2026-04-01", "source.ip", "203.0.113.7", "candor.place", "Berlin"},
      {"2026-04-01", "source.ip", "203.0.113.200", "network.name", "guests"},
      {"2026-04-01", "source.ip", "203.0.113.200", "candor.place", ""},
      {"2026-04-01", "source.ip", "2001:db8:1::5", "network.name", "six"},
      {"2026-04-01", "source.ip", "::ffff:203.0.113.7", "network.name", "office"},
      {"2026-04-01", "source.ip", "198.51.100.1", "candor.network.owned", "0"},
      {"2026-04-01", "source.ip", "no address", "candor.network.owned", ""},
      {"2026-04-01", "host.id", "DEV-1", "candor.device.owned", "1"},
      {"2026-04-01", "host.name", "lap-0141", "candor.device.owned", "1"},
      {"2026-04-01", "host.name", "lap-9", "candor.device.owned", "0"},
      {"2026-04-01", "candor.removable_media.serial", "aa-11", "candor.removable_media.owned", "1"},
      {"2026-04-01", "candor.removable_media.serial", "bb-22", "candor.removable_media.owned", "0"},
      {"2026-04-01", "candor.printer.name", "p-17", "candor.printer.owned", "1"},
      {"2026-04-01", "candor.printer.name", "at home", "candor.printer.owned", "0"},
      {"2026-04-01", "candor.application", "notes", "candor.application_sanctioned", "1"},
      {"2026-04-01", "candor.application", "rclone", "candor.application_sanctioned", "0"},
      {"2026-04-01", "candor.application", "vim", "candor.application_sanctioned", ""},
      {"2026-04-01", "candor.sensitive_info.types", "50842eb7-edc8-4019-85dd-5a5c1f2bb085",
       "candor.sensitive_info.types", "Credit Card Number"},
      {"2026-04-01", "candor.sensitive_info.types", "U.S. SSN", "candor.sensitive_info.types", "U.S. SSN"},
  };
  const Deriver deriver(*fields, world());
  for (const Derived& row : rows) {
    Activity activity(fields);
    activity.time = start_of(*parse_day(row.day));
    activity.set_text(fields->require("user.domain"), "example.com");
    const std::string_view value = row.value;
    const FieldId from = fields->require(row.from);
    if ((*fields)[from].type == FieldType::keywords) {
      activity.set_list(from, {&value, 1});
    } else {
      activity.set_text(from, value);
    }
    deriver.derive(activity);
    const FieldId field = fields->require(row.field);
    const bool number = (*fields)[field].type == FieldType::boolean;
    const std::string seen = !activity.has(field) ? ""
                             : number             ? std::to_string(activity.number(field))
                                                  : std::string(activity.text(field));
    EXPECT_EQ(seen, row.wanted) << row.day << ' ' << row.value << " -> " << row.field;
  }
}

TEST(Derive, LabelsByTheOrganisationsOwnOrder) {
  const auto fields = shipped_fields();
  const std::tuple<const char*, const char*, const char*, const char*> rows[] = {
      {"2026-04-01", "Secret", "id-open", "downgraded"},
      {"2026-04-01", "open", "SECRET", "upgraded"},
      {"2026-05-01", "Secret", "Open", ""},  // two labels are called so from then on
      {"2026-05-01", "Secret", "id-open", "downgraded"},
      {"2026-04-01", "Confidential", "Public", ""},  // the shipped order holds no longer
  };
  ShippedLists lists;
  lists.label_rank = {{"public", 0}, {"confidential", 2}};
  std::vector<Diagnostic> faults;
  const Deriver deriver(*fields, Organisation::build(read_organisation_text(kWorld, "", faults), std::move(lists)));
  for (const auto& [day, before, after, change] : rows) {
    Activity activity(fields);
    activity.time = start_of(*parse_day(day));
    activity.set_text(fields->require("candor.label.previous_id"), before);
    activity.set_text(fields->require("candor.label.id"), after);
    deriver.derive(activity);
    EXPECT_EQ(activity.text(fields->require("candor.label.change")), change) << day << before << " -> " << after;
  }
}

TEST(Derive, AGuestOfAPartnerIsNotOutside) {
  const auto fields = shipped_fields();
  for (const auto& [domain, external] : {std::pair{"partner.example", 0}, {"other.example", 1}, {"example.com", 1}}) {
    Activity activity(fields);
    activity.time = start_of(*parse_day("2026-03-01"));
    const std::string_view domains[] = {domain};
    activity.set_list(fields->require("candor.recipient.domains"), domains);
    activity.set_text(fields->require("candor.sharing.target_type"), "Guest");
    Deriver(*fields, world()).derive(activity);
    EXPECT_EQ(activity.number(fields->require("candor.recipient.external")), external) << domain;
  }
}

}  // namespace
}  // namespace candor
