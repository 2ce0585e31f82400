// A record of any bytes: looked at for protected parties and parted from fields. What is left is JSON as before, and
// taking the same out of it again finds nothing.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/field_removal.h"
#include "ingest/party_search.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static candor::PartySearch parties({{.name = "council",
                                       .reason = "x",
                                       .people = {"8d3cf1a0"},
                                       .mailboxes = {"council@example.com"},
                                       .sites = {"example.sharepoint.com/sites/council"},
                                       .domains = {"union.example"}}});
  const auto answer = parties.find(bytes);
  if (answer.party && !answer.readable) __builtin_trap();

  candor::RecordTree tree;
  if (!tree.parse(bytes)) return 0;
  static const candor::FieldRemoval kDrop{
      .paths = {*candor::FieldPath::parse("a.b"), *candor::FieldPath::parse("p[*]"), *candor::FieldPath::parse("c")},
      .removal = candor::Removal::drop};
  std::vector<bool> did;
  const auto left = candor::remove_fields(tree, {&kDrop}, did);
  if (left.has_value() != did[0]) __builtin_trap();
  candor::RecordTree again;
  if (left && !again.parse(*left)) __builtin_trap();
  if (left && candor::remove_fields(again, {&kDrop}, did)) __builtin_trap();
  return 0;
}
