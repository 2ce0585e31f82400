#include "app/privacy_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "access/permission.h"
#include "access/viewers.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/webhook_settings.h"
#include "disclosure/indicator_titles.h"
#include "disclosure/kept_rows.h"
#include "disclosure/words.h"

namespace candor {
namespace {

using Blocks = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t kLargestText = 1 << 20;
constexpr std::size_t kExamples = 8;
constexpr int kContentIntrusion = 3;  // IndicatorInfo::intrusion from which content or private life is touched

// What somebody typed, as one cell of a table or a point of a list.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '<' || c == '*' || c == '_' || c == '[' || c == '`') out += '\\';
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

class Table {
 public:
  explicit Table(const std::vector<std::string>& head) {
    row(head);
    text_ += "|";
    for (std::size_t i = 0; i < head.size(); ++i) text_ += " --- |";
    text_ += "\n";
    rows_ = 0;
  }
  void row(const std::vector<std::string>& cells) {
    text_ += "|";
    for (const std::string& one : cells) text_ += " " + one + " |";
    text_ += "\n";
    ++rows_;
  }
  std::string text(std::string_view otherwise) const {
    return rows_ == 0 ? std::string(otherwise) : text_.substr(0, text_.size() - 1);
  }

 private:
  std::string text_;
  std::size_t rows_ = 0;
};

std::string points(const std::vector<std::string>& lines, std::string_view otherwise) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "- " : "\n- ") + line;
  return text.empty() ? std::string(otherwise) : text;
}

std::string joined(const std::set<std::string>& texts, std::string_view otherwise) {
  std::string out;
  for (const std::string& one : texts) out += (out.empty() ? "" : "; ") + one;
  return out.empty() ? std::string(otherwise) : out;
}

std::string countries_of(const LawfulStart& start, const Words& words) {
  if (start.all_countries) return words("all_countries");
  std::string out;
  for (const std::string& one : start.countries) out += (out.empty() ? "" : ", ") + one;
  return out.empty() ? words("not_stated") : out;
}

std::string with(const std::string& word, std::string_view value) { return fmt::format(fmt::runtime(word), value); }
std::string with(const std::string& word, std::int64_t value) { return fmt::format(fmt::runtime(word), value); }

// How much a rule of intake leaves out, and of what.
std::string reach_of(const IntakeRule& rule, const Words& words) {
  std::string text = words(rule.whole_record          ? "reach.whole"
                           : !rule.drop.paths.empty() ? "reach.fields"
                                                      : "reach.masked");
  bool first = true;
  const auto only = [&](bool some, const char* what) {
    if (!some) return;
    text += words(first ? "reach.only" : "reach.and") + words(what);
    first = false;
  };
  only(!rule.sources.empty() || !rule.feeds.empty(), "reach.sources");
  only(!rule.operations.empty(), "reach.operations");
  only(!rule.people.empty(), "reach.accounts");
  only(!rule.groups.empty(), "reach.groups");
  only(!rule.fields.empty(), "reach.values");
  return text;
}

class PrivacyFacts {
 public:
  PrivacyFacts(Installation& installation, std::string country, Language language, IndicatorTitles titles)
      : in_(installation),
        country_(std::move(country)),
        today_(day_of(installation.clock().now())),
        words_(language),
        titles_(std::move(titles)) {}

  Result<Blocks> gather() {
    blocks_["country"] = country_;
    blocks_["made_on"] = format_day(today_);
    blocks_["version"] = kVersion;
    blocks_["people"] = in_.kind().get() == DataKind::demo ? "**" + words_("attested.sample") + "**" : "";
    CANDOR_TRY_VOID(policies());
    indicators();
    CANDOR_TRY_VOID(sources());
    intake();
    CANDOR_TRY_VOID(roles());
    ways_out();
    retention();
    switches();
    return std::move(blocks_);
  }

