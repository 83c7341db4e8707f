// A mailbox: the help desk of whoever has none. Folders are walked by UID; a mail is known by its Message-ID.
#include "connectors/mail/mail_reader.hpp"
#include "connectors/page_builder.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/log.hpp"
#include "net/credentials.hpp"
#include "net/mail_client.hpp"
#include "net/secret_source.hpp"

namespace earshot::connectors::imap {
namespace {

constexpr std::uint32_t cursor_schema = 1;

struct MailboxSettings {
  std::string source, host, user, credential;
  int port = 993;
  bool tls = true, lists = false;
  net::MailboxRequest::Login login = net::MailboxRequest::Login::password;
  std::vector<std::string> folders;
  std::int64_t history_days = 7;
  std::size_t mail_bytes_max = 0;
};

/// Folder names beyond ASCII have a spelling of their own in IMAP, which people do not write.
bool is_plain(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
  return !text.empty();
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

Result<MailboxSettings> read_settings(const ConnectorInput& input) {
  SettingsReader reader(input.settings);
  MailboxSettings out;
  out.source = input.source;
  out.host = reader.required_text("host");
  if (out.host.find_first_of("/@ ?#\\\r\n\t") != std::string::npos)
    reader.mistake("host", "must be the server's name alone, such as `imap.example.org`");
  out.user = reader.required_text("user");
  out.credential = reader.required_text("credential");
  if (!out.credential.empty() && !net::is_credential_name(out.credential))
    reader.mistake("credential", "must name the stored password, never be it");
  out.tls = reader.flag("tls", true);
  if (!out.tls && !is_this_machine(out.host))
    reader.mistake("tls", "may be off for this machine only: the password would go out in the clear");
  out.port = static_cast<int>(reader.integer("port", out.tls ? 993 : 143, 1, 65'535));
  out.folders = reader.list("folders");
  if (out.folders.empty()) out.folders = {"INBOX"};
  for (const auto& folder : out.folders)
    if (!is_plain(folder))
      reader.mistake("folders", "must be ASCII; write others in modified UTF-7, as the server lists them");
  const auto login = reader.text("login", "password");
  if (login != "password" && login != "xoauth2") reader.mistake("login", "must be password or xoauth2");
  if (login == "xoauth2") out.login = net::MailboxRequest::Login::xoauth2;
  out.history_days = reader.integer("history_days", 7, 0, 3'650);
  out.lists = reader.flag("lists", false);
  out.mail_bytes_max = static_cast<std::size_t>(reader.integer("mail_kb_max", 1'024, 16, 16'384)) << 10;
  if (auto error = mistakes_in(input, reader.finish())) return unexpected(std::move(*error));
  return out;
}

/// Up to where a folder was read.
struct Position {
  std::uint32_t uid_validity = 0;
  std::uint32_t uid = 0;

  static Result<Position> read(const Cursor& cursor) {
    const auto json = read_cursor(cursor, cursor_schema);
    if (!json) return unexpected(json.error());
    const auto validity = (*json)["uid_validity"].count(), uid = (*json)["uid"].count();
    if (!validity || !uid || *validity == 0 || *validity > UINT32_MAX || *uid >= UINT32_MAX)
      return unexpected(ErrorKind::cursor_invalid, "the checkpoint cannot be read");
    return Position{static_cast<std::uint32_t>(*validity), static_cast<std::uint32_t>(*uid)};
  }

  Cursor write() const {
    JsonWriter out;
    out.begin_object();
    out.field("uid_validity", static_cast<std::int64_t>(uid_validity))
        .field("uid", static_cast<std::int64_t>(uid));
    out.end_object();
    return Cursor{.schema = cursor_schema, .json = out.str()};
  }
};

/// Puts a mail into the page, unless no person wrote it.
void take(std::string_view bytes, const mail::MailOptions& options, std::size_t index, Page& page) {
  auto reading = mail::read_mail(bytes, options);
  if (!reading)
    page.bad_items.push_back({index, reading.error().message});
  else if (reading->mention)
    page.mentions.push_back(std::move(*reading->mention));
}

class Imap final : public Connector {
 public:
  explicit Imap(MailboxSettings settings) : settings_(std::move(settings)) {
    for (const auto& folder : settings_.folders) streams_.push_back({"folder:" + folder});
  }

  std::vector<Stream> streams() const override { return streams_; }

  async::Awaitable<Result<Page>> fetch(Context& context, const Stream& stream,
                                       std::optional<Cursor> cursor) override {
    auto position = cursor ? Position::read(*cursor) : Result<Position>(Position{});
    if (!position) co_return unexpected(position.error());
    if (context.secrets == nullptr || context.mail == nullptr)
      co_return unexpected(ErrorKind::internal, "there is no client for mail");
    const auto now = context.clock.now();
    auto secret = co_await context.secrets->secret(settings_.credential);
    if (!secret) co_return unexpected(secret.error());
    auto request = request_for(stream, *position, now);
    request.secret = std::move(*secret);
    auto reply = co_await context.mail->look(std::move(request));
    if (!reply) co_return unexpected(reply.error());
    co_return page_of(*reply, now);
  }

 private:
  net::MailboxRequest request_for(const Stream& stream, const Position& position, Timestamp now) const {
    net::MailboxRequest out;
    out.host = settings_.host;
    out.port = settings_.port;
    out.tls = settings_.tls;
    out.user = settings_.user;
    out.login = settings_.login;
    out.folder = split_stream(stream.name).second;
    out.uid_validity = position.uid_validity;
    out.after_uid = position.uid;
    out.since = now - std::chrono::hours(24 * settings_.history_days);
    out.message_bytes_max = settings_.mail_bytes_max;
    return out;
  }

  Page page_of(const net::MailboxReply& reply, Timestamp now) const {
    Page page;
    for (std::size_t i = 0; i < reply.mails.size(); ++i) {
      const auto& mail = reply.mails[i];
      const mail::MailOptions options{.now = now, .received_at = mail.received_at, .lists = settings_.lists};
      take(mail.bytes, options, i, page);
    }
    const auto left_out = reply.mails.size() - page.mentions.size() - page.bad_items.size();
    if (left_out > 0)
      log::debug("mails that no person wrote", {{"source", settings_.source}, {"count", left_out}});
    collapse_echoes(page.mentions);
    page.cursor = Position{reply.uid_validity, reply.last_uid}.write();
    page.more = reply.more;
    return page;
  }

  MailboxSettings settings_;
  std::vector<Stream> streams_;
};

Result<std::unique_ptr<Connector>> make(const ConnectorInput& input) {
  auto settings = read_settings(input);
  if (!settings) return unexpected(settings.error());
  return std::unique_ptr<Connector>(std::make_unique<Imap>(std::move(*settings)));
}

/// A recorded reply is one mail.
Result<Page> parse(std::string_view, std::string_view body, Timestamp now) {
  Page page;
  take(body, {.now = now}, 0, page);
  if (!page.bad_items.empty()) return unexpected(ErrorKind::malformed, page.bad_items.front().reason);
  return page;
}

}  // namespace

extern const ConnectorSpec spec;
const ConnectorSpec spec{
    .name = "imap",
    .summary = "a mailbox: what customers write to you by e-mail",
    .access = "free; a mailbox of your own",
    .make = make,
    .parse = parse,
    .history = {.days = "history_days"},
};

}  // namespace earshot::connectors::imap
