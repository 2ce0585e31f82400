#include "api/world_test.h"

#include <stdlib.h>

#include <fstream>

#include "access/signed_statement.h"
#include "access/unit_members.h"
#include "activity/activity.h"
#include "activity/organisation_text.h"
#include "alerts/run.h"
#include "base/fold.h"
#include "disclosure/evaluated_document.h"
#include "profile/directory_import.h"
#include "profile/facts.h"
#include "store/test_store.h"

namespace candor::api {

namespace fs = std::filesystem;

namespace {

constexpr TimePoint kHour = 3600 * kMicrosPerSecond;
constexpr Day kNow = 20'600;  // 2026-05-27

constexpr const char* kUsbRule = R"(title: Copy to USB
id: 00000000-0000-4000-8000-000000000001
description: Files copied to removable media.
status: test
logsource: {product: m365}
detection:
  selection: {event.action: FileCopiedToRemovableMedia}
  condition: selection
falsepositives: [backups]
level: low
tags: [attack.exfiltration]
candor:
  name: usb_copy
  category: exfiltration
  workload: device
  intrusion: 1
  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]
  exfiltration_trigger: true
  thresholds:
    all: {low: 5, medium: 10, high: 20, reason: tests}
)";

constexpr const char* kDownloadRule = R"(title: Download from SharePoint
id: 00000000-0000-4000-8000-000000000002
description: Files downloaded.
status: test
logsource: {product: m365}
detection:
  selection: {event.action: FileDownloaded}
  condition: selection
falsepositives: [work]
level: low
tags: [attack.exfiltration]
candor:
  name: sharepoint_download
  category: collection
  workload: office
  intrusion: 1
  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]
  thresholds:
    all: {low: 5, medium: 10, high: 20, reason: tests}
)";

constexpr const char* kPolicy = R"(id: data-leaks
name: Data leaks
template: data_leaks
description: Somebody moves more data out than usual.
windows: {look_back_days: 90, activation_days: 30, evidence_days: 90}
triggers:
  - {id: exfiltration_over_threshold, title: Exfiltration over a threshold, indicators: exfiltration_triggers, level: high}
indicators:
  - {category: exfiltration, weight: 1}
  - {category: collection, weight: 0.5}
scoring: {half_life_days: 10}
)";

// Packs: of an industry, with the world's policy, and of a country.
constexpr const char* kShopPack = R"(id: shop
title: Shops
kind: industry
about: What a shop begins with.
checked_by: Counsel.
policies: [{file: data_leaks.yml, volume: fewer, reason: Shops are loud}]
agree: [{with: Staff, what: All of it, source: Art. 1}]
law: [{says: Tell people., source: Art. 2}]
texts: [{name: staff_notice, title: Notice to staff, text: "We look. <b>[Name]</b>"}]
)";
constexpr const char* kGroups = "groups: [{name: caterers, title: Caterers, domains: [food.example]}]";
constexpr const char* kExclusions =
    "exclusions: [{name: menus, reason: everybody gets them, groups: caterers, indicators: sharepoint_download, "
    "keywords: canteen menu}]";
constexpr const char* kCountryPack = R"(id: de
title: Germany
kind: country
country: DE
about: What holds there.
checked_by: Counsel there.
limits: [{file: data_leaks.yml, not_in: [DE], reason: Not there}]
switches: [{indicators: [usb_copy], state: off, reason: Until it is agreed to}]
retention: {raw_days: 5, activity_days: 60, reason: Short}
)";

