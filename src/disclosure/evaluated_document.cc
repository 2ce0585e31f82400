#include "disclosure/evaluated_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "disclosure/indicator_titles.h"
#include "disclosure/kept_rows.h"
#include "document/template.h"

namespace candor {
namespace {

constexpr std::size_t kLargestPageText = 1 << 18;  // bytes
constexpr int kTouchesContent = 3;                 // IndicatorInfo::intrusion from which content or private life is
constexpr std::size_t kLongestOwnText = 400;       // bytes of what an organisation wrote, in one cell

// What an organisation wrote, as one cell.
std::string own(std::string_view text) {
  std::string line = plain_line(text);
  if (line.size() <= kLongestOwnText) return line;
  std::size_t end = kLongestOwnText;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end) + "…";
}

std::string with_commas(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& one : texts) out += (out.empty() ? "" : ", ") + one;
  return out;
}

std::string filled_in(const std::string& word, std::int64_t number) { return fmt::format(fmt::runtime(word), number); }

class EvaluatedPage {
 public:
  EvaluatedPage(const EvaluatedFacts& facts, Language language, const IndicatorTitles& titles)
      : facts_(facts), words_(language), titles_(titles) {}

  TemplateBlocks blocks() const {
    TemplateBlocks out;
    out["sample"] = facts_.invented ? std::vector{paragraph(words_("sample"))} : std::vector<Block>();
    out["in_short"] = {in_short()};
    out["sources"] = sources();
    out["left_out"] = left_out();
    out["indicators"] = indicators();
    out["decisions"] = decisions();
    out["policies"] = policies();
    out["roles"] = roles();
    out["leaves"] = leaves();
    out["retention"] = {retention()};
    out["contact"] = {paragraph(facts_.contact.empty() ? words_("no_contact") : own(facts_.contact))};
    return out;
  }

 private:
  std::string or_not_stated(const std::string& text) const { return text.empty() ? words_("not_stated") : own(text); }
  static bool is_on_somewhere(const EvaluatedFacts::Indicator& one) { return one.on || !one.otherwise.empty(); }

  Block in_short() const {
    const auto on = std::ranges::count_if(facts_.indicators, is_on_somewhere);
    const auto content = std::ranges::count_if(
        facts_.indicators, [](const auto& one) { return is_on_somewhere(one) && one.intrusion >= kTouchesContent; });
    const auto all = static_cast<std::ptrdiff_t>(facts_.indicators.size());
    return values({{words_("count_sources"), std::to_string(facts_.sources.size())},
                   {words_("count_on"), std::to_string(on)},
                   {words_("count_content"), std::to_string(content)},
                   {words_("count_off"), std::to_string(all - on)},
                   {words_("count_policies"), std::to_string(facts_.policies.size())},
                   {words_("analytics"), words_(facts_.analytics ? "on" : "off")}});
  }

