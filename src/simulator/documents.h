#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "simulator/act.h"
#include "simulator/organisation.h"

namespace candor {

// Sensitivity labels in their order; the ids are the same in every simulated organisation.
struct Label {
  std::string_view name;
  std::string_view id;
};
inline constexpr std::array<Label, 5> kLabels = {{
    {"", ""},
    {"Public", "11111111-aaaa-4aaa-8aaa-000000000001"},
    {"General", "11111111-aaaa-4aaa-8aaa-000000000002"},
    {"Confidential", "11111111-aaaa-4aaa-8aaa-000000000003"},
    {"Highly Confidential", "11111111-aaaa-4aaa-8aaa-000000000004"},
}};

// Sensitive information types, with ids of ours.
struct SensitiveType {
  std::string_view name;
  std::string_view id;
};
inline constexpr std::array<SensitiveType, 4> kSensitiveTypes = {{
    {"Credit Card Number", "22222222-bbbb-4bbb-8bbb-000000000001"},
    {"Bank Account Number", "22222222-bbbb-4bbb-8bbb-000000000002"},
    {"Personal Identification Number", "22222222-bbbb-4bbb-8bbb-000000000003"},
    {"Customer Reference", "22222222-bbbb-4bbb-8bbb-000000000004"},
}};

// A file as everybody sees it: the same (site, file) has the same name, size and label wherever it turns up, so that a
// download and the copy that follows can be recognised as one file.
struct Document {
  std::string name;  // with extension
  std::string_view extension;
  std::string folder;  // below the site, without slashes at the ends
  std::int64_t size = 0;
  std::uint8_t label = 0;      // index into kLabels
  std::uint8_t sensitive = 0;  // 0: none, else 1 + index into kSensitiveTypes
};
Document document(const Workforce& organisation, std::uint32_t site, std::uint32_t file);
std::uint8_t document_label(const Workforce& organisation, std::uint32_t site, std::uint32_t file);
std::uint32_t file_count(const Workforce& organisation, std::uint32_t site);
// With a trailing slash.
std::string site_url(const Workforce& organisation, std::uint32_t site);

// The removable media of a person: key % 3 is the usual one, others are used in one scenario only.
struct RemovableMedium {
  std::string_view manufacturer;
  std::string_view model;
  std::string serial;
};
RemovableMedium removable_medium(const Person& person, std::uint64_t medium);

// What the act's file is called: its own name, or what somebody made of it to hide it.
struct FileName {
  std::string name;
  std::string extension;
};
FileName file_name(const Act& act, const Document& document);
FileName disguised(Disguise disguise, const Act& act, const Document& document);

}  // namespace candor
