#include "net/probe.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/base/url.hpp"
#include "net/curl_handle.hpp"

namespace earshot::net {
namespace {

struct Asked {
  const AddressGuard& guard;
  bool blocked = false;
  std::optional<Timestamp> date = {};
};

extern "C" {

curl_socket_t on_open(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  auto& asked = *static_cast<Asked*>(user);
  if (!asked.guard.permits(&address->addr)) {
    asked.blocked = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t note_date(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  const std::string_view line(data, size * count);
  if (starts_with_icase(line, "date:")) static_cast<Asked*>(user)->date = parse_time(trim(line.substr(5)));
  return size * count;
}

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) noexcept { return size * count; }

}  // extern "C"

/// "Expire date:2026-12-01 10:00:00 GMT", of the server's own certificate, which comes first.
std::optional<Timestamp> certificate_end(CURL* easy) {
  curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
    return std::nullopt;
  static constexpr std::string_view label = "Expire date:";
  for (const auto* item = chain->certinfo[0]; item != nullptr; item = item->next) {
    const std::string_view text(item->data);
    if (text.starts_with(label)) return parse_time(trim(text.substr(label.size())));
  }
  return std::nullopt;
}

std::chrono::milliseconds time_of(CURL* easy, CURLINFO which) {
  curl_off_t us = 0;
  curl_easy_getinfo(easy, which, &us);
  return std::chrono::milliseconds(us / 1000);
}

void set_options(CURL* easy, const ProbeRequest& request, Asked& asked, char* message) {
  const bool http = request.url.starts_with("http");
  // A mailbox's server is only connected to: its protocol would want a name.
  const auto url = request.url.starts_with("imaps:") ? "https" + request.url.substr(5) : request.url;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
  if (const char* roots = std::getenv("SSL_CERT_FILE"); roots != nullptr && *roots != '\0')
    curl_easy_setopt(easy, CURLOPT_CAINFO, roots);
  if (!request.user_agent.empty()) curl_easy_setopt(easy, CURLOPT_USERAGENT, request.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.time_most.count()));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &asked);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, note_date);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &asked);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, message);
  if (http) {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     static_cast<long>(request.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  }
}

Error error_of(CURLcode code, const Asked& asked, const std::string& host, const char* message) {
  if (asked.blocked)
    return {.kind = ErrorKind::blocked,
            .message = host + " resolves to a private address; see net.allow in the configuration"};
  return {.kind = code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::timed_out : ErrorKind::unreachable,
          .message = *message != '\0' ? message : curl_easy_strerror(code)};
}

}  // namespace

Result<Probed> probe(const ProbeRequest& request, const AddressGuard& guard) {
  const auto url = parse_url(request.url);
  if (!url) return unexpected(ErrorKind::bad_request, "not a URL with a host");
  if (!guard.permits_literal(url->host))
    return unexpected(ErrorKind::blocked,
                      url->host + " is a private address; see net.allow in the configuration");
  static const bool initialised = curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  const EasyHandle easy(initialised ? curl_easy_init() : nullptr);
  if (!easy) return unexpected(ErrorKind::internal, "libcurl gave no handle");
  Asked asked{.guard = guard};
  char message[CURL_ERROR_SIZE] = {};
  set_options(easy.get(), request, asked, message);
  const auto code = curl_easy_perform(easy.get());
  Probed out{.looked_up = time_of(easy.get(), CURLINFO_NAMELOOKUP_TIME_T),
             .certificate_ends = certificate_end(easy.get()),
             .date = asked.date,
             .answered_at = SystemClock().now()};
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  // A server that hangs up on HEAD has been reached all the same.
  if (code != CURLE_OK && status == 0) return unexpected(error_of(code, asked, url->host, message));
  out.status = request.url.starts_with("http") ? static_cast<int>(status) : 0;
  const auto connected = time_of(easy.get(), CURLINFO_CONNECT_TIME_T),
             secured = time_of(easy.get(), CURLINFO_APPCONNECT_TIME_T);
  out.ready = std::max(connected, secured);
  char* address = nullptr;
  curl_easy_getinfo(easy.get(), CURLINFO_PRIMARY_IP, &address);
  if (address) out.address = address;
  return out;
}

}  // namespace earshot::net