 private:
  std::string or_not_stated(std::string_view text) const { return text.empty() ? words_("not_stated") : cell(text); }
  std::string meaning(std::string_view group, std::string_view word) const {
    return word.empty() ? words_("not_stated") : cell(words_.or_itself(group, word));
  }

  // Those that score people of the country, in force or paused.
  Result<void> policies() {
    CANDOR_TRY(const auto standings, in_.policies().standings());
    CANDOR_TRY(const auto compiled,
               in_.policies().compile(in_.policy_content().indicators, in_.policy_content().scoring));
    Table table({words_("doc.policy"), words_("doc.state"), words_("doc.purpose"), words_("doc.legal_basis"),
                 words_("doc.agreement"), words_("doc.impact_assessment"), words_("doc.countries"),
                 words_("doc.review_by")});
    std::set<std::string> purposes_said;
    std::set<std::string> bases_said;
    std::set<std::string> owners;
    const auto add = [&](const Policy& policy, std::string state) {
      const LawfulStart& start = policy.lawful_start;
      const bool here = start.all_countries || start.countries.empty() ||
                        std::ranges::find(start.countries, country_) != start.countries.end();
      if (!here) return false;
      table.row({cell(policy.name), std::move(state), meaning("purpose", start.purpose),
                 meaning("basis", start.legal_basis), or_not_stated(start.agreement),
                 or_not_stated(start.impact_assessment), countries_of(start, words_),
                 start.review_by ? format_day(*start.review_by) : words_("not_stated")});
      return true;
    };
    for (const PolicyHistory& history : compiled.policies) {
      const auto standing = std::ranges::find(standings, history.id, &PolicyStanding::id);
      if (standing == standings.end() || standing->state == PolicyState::retired) continue;
      const Policy& policy = *history.versions.back().policy;
      if (!add(policy, words_("doc.state." + std::string(to_text(standing->state))))) continue;
      const LawfulStart& start = policy.lawful_start;
      if (!start.purpose.empty()) purposes_said.insert(meaning("purpose", start.purpose));
      if (!start.legal_basis.empty()) bases_said.insert(meaning("basis", start.legal_basis));
      if (!start.owner.empty()) owners.insert(cell(start.owner));
    }
    // What is asked for and not agreed to is to be known, too, as what it is.
    for (const auto& one : compiled.proposed) static_cast<void>(add(*one, words_("doc.state.asked")));
    blocks_["policies"] = table.text(with(words_("doc.no_policy"), country_));
    blocks_["purposes"] = joined(purposes_said, words_("doc.no_purpose"));
    blocks_["legal_bases"] = joined(bases_said, words_("doc.no_basis"));
    blocks_["owners"] = joined(owners, words_("doc.no_owner"));
    return {};
  }

  // For people of the country who are in no group.
  void indicators() {
    const auto set = in_.switches().get();
    const AccountPlace place{.country = country_, .groups = std::set<std::string, std::less<>>()};
    Table on({words_("indicator"), words_("doc.meaning"), words_("doc.category"), words_("doc.intrusion")});
    Table intrusive({words_("indicator"), words_("doc.touches"), words_("doc.forbids")});
    std::vector<std::string> off;
    std::vector<std::string> examples;
    std::size_t count = 0;
    for (const IndicatorInfo& info : set->indicators().indicators()) {
      if (!is_switched_on(set->switches(), info.name, info.intrusion, place, today_)) {
        off.push_back(cell(titles_.of(info.name, info.title)));
        continue;
      }
      ++count;
      on.row({cell(titles_.of(info.name, info.title)), cell(info.description),
              words_("category." + std::string(to_text(info.category))), std::to_string(info.intrusion)});
      if (info.intrusion >= kContentIntrusion) {
        intrusive.row({cell(titles_.of(info.name, info.title)),
                       words_(info.intrusion == kContentIntrusion ? "doc.content" : "doc.private_life"),
                       or_not_stated(info.legal)});
      }
      if (examples.size() < kExamples && info.category == Category::exfiltration && info.variant_of.empty()) {
        examples.push_back(cell(titles_.of(info.name, info.title)));
      }
    }
    blocks_["indicators_on"] = on.text(words_("doc.none"));
    blocks_["indicators_on_count"] = std::to_string(count);
    blocks_["indicators_off"] = points(off, words_("doc.none_off"));
    blocks_["indicators_off_count"] = std::to_string(off.size());
    blocks_["intrusive"] = intrusive.text(words_("doc.none_intrusive"));
    blocks_["indicator_examples"] = points(examples, words_("doc.none"));
  }

