#include "net/imap_client.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "net/auth/digest.hpp"
#include "net/imap_reply.hpp"

namespace earshot::net {
namespace {

using imap::Response;
using Steady = CurlStream::Steady;

/// More than any command of ours is answered with.
constexpr std::size_t responses_max = 10'000;

bool is_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

/// "2-Mar-2026", as SEARCH SINCE wants it.
std::string search_date(Timestamp at) {
  const auto written = format_http_date(at);  // "Sun, 06 Nov 1994 08:49:37 GMT"
  auto date = written.substr(5, 11);
  std::ranges::replace(date, ' ', '-');
  return date;
}

/// A command's end and what came before it.
struct Answer {
  std::string status;  ///< "OK", "NO", "BAD"
  std::string text;    ///< after that
  std::vector<Response> untagged;
};

/// What a refusal means: codes of RFC 5530, where the server gives one.
ErrorKind kind_of(const Answer& answer, ErrorKind otherwise) {
  if (answer.status == "BAD") return ErrorKind::bad_request;
  for (const std::string_view passing : {"[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[OVERQUOTA]"})
    if (starts_with_icase(answer.text, passing)) return ErrorKind::unreachable;
  return otherwise;
}

/// One connection, from greeting to goodbye.
class Session {
 public:
  Session(std::unique_ptr<CurlStream> stream, const ImapLimits& limits, const MailboxRequest& request)
      : stream_(std::move(stream)),
        limits_(limits),
        answer_bytes_max_((request.messages_max + 1) * request.message_bytes_max + (8 << 20)),
        reader_(request.message_bytes_max),
        end_(std::chrono::steady_clock::now() + limits.total_timeout) {}

  async::Awaitable<Status> greet() {
    auto greeting = co_await response();
    if (!greeting) co_return unexpected(greeting.error());
    if (starts_with_icase(greeting->line, "* OK") || starts_with_icase(greeting->line, "* PREAUTH")) {
      preauthenticated_ = starts_with_icase(greeting->line, "* PREAUTH");
      co_return Done{};
    }
    if (starts_with_icase(greeting->line, "* BYE"))
      co_return unexpected(ErrorKind::unreachable,
                           "the server sends us away: " + said(greeting->line.substr(5)));
    co_return unexpected(ErrorKind::malformed, "what answers there is no IMAP server");
  }

  async::Awaitable<Status> log_in(const MailboxRequest& request) {
    if (preauthenticated_) co_return Done{};
    std::string command;
    if (request.login == MailboxRequest::Login::password)
      command = "LOGIN " + net::quoted(request.user) + " " + net::quoted(request.secret.reveal());
    else
      command = "AUTHENTICATE XOAUTH2 " +
                auth::base64("user=" + request.user + "\1auth=Bearer " + request.secret.reveal() + "\1\1");
    const Secret secret(std::move(command));
    auto answer = co_await ask(secret.reveal());
    if (!answer) co_return unexpected(answer.error());
    if (answer->status == "OK") co_return Done{};
    co_return unexpected(kind_of(*answer, ErrorKind::unauthorized),
                         "the login was refused: " + without(answer->text, request.secret));
  }

  /// Sends a command and reads up to its end. The command holds no line breaks.
  async::Awaitable<Result<Answer>> ask(std::string_view command) {
    const auto tag = "E" + std::to_string(++tags_);
    std::string line;
    line.reserve(command.size() + 16);  // never moved: it may hold a secret, which is wiped below
    line.append(tag).append(" ").append(command).append("\r\n");
    const Secret bytes(std::move(line));
    auto sent = co_await stream_->write(bytes.reveal(), until());
    if (!sent) co_return unexpected(sent.error());
    Answer answer;
    std::size_t size = 0;
    for (std::size_t count = 0; count < responses_max && size < answer_bytes_max_; ++count) {
      auto got = co_await response();
      if (!got) co_return unexpected(got.error());
      const auto text = std::string_view(got->line);
      size += text.size();
      for (const auto& literal : got->literals) size += literal.size();
      if (text.starts_with('+')) {
        // Why a token is refused; the server waits for an empty line before it says so.
        auto ended = co_await stream_->write("\r\n", until());
        if (!ended) co_return unexpected(ended.error());
        continue;
      }
      if (text.starts_with(tag + " ")) {
        const auto words = trim(text.substr(tag.size() + 1));
        const auto space = std::min(words.find(' '), words.size());
        answer.status = words.substr(0, space);
        for (auto& c : answer.status) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        answer.text = trim(words.substr(space));
        co_return answer;
      }
      if (starts_with_icase(text, "* BYE"))
        co_return unexpected(ErrorKind::unreachable, "the server hung up: " + said(text.substr(5)));
      answer.untagged.push_back(std::move(*got));
    }
    co_return unexpected(ErrorKind::too_large, "the server's answer has no end");
  }

