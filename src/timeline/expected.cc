#include "timeline/expected.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "activity/domain_pattern.h"
#include "activity/organisation_fact.h"
#include "base/fold.h"
#include "timeline/row.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"anything", "domain", "site", "medium"};
constexpr std::size_t kLongestSite = 512;  // bytes; a longer address is no site of a list either

std::string form_of_site(std::string_view url) {
  std::array<char, kLongestSite> buffer;
  return std::string(site_form(fold(url), buffer));
}

bool is_meant(Towards towards, std::string_view text, const std::vector<std::string>& destinations) {
  const auto is_one = [&](std::string_view form) {
    return std::ranges::find(destinations, form) != destinations.end();
  };
  const std::string form = towards == Towards::site ? form_of_site(text) : fold(text);
  if (towards == Towards::domain) {
    return any_at_or_above(form, [&](std::string_view base, std::size_t) { return is_one(base); });
  }
  if (towards != Towards::site) return is_one(form);
  for (std::string_view site = form; !site.empty();) {
    if (is_one(site)) return true;
    const auto slash = site.rfind('/');
    site = slash == std::string_view::npos ? std::string_view() : site.substr(0, slash);
  }
  return false;
}

}  // namespace

std::string_view to_text(Towards towards) { return kWords[static_cast<std::size_t>(towards)]; }

std::optional<Towards> towards_named(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<Towards>(found - kWords.begin());
}

std::optional<std::string> destination_form(Towards towards, std::string_view written) {
  constexpr std::size_t kLongest = 512;
  const auto first = written.find_first_not_of(" \t\r\n");
  if (towards == Towards::anything || first == std::string_view::npos || written.size() > kLongest) return std::nullopt;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  written = written.substr(first, written.find_last_not_of(" \t\r\n") - first + 1);
  if (std::ranges::any_of(written, is_control)) return std::nullopt;
  std::string form = towards == Towards::site ? form_of_site(written) : fold(written);
  const bool good = towards == Towards::domain ? is_domain(form) : towards != Towards::site || form.contains('.');
  return good ? std::optional(std::move(form)) : std::nullopt;
}

DestinationFields::DestinationFields(const FieldCatalogue& catalogue) {
  const auto find = [&](std::vector<FieldId>& into, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      if (const auto field = catalogue.find(name)) into.push_back(*field);
    }
  };
  find(domains_, {"destination.domain", "candor.recipient.domains", "url.domain"});
  find(sites_, {"candor.site"});
  find(media_, {"candor.removable_media.serial"});
}

bool DestinationFields::went_there(const ActivityRow& row, const Expected& expected) const {
  if (expected.towards == Towards::anything) return true;
  const auto& fields = expected.towards == Towards::domain ? domains_
                       : expected.towards == Towards::site ? sites_
                                                           : media_;
  for (const FieldId field : fields) {
    const auto cell = std::ranges::find(row.cells, field, &Cell::field);
    if (cell == row.cells.end()) continue;
    const auto meant = [&](std::string_view text) { return is_meant(expected.towards, text, expected.destinations); };
    if (!cell->list().empty()) return std::ranges::all_of(cell->list(), meant);
    if (!cell->text().empty()) return meant(cell->text());
  }
  return false;
}

std::vector<IndicatorKey> DestinationFields::counting(const ActivityRow& row,
                                                      std::span<const Expected> expected) const {
  std::vector<IndicatorKey> counting(row.matches.begin(), row.matches.end());
  const Day day = day_of(row.time);
  for (const Expected& one : expected) {
    if (counting.empty()) break;
    if (day < one.from || day > one.to || !went_there(row, one)) continue;
    if (one.indicators.empty()) {
      counting.clear();
    } else {
      std::erase_if(counting, [&](IndicatorKey key) { return std::ranges::binary_search(one.indicators, key); });
    }
  }
  return counting;
}

}  // namespace candor
