#include "document/html.h"

#include <sodium.h>

#include <array>
#include <string_view>

namespace candor {
namespace {

// One text, since the content policy names its hash.
constexpr std::string_view kStyle =
    ":root{color-scheme:light dark;--back:#fff;--text:#1b1b1b;--link:#0b57a4}"
    "@media(prefers-color-scheme:dark){:root{--back:#1b1b1f;--text:#ededed;--link:#9ec5ff}}"
    "body{background:var(--back);color:var(--text);font:16px/1.55 system-ui,sans-serif;max-width:46rem;margin:0 "
    "auto;padding:1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2rem}h3{font-size:1.05rem}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem;margin:1rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid #8886}"
    "a{color:var(--link)}nav{display:flex;flex-wrap:wrap;gap:1rem}footer{margin-top:2rem;font-size:.85rem;opacity:.8}"
    "@media(max-width:34rem){thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}"
    "tr,td,tbody th{display:block;border:0;padding:.1rem 0}tr{border-bottom:1px solid #8886;padding:.4rem 0}"
    "td[data-of]::before{content:attr(data-of) \": \";opacity:.75}}"
    "@media "
    "print{:root{--back:#fff;--text:#000}nav{display:none}body{max-width:none;font-size:10pt;padding:0}h2,h3{break-"
    "after:avoid}"
    "tr{break-inside:avoid}}";

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + escaped_html(text) + "</" + std::string(name) + ">";
}

std::string table_html(const Block& block) {
  std::string out = "<table>";
  if (!block.cells.empty()) {
    out += "<thead><tr>";
    for (const std::string& name : block.cells) out += "<th scope=\"col\">" + escaped_html(name) + "</th>";
    out += "</tr></thead>";
  }
  out += "<tbody>";
  for (const auto& row : block.rows) {
    out += "<tr><th scope=\"row\">" + escaped_html(row.at(0)) + "</th>";
    for (std::size_t i = 1; i < row.size(); ++i) {
      // On a phone a row is a small list, which says what each cell is of.
      const std::string of = block.cells.empty() ? "" : " data-of=\"" + escaped_html(block.cells[i]) + "\"";
      out += "<td" + of + ">" + escaped_html(row[i]) + "</td>";
    }
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

std::string block_html(const Block& block) {
  std::string out;
  switch (block.kind) {
    case Block::Kind::heading:
      return element("h" + std::to_string(block.level + 1), block.text);  // h1 is the title
    case Block::Kind::paragraph:
      return element("p", block.text);
    case Block::Kind::points:
      for (const std::string& point : block.cells) out += element("li", point);
      return "<ul>" + out + "</ul>";
    case Block::Kind::table:
      return table_html(block);
  }
  return out;
}

}  // namespace

std::string to_html(const TextDocument& document, const std::string& foot, const std::string& links) {
  std::string out = "<!doctype html>\n<html lang=\"" + escaped_html(document.language) +
                    "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">" +
                    element("title", document.title) + "<style>" + std::string(kStyle) + "</style></head>\n<body>";
  if (!links.empty()) out += "<nav>" + links + "</nav>\n";
  out += "<main>" + element("h1", document.title) + "\n";
  for (const Block& block : document.blocks) out += block_html(block) + "\n";
  return out + "</main><footer>" + element("p", foot) + "</footer></body></html>\n";
}

std::string html_content_policy() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(kStyle.data()), kStyle.size());
  std::string base64(sodium_base64_ENCODED_LEN(digest.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(base64.data(), base64.size(), digest.data(), digest.size(), sodium_base64_VARIANT_ORIGINAL);
  base64.resize(base64.find('\0'));
  return "default-src 'none'; style-src 'sha256-" + base64 +
         "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace candor
