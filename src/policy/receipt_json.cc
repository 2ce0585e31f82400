#include "policy/receipt_json.h"

#include <nlohmann/json.hpp>

namespace candor {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

template <typename Value>
ordered_json or_null(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json day_json(const std::optional<Day>& day) { return day ? ordered_json(format_day(*day)) : ordered_json(); }

ordered_json peers_json(const PeerStanding& peers) {
  return {{"group", to_text(peers.group)}, {"people", peers.people},         {"of_hundred", peers.of_hundred},
          {"at_most", peers.at_most},      {"from", format_day(peers.from)}, {"to", format_day(peers.to)}};
}

ordered_json part_json(const ReceiptPart& part) {
  ordered_json out = {{"id", part.id},
                      {"kind", to_text(part.kind)},
                      {"indicator", part.indicator},
                      {"day", day_json(part.day)},
                      {"age_days", part.age_days},
                      {"count", part.count},
                      {"dimension", to_text(part.dimension)},
                      {"level", part.level},
                      {"threshold", part.threshold},
                      {"usual", or_null(part.usual)},
                      {"strength", part.strength},
                      {"points", part.points}};
  if (part.usual_from > 0) out["usual_of"] = {{"days", to_text(part.usual_days)}, {"from", part.usual_from}};
  if (part.excused) out["excused"] = *part.excused;
  if (part.peers) out["peers"] = peers_json(*part.peers);
  return out;
}

ordered_json left_out_json(const LeftOut& left_out, bool keep_details) {
  ordered_json out{{"id", left_out.id},
                   {"indicator", left_out.indicator},
                   {"day", day_json(left_out.day)},
                   {"count", left_out.count},
                   {"reason", left_out.reason}};
  if (keep_details && left_out.expectation != 0) out["expectation"] = left_out.expectation;
  return out;
}

ordered_json trigger_json(const InScope& trigger, bool keep_details) {
  ordered_json out{{"trigger", trigger.trigger}};
  if (keep_details) out["detail"] = trigger.detail;
  out["at"] = format_time(trigger.at);
  out["from"] = format_day(trigger.from);
  out["to"] = format_day(trigger.to);
  return out;
}

template <typename Enum>
Enum named(const std::string& text, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (to_text(value) == text) return value;
  }
  throw std::invalid_argument(text);  // caught in assessment_from_json(), like the library's own
}

Day day_from(const json& value) {
  const auto day = parse_day(value.get<std::string>());
  if (!day) throw std::invalid_argument("day");
  return *day;
}

std::optional<Day> optional_day(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(day_from(value));
}

PeerStanding peers_from(const json& value) {
  return {.group = named(value.at("group"),
                         {PeerGroup::team, PeerGroup::title, PeerGroup::department, PeerGroup::organisation}),
          .people = value.at("people"),
          .of_hundred = value.at("of_hundred"),
          .at_most = value.at("at_most"),
          .from = day_from(value.at("from")),
          .to = day_from(value.at("to"))};
}

ReceiptPart part_from(const json& value) {
  ReceiptPart part;
  part.id = value.at("id");
  part.kind = named(value.at("kind"), {PartKind::insight, PartKind::sequence, PartKind::cumulative, PartKind::booster,
                                       PartKind::exculpatory});
  part.indicator = value.at("indicator");
  part.day = optional_day(value.at("day"));
  part.age_days = value.at("age_days");
  part.count = value.at("count");
  part.dimension =
      named(value.at("dimension"), {Dimension::all, Dimension::sensitive, Dimension::priority, Dimension::unallowed});
  part.level = value.at("level");
  part.threshold = value.at("threshold");
  if (!value.at("usual").is_null()) part.usual = value.at("usual").get<Micropoints>();
  part.strength = value.at("strength");
  part.points = value.at("points");
  if (const auto usual = value.find("usual_of"); usual != value.end()) {
    part.usual_days =
        named(usual->at("days"), {UsualDays::active, UsualDays::working, UsualDays::off, UsualDays::weekday});
    part.usual_from = usual->at("from");
  }
  if (const auto excused = value.find("excused"); excused != value.end()) part.excused = excused->get<Micropoints>();
  if (const auto peers = value.find("peers"); peers != value.end()) part.peers = peers_from(*peers);
  return part;
}

LeftOut left_out_from(const json& value) {
  LeftOut left_out;
  left_out.id = value.at("id");
  left_out.indicator = value.at("indicator");
  left_out.day = optional_day(value.at("day"));
  left_out.count = value.at("count");
  left_out.reason = value.at("reason");
  left_out.expectation = value.value("expectation", std::int64_t{0});
  return left_out;
}

InScope trigger_from(const json& value) {
  InScope trigger;
  trigger.trigger = value.at("trigger");
  trigger.detail = value.at("detail");
  const auto at = parse_time(value.at("at").get<std::string>());
  if (!at) throw std::invalid_argument("at");
  trigger.at = *at;
  trigger.from = day_from(value.at("from"));
  trigger.to = day_from(value.at("to"));
  return trigger;
}

}  // namespace

std::string to_json(const Assessment& assessment, bool keep_details) {
  ordered_json out{{"policy", assessment.policy},
                   {"policy_version", assessment.policy_version},
                   {"day", format_day(assessment.day)},
                   {"score", assessment.score},
                   {"severity", to_text(assessment.severity)},
                   {"triggers", ordered_json::array()},
                   {"parts", ordered_json::array()},
                   {"left_out", ordered_json::array()}};
  for (const InScope& trigger : assessment.triggers) out["triggers"].push_back(trigger_json(trigger, keep_details));
  for (const ReceiptPart& part : assessment.parts) out["parts"].push_back(part_json(part));
  for (const LeftOut& left_out : assessment.left_out) out["left_out"].push_back(left_out_json(left_out, keep_details));
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Assessment> assessment_from_json(std::string_view text) {
  try {
    const json value = json::parse(text);
    Assessment out;
    out.policy = value.at("policy");
    out.policy_version = value.at("policy_version");
    out.day = day_from(value.at("day"));
    out.score = value.at("score");
    out.severity = named(value.at("severity"),
                         {AlertSeverity::none, AlertSeverity::low, AlertSeverity::medium, AlertSeverity::high});
    for (const json& trigger : value.at("triggers")) out.triggers.push_back(trigger_from(trigger));
    for (const json& part : value.at("parts")) out.parts.push_back(part_from(part));
    for (const json& left_out : value.at("left_out")) out.left_out.push_back(left_out_from(left_out));
    return out;
  } catch (const std::exception&) {  // how the library reports text that is not what to_json() wrote
    return fail("policy.bad_receipt", "a stored receipt cannot be read; restore the backup");
  }
}

std::string json_text(std::string_view text) {
  return ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace candor
