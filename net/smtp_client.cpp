#include "net/smtp_client.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "net/imap_client.hpp"

namespace earshot::net {
namespace {

/// Nothing that could end a command and begin another.
bool is_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_address(std::string_view text) {
  return is_safe(text) && text.find_first_of(" <>,;\"") == std::string_view::npos &&
         text.find('@') != std::string_view::npos;
}

std::optional<Error> refusal_of(const OutgoingMail& mail, const AddressGuard& guard) {
  const auto refuse = [](ErrorKind kind, std::string what) {
    return Error{.kind = kind, .message = std::move(what)};
  };
  if (mail.tls == OutgoingMail::Tls::none && !is_this_machine(mail.host))
    return refuse(ErrorKind::blocked, "mail goes out by TLS only, or to this machine");
  if (!guard.permits_literal(mail.host))
    return refuse(ErrorKind::blocked, "a private address; see net.allow in the configuration");
  if (!is_safe(mail.user) || !is_safe(mail.secret.reveal()))
    return refuse(ErrorKind::unauthorized, "user or password holds a line break");
  if (mail.to.empty() || !is_address(mail.from) || !std::ranges::all_of(mail.to, is_address))
    return refuse(ErrorKind::bad_request, "not an address that mail can go to");
  return std::nullopt;
}

}  // namespace

SmtpClient::SmtpClient(async::Executor executor, AddressGuard guard, TransferLimits limits)
    : guard_(std::move(guard)), limits_(limits), pump_(executor) {}

async::Awaitable<Status> SmtpClient::send(OutgoingMail mail) {
  const auto place = mail.host + ":" + std::to_string(mail.port);
  if (auto refusal = refusal_of(mail, guard_)) {
    refusal->message = place + ": " + refusal->message;
    co_return unexpected(std::move(*refusal));
  }
  auto outcome = co_await pump_.send_mail(std::move(mail), limits_, guard_);
  if (!outcome) {
    auto failure = outcome.error();
    failure.message = place + ": " + printable(failure.message);
    co_return unexpected(std::move(failure));
  }
  co_return Done{};
}

}  // namespace earshot::net
