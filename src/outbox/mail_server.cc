#include "outbox/mail_server.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "outbox/curl_handles.h"

namespace candor {
namespace {

// What was said last to the server, and what it answered to that. Of what is said only the command's name is looked at:
// the rest may be a password.
struct Dialogue {
  std::string command;  // "MAIL", "RCPT", "DATA", ...
  std::string refusal;  // lines of the last answer of 400 or more, joined
  std::string refused_command;
};

void hear_line(Dialogue& dialogue, std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.size() < 3 || (line[0] != '4' && line[0] != '5')) return;
  if (!dialogue.refused_command.empty() && dialogue.refused_command != dialogue.command) dialogue.refusal.clear();
  dialogue.refused_command = dialogue.command;
  if (!dialogue.refusal.empty()) line.remove_prefix(std::min<std::size_t>(4, line.size()));
  dialogue.refusal += (dialogue.refusal.empty() ? "" : " ") + std::string(line);
  if (dialogue.refusal.size() > kLongestSaid) dialogue.refusal.resize(kLongestSaid);
}

int listen(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* into) {
  auto& dialogue = *static_cast<Dialogue*>(into);
  if (kind == CURLINFO_HEADER_OUT) {
    const std::string_view said(bytes, size);
    if (said.size() >= 4 && std::ranges::all_of(said.substr(0, 4), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      dialogue.command = said.substr(0, 4);
    }
  }
  if (kind == CURLINFO_DATA_OUT) dialogue.command = "text";
  if (kind == CURLINFO_HEADER_IN) hear_line(dialogue, {bytes, size});
  return 0;
}

struct Source {
  std::string_view rest;
};

std::size_t give(char* bytes, std::size_t size, std::size_t count, void* from) {
  auto& source = *static_cast<Source*>(from);
  const std::size_t part = std::min(size * count, source.rest.size());
  std::memcpy(bytes, source.rest.data(), part);
  source.rest.remove_prefix(part);
  return part;
}

std::size_t ignore(const char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongestSaid)) out += c >= ' ' && c < '\x7f' ? c : ' ';
  return out;
}

bool is_about_the_mail(const std::string& command) {
  return command == "RCPT" || command == "DATA" || command == "text";
}

// 5xx for what an administrator may mend within the day: who may send, sign in, relay, and by what policy.
bool is_about_the_sender(std::string_view refusal) {
  constexpr std::array<std::string_view, 4> kSignIn = {"530", "534", "535", "538"};
  if (std::ranges::any_of(kSignIn, [&](std::string_view code) { return refusal.starts_with(code); })) return true;
  // RFC 3463: 5.7 is security or policy. It stands behind the code of a line.
  const std::string_view behind = refusal.substr(std::min<std::size_t>(3, refusal.size()));
  return behind.starts_with("-5.7.") || behind.contains(" 5.7.");
}

DeliveryOutcome outcome_of(CURLcode code, const Dialogue& dialogue, bool gave_everything) {
  using Kind = DeliveryOutcome::Kind;
  if (code == CURLE_OK) return {.kind = Kind::taken, .said = "taken"};
  if (gave_everything && dialogue.command == "text" && dialogue.refused_command != "text") {
    return {.kind = Kind::unknown, .said = "the server got all of it and gave no answer: it may have arrived"};
  }
  if (code == CURLE_ABORTED_BY_CALLBACK) return {.kind = Kind::later, .said = "Candor was stopped meanwhile"};
  if (code == CURLE_USE_SSL_FAILED && dialogue.refusal.empty()) {
    return {.kind = Kind::later, .said = "the server offers no STARTTLS, which mail.starttls demands"};
  }
  if (dialogue.refusal.empty()) return {.kind = Kind::later, .said = curl_easy_strerror(code)};
  const bool never = dialogue.refusal.front() == '5' && is_about_the_mail(dialogue.refused_command) &&
                     !is_about_the_sender(dialogue.refusal);
  return {.kind = never ? Kind::refused : Kind::later, .said = printable(dialogue.refusal)};
}