fs::path make_folder() {
  std::string pattern = (fs::temp_directory_path() / "candor_api_XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

// '*' takes one part of the path.
bool fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    if (pattern.substr(0, pattern_end) != "/*" && pattern.substr(0, pattern_end) != path.substr(0, path_end))
      return false;
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  return pattern.empty() && path.empty();
}

std::string text_of(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The product's roles, two that lack nearly everything, and for each permission one that has nothing else and one that
// has everything else.
std::string roles_text() {
  std::string text = text_of(CANDOR_SOURCE_DIR "/content/roles.yml");
  std::string combined = "combined_duties: [admin";
  for (const Permission one : all_permissions()) combined += ", \"all but " + std::string(to_text(one)) + "\"";
  const std::string_view shipped = "combined_duties: [admin";
  text.replace(text.find(shipped), shipped.size(), combined);
  text += "\n  audit_only: [audit.read]\n  read_only: [alerts.read]\n";
  for (const Permission one : all_permissions()) {
    const std::string name(to_text(one));
    std::string others;
    for (const Permission other : all_permissions())
      if (other != one) others += (others.empty() ? "" : ", ") + std::string(to_text(other));
    text += "  \"only " + name + "\": [" + name + "]\n  \"all but " + name + "\": [" + others + "]\n";
  }
  return text;
}

// What the organisation says in its content file: one of each state, and somebody's markup.
std::vector<OrganisationFact> content_facts() {
  std::vector<Diagnostic> faults;
  auto facts = read_organisation_text(R"(
own_domains: [example.com, {domain: later.example, from: 2027-01-01}]
clouds: [{domain: dropspace.example, sanctioned: false, reason: "<b>no contract</b>"}]
networks: [{network: 203.0.113.0/24, place: Nowhere}]
)",
                                      "organisation.yml", faults);
  CANDOR_CHECK(faults.empty());
  return facts;
}

template <typename T>
T take(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().id << ": " << result.error().message;
  CANDOR_CHECK(result.has_value());
  return std::move(result).value();
}

}  // namespace

World::World() : folder_(make_folder()), clock_(start_of(kNow) + 12 * kHour) {
  load_content();
  store_ = take(open_test_store(folder_));
  audit_ = std::make_unique<AuditLog>(*store_, keys_, clock_);
  viewers_ = std::make_unique<Viewers>(*store_, keys_, clock_, *audit_, take(Roles::parse(roles_text(), "roles.yml")),
                                       SessionLimits{}, PasswordCost::least);
  provider_ =
      std::make_unique<ProviderSignIn>(ProviderStandIn::settings(), stand_in_.fetch(), keys_, clock_, *viewers_);
  tokens_ = std::make_unique<SourceTokens>(*store_, keys_, clock_, *audit_);
  std::ofstream(folder_ / "settings.yml")
      << "# a comment\nsilence:\n  webhook: https://hooks.example.com/secret-token\n";
  settings_ = take(RunningSettings::open(*store_, clock_, folder_ / "settings.yml", [this] { return invented_; }));
  sources_ = std::make_unique<SourceHealth>(*store_, clock_);
  lifting_ = std::make_unique<Lifting>(*store_, keys_, clock_, *audit_);
  people_ = std::make_unique<People>(*store_, keys_);
  facts_ = std::make_unique<Facts>(*store_, keys_);
  organisation_facts_ = std::make_unique<OrganisationFacts>(*store_, keys_);
  organisation_ = std::make_unique<OrganisationBook>(*organisation_facts_, content_facts(), ShippedLists{},
                                                     Organisation::unknown());
  lists_ = std::make_unique<ListBook>(ListBook::Surroundings{
      .store = *store_,
      .keys = keys_,
      .clock = clock_,
      .facts = *organisation_facts_,
      .organisation = *organisation_,
      .files = {{"groups", kGroups}, {"exclusions", kExclusions}},
      .judge =
          [this](const ListOverlays& overlays) {
            return IndicatorSet::load({folder_ / "indicators"}, catalogue_, restrictions_with(overlays)).diagnostics;
          },
      .invented = [this] { return invented_; }});
  presenter_ = std::make_unique<Presenter>(*store_, keys_, clock_, *audit_, *lifting_, *people_, *facts_);
  alerts_ = std::make_unique<AlertBook>(*store_, clock_,
                                        [this](const PersonId& person) { return presenter_->pseudonym(person); });
  policies_ = std::make_unique<PolicyBook>(*store_, clock_, [this] { return invented_; });
  expectations_ = std::make_unique<ExpectationBook>(*store_, clock_, [this] { return invented_; });
  cases_ = std::make_unique<CaseBook>(*store_, keys_, clock_, *viewers_, *alerts_);
  requests_ = std::make_unique<RequestBook>(*store_, keys_, clock_, *alerts_, [this] { return invented_; });
  timeline_ = take(open_embedded_timeline(folder_ / "timeline", keys_, catalogue_, *indicators_,
                                          [](const RawBatch&, const Replayed&) {}, {.threads = false}));
  LoadedPolicy policy = load_policy(kPolicy, "data_leaks.yml", indicators_->indicators(), *scoring_);
  CANDOR_CHECK(policy.policy.has_value());
  take(policies_->apply(std::vector{*policy.policy}, {indicators_->indicators(), *scoring_}, {"local/test", ""}));
  load_packs();
  add_activities();
  assess();
  handler_ = make_api(context());
}

