#include "net/curl_transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/base/text.hpp"

namespace earshot::net {
namespace {

/// The headers are complete: what follows a 2xx is the stream.
void begin_live(CurlTransfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status >= 300 || transfer.live->streaming) return;
  transfer.live->reply.status = static_cast<int>(status);
  transfer.live->reply.headers = transfer.out.reply.headers;
  transfer.live->streaming = true;
  transfer.live->settle();
}

extern "C" {

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(user);
  const auto bytes = size * count;
  if (transfer.live && transfer.live->streaming) {
    if (transfer.live->queue.full()) {
      transfer.live->paused = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    transfer.live->heard = true;
    transfer.live->queue.push(std::string(data, bytes));
    return bytes;
  }
  auto& body = transfer.out.reply.body;
  if (body.size() + bytes > transfer.limits.body_bytes_max) {
    if (transfer.limits.cut_body) {
      body.append(data, transfer.limits.body_bytes_max - body.size());
      transfer.cut = true;
      return 0;
    }
    transfer.refusal =
        Error{.kind = ErrorKind::too_large,
              .message = "the body is over " + std::to_string(transfer.limits.body_bytes_max) + " bytes"};
    return 0;
  }
  body.append(data, bytes);
  return bytes;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(user);
  const auto bytes = size * count;
  transfer.header_bytes += bytes;
  if (transfer.header_bytes > transfer.limits.header_bytes_max) {
    transfer.refusal = Error{.kind = ErrorKind::too_large, .message = "the headers are over their limit"};
    return 0;
  }
  const std::string_view line(data, bytes);
  // Interim replies (100, 103) have headers of their own: only the last block counts.
  if (line.starts_with("HTTP/")) transfer.out.reply.headers = {};
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    transfer.out.reply.headers.add(ascii_lower(trim(line.substr(0, colon))),
                                   std::string(trim(line.substr(colon + 1))));
  if (transfer.live && trim(line).empty()) begin_live(transfer);
  return bytes;
}

std::size_t on_mail_bytes(char* into, std::size_t size, std::size_t count, void* user) noexcept {
  auto& mail = *static_cast<CurlMail*>(user);
  const auto some = std::min(size * count, mail.mail.message.size() - mail.taken);
  std::memcpy(into, mail.mail.message.data() + mail.taken, some);
  mail.taken += some;
  return some;
}

curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(user);
  if (!transfer.guard->permits(&address->addr)) {
    transfer.refusal =
        Error{.kind = ErrorKind::blocked,
              .message = "the host resolves to a private address; see net.allow in the configuration"};
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // extern "C"

/// What a mail server's last word means; libcurl's code says too little.
ErrorKind kind_of_smtp(CURLcode code, long status) {
  if (code == CURLE_LOGIN_DENIED || status == 535 || status == 530) return ErrorKind::unauthorized;
  if (code == CURLE_OPERATION_TIMEDOUT) return ErrorKind::timed_out;
  return status >= 500 && status < 600 ? ErrorKind::bad_request : ErrorKind::unreachable;
}

void set_mail_options(CurlTransfer& transfer) {
  using Tls = OutgoingMail::Tls;
  CURL* easy = transfer.easy.get();
  auto& out = *transfer.mail;
  const auto& mail = out.mail;
  transfer.request.url =
      (mail.tls == Tls::implicit ? "smtps://" : "smtp://") + mail.host + ":" + std::to_string(mail.port);
  curl_easy_setopt(easy, CURLOPT_URL, transfer.request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(mail.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!mail.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail.secret.reveal().c_str());
  }
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  for (const auto& to : mail.to)
    out.recipients.reset(curl_slist_append(out.recipients.release(), ("<" + to + ">").c_str()));
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, out.recipients.get());
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_mail_bytes);
  curl_easy_setopt(easy, CURLOPT_READDATA, transfer.mail.get());
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.message.size()));
  // One mail, one connection: what a server remembers of the last must not touch the next.
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

/// What went wrong, and where we know it what to do.
std::string detail_of(CURLcode code, const CurlTransfer& transfer) {
  std::string out = transfer.message[0] ? transfer.message : curl_easy_strerror(code);
  // OpenSSL's words: "self-signed certificate", "unable to get local issuer certificate".
  if (code == CURLE_PEER_FAILED_VERIFICATION &&
      (out.find("self-signed") != std::string::npos || out.find("issuer") != std::string::npos))
    out +=
        "; if a house's own authority signed it, set SSL_CERT_FILE to a file with that authority's "
        "certificate";
  return out;
}

}  // namespace

Error error_of(CURLcode code, const CurlTransfer& transfer) {
  if (transfer.refusal) return *transfer.refusal;
  if (transfer.mail) {
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return Error{.kind = kind_of_smtp(code, status), .message = detail_of(code, transfer)};
  }
  auto kind = ErrorKind::unreachable;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: kind = ErrorKind::timed_out; break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: kind = ErrorKind::bad_request; break;
    case CURLE_BAD_CONTENT_ENCODING: kind = ErrorKind::malformed; break;
    case CURLE_FILESIZE_EXCEEDED: kind = ErrorKind::too_large; break;
    default: break;
  }
  return Error{.kind = kind, .message = detail_of(code, transfer)};
}

void set_options(CurlTransfer& transfer, const std::string& user_agent) {
  CURL* easy = transfer.easy.get();
  const auto& request = transfer.request;
  const auto& limits = transfer.limits;
  if (transfer.mail) {
    set_mail_options(transfer);
  } else {
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  }
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Of a live response nothing is compressed, since libcurl would hold what it unpacks of a paused one, and
  // nothing shares its connection.
  if (transfer.live)
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  else
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // Other roots for a house with its own: OpenSSL's programs know this variable, libcurl does not.
  if (const char* roots = std::getenv("SSL_CERT_FILE"); roots != nullptr && *roots != '\0')
    curl_easy_setopt(easy, CURLOPT_CAINFO, roots);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
  if (!transfer.live) {
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall_timeout.count()));
  }
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.message);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  if (transfer.mail) return;
  if (transfer.stream != nullptr) {
    // Nobody else may speak on it, and HTTP is not spoken on it.
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    if (request.url.starts_with("http:")) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    return;
  }
  const auto add_header = [&](const std::string& line) {
    transfer.header_list.reset(curl_slist_append(transfer.header_list.release(), line.c_str()));
  };
  for (const auto& [name, value] : request.headers.items()) add_header(name + ": " + value);
  // An empty POST says so with a length of zero, which some servers insist on, and is of no type.
  const bool empty_post = request.method == "POST" && request.body.empty();
  if (empty_post) add_header("Content-Type:");
  if (transfer.header_list) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.header_list.get());
  if (request.method != "GET") curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty() || empty_post) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
}

}  // namespace earshot::net
