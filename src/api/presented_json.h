#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "access/present.h"
#include "alerts/alerts.h"
#include "api/json_writer.h"
#include "base/diagnostics.h"
#include "indicators/indicator_set.h"
#include "ingest/switches.h"

// The pieces several answers share, as openapi.yaml has them.
namespace candor::api {

// `Person`.
void write_person(JsonWriter& json, const PresentedPerson& person);
// `IndicatorRef`, or null for an indicator that is not in the set (any more).
void write_indicator(JsonWriter& json, const IndicatorInfo* indicator);
const IndicatorInfo* find_indicator(const IndicatorSet& set, std::string_view name);
const IndicatorInfo* find_indicator(const IndicatorSet& set, IndicatorKey key);
// `Switch`.
void write_switch(JsonWriter& json, const Switch& one);
// `peers`, a `PeerStanding` or null, into an object that is open.
void write_peers(JsonWriter& json, const std::optional<PeerStanding>& peers);
// "usual_of": which days tell what is usual and how many they are; null when it is not said (`from` is 0).
void write_usual_of(JsonWriter& json, UsualDays days, int from);
// `diagnostics`, a list of `Diagnostic`, into an object that is open.
void write_diagnostics(JsonWriter& json, const std::vector<Diagnostic>& diagnostics);
// The properties of `AlertRow`, into an object that is open.
void write_alert_row(JsonWriter& json, const AlertRow& row, const PresentedPerson& person);
// Whom an open alert was given to; of a closed one nothing is told: it would say who dismissed what is read again.
void write_assigned(JsonWriter& json, const AlertRow& row);

}  // namespace candor::api
