#include "sources/feed.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "sources/find_byte.h"

namespace candor {
namespace {

bool take(std::string_view& text, std::string_view token) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

constexpr std::string_view kQuotedKey = "\"candor_feed\"";
static_assert(kQuotedKey.substr(1, kQuotedKey.size() - 2) == kFeedKey);

// Past the key of the mark and its colon.
bool take_key(std::string_view& record) { return take(record, "{") && take(record, kQuotedKey) && take(record, ":"); }

}  // namespace

std::string_view to_text(SourceKind kind) {
  switch (kind) {
    case SourceKind::m365_audit:
      return "m365_audit";
    case SourceKind::badge:
      return "badge";
    case SourceKind::feed:
      return "feed";
  }
  return "";
}

bool is_feed_name(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto taken = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty() || name.size() > kLongestFeedName || !letter(name.front())) return false;
  if (!std::ranges::all_of(name, taken)) return false;
  return name != "m365" && name != to_text(SourceKind::m365_audit) && name != to_text(SourceKind::badge) &&
         name != to_text(SourceKind::feed);
}

std::optional<SourceKind> kind_of_source(std::string_view name) {
  for (const SourceKind kind : {SourceKind::m365_audit, SourceKind::badge}) {
    if (name == to_text(kind)) return kind;
  }
  return is_feed_name(name) ? std::optional(SourceKind::feed) : std::nullopt;
}

bool is_marked(std::string_view record) { return take_key(record); }

std::string_view feed_of(std::string_view record) {
  if (!take_key(record) || !take(record, "\"")) return {};
  const std::string_view name = record.substr(0, std::min(record.find('"'), record.size()));
  return name.size() < record.size() && is_feed_name(name) ? name : std::string_view();
}

void mark(RawBatch& batch, std::string_view feed) {
  const std::string begin = "{\"" + std::string(kFeedKey) + "\":\"" + std::string(feed) + '"';
  std::string text;
  text.reserve(batch.text.size() + batch.records.size() * (begin.size() + 1));
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    const std::string_view record = batch.record(i);
    const std::size_t start = text.size();
    if (!record.starts_with('{') || feed_of(record) == feed) {
      text += record;
    } else {
      std::string_view rest = record.substr(1);
      text += begin;
      std::string_view next = rest;
      if (!take(next, "}")) text += ',';
      text += rest;
    }
    batch.records[i].offset = static_cast<std::uint32_t>(start);
    batch.records[i].length = static_cast<std::uint32_t>(text.size() - start);
    text += '\n';
  }
  text.append(RawBatch::kPadding, '\0');
  batch.text = std::move(text);
}

RawBatch batch_of_record(std::string record, std::string_view source) {
  // A batch holds one record a line.
  std::ranges::replace(record, '\n', ' ');
  std::ranges::replace(record, '\r', ' ');
  const auto first = record.find_first_not_of(' ');
  const std::size_t start = first == std::string::npos ? 0 : first;
  const std::size_t end = record.find_last_not_of(' ') + 1;
  RawBatch batch;
  batch.records.push_back({.offset = static_cast<std::uint32_t>(start),
                           .length = static_cast<std::uint32_t>(std::max(end, start) - start),
                           .row = 1});
  batch.text = std::move(record) + "\n";
  batch.text.append(RawBatch::kPadding, '\0');
  batch.kind = kind_of_source(source).value_or(SourceKind::m365_audit);
  if (batch.kind == SourceKind::feed) mark(batch, source);
  return batch;
}

}  // namespace candor
