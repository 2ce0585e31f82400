#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"

namespace candor {

// One SQL statement whose text was written by us: only string literals convert to it, so that SQL built from data does
// not compile. Parameters are ?1, ?2, ... (each may occur several times). Keep to SQL that SQLite 3.40 and PostgreSQL
// 15 share: BIGINT, TEXT, BYTEA; `insert ... on conflict ... do`; no rowid, no `insert or replace`, no pragma.
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}  // NOLINT(google-explicit-constructor): literals are the point
  std::string_view text() const { return text_; }

 private:
  friend class SqlBuilder;
  struct Built {};
  Sql(Built, std::string_view text) : text_(text) {}
  std::string_view text_;
};

// A statement put together from literal pieces, e.g. one of several `order by`. Must outlive the call it is used in.
class SqlBuilder {
 public:
  SqlBuilder& add(Sql piece) {
    text_ += piece.text();
    return *this;
  }
  Sql sql() const { return {Sql::Built{}, text_}; }

 private:
  std::string text_;
};

// Bytes for a BYTEA column.
struct Blob {
  std::string_view bytes;
};

// What is bound to one ?N. Views must live until the call returns.
class Parameter {
 public:
  using Value = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;

  // NOLINTBEGIN(google-explicit-constructor): a parameter list should read like the values in it
  template <std::integral T>
  Parameter(T number) : value_(static_cast<std::int64_t>(number)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const std::string& text) : value_(std::string_view(text)) {}
  Parameter(const char* text) : value_(std::string_view(text)) {}
  Parameter(Blob blob) : value_(blob) {}
  template <typename Tag>
  Parameter(const Id128<Tag>& id) : value_(Blob{id.view()}) {}
  template <typename Tag>
  Parameter(Id128<Tag>&& id) = delete;  // its bytes would be gone before the call
  Parameter(std::nullopt_t) {}
  template <typename T>
  Parameter(const std::optional<T>& value) {
    if (value) *this = Parameter(*value);
  }
  // NOLINTEND(google-explicit-constructor)

  const Value& value() const { return value_; }

 private:
  Value value_;
};

using Parameters = std::vector<Parameter>;

// One result row; owns its values. Columns count from 0. Asking for a column that is not there stops the process.
class Row {
 public:
  explicit Row(std::vector<std::optional<std::string>> values) : values_(std::move(values)) {}

  std::size_t size() const { return values_.size(); }
  bool is_null(std::size_t column) const { return !values_.at(column).has_value(); }
  // 0 when null or not a number.
  std::int64_t integer(std::size_t column) const;
  std::optional<std::int64_t> optional_integer(std::size_t column) const;
  // "" when null. Text and BYTEA alike.
  const std::string& text(std::size_t column) const;
  // All zero unless the column holds 16 bytes.
  template <typename Id>
  Id id(std::size_t column) const {
    const std::string& bytes = text(column);
    return bytes.size() == 16 ? Id::from(bytes) : Id{};
  }

 private:
  std::vector<std::optional<std::string>> values_;
};

}  // namespace candor
