#include "api/alert_json.h"

#include <string>

#include "api/presented_json.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

class AlertWriter {
 public:
  AlertWriter(JsonWriter& json, const IndicatorSet& indicators, const Policy& policy, const Mask& mask)
      : json_(json), indicators_(indicators), policy_(policy), mask_(mask) {}

  void write(const ShownAlert& shown) {
    const AlertDetail& detail = shown.detail;
    const std::optional<CaseRow>& its_case = shown.its_case;
    json_.open_object();
    write_alert_row(json_, detail.row, shown.person);
    write_assigned(json_, detail.row);
    json_.key("case");
    if (its_case) {
      json_.open_object().text("id", its_case->id).integer("number", its_case->number).close_object();
    } else {
      json_.null();
    }
    json_.time("evidence_until", detail.row.evidence_until);
    write_why(detail.assessment);
    write_receipt(detail.assessment);
    json_.key("triggers").open_array();
    for (const InScope& trigger : detail.assessment.triggers) write_trigger(trigger);
    json_.close_array().key("history").open_array();
    for (const AlertHistoryLine& line : detail.history) write_line(line);
    json_.close_array().key("comments").open_array();
    for (const AlertComment& comment : detail.comments) write_alert_comment(json_, comment, mask_);
    json_.close_array().key("decision");
    write_decision(detail.decision);
    json_.key("second_reading");
    write_second_reading(shown.second_reading);
    json_.boolean("waits_for_reread", shown.waits_for_reread).close_object();
  }

 private:
  void masked(std::string_view name, std::string_view text) { json_.text(name, mask_.text(text).text()); }
  void indicator(const std::string& name) {
    json_.key("indicator");
    write_indicator(json_, find_indicator(indicators_, name));
  }

  void write_sentence(std::string_view kind, const std::string& text, const ReceiptPart* part) {
    json_.open_object().text("kind", kind);
    masked("text", text);
    json_.text("part", part != nullptr ? std::optional(part->id) : std::nullopt);
    indicator(part != nullptr ? part->indicator : std::string());
    json_.day("day", part != nullptr ? part->day : std::nullopt);
    json_.points("points", part != nullptr ? std::optional(part->points) : std::nullopt).close_object();
  }

  void write_why(const Assessment& assessment) {
    json_.key("why").open_array();
    write_sentence("summary", in_words(assessment, policy_), nullptr);
    for (const InScope& trigger : assessment.triggers) write_sentence("trigger", in_words(trigger, policy_), nullptr);
    for (const ReceiptPart& part : assessment.parts) write_sentence(to_text(part.kind), in_words(part, policy_), &part);
    json_.close_array();
  }

  void write_receipt(const Assessment& assessment) {
    json_.key("receipt").open_object().day("day", assessment.day).text("policy_version", assessment.policy_version);
    json_.points("score", assessment.score).key("parts").open_array();
    for (const ReceiptPart& part : assessment.parts) write_part(part);
    json_.close_array().key("left_out").open_array();
    for (const LeftOut& left_out : assessment.left_out) {
      json_.open_object().text("id", left_out.id);
      indicator(left_out.indicator);
      json_.day("day", left_out.day).integer("count", left_out.count);
      masked("reason", in_words(left_out, policy_));
      json_.integer("expectation", left_out.expectation);
      json_.close_object();
    }
    json_.close_array().close_object();
  }

  void write_part(const ReceiptPart& part) {
    json_.open_object().text("id", part.id).text("kind", to_text(part.kind));
    masked("text", in_words(part, policy_));
    indicator(part.indicator);
    json_.day("day", part.day).integer("age_days", part.age_days).integer("count", part.count);
    json_.text("dimension", to_text(part.dimension)).text("level", part.level).integer("threshold", part.threshold);
    json_.points("usual", part.usual).points("excused", part.excused);
    write_usual_of(json_, part.usual_days, part.usual_from);
    write_peers(json_, part.peers);
    json_.points("strength", part.strength).points("points", part.points).close_object();
  }

  void write_trigger(const InScope& trigger) {
    json_.open_object().text("trigger", trigger.trigger);
    masked("text", in_words(trigger, policy_));
    json_.time("at", trigger.at).day("from", trigger.from).day("to", trigger.to).close_object();
  }

  void write_line(const AlertHistoryLine& line) {
    json_.open_object().time("at", line.at).text("kind", line.kind).text("viewer", line.viewer);
    masked("text", line.text);
    json_.points("score", line.score).key("severity");
    if (line.severity && *line.severity != AlertSeverity::none) {
      json_.text(to_text(*line.severity));
    } else {
      json_.null();
    }
    json_.close_object();
  }

  void write_decision(const std::optional<AlertDecision>& decision) {
    if (!decision) {
      json_.null();
      return;
    }
    json_.open_object().text("kind", decision->kind).key("reason");
    if (decision->reason) {
      json_.text(to_text(*decision->reason));
    } else {
      json_.null();
    }
    masked("note", decision->note);
    json_.text("viewer", decision->viewer).time("at", decision->at).close_object();
  }

  void write_second_reading(const std::optional<AnsweredReread>& reading) {
    if (!reading) {
      json_.null();
      return;
    }
    json_.open_object().text("answer", to_text(reading->answer)).boolean("agrees", reading->agrees());
    masked("reason", reading->reason);
    json_.text("viewer", reading->by).time("at", reading->at).key("first");
    write_decision(reading->first);
    json_.close_object();
  }

  JsonWriter& json_;
  const IndicatorSet& indicators_;
  const Policy& policy_;
  const Mask& mask_;
};

}  // namespace

void write_alert(JsonWriter& json, const ShownAlert& shown) {
  AlertWriter(json, shown.indicators, shown.policy, shown.mask).write(shown);
}

void write_alert_comment(JsonWriter& json, const AlertComment& comment, const Mask& mask) {
  json.open_object().text("id", std::to_string(comment.id)).time("at", comment.at).text("viewer", comment.viewer);
  json.text("text", mask.text(comment.text).text()).close_object();
}

}  // namespace candor::api