std::string host_of(std::string_view address) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  char* part = nullptr;
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, std::string(address).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
      curl_url_get(url.get(), CURLUPART_HOST, &part, 0) != CURLUE_OK) {
    return "";
  }
  std::string host = part;
  curl_free(part);
  return host;
}

// What both need.
bool set_up(CURL* curl, const MailServerOptions& options, Dialogue& dialogue, const std::function<bool()>& cancelled) {
  const auto set = [curl](CURLoption option, auto value) { return curl_easy_setopt(curl, option, value) == CURLE_OK; };
  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  // Behind the address is how Candor names itself to the server.
  const std::string url = options.address + (options.address.ends_with('/') ? "" : "/") +
                          options.from.substr(std::min(options.from.find('@'), options.from.size() - 1) + 1);
  bool ready = set(CURLOPT_URL, url.c_str()) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps") && set(CURLOPT_NOSIGNAL, 1L) &&
               set(CURLOPT_USE_SSL, static_cast<long>(options.starttls ? CURLUSESSL_ALL : CURLUSESSL_TRY)) &&
               set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
               set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connect_timeout)) &&
               set(CURLOPT_TIMEOUT_MS, milliseconds(options.timeout)) && set(CURLOPT_QUICK_EXIT, 1L) &&
               // No mail goes by way of a proxy of the environment: it is not meant for this.
               set(CURLOPT_PROXY, "") && set(CURLOPT_WRITEFUNCTION, &ignore) && set(CURLOPT_NOPROGRESS, 0L) &&
               set(CURLOPT_XFERINFOFUNCTION, &curl_is_over) && set(CURLOPT_XFERINFODATA, &cancelled) &&
               set(CURLOPT_VERBOSE, 1L) && set(CURLOPT_DEBUGFUNCTION, &listen) && set(CURLOPT_DEBUGDATA, &dialogue);
  if (!options.ca_file.empty()) ready = ready && set(CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.user.empty()) {
    ready = ready && set(CURLOPT_USERNAME, options.user.c_str()) && set(CURLOPT_PASSWORD, options.password.c_str());
  }
  return ready;
}

DeliveryOutcome unprepared() { return {.said = "the transfer could not be prepared"}; }

}  // namespace

bool is_mail_server(std::string_view text) {
  if (!text.starts_with("smtp://") && !text.starts_with("smtps://")) return false;
  std::string_view rest = text.substr(text.find("://") + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool plain = !rest.empty() && std::ranges::all_of(rest, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-:[]").contains(c);
  });
  return plain && !host_of(text).empty();
}

bool is_this_machine(std::string_view server) {
  const std::string host = host_of(server);
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

MailServer::MailServer(MailServerOptions options) : options_(std::move(options)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

MailServer::~MailServer() { curl_global_cleanup(); }

DeliveryOutcome MailServer::send(const std::string& to, const std::string& mail,
                                 const std::function<bool()>& cancelled) const {
  Dialogue dialogue;  // outlives what writes to it
  Source source{.rest = mail};
  const CurlEasy curl = curl_easy();
  CurlList receivers = curl_list();
  const std::string from = "<" + options_.from + ">";
  if (!curl || !append(receivers, "<" + to + ">") || !set_up(curl.get(), options_, dialogue, cancelled) ||
      curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str()) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, receivers.get()) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &give) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_READDATA, &source) != CURLE_OK) {
    return unprepared();
  }
  const CURLcode code = curl_easy_perform(curl.get());
  return outcome_of(code, dialogue, source.rest.empty());
}

DeliveryOutcome MailServer::check(const std::function<bool()>& cancelled) const {
  Dialogue dialogue;
  const CurlEasy curl = curl_easy();
  if (!curl || !set_up(curl.get(), options_, dialogue, cancelled) ||
      curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, "NOOP") != CURLE_OK) {
    return unprepared();
  }
  return outcome_of(curl_easy_perform(curl.get()), dialogue, false);
}

}  // namespace candor