  std::vector<Block> sources() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : facts_.sources) rows.push_back({own(one.name), format_day(one.since)});
    if (rows.empty()) return {paragraph(words_("no_source"))};
    return {table({words_("source"), words_("read_since")}, std::move(rows))};
  }

  std::vector<Block> left_out() const {
    std::vector<std::string> lines;
    for (const auto& one : facts_.left_out) {
      lines.push_back(
          own(one.name) + ": " + own(one.reason) +
          (one.countries.empty() ? "" : " (" + words_("only_countries") + " " + with_commas(one.countries) + ")"));
    }
    if (facts_.left_out_of_some > 0)
      lines.push_back(filled_in(words_("rules_for_some"), static_cast<std::int64_t>(facts_.left_out_of_some)));
    if (facts_.protected_parties > 0)
      lines.push_back(filled_in(words_("protected_parties"), static_cast<std::int64_t>(facts_.protected_parties)));
    if (lines.empty()) return {paragraph(words_("nothing_left_out"))};
    return {points(std::move(lines))};
  }

  // "Title (on in DE, FR; may be otherwise for some groups)"
  std::string in_words(const EvaluatedFacts::Indicator& one) const {
    std::string how;
    if (!one.otherwise.empty()) how = words_(one.on ? "except_in" : "only_in") + " " + with_commas(one.otherwise);
    if (one.groups_differ) how += (how.empty() ? "" : "; ") + words_("groups_differ");
    return own(titles_.of(one.name, one.title)) + (how.empty() ? "" : " (" + how + ")");
  }

  void add(std::vector<std::vector<std::string>>& rows, const char* word, std::vector<std::string> titles) const {
    if (titles.empty()) return;
    std::ranges::sort(titles);
    std::string list;
    for (const std::string& one : titles) list += (list.empty() ? "" : "; ") + one;
    rows.push_back({filled_in(words_(word), static_cast<std::int64_t>(titles.size())), std::move(list)});
  }

  std::vector<Block> indicators() const {
    std::vector<Block> out;
    for (const Category category : all_categories()) {
      std::vector<std::string> on;
      std::vector<std::string> off;
      std::vector<std::string> differs;
      for (const auto& one : facts_.indicators) {
        if (one.category != category) continue;
        const bool same = one.otherwise.empty() && !one.groups_differ;
        (!same ? differs : one.on ? on : off).push_back(in_words(one));
      }
      std::vector<std::vector<std::string>> rows;
      add(rows, "on_everywhere", on);
      add(rows, "by_country", differs);
      add(rows, "off_everywhere", off);
      if (rows.empty()) continue;
      out.push_back(heading(2, words_("category." + std::string(to_text(category)))));
      out.push_back(values(std::move(rows)));
    }
    return out;
  }

  std::vector<Block> decisions() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : facts_.decisions) {
      const std::string where = (one.country.empty() ? words_("everywhere") : one.country) +
                                (one.groups ? ", " + words_("some_groups") : std::string());
      rows.push_back({own(titles_.of(one.name, one.title)), words_(one.on ? "on" : "off"), where, format_day(one.from),
                      or_not_stated(one.agreement)});
    }
    if (rows.empty()) return {paragraph(words_("no_decision"))};
    return {table({words_("indicator"), words_("state"), words_("where"), words_("from"), words_("agreement")},
                  std::move(rows))};
  }

  std::string countries_of(const LawfulStart& start) const {
    if (start.all_countries) return words_("all_countries");
    return start.countries.empty() ? words_("not_stated") : with_commas(start.countries);
  }

  std::vector<Block> policies() const {
    std::vector<Block> out;
    for (const auto& one : facts_.policies) {
      const LawfulStart& start = one.start;
      const std::string kind = words_.or_itself("template", one.template_name);
      out.push_back(heading(2, kind == one.template_name ? words_("template.other") : kind));
      const auto meaning = [&](const char* group, const std::string& word) {
        return word.empty() ? words_("not_stated") : own(words_.or_itself(group, word));
      };
      out.push_back(
          values({{words_("state"), words_(one.paused ? "paused" : "in_force")},
                  {words_("purpose"), meaning("purpose", start.purpose)},
                  {words_("legal_basis"), meaning("basis", start.legal_basis)},
                  {words_("agreement"), or_not_stated(start.agreement)},
                  {words_("impact_assessment"), or_not_stated(start.impact_assessment)},
                  {words_("countries"), countries_of(start)},
                  {words_("since"), one.since ? format_day(*one.since) : words_("not_stated")},
                  {words_("review_by"), start.review_by ? format_day(*start.review_by) : words_("not_stated")}}));
    }
    if (out.empty()) out.push_back(paragraph(words_("no_policy")));
    return out;
  }

  std::vector<Block> roles() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : facts_.roles) {
      std::vector<std::string> may;
      for (const std::string& word : one.may) may.push_back(words_(word));
      std::string list;
      for (const std::string& word : may) list += (list.empty() ? "" : "; ") + word;
      rows.push_back({own(one.name), std::move(list)});
    }
    return {table({words_("role"), words_("may")}, std::move(rows))};
  }

  std::vector<Block> leaves() const {
    std::vector<std::string> lines;
    for (const std::string& word : facts_.leaves) lines.push_back(words_(word));
    if (lines.empty()) return {paragraph(words_("leaves.nothing"))};
    return {points(std::move(lines))};
  }

  Block retention() const {
    std::vector<std::vector<std::string>> rows = {
        {words_("kept.raw"), filled_in(words_("kept.raw_days"), facts_.kept.raw_days)},
        {words_("kept.activities"), filled_in(words_("kept.activity_days"), facts_.kept.activity_days)},
        {words_("kept.open"), words_("kept.open_until")}};
    std::ranges::move(kept_rows(facts_.kept, words_), std::back_inserter(rows));
    rows.push_back({words_("kept.audit"), words_("kept.audit_until")});
    return table({words_("what"), words_("how_long")}, std::move(rows));
  }

  const EvaluatedFacts& facts_;
  const Words words_;
  const IndicatorTitles& titles_;
};

}  // namespace

Result<TextDocument> evaluated_document(const EvaluatedFacts& facts, Language language,
                                        const std::filesystem::path& folder) {
  const std::string name = std::string(to_text(language)) + ".md";
  std::ifstream in(folder / name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string shown = "content/documents/" + folder.filename().string() + "/" + name;
  if (text.empty() || text.size() > kLargestPageText)
    return fail("documents.no_text", shown + " cannot be read, is empty or too large");
  CANDOR_TRY(const IndicatorTitles titles, IndicatorTitles::load(folder.parent_path(), language));
  return filled_document(text, shown, std::string(to_text(language)), EvaluatedPage(facts, language, titles).blocks());
}

}  // namespace candor