void World::import(const std::string& csv) {
  DirectoryImportOptions options;
  options.most_ended_percent = 100;
  take(import_directory(*store_, keys_, clock_, {{.name = "users.csv", .text = csv}}, options));
}

World::~World() {
  handler_ = nullptr;
  timeline_.reset();
  store_.reset();
  fs::remove_all(folder_);
}

RestrictionTexts World::restrictions_with(const ListOverlays& overlays) {
  RestrictionTexts texts;
  texts.groups.push_back({.file = "detection_groups.yml", .text = kGroups});
  texts.exclusions.push_back({.file = "exclusions.yml", .text = kExclusions});
  for (const auto& [list, overlay] : overlays) {
    std::vector<RuleText>& all = list == "groups" ? texts.groups : texts.exclusions;
    all.front().without = overlay.removed;
    for (const auto& [name, text] : overlay.set) all.front().without.insert(name);
    if (overlay.set.empty()) continue;
    all.push_back({.file = overlay_file(list), .text = list_text(take(list_info(list)), overlay.set)});
  }
  return texts;
}

void World::load_content() {
  // What ships is immutable, and reading it takes longer than most tests: once for a process.
  static const auto kCatalogue = take(FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml"));
  std::vector<Diagnostic> faults;
  static const auto kMappings = take(MappingSet::load(CANDOR_SOURCE_DIR "/content/mappings", kCatalogue, faults));
  catalogue_ = kCatalogue;
  mappings_ = kMappings;
  notices_ =
      std::make_shared<const NoticeTemplates>(NoticeTemplates::load(CANDOR_SOURCE_DIR "/content/notices", faults));
  notifications_ = std::make_shared<const NotificationTexts>(
      NotificationTexts::load(CANDOR_SOURCE_DIR "/content/notifications", faults));
  scoring_ = take(ScoringContent::load(CANDOR_SOURCE_DIR "/content/scoring"));
  risk_levels_ = std::make_shared<const RiskLevels>(
      read_risk_levels(text_of(CANDOR_SOURCE_DIR "/content/risk_levels.yml"), "risk_levels.yml", faults));
  fs::create_directories(folder_ / "indicators");
  std::ofstream(folder_ / "indicators" / "usb_copy.yml") << kUsbRule;
  std::ofstream(folder_ / "indicators" / "sharepoint_download.yml") << kDownloadRule;
  const IndicatorSet::Loaded loaded = IndicatorSet::load({folder_ / "indicators"}, catalogue_, restrictions_with({}));
  for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << to_text(diagnostic);
  indicators_ = loaded.set;
  board_ = std::make_shared<Switchboard>(std::make_shared<SwitchSet>(indicators_, std::vector<Switch>()));
}

void World::load_packs() {
  const LoadedPolicy policy = load_policy(kPolicy, "data_leaks.yml", indicators_->indicators(), *scoring_);
  auto shelf = std::make_shared<PackShelf>();
  shelf->policies.emplace("data_leaks.yml", *policy.policy);
  const PackSurroundings around{.policies = {{"data_leaks.yml", "data-leaks"}},
                                .indicators = {indicators_->indicators().begin(), indicators_->indicators().end()}};
  for (const auto& [file, text] : {std::pair("packs/de.yml", kCountryPack), std::pair("packs/shop.yml", kShopPack)}) {
    LoadedPacks one = parse_pack(text, file, around);
    for (const Diagnostic& fault : one.diagnostics) ADD_FAILURE() << to_text(fault);
    std::ranges::move(one.packs, std::back_inserter(shelf->packs));
  }
  shelf_ = std::move(shelf);
}

void World::append(const std::string& account, TimePoint time, const std::string& operation, const std::string& file,
                   std::vector<IndicatorIndex> matches) {
  const std::string raw =
      R"({"Id":")" + file + R"(","Operation":")" + operation + R"(","UserId":")" + account + R"("})";
  Activity activity(catalogue_);
  activity.actor = ActorKind::person;
  activity.time = time;
  activity.record_id = activity.keep(file + std::to_string(time));
  activity.operation = operation;
  activity.account = account;
  activity.raw = raw;
  activity.set_text(catalogue_->require("event.action"), operation);
  activity.set_text(catalogue_->require("user.email"), account);
  activity.set_text(catalogue_->require("file.name"), activity.keep(file));
  activity.set_number(catalogue_->require("file.size"), 1000);
  const std::string_view recipients[] = {"rival@example.net", account};
  activity.set_list(catalogue_->require("email.to.address"), recipients);
  // Somebody named a domain and a rule after the person: such text is not ours.
  activity.set_text(catalogue_->require("user.id"), "10032001A2B3C4D5");
  for (const char* field : {"user.domain", "user.target.domain", "candor.operation", "rule.name"})
    activity.set_text(catalogue_->require(field), "watch-thief.example");
  const std::string_view texts[] = {"mallory.example", "thief"};
  for (const char* field : {"candor.dlp.policies", "candor.recipient.domains"})
    activity.set_list(catalogue_->require(field), texts);
  take(timeline_->append_one(activity, matches));
}

void World::add_activities() {
  const IndicatorIndex usb = *indicators_->find_name("usb_copy");
  const IndicatorIndex download = *indicators_->find_name("sharepoint_download");
  for (const Day day : {kNow - 40, kNow - 3, kNow - 2}) {
    for (int i = 0; i < 30; ++i) {
      const TimePoint time = start_of(day) + 10 * kHour + i * kMicrosPerSecond;
      append(kThief, time, "FileCopiedToRemovableMedia", "=cmd|' /C calc'!" + std::to_string(i) + ".xlsx", {usb});
      append(kThief, time, "FileDownloaded", "plan of Mallory.Thief " + std::to_string(i) + ".docx", {download});
    }
  }
  append(kThief, start_of(kNow - 2) + 9 * kHour, "FileAccessed", "nothing \xff special.txt", {});
  append(kQuiet, start_of(kNow - 2) + 8 * kHour, "FileCopiedToRemovableMedia", "quiet.txt", {usb});
  for (int i = 0; i < 25; ++i)
    append(kOther, start_of(kNow - 1) + 9 * kHour + i, "FileCopiedToRemovableMedia", "b" + std::to_string(i), {usb});
  for (const Day day : {kNow - 200, kNow - 1000})
    append(kOther, start_of(day), "FileDownloaded", "old.txt", {download});
  CANDOR_CHECK(timeline_->acknowledge("test", "1").has_value());
  std::vector<People::Account> accounts;
  for (const char* name : {kThief, kQuiet, kOther}) accounts.push_back({keys_.account(name), name});
  take(people_->ensure(accounts));
}

void World::assess() {
  const AssessmentInputs inputs{*store_,   *timeline_, *people_, *facts_, indicators_->indicators(),
                                *scoring_, clock_,     invented_};
  AssessOptions options;
  options.as_of = kNow;
  CANDOR_CHECK(timeline_->acknowledge("test", "2").has_value());
  take(assess_pending(inputs, options));
}

ApiContext World::context() const {
  ApiContext context{
      clock_,
      *timeline_,
      catalogue_,
      indicators_,
      *scoring_,
      *alerts_,
      *policies_,
      *expectations_,
      *cases_,
      *requests_,
      *store_,
      keys_,
      *people_,
      *organisation_,
      *facts_,
      *viewers_,
      *lifting_,
      *presenter_,
      *audit_,
      {rules_, *board_, [this](Switch decision, const auto& also) { return decide(std::move(decision), also); },
       [this]() -> std::string_view { return invented_ ? "demo" : "real"; }},
      [] { return Fill{Fill::State::running, "Reading", 3, 10, ""}; },
      "test",
      false,
      100'000,
      sources_.get(),
      tokens_.get(),
      {},
      false,
      mappings_,
      settings_.get(),
      nullptr,
      risk_levels_};
  context.provider = provider_.get();
  context.notices = {.templates = notices_,
                     .mail = mail_,
                     .contact = "privacy@example.com",
                     .viewer_domains = {"example.com", "example.org"},
                     .notifications = notifications_};
  context.units = units_;
  context.request_limits = limits_;
  context.lists = {.book = lists_.get(), .take_up = [this] { taken_up_ = true; }};
  context.packs = {.shelf = shelf_,
                   .decide = [this](std::vector<Switch> decisions, const SwitchBook::Also& also, const auto& rest) {
                     return decide_together(std::move(decisions), also, rest);
                   }};
  context.evaluated = [this] { return evaluated(); };
  context.attest = [this](const AttestationOrder& order, AuditEntry line) { return attest(order, std::move(line)); };
  return context;
}

Result<EvaluatedVersion> World::evaluated() const {
  const auto switches = board_->get();
  const auto settings = settings_->get();
  CANDOR_TRY(const EvaluatedFacts facts, evaluated_facts({.policies = *policies_,
                                                          .switches = *switches,
                                                          .sources = *sources_,
                                                          .intake = *rules_,
                                                          .roles = viewers_->roles(),
                                                          .settings = *settings,
                                                          .webhooks = true,
                                                          .invented = invented_,
                                                          .today = day_of(clock_.now())}));
  DocumentsByLanguage documents;
  for (const Language language : all_languages()) {
    CANDOR_TRY(documents[language],
               evaluated_document(facts, language, CANDOR_SOURCE_DIR "/content/documents/evaluated"));
  }
  return EvaluatedBook(*store_, *audit_, clock_).keep(documents, "test");
}

Result<StoredAttestation> World::attest(const AttestationOrder& order, AuditEntry line) const {
  line.action = "attestation.made";
  line.object_kind = kAttestation;
  CANDOR_TRY_VOID(audit_->append(line));
  CANDOR_TRY(const AuditPage lines, audit_->lines({.from = order.from, .to = order.to, .limit = 10'000}));
  CANDOR_TRY(const AuditVerification verified, audit_->verify());
  const Attestation made = candor::attest(order, *indicators_, board_->get()->switches(), {}, lines.lines, {});
  StoredAttestation out{.number = 0, .order = order, .made_at = clock_.now(), .made_by = line.viewer, .statement = {}};
  CANDOR_TRY(out.statement,
             signed_statement(*audit_, kAttestation, to_json(made, out.made_at, verified, invented_, "test")));
  return AttestationBook(*store_).keep(std::move(out));
}

void World::set_units(const std::string& yaml) {
  std::vector<Diagnostic> faults;
  units_ = std::make_shared<const Units>(read_units(yaml, "units.yml", faults));
  CANDOR_CHECK(faults.empty());
  take(UnitMembers(*store_, keys_, *facts_, *audit_).refresh(*units_, day_of(clock_.now())));
  handler_ = make_api(context());
}

void World::set_request_limits(const RequestLimits& limits) {
  limits_ = limits;
  handler_ = make_api(context());
}

void World::set_mail(bool mail) {
  mail_ = mail;
  handler_ = make_api(context());
}

Result<Switch> World::decide(Switch decision, const SwitchBook::Also& also) const {
  CANDOR_TRY(Switch decided, SwitchBook(*store_, clock_).add(std::move(decision), *indicators_, also));
  CANDOR_TRY(auto all, SwitchBook(*store_, clock_).all());
  board_->set(std::make_shared<SwitchSet>(indicators_, std::move(all)));
  return decided;
}

Result<void> World::decide_together(std::vector<Switch> decisions, const SwitchBook::Also& also,
                                    const std::function<Result<void>(Transaction&)>& rest) const {
  const SwitchBook book(*store_, clock_);
  CANDOR_TRY_VOID(store_->transact([&](Transaction& work) -> Result<void> {
    for (Switch& one : decisions) CANDOR_TRY_VOID(book.add(work, std::move(one), *indicators_, also));
    return rest(work);
  }));
  CANDOR_TRY(auto all, book.all());
  board_->set(std::make_shared<SwitchSet>(indicators_, std::move(all)));
  return {};
}

std::string World::sign_in(const std::string& user, const std::string& role) {
  const std::string one_time = take(viewers_->add("test", user, role));
  const auto first = viewers_->sign_in(user, one_time);
  CANDOR_CHECK(first.has_value());
  const auto session = viewers_->change_password(first->token, one_time, kPassword);
  CANDOR_CHECK(session.has_value());
  return session->token;
}

Response World::send(Request request) {
  Response response = handler_(request);
  const std::string path = request.target.substr(0, request.target.find('?'));
  constexpr std::string_view kPrefix = "/api/v1";
  for (const Contract::Operation& operation : contract_.operations()) {
    std::string pattern = operation.path;
    for (std::size_t open = pattern.find('{'); open != std::string::npos; open = pattern.find('{'))
      pattern.replace(open, pattern.find('}') - open + 1, "*");
    const std::string method(to_text(request.method == Method::head ? Method::get : request.method));
    if (operation.method != method ||
        !fits(pattern, std::string_view(path).substr(std::min(kPrefix.size(), path.size()))))
      continue;
    EXPECT_EQ(contract_.fault(method, operation.path, response), "") << request.target << "\n"
                                                                     << response.body.substr(0, 2000);
    return response;
  }
  EXPECT_EQ(contract_.fault("Error", response.body), "") << request.target;
  return response;
}

Response World::call(Method method, const std::string& target, const std::string& token, const std::string& body) {
  Request request;
  request.method = method;
  request.target = "/api/v1" + target;
  request.headers = {{"host", "localhost"}, {"x-candor-request", "1"}};
  if (!token.empty()) request.headers.push_back({"cookie", "other=1; candor_session=" + token});
  if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
  request.body = body;
  return send(std::move(request));
}

Response World::get(const std::string& target, const std::string& token) { return call(Method::get, target, token); }

Response World::post(const std::string& target, const std::string& token, const std::string& body) {
  return call(Method::post, target, token, body);
}

nlohmann::json World::read(const std::string& target, const std::string& token) {
  const Response response = get(target, token);
  EXPECT_EQ(response.status, 200) << target << "\n" << response.body;
  return nlohmann::json::parse(response.body);
}

AccountId World::account(const std::string& address) const { return keys_.account(address); }

std::string World::alert_of(const std::string& address) const {
  const auto person = take(people_->person_of(keys_.account(address)));
  AlertQuery query;
  const AlertPage found = take(alerts_->find(query));
  for (const AlertRow& row : found.alerts)
    if (row.person == person) return row.id;
  return "";
}

std::vector<AuditLine> World::audit_lines() const {
  AuditQuery query;
  query.limit = 1000;
  return take(audit_->lines(query)).lines;
}

void World::expect_no_names(const std::string& text) {
  const std::string lower = ascii_lowered(text);
  for (const char* name : {"mallory", "thief", "bob.other", "rival@example.net"}) {
    EXPECT_EQ(lower.find(name), std::string::npos) << name << " in " << text;
  }
}

std::string World::activity_id(const std::string& alert, const std::string& file, const std::string& token) {
  const nlohmann::json page = read("/alerts/" + alert + "/activities?scope=all&limit=500&columns=file.name", token);
  for (const nlohmann::json& activity : page.at("activities"))
    if (activity.at("values").value("file.name", "").find(file) != std::string::npos) return activity.at("id");
  return "";
}

}  // namespace candor::api
