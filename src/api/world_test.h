#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "access/present.h"
#include "access/provider_fixture.h"
#include "access/provider_sign_in.h"
#include "access/viewers.h"
#include "alerts/alerts.h"
#include "alerts/expectation_book.h"
#include "alerts/policies.h"
#include "api/api.h"
#include "api/contract_test.h"
#include "indicators/restriction_texts.h"
#include "ingest/switch_book.h"
#include "organisation/list_book.h"

// One small installation with everything real in it: two people who take data out and one who does not, a
// policy that raises alerts for both, viewers of every role. For tests only.
namespace candor::api {

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A viewer of that role, signed in with a password of their own; the value of the cookie.
  std::string sign_in(const std::string& user, const std::string& role);
  // Answers, and fails the test when the answer is not one of the contract.
  Response send(Request request);
  Response get(const std::string& target, const std::string& token);
  Response post(const std::string& target, const std::string& token, const std::string& body);
  Response call(Method method, const std::string& target, const std::string& token, const std::string& body = "");
  // The body of a 200 answer.
  nlohmann::json read(const std::string& target, const std::string& token);

  void append(const std::string& account, TimePoint time, const std::string& operation, const std::string& file,
              std::vector<IndicatorIndex> matches);
  // Takes an export of a directory.
  void import(const std::string& csv);
  // Reads the touched accounts anew, as the live loop does.
  void assess();
  AccountId account(const std::string& address) const;
  std::string alert_of(const std::string& address) const;
  std::vector<AuditLine> audit_lines() const;
  Handler handler() const { return handler_; }
  FixedClock& clock() { return clock_; }
  Viewers& viewers() { return *viewers_; }
  SourceTokens& tokens() { return *tokens_; }
  SourceHealth& sources() { return *sources_; }
  ProviderStandIn& identity_provider() { return stand_in_; }
  const Contract& contract() const { return contract_; }
  ApiContext context() const;
  Result<EvaluatedVersion> evaluated() const;
  Result<StoredAttestation> attest(const AttestationOrder& order, AuditEntry line) const;
  Result<Switch> decide(Switch decision, const SwitchBook::Also& also) const;
  Result<void> decide_together(std::vector<Switch> decisions, const SwitchBook::Also& also,
                               const std::function<Result<void>(Transaction&)>& rest) const;
  // That text shows neither whom the alerts are about nor whom they sent something to.
  static void expect_no_names(const std::string& text);
  // Of the activity with that record id.
  std::string activity_id(const std::string& alert, const std::string& file, const std::string& token);

  static constexpr const char* kThief = "mallory.thief@example.com";
  static constexpr const char* kQuiet = "quiet@example.com";  // no alert
  static constexpr const char* kOther = "bob.other@example.com";
  static constexpr const char* kPassword = "correct horse battery";

  // Whether somebody asked for changes of lists to be taken up.
  bool taken_up() const { return taken_up_; }
  // Whether the people are invented ones, from now on.
  void set_invented(bool invented) { invented_ = invented; }
  // Whether a mail server is named, from now on; at first one is.
  void set_mail(bool mail);
  void set_request_limits(const RequestLimits& limits);
  // The units there are from now on, as units.yml would have them, and who is in them.
  void set_units(const std::string& yaml);

 private:
  // The groups and exclusions there are, with what changes say of them.
  static RestrictionTexts restrictions_with(const ListOverlays& overlays);
  void load_content();
  void load_packs();
  void add_activities();

  bool invented_ = true;
  bool mail_ = true;
  mutable bool taken_up_ = false;
  std::shared_ptr<const NoticeTemplates> notices_;
  std::shared_ptr<const NotificationTexts> notifications_;
  std::shared_ptr<const Units> units_;
  const std::filesystem::path folder_;
  const Keys keys_ = Keys::from_master({1, 2, 3});
  FixedClock clock_;
  const Contract& contract_ = Contract::shipped();
  // The clock stands still here, so that all a test asks falls into one minute.
  RequestLimits limits_{.anybody = RequestLimits().anybody,
                        .refused = {.of_one = 1 << 20, .of_all = 1 << 20},
                        .viewer = {.of_one = 1 << 20, .of_all = 1 << 20},
                        .source = {.of_one = 1 << 20, .of_all = 1 << 20}};
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::shared_ptr<const MappingSet> mappings_;
  std::shared_ptr<const IndicatorSet> indicators_;
  std::shared_ptr<Switchboard> board_;
  std::shared_ptr<const ScoringContent> scoring_;
  std::shared_ptr<const RiskLevels> risk_levels_;
  std::shared_ptr<const PackShelf> shelf_;
  std::shared_ptr<const IntakeRules> rules_ = std::make_shared<IntakeRules>();
  std::unique_ptr<Store> store_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<AuditLog> audit_;
  std::unique_ptr<Viewers> viewers_;
  std::unique_ptr<SourceTokens> tokens_;
  ProviderStandIn stand_in_{clock_};
  std::unique_ptr<ProviderSignIn> provider_;
  std::unique_ptr<SourceHealth> sources_;
  std::unique_ptr<RunningSettings> settings_;
  std::unique_ptr<Lifting> lifting_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Facts> facts_;
  std::unique_ptr<OrganisationFacts> organisation_facts_;
  std::unique_ptr<OrganisationBook> organisation_;
  std::unique_ptr<ListBook> lists_;
  std::unique_ptr<Presenter> presenter_;
  std::unique_ptr<AlertBook> alerts_;
  std::unique_ptr<PolicyBook> policies_;
  std::unique_ptr<ExpectationBook> expectations_;
  std::unique_ptr<CaseBook> cases_;
  std::unique_ptr<RequestBook> requests_;
  Handler handler_;
};

}  // namespace candor::api
