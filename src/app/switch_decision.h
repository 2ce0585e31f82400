#pragma once

#include <string>

#include "app/installation.h"
#include "app/io.h"
#include "app/json.h"
#include "base/result.h"
#include "disclosure/switch_json.h"
#include "ingest/switches.h"

// What commands that decide about indicators have in common.
namespace candor {

// Whom it is about, for people: "everywhere", "DE, group Sales".
std::string scope_of(const Switch& one);

// The line in the audit log of a decision that whoever runs the command takes. `installation` must outlive it.
SwitchBook::Also switch_line(Installation& installation, const Io& io);

// Takes the decision, with its line in the audit log. Errors are those of Installation::decide().
Result<Switch> decide_switch(Installation& installation, const Io& io, const Switch& decision);

}  // namespace candor
