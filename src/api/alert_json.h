#pragma once

#include <optional>

#include "access/present.h"
#include "alerts/alerts.h"
#include "api/json_writer.h"
#include "cases/case.h"
#include "cases/reread_book.h"
#include "indicators/indicator_set.h"
#include "policy/policy.h"

// `Alert` of openapi.yaml. Everything in words passes the mask, because notes and reasons may name the person.
namespace candor::api {

struct ShownAlert {
  const AlertDetail& detail;
  const PresentedPerson& person;
  const IndicatorSet& indicators;
  const Policy& policy;  // in the version the receipt names
  const Mask& mask;
  std::optional<CaseRow> its_case = {};
  std::optional<AnsweredReread> second_reading = {};  // the last one
  bool waits_for_reread = false;                      // for this viewer, and the dismissal was left out
};

void write_alert(JsonWriter& json, const ShownAlert& shown);
void write_alert_comment(JsonWriter& json, const AlertComment& comment, const Mask& mask);

}  // namespace candor::api