  Result<void> sources() {
    CANDOR_TRY(const auto states, in_.sources().all());
    Table table({words_("source"), words_("doc.first_record"), words_("doc.last_record")});
    for (const SourceState& one : states) {
      table.row({cell(one.source), format_day(day_of(one.first_received)), format_day(day_of(one.last_received))});
    }
    blocks_["sources"] = table.text(words_("no_source"));
    return {};
  }

  void intake() {
    std::vector<std::string> lines;
    for (const IntakeRule& rule : in_.content().intake->rules) {
      const bool here = rule.countries.empty() || rule.countries.contains(country_);
      if (here) lines.push_back(cell(rule.name) + ": " + cell(rule.reason) + " (" + reach_of(rule, words_) + ")");
    }
    // A protected party is a secret: what is told is that there are some.
    if (const std::size_t parties = in_.content().intake->parties.size(); parties > 0) {
      lines.push_back(with(words_("doc.parties"), static_cast<std::int64_t>(parties)));
    }
    blocks_["intake"] = points(lines, words_("doc.nothing_left_out"));
  }

  Result<void> roles() {
    CANDOR_TRY(const Roles roles, Roles::load(in_.content().folder / "roles.yml"));
    const AuditLog audit(in_.store(), in_.keys(), in_.clock());
    const Viewers viewers(in_.store(), in_.keys(), in_.clock(), audit, roles);
    CANDOR_TRY(const auto known, viewers.list());
    Table table({words_("role"), words_("doc.viewers"), words_("may")});
    std::string with_factor;
    for (const std::string& role : roles.names()) {
      const auto holders = std::ranges::count(known, role, &ViewerInfo::role);
      std::string may;
      for (const Permission one : all_permissions()) {
        if (allows(roles.permissions(role), one)) may += (may.empty() ? "" : ", ") + std::string(to_text(one));
      }
      table.row({cell(role), std::to_string(holders), may});
      if (roles.second_factor_required(role)) with_factor += (with_factor.empty() ? "" : ", ") + cell(role);
    }
    blocks_["roles"] = table.text(words_("doc.nobody"));
    blocks_["second_factor"] = with_factor.empty() ? words_("doc.no_factor") : with(words_("doc.factor"), with_factor);
    return {};
  }

  // What leaves the installation by itself, and where its audit log is held against.
  void ways_out() {
    const auto settings = in_.running_settings().get();
    std::vector<std::string> out;
    if (!settings->silence.webhook.empty()) {
      out.push_back(words_("doc.out.silence"));
    }
    if (!settings->mail.server.empty()) {
      out.push_back(words_("doc.out.mail"));
    }
    std::vector<Diagnostic> faults;  // `content check` tells them
    for (const WebhookSettings& one : load_webhooks(in_.content().folder / "settings.yml", faults)) {
      std::string events;
      for (const std::string& event : one.events) events += (events.empty() ? "" : ", ") + event;
      out.push_back(fmt::format(fmt::runtime(words_("doc.out.webhook")), cell(one.name), cell(events)));
    }
    if (!settings->oidc.issuer.empty()) {
      out.push_back(with(words_("doc.out.provider"), cell(settings->oidc.name)));
    }
    blocks_["recipients"] = out.empty() ? words_("leaves.nothing") : words_("doc.out") + "\n\n" + points(out, "");
    std::vector<std::string> anchors;
    if (!settings->audit.anchor_folder.empty()) anchors.emplace_back(words_("doc.anchor_folder"));
    if (!settings->audit.anchor_webhook.empty()) anchors.emplace_back(words_("doc.anchor_address"));
    blocks_["anchors"] = joined({anchors.begin(), anchors.end()}, words_("doc.no_anchor"));
  }

