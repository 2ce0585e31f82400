#include "indicators/catalogue_scope.h"

namespace candor {

sigma::ValueType CatalogueScope::type(sigma::FieldIndex field) const {
  switch (catalogue_[field].type) {
    case FieldType::integer:
      return sigma::ValueType::integer;
    case FieldType::boolean:
      return sigma::ValueType::truth;
    case FieldType::ip:
      return sigma::ValueType::address;
    case FieldType::keyword:
    case FieldType::keywords:
      break;
  }
  return sigma::ValueType::text;
}

std::string CatalogueScope::normalised(sigma::FieldIndex field, std::string text) const {
  return catalogue_[field].name == "event.action" ? operation_as_matched(text) : text;
}

std::string operation_as_matched(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    // U+2010 to U+2015 are dashes, U+2212 is the minus sign, U+00A0 the no-break space.
    const bool dash = rest.size() >= 3 && rest.starts_with("\xE2\x80") && rest[2] >= '\x90' && rest[2] <= '\x95';
    if (dash || rest.starts_with("\xE2\x88\x92")) {
      result += '-';
      i += 2;
    } else if (rest.starts_with("\xC2\xA0")) {
      result += ' ';
      i += 1;
    } else {
      result += text[i];
    }
  }
  const std::size_t last = result.find_last_not_of(" \t\r\n.");
  if (last == std::string::npos) return "";
  result.resize(last + 1);
  return result.substr(result.find_first_not_of(" \t\r\n"));
}

}  // namespace candor
