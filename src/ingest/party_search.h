#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/intake_rules.h"
#include "ingest/literal_search.h"
#include "ingest/record_tree.h"

namespace candor {

// Whether a record names a protected party, anywhere in it: as who acts, as recipient, in a list, in the address of a
// site, in a text. Sees addresses through plus-addressing, the forms guests and personal sites give them, JSON escapes,
// JSON kept as text and per cent signs. Thread safety: one thread at a time.
class PartySearch {
 public:
  explicit PartySearch(const std::vector<ProtectedParty>& parties);

  struct Answer {
    std::optional<std::size_t> party;  // the first of the parties that is named
    bool readable = true;              // false: the record is no JSON and might name anybody
  };
  Answer find(std::string_view record);

 private:
  enum class Form : std::uint8_t { name, plus, domain, site };
  struct Literal {
    Form form = Form::name;
    std::uint32_t party = 0;
    std::string rest;  // of `plus`: "@example.com"
  };

  void add(std::string literal, Form form, std::size_t party, std::string rest = {});
  void add_address(const std::string& address, std::size_t party);
  void look(std::string_view text, std::optional<std::size_t>& found) const;
  bool is_whole(std::string_view text, std::size_t at, std::size_t end, const Literal& literal) const;

  std::vector<Literal> literals_;
  std::vector<std::string> texts_;  // of the literals, lower case
  std::optional<LiteralSearch> search_;
  RecordTree tree_;
};

}  // namespace candor