  /// What a server says, on one line of bearable length.
  static std::string said(std::string_view text) { return printable(trim(text).substr(0, 200)); }

 private:
  static std::string without(const std::string& text, const Secret& secret) {
    auto out = text;
    const auto& hidden = secret.reveal();
    for (auto at = hidden.size() < 4 ? std::string::npos : out.find(hidden); at != std::string::npos;
         at = out.find(hidden, at + 3))
      out.replace(at, hidden.size(), "***");
    return said(out);
  }

  Steady until() const { return std::min(end_, std::chrono::steady_clock::now() + limits_.answer_timeout); }

  async::Awaitable<Result<Response>> response() {
    for (;;) {
      auto next = reader_.next();
      if (!next) co_return unexpected(next.error());
      if (*next) co_return std::move(**next);
      auto got = co_await stream_->read(chunk_.data(), chunk_.size(), until());
      if (!got) co_return unexpected(got.error());
      if (*got == 0) co_return unexpected(ErrorKind::unreachable, "the server closed the connection");
      reader_.push(std::string_view(chunk_.data(), *got));
    }
  }

  std::unique_ptr<CurlStream> stream_;
  ImapLimits limits_;
  std::size_t answer_bytes_max_;
  imap::ResponseReader reader_;
  Steady end_;
  std::array<char, 16 << 10> chunk_;
  int tags_ = 0;
  bool preauthenticated_ = false;
};

/// What EXAMINE says of a folder.
struct Folder {
  std::uint32_t uid_validity = 0;
  std::uint32_t uid_next = 0;
};

async::Awaitable<Result<Folder>> open_folder(Session& session, const MailboxRequest& request) {
  const auto command = "EXAMINE " + net::quoted(request.folder);
  auto answer = co_await session.ask(command);
  if (!answer) co_return unexpected(answer.error());
  if (answer->status != "OK")
    co_return unexpected(
        kind_of(*answer, ErrorKind::gone),
        "the folder '" + request.folder + "' cannot be opened: " + Session::said(answer->text));
  Folder out;
  for (const auto& response : answer->untagged) {
    if (const auto value = imap::code_number(response.line, "UIDVALIDITY")) out.uid_validity = *value;
    if (const auto value = imap::code_number(response.line, "UIDNEXT")) out.uid_next = *value;
  }
  if (out.uid_validity == 0)
    co_return unexpected(ErrorKind::malformed, "the server does not say its UIDVALIDITY");
  co_return out;
}

async::Awaitable<Result<std::vector<std::uint32_t>>> find_new(Session& session,
                                                              const MailboxRequest& request) {
  std::string command = "UID SEARCH ";
  if (request.uid_validity == 0 && request.since)
    command += "SINCE " + search_date(*request.since);
  else
    command += "UID " + std::to_string(request.after_uid + 1) + ":*";
  auto answer = co_await session.ask(command);
  if (!answer) co_return unexpected(answer.error());
  if (answer->status != "OK")
    co_return unexpected(kind_of(*answer, ErrorKind::malformed),
                         "SEARCH failed: " + Session::said(answer->text));
  std::vector<std::uint32_t> out;
  for (const auto& response : answer->untagged)
    if (auto uids = imap::parse_search(response.line)) out.insert(out.end(), uids->begin(), uids->end());
  // "n:*" names the last mail even when it is older than n.
  std::erase_if(out, [&](std::uint32_t uid) { return uid <= request.after_uid; });
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  co_return out;
}

async::Awaitable<Result<std::vector<FetchedMail>>> fetch(Session& session, const MailboxRequest& request,
                                                         std::vector<std::uint32_t> uids) {
  std::string command = "UID FETCH ";
  for (std::size_t i = 0; i < uids.size(); ++i) command += (i == 0 ? "" : ",") + std::to_string(uids[i]);
  command += " (UID INTERNALDATE BODY.PEEK[]<0." + std::to_string(request.message_bytes_max) + ">)";
  auto answer = co_await session.ask(command);
  if (!answer) co_return unexpected(answer.error());
  if (answer->status != "OK")
    co_return unexpected(kind_of(*answer, ErrorKind::malformed),
                         "FETCH failed: " + Session::said(answer->text));
  std::vector<FetchedMail> out;
  for (const auto& response : answer->untagged) {
    auto fetched = imap::parse_fetch(response);
    // A server may tell of other mails at any time; and each counts once.
    if (!fetched || !std::ranges::binary_search(uids, fetched->uid)) continue;
    if (std::ranges::find(out, fetched->uid, &FetchedMail::uid) != out.end()) continue;
    out.push_back(
        {.uid = fetched->uid, .received_at = fetched->received_at, .bytes = std::move(*fetched->body)});
  }
  std::ranges::sort(out, {}, &FetchedMail::uid);
  co_return out;
}

async::Awaitable<Result<MailboxReply>> look_into(Session& session, const MailboxRequest& request) {
  auto greeted = co_await session.greet();
  if (!greeted) co_return unexpected(greeted.error());
  auto logged_in = co_await session.log_in(request);
  if (!logged_in) co_return unexpected(logged_in.error());
  auto folder = co_await open_folder(session, request);
  if (!folder) co_return unexpected(folder.error());
  if (request.uid_validity != 0 && request.uid_validity != folder->uid_validity)
    co_return unexpected(ErrorKind::cursor_invalid, "the server has numbered its mails anew");
  MailboxReply out;
  out.uid_validity = folder->uid_validity;
  out.last_uid = request.after_uid;
  // Nothing can be new: one question less.
  if (request.uid_validity != 0 && folder->uid_next != 0 && folder->uid_next <= request.after_uid + 1)
    co_return out;
  auto uids = co_await find_new(session, request);
  if (!uids) co_return unexpected(uids.error());
  if (uids->empty()) {
    if (folder->uid_next > 0) out.last_uid = std::max(out.last_uid, folder->uid_next - 1);
    co_return out;
  }
  out.more = uids->size() > request.messages_max;
  if (out.more) uids->resize(request.messages_max);
  out.last_uid = uids->back();
  auto mails = co_await fetch(session, request, std::move(*uids));
  if (!mails) co_return unexpected(mails.error());
  out.mails = std::move(*mails);
  const std::string goodbye = "LOGOUT";
  auto ended = co_await session.ask(goodbye);
  static_cast<void>(ended);  // it answers with BYE, or not at all: everything is here
  co_return out;
}

}  // namespace

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

ImapClient::ImapClient(async::Executor executor, AddressGuard guard, ImapLimits limits)
    : guard_(std::move(guard)), limits_(limits), pump_(executor) {}

async::Awaitable<Result<MailboxReply>> ImapClient::look(MailboxRequest request) {
  const auto place = request.host + ":" + std::to_string(request.port);
  if (!request.tls && !is_this_machine(request.host))
    co_return unexpected(ErrorKind::blocked, place + ": a password goes out by TLS only, or to this machine");
  if (!guard_.permits_literal(request.host))
    co_return unexpected(ErrorKind::blocked,
                         place + " is a private address; see net.allow in the configuration");
  if (!is_safe(request.user) || !is_safe(request.folder) || !is_safe(request.secret.reveal()))
    co_return unexpected(ErrorKind::unauthorized, place + ": user, folder or secret holds a line break");
  TransferLimits limits;
  limits.connect_timeout = limits_.connect_timeout;
  auto url = (request.tls ? "https://" : "http://") + place + "/";
  auto stream = co_await pump_.connect(std::move(url), limits, guard_);
  if (!stream) {
    auto failure = stream.error();
    failure.message = place + ": " + failure.message;
    co_return unexpected(std::move(failure));
  }
  Session session(std::move(*stream), limits_, request);
  auto outcome = co_await look_into(session, request);
  if (!outcome) {
    auto failure = outcome.error();
    failure.message = place + ": " + failure.message;
    co_return unexpected(std::move(failure));
  }
  co_return outcome;
}

}  // namespace earshot::net
