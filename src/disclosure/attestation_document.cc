#include <algorithm>
#include <nlohmann/json.hpp>

#include "access/signed_statement.h"
#include "disclosure/attestation_book.h"
#include "disclosure/sha256.h"
#include "document/pdf.h"

// The signed file in the words of people.
namespace candor {
namespace {

using nlohmann::ordered_json;

std::string text_at(const ordered_json& value, const char* name) {
  return plain_line(value.at(name).get<std::string>());
}
std::string number_at(const ordered_json& value, const char* name) {
  return std::to_string(value.at(name).get<std::int64_t>());
}

class AttestationPage {
 public:
  AttestationPage(const ordered_json& file, std::string hash, Language language)
      : file_(file), value_(file.at("statement")), hash_(std::move(hash)), words_(language) {}

  TextDocument document() const {
    TextDocument out{
        .title = words_("attested.title"), .language = std::string(to_text(words_.language())), .blocks = {}};
    if (text_at(value_, "people") == "invented") out.blocks.push_back(paragraph(words_("attested.sample")));
    out.blocks.push_back(head());
    out.blocks.push_back(paragraph(
        words_(value_.at("off_means_off").get<bool>() ? "attested.off_means_off" : "attested.off_was_evaluated")));
    out.blocks.push_back(heading(1, words_("attested.indicators")));
    out.blocks.push_back(indicators());
    add_decisions(out.blocks);
    out.blocks.push_back(heading(1, words_("attested.installation")));
    out.blocks.push_back(installation());
    out.blocks.push_back(heading(1, words_("attested.looks")));
    out.blocks.push_back(looks());
    out.blocks.push_back(heading(1, words_("proof.title")));
    out.blocks.push_back(proof());
    out.blocks.push_back(paragraph(words_("attested.how")));
    return out;
  }

 private:
  Block head() const {
    return values({{words_("attested.country"), text_at(value_, "country")},
                   {words_("attested.days"), text_at(value_, "from") + " – " + text_at(value_, "to")},
                   {words_("attested.made_at"), text_at(value_, "made_at")},
                   {"Candor", text_at(value_, "candor")}});
  }

  // "on", "off", or the spans with their days.
  std::string state_of(const ordered_json& one) const {
    const auto& spans = one.at("days");
    std::string out;
    for (const auto& span : spans) {
      const std::string word = words_(span.at("on").get<bool>() ? "on" : "off");
      if (spans.size() == 1) return word;
      out += (out.empty() ? "" : "; ") + word + " " + text_at(span, "from") + " – " + text_at(span, "to");
    }
    return out;
  }

  Block indicators() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : value_.at("indicators")) {
      std::string though_off;
      for (const auto& day : one.at("evaluated_though_off"))
        though_off += (though_off.empty() ? "" : ", ") + plain_line(day.get<std::string>());
      rows.push_back({text_at(one, "title"), state_of(one), number_at(one, "offered"), number_at(one, "evaluated"),
                      number_at(one, "matched"), though_off.empty() ? "–" : though_off});
    }
    return table({words_("indicator"), words_("state"), words_("attested.offered"), words_("attested.evaluated"),
                  words_("attested.matched"), words_("attested.though_off")},
                 std::move(rows));
  }

  void add_decisions(std::vector<Block>& blocks) const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : value_.at("indicators")) {
      for (const auto& decision : one.at("decisions")) {
        const std::string country = text_at(decision, "country");
        const std::string group = text_at(decision, "group");
        rows.push_back({text_at(one, "title"), words_(decision.at("on").get<bool>() ? "on" : "off"),
                        (country.empty() ? words_("everywhere") : country) + (group.empty() ? "" : ", " + group),
                        text_at(decision, "from"), text_at(decision, "set_by"), text_at(decision, "agreement")});
      }
    }
    if (rows.empty()) return;
    blocks.push_back(heading(1, words_("attested.decisions")));
    blocks.push_back(table({words_("indicator"), words_("state"), words_("where"), words_("from"),
                            words_("attested.set_by"), words_("agreement")},
                           std::move(rows)));
  }

  Block installation() const {
    const auto& whole = value_.at("whole_installation");
    const auto& removed = whole.at("retention");
    const auto& audit = value_.at("audit_log");
    std::vector<std::vector<std::string>> rows = {
        {words_("attested.viewers"), number_at(whole, "viewers")},
        {words_("attested.removed_activities"), number_at(removed, "activities_removed")},
        {words_("attested.removed_raw"), number_at(removed, "raw_records_removed")},
        {words_("attested.removed_accounts"), number_at(removed, "accounts_removed")}};
    // One that an older Candor made tells of no kinds.
    if (removed.contains("removed_by_kind")) {
      for (const auto& [kind, count] : removed.at("removed_by_kind").items())
        rows.push_back(
            {words_.or_itself("attested.removed", plain_line(kind)), std::to_string(count.get<std::int64_t>())});
    }
    rows.push_back({words_("attested.audit_lines"), number_at(audit, "lines")});
    rows.push_back({words_("attested.audit_whole"), words_(audit.at("whole").get<bool>() ? "yes" : "no")});
    rows.push_back({words_("attested.audit_hash"), text_at(audit, "last_hash")});
    return values(std::move(rows));
  }

  Block looks() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [action, count] : value_.at("whole_installation").at("audit_lines_by_action").items())
      rows.push_back({plain_line(action), std::to_string(count.get<std::int64_t>())});
    return table({words_("attested.action"), words_("attested.times")}, std::move(rows));
  }

  Block proof() const {
    return values({{words_("attested.hash"), hash_}, {words_("proof.key"), text_at(file_, "public_key")}});
  }

  const ordered_json& file_;
  const ordered_json& value_;
  const std::string hash_;
  const Words words_;
};

}  // namespace

Result<std::string> attestation_pdf(const std::string& signed_file, Language language) {
  const Words words(language);
  try {
    const ordered_json file = ordered_json::parse(signed_file);
    const std::string hash = hex_sha256(signed_file);
    const auto& value = file.at("statement");
    const auto made_at = parse_time(value.at("made_at").get<std::string>());
    return to_pdf(AttestationPage(file, hash, language).document(),
                  {.foot = words("attested.title") + " · " + text_at(value, "country") + " · " +
                           text_at(value, "from") + " – " + text_at(value, "to") + " · SHA-256 " + hash,
                   .page = words("page"),
                   .of = words("page_of"),
                   .made_at = made_at.value_or(0)});
  } catch (const ordered_json::exception&) {
    return fail("access.bad_statement", "this attestation is of another version of Candor");
  }
}

}  // namespace candor
