#include "api/public_evaluated.h"

#include "base/fold.h"
#include "document/html.h"

namespace candor::api {

namespace {


Result<std::string> page_of(const EvaluatedVersion& version, Language language, const std::string& public_key) {
  CANDOR_TRY(TextDocument document, document_of(version, language));
  const Words words(language);
  const Language other = language == Language::en ? Language::de : Language::en;
  const std::string links = "<a href=\"/evaluated?language=" + std::string(to_text(other)) + "\" lang=\"" +
                            std::string(to_text(other)) + "\">" + words("other_language") +
                            "</a><a href=\"/evaluated.pdf?language=" + std::string(to_text(language)) + "\">" +
                            words("as_pdf") + "</a>";
  return to_html(with_proof(std::move(document), version, public_key), foot_of(version, language), links);
}

}  // namespace

Result<Response> PublicEvaluated::answer(const EvaluatedBook& book, const std::string& public_key, Form form,
                                         Language language, const Request& request) {
  const std::lock_guard lock(mutex_);
  CANDOR_TRY(const auto head, book.newest_head());
  if (!head) return fail("api.not_found", "there is nothing here");
  if (head->number != number_) made_.clear();
  auto found = made_.find({form, language});
  if (found == made_.end()) {
    CANDOR_TRY(const EvaluatedVersion version, book.version(head->number));
    CANDOR_TRY(std::string bytes, form == Form::pdf ? evaluated_pdf(version, language, public_key)
                                                    : page_of(version, language, public_key));
    std::string etag = "\"" + std::to_string(version.number) + "-" + version.hash.substr(0, 16) + "-" +
                       std::string(to_text(language)) + (form == Form::pdf ? "-pdf\"" : "\"");
    number_ = head->number;
    found = made_.emplace(Key{form, language}, Made{std::move(bytes), std::move(etag)}).first;
  }
  Response response{.status = 200, .headers = {}, .body = {}};
  response.set("ETag", found->second.etag);
  response.set("Cache-Control", "public, max-age=300");
  response.set("Vary", "Accept-Language");
  response.set("Content-Language", std::string(to_text(language)));
  response.set("Content-Security-Policy",
               form == Form::pdf ? "default-src 'none'; frame-ancestors 'none'" : html_content_policy());
  if (request.header("if-none-match") == found->second.etag) {
    response.status = 304;
    return response;
  }
  response.body = found->second.bytes;
  response.set("Content-Type", form == Form::pdf ? "application/pdf" : "text/html; charset=utf-8");
  return response;
}

Language wanted_language(std::string_view accept_language) {
  while (!accept_language.empty()) {
    const std::size_t end = accept_language.find(',');
    std::string_view one = accept_language.substr(0, end);
    accept_language = end == std::string_view::npos ? std::string_view{} : accept_language.substr(end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    const std::string tag = ascii_lowered(one.substr(0, one.find_first_of("-; ")));
    if (const auto language = language_named(tag)) return *language;
  }
  return Language::en;
}

}  // namespace candor::api