  void retention() {
    const auto settings = in_.running_settings().get();
    const Settings::Retention& kept = settings->retention;
    Table table({words_("what"), words_("how_long")});
    table.row({words_("doc.kept.raw"), with(words_("kept.raw_days"), kept.raw_days)});
    table.row({words_("kept.activities"), with(words_("doc.kept.activity_days"), kept.activity_days)});
    table.row({words_("doc.kept.facts"), words_("doc.kept.facts_until")});
    table.row({words_("kept.open"), words_("doc.kept.open_until")});
    for (const auto& row : kept_rows(kept, words_)) table.row(row);
    table.row({words_("doc.kept.audit"), words_("kept.audit_until")});
    blocks_["retention"] = table.text("");
  }

  void switches() {
    Table table(
        {words_("indicator"), words_("doc.state"), words_("doc.whom"), words_("from"), words_("doc.agreement")});
    const auto set = in_.switches().get();
    for (const Switch& one : set->switches()) {
      if (!one.country.empty() && one.country != country_) continue;
      const std::string whom = (one.country.empty() ? words_("everywhere") : one.country) +
                               (one.group.empty() ? "" : ", " + words_("doc.group") + " " + cell(one.group));
      table.row({cell(one.indicator), words_(one.on ? "on" : "off"), whom, format_day(one.from),
                 or_not_stated(one.agreement)});
    }
    blocks_["switches"] = table.text(words_("doc.no_switches"));
  }

  Installation& in_;
  const std::string country_;
  const Day today_;
  const Words words_;
  const IndicatorTitles titles_;
  Blocks blocks_;
};

Result<std::string> filled(const std::string& text, const std::string& file, const Blocks& blocks) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t open = text.find("{{"); open != std::string::npos; open = text.find("{{", from)) {
    const std::size_t close = text.find("}}", open);
    const std::string name = close == std::string::npos ? "" : text.substr(open + 2, close - open - 2);
    const auto block = blocks.find(name);
    if (block == blocks.end()) {
      std::string known;
      for (const auto& [one, unused] : blocks) known += (known.empty() ? "" : ", ") + one;
      const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(open), '\n');
      return fail("documents.bad_text",
                  fmt::format("content/documents/{}:{}: there is no placeholder `{}`; there are: {}", file, line,
                              name.substr(0, 100), known));
    }
    out += text.substr(from, open - from) + block->second;
    from = close + 2;
  }
  return out + text.substr(from);
}

}  // namespace

Result<std::vector<PrivacyDocument>> privacy_documents(Installation& installation, const std::string& country,
                                                       Language language) {
  CANDOR_TRY(auto titles, IndicatorTitles::load(installation.content().folder / "documents", language));
  CANDOR_TRY(const Blocks blocks, PrivacyFacts(installation, country, language, std::move(titles)).gather());
  // English in the folder itself, other languages in one of their own.
  const std::string part = language == Language::en ? "" : std::string(to_text(language)) + "/";
  std::vector<std::filesystem::path> files;
  std::error_code error;
  const auto folder = installation.content().folder / "documents" / part;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  if (files.empty())
    return fail("app.cannot_read", "the folder documents/" + part + " of the content holds no texts (*.md)");
  std::ranges::sort(files);
  std::vector<PrivacyDocument> documents;
  for (const auto& file : files) {
    const std::string name = part + file.filename().string();
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in || text.size() > kLargestText)
      return fail("app.cannot_read", "content/documents/" + name + " cannot be read, or is too large");
    CANDOR_TRY(std::string made, filled(text, name, blocks));
    documents.push_back({.file = file.filename().string(), .text = std::move(made)});
  }
  return documents;
}

}  // namespace candor
