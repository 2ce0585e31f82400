#pragma once

#include "access/present.h"
#include "api/json_writer.h"
#include "cases/case.h"

// The pieces of openapi.yaml's answers about cases. Everything in words passes the mask: it may name the person.
namespace candor::api {

// The properties of `CaseRow`, into an object that is open.
void write_case_row(JsonWriter& json, const CaseRow& row, const PresentedPerson& person, const Mask& mask);
// `Case`.
void write_case(JsonWriter& json, const CaseDetail& detail, const CaseActor& actor, const PresentedPerson& person,
                const Mask& mask);
// `CaseLink`. `mask`: of whom the case that is read is about.
void write_case_link(JsonWriter& json, const CaseLink& link, const PresentedPerson& other, const Mask& mask,
                     const Mask& others_mask);
// `CaseNote`, `CaseTask`, `CaseEvidence`, `CaseNotice`, `CaseHistoryLine`.
void write_case_note(JsonWriter& json, const CaseNote& note, const Mask& mask);
void write_case_task(JsonWriter& json, const CaseTask& task, const Mask& mask);
void write_case_evidence(JsonWriter& json, const CaseEvidence& evidence, const Mask& mask);
void write_case_notice(JsonWriter& json, const CaseNotice& notice, const Mask& mask);
void write_case_line(JsonWriter& json, const CaseHistoryLine& line, const Mask& mask);

}  // namespace candor::api
