#pragma once

#include <string>
#include <string_view>

#include "simulator/act.h"
#include "simulator/documents.h"
#include "simulator/json_line.h"
#include "simulator/organisation.h"

// From an act to the record of the audit log: one JSON object a line, with the names and order of fields the Management
// Activity API uses.
namespace candor {

// Appends the record and a line end. `corrected`: the same id with other content, as a later delivery may have it.
void render(const Workforce& organisation, const Act& act, bool corrected, std::string& out);

// The record's Id.
std::string record_id(const Act& act);

// The operation as the record writes it.
std::string_view operation_of(const Act& act);

// --- for the writers of single workloads -----------------------------------------------------------------------------

// What the members every record has are filled with.
struct Head {
  std::string_view workload;
  std::string_view result;  // ResultStatus; empty: absent
  std::string_view user_id;
  std::string user_key;
  int user_type = 0;
  std::string_view client_ip;  // empty: absent
  std::string_view object_id;  // empty: absent
};

// One record being written.
struct RecordInProgress {
  const Workforce& organisation;
  const Act& act;
  Random random;  // keyed by the act
  bool corrected;
  JsonLine json;

  const Person& person() const { return organisation.people[act.actor]; }
  bool by_guest() const { return act.actor_kind == Actor::guest; }
  void head(const Head& head);
};

void write_site_record(RecordInProgress& record);
void write_sharing_record(RecordInProgress& record);
void write_mail_record(RecordInProgress& record);
void write_mail_command(RecordInProgress& record);
void write_chat_record(RecordInProgress& record);
void write_directory_record(RecordInProgress& record);
void write_dlp_record(RecordInProgress& record);
void write_device_record(RecordInProgress& record);
void write_label_record(RecordInProgress& record);
void write_service_record(RecordInProgress& record);

// "2026-01-05T09:13:33": no zone, it is UTC.
void append_instant(std::string& out, TimePoint time);
// The address a person's traffic comes from at that time: office, home (IPv6 for some) or on the way.
std::string client_address(const Act& act, const Person& person);
std::string_view browser(const Person& person);
// What mail and the data loss prevention that looked at it call one message.
std::string message_id(std::uint64_t thread);
std::string mail_subject(std::uint64_t thread);
// "user@partner.example", the same for the same target.
std::string target_address(const Workforce& organisation, const Act& act);

}  // namespace candor
