#include "policy/lawful_start.h"

#include "policy/policy_text.h"

namespace candor {

// Sources: GDPR articles 5(1)(b), 6(1), 32, 88; BDSG section 26. Performance and conduct as such are no purpose here.
const std::vector<NamedMeaning>& purposes() {
  static const std::vector<NamedMeaning> all = {
      {"protect_confidential_information", "keep trade secrets and confidential information in the organisation"},
      {"protect_personal_data", "keep personal data of customers, patients and staff from those who may not have it"},
      {"security_of_systems", "keep systems, accounts and their protection from being misused or switched off"},
      {"prevent_sabotage", "keep content and services from being destroyed"},
      {"investigate_suspicion", "look into a documented suspicion against somebody"},
      {"regulatory_duty", "meet a duty that a law or a supervisor lays on the organisation"},
  };
  return all;
}

const std::vector<NamedMeaning>& legal_bases() {
  static const std::vector<NamedMeaning> all = {
      {"legitimate_interest", "GDPR article 6(1)(f), weighed and written down"},
      {"legal_obligation", "GDPR article 6(1)(c)"},
      {"works_agreement", "GDPR article 88: a collective or works agreement"},
      {"employment_contract", "GDPR article 6(1)(b), national law on employment"},
      {"public_task", "GDPR article 6(1)(e)"},
      {"other_law", "a law outside the GDPR, named in `agreement`"},
  };
  return all;
}

std::vector<std::string> LawfulStart::lacks() const {
  std::vector<std::string> out;
  if (purpose.empty()) out.emplace_back("purpose");
  if (legal_basis.empty()) out.emplace_back("legal_basis");
  if (agreement.empty()) out.emplace_back("agreement");
  if (impact_assessment.empty()) out.emplace_back("impact_assessment");
  if (owner.empty()) out.emplace_back("owner");
  if (countries.empty() && !all_countries) out.emplace_back("countries");
  if (!review_by) out.emplace_back("review_by");
  return out;
}

std::optional<Day> LawfulStart::last_day() const {
  return review_by ? std::optional(*review_by + kReviewGraceDays) : std::nullopt;
}

LawfulStart lawful_start_of(std::string_view yaml) {
  std::vector<Diagnostic> ignored;
  YamlReader reader("policy", "policy", ignored);
  const auto root = reader.document(yaml);
  return root ? read_lawful_start(*root, reader) : LawfulStart{};
}

}  // namespace candor
