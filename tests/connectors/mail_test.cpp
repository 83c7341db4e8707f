// Mails as people and machines write them, and mbox files.
#include <catch2/catch.hpp>

#include "connectors/import/import_reader.hpp"
#include "connectors/mail/mail_reader.hpp"
#include "connectors/mail/reply_text.hpp"
#include "core/base/utf8.hpp"

using namespace earshot;
using namespace earshot::connectors;
using mail::own_words;

namespace {

const auto now = from_ms(1'776'083'057'000);

mail::MailReading read(const std::string& bytes, mail::MailOptions options = {.now = now}) {
  auto reading = mail::read_mail(bytes, options);
  REQUIRE(reading);
  return *reading;
}

Mention mention_of(const std::string& bytes) {
  auto reading = read(bytes);
  CAPTURE(reading.dropped);
  REQUIRE(reading.mention);
  return *reading.mention;
}

const std::string head =
    "From: Mona Berg <Mona@Example.org>\r\nMessage-ID: <m1@example.org>\r\nDate: Mon, 2 Mar 2026 11:00:00 "
    "+0100\r\nSubject: Acme app\r\n";

}  // namespace

TEST_CASE("a plain mail becomes a ticket", "[connectors][mail]") {
  const auto mention = mention_of(head + "\r\nThe Acme app crashes.\r\nEvery day.\r\n");
  CHECK(mention.platform == "email");
  CHECK(mention.native_id == "m1@example.org");
  CHECK(mention.kind == MentionKind::ticket);
  CHECK(mention.title == "Acme app");
  CHECK(mention.text == "The Acme app crashes.\nEvery day.");
  CHECK(mention.author.handle == "mona@example.org");
  CHECK(mention.author.name == "Mona Berg");
  CHECK(mention.created_at == from_ms(1'772'445'600'000));
  CHECK(mention.conversation == "m1@example.org");
  CHECK(mention.in_reply_to.empty());
}

TEST_CASE("an answer knows its thread", "[connectors][mail]") {
  const auto mention =
      mention_of(head + "In-Reply-To: <b@x>\r\nReferences: <a@x>\r\n <b@x>\r\n\r\nStill broken.\r\n");
  CHECK(mention.kind == MentionKind::message);
  CHECK(mention.in_reply_to == "b@x");
  CHECK(mention.conversation == "a@x");
}

TEST_CASE("encoded words, charsets and transfer encodings are read", "[connectors][mail]") {
  const auto mention = mention_of(
      "From: =?iso-8859-1?Q?J=FCrgen_M=FCller?= <j@example.org>\nMessage-ID: <m2@x>\nDate: Mon, 2 Mar 2026 "
      "11:00:00 +0100\n"
      "Subject: =?utf-8?B?w4RyZ2VyIG1pdCBBY21l?=\nContent-Type: text/plain; charset=iso-8859-1\n"
      "Content-Transfer-Encoding: quoted-printable\n\nDas Ger=E4t ist kaputt, sch=F6n ist das nicht =\nund "
      "teuer.\n");
  CHECK(mention.author.name == "Jürgen Müller");
  CHECK(mention.title == "Ärger mit Acme");
  CHECK(mention.text == "Das Gerät ist kaputt, schön ist das nicht und teuer.");
  const auto base64 = mention_of(
      head +
      "Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: base64\n\nz/Du4evl7OA=\n");
  CHECK(base64.text == "Проблема");
  const auto unknown = mention_of(head + "Content-Type: text/plain; charset=klingon-7\n\nHello Acme \xff\n");
  CHECK(unknown.text.find("Hello Acme") != std::string::npos);
  CHECK(utf8::is_valid(unknown.text));
}

TEST_CASE("of several parts the words count, and attachments do not", "[connectors][mail]") {
  const auto mixed = mention_of(
      head +
      "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: "
      "multipart/alternative; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nPlain Acme words\n--b\nContent-Type: text/html\n\n<p>HTML "
      "words</p>\n--b--\n"
      "--a\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nattached noise\n"
      "--a\nContent-Type: message/rfc822\n\nFrom: x@y\nSubject: other\n\nother words\n--a\nContent-Type: "
      "image/png\n\nxxxx\n--a--\n");
  CHECK(mixed.text == "Plain Acme words");
  const auto html = mention_of(head +
                               "Content-Type: text/html; charset=utf-8\n\n<p>Acme is <b>slow</b> &amp; <a "
                               "href=\"https://example.org/x\">here</a></p>"
                               "<div class=\"gmail_quote\">On Monday Support wrote: old words</div>\n");
  CHECK(html.text == "Acme is slow & here");
  CHECK(html.links == std::vector<std::string>{"https://example.org/x"});
  const auto quote_only =
      mention_of(head + "Content-Type: text/html\n\n<blockquote>All that Acme said</blockquote>\n");
  CHECK(quote_only.text == "All that Acme said");
}

TEST_CASE("what no person wrote is dropped, and says why", "[connectors][mail]") {
  const auto [header, why] = GENERATE(table<std::string, std::string>({
      {"Auto-Submitted: auto-replied", "auto_reply"},
      {"Auto-Submitted: auto-generated (vacation)", "auto_reply"},
      {"X-Autoreply: yes", "auto_reply"},
      {"X-Autorespond: Away", "auto_reply"},
      {"Precedence: auto_reply", "auto_reply"},
      {"Precedence: bulk", "bulk"},
      {"Precedence: junk", "bulk"},
      {"List-Id: <news.example.org>", "bulk"},
      {"List-Unsubscribe: <https://example.org/u>", "bulk"},
      {"Return-Path: <>", "bounce"},
      {"Content-Type: multipart/report; boundary=x", "bounce"},
  }));
  CAPTURE(header);
  const auto reading = read(head + header + "\n\nAcme\n");
  CHECK_FALSE(reading.mention);
  CHECK(reading.dropped == why);
}

TEST_CASE("what a person wrote stays", "[connectors][mail]") {
  CHECK(read(head + "Auto-Submitted: no\nReturn-Path: <mona@example.org>\nPrecedence: normal\n\nAcme\n")
            .mention);
  mail::MailOptions lists{.now = now, .lists = true};
  CHECK(read(head + "List-Id: <support.example.org>\n\nAcme\n", lists).mention);
  CHECK(read("From: Mail Delivery <MAILER-DAEMON@example.org>\nMessage-ID: <q@x>\n\nfailed\n").dropped ==
        "bounce");
}

TEST_CASE("quotes and signatures are not the writer's words", "[connectors][mail]") {
  const auto* announcement = GENERATE(
      "On Mon, 2 Mar 2026 at 10:00, Acme Support <help@acme.example> wrote:",
      "On Mon, 2 Mar 2026 at 10:00, Acme Support\n<help@acme.example> wrote:",
      "Am 02.03.2026 um 10:00 schrieb Acme Support:",
      "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Acme <help@acme.example>:",
      "Le lun. 2 mars 2026 à 10:00, Acme <help@acme.example> a écrit :",
      "El lun, 2 mar 2026 a las 10:00, Acme escribió:",
      "Il giorno lun 2 mar 2026 alle ore 10:00 Acme ha scritto:",
      "Em seg., 2 de mar. de 2026 às 10:00, Acme escreveu:",
      "Op ma 2 mrt 2026 om 10:00 schreef Acme <help@acme.example>:",
      "Den mån 2 mars 2026 kl 10:00 skrev Acme:", "W dniu 2.03.2026 o 10:00, Acme napisał:",
      "Dne 2. 3. 2026 v 10:00 Acme napsal:", "ma 2. maaliskuuta 2026 klo 10.00 Acme kirjoitti:",
      "пн, 2 мар. 2026 г. в 10:00, Acme <help@acme.example> пишет:",
      "2026年3月2日 Acme <help@acme.example> 写道：",
      "2026年3月2日(月) 10:00 Acme <help@acme.example>のメール:", "-----Original Message-----",
      "-------- Ursprüngliche Nachricht --------",
      "From: Acme Support\nSent: Monday, March 2, 2026 10:00\nTo: Mona\nSubject: Re: app",
      "Von: Acme\nGesendet: Montag, 2. März 2026 10:00\nAn: Mona\nBetreff: AW: app",
      "________________________________\nDe : Acme\nEnvoyé : lundi 2 mars 2026\nÀ : Mona\nObjet : app");
  CAPTURE(announcement);
  const std::string own = "It is still broken.\n\nPlease help me today.";
  CHECK(own_words(own + "\n\n" + announcement + "\n\nold words of the support\n") == own);
  CHECK(own_words(own + "\n\n" + announcement + "\n> old words\n> more\n") == own);
}

TEST_CASE("answers between quoted lines are kept", "[connectors][mail]") {
  CHECK(own_words("Hello,\n\nOn 2 March 2026, Acme wrote:\n> Did you restart?\nYes, twice.\n> And now?\nNo "
                  "change.\n") == "Hello,\n\nYes, twice.\nNo change.");
  CHECK(own_words("Acme is down\n-- \nMona Berg\nHead of everything") == "Acme is down");
  CHECK(own_words("Acme is down\n\nSent from my iPhone") == "Acme is down");
  CHECK(own_words("Acme ist kaputt\n\nVon meinem iPhone gesendet") == "Acme ist kaputt");
}

TEST_CASE("words that only look like a quote stay", "[connectors][mail]") {
  for (const std::string text : {"On Monday I wrote:\nno answer came", "My list:\n- one\n- two",
                                 "From: the bottom of my heart, thanks", "Le service est lent",
                                 "On 2 March I called twice, nobody came.", "Am 2. März war alles kaputt."}) {
    CAPTURE(text);
    CHECK(own_words(text) == text);
  }
  // A mail that is forwarded without a word.
  CHECK(own_words("---------- Forwarded message ---------\nFrom: x\nthe words") ==
        "---------- Forwarded message ---------\nFrom: x\nthe words");
  CHECK(own_words("> only a quote") == "> only a quote");
}

TEST_CASE("hostile mails come to an end", "[connectors][mail]") {
  std::string deep = head + "Content-Type: multipart/mixed; boundary=b0\n\n";
  for (int i = 0; i < 3000; ++i)
    deep += "--b" + std::to_string(i) + "\nContent-Type: multipart/mixed; boundary=b" +
            std::to_string(i + 1) + "\n\n";
  static_cast<void>(mail::read_mail(deep, {.now = now}));
  std::string many = head + "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 20'000; ++i) many += "--b\nContent-Type: text/plain\n\nAcme\n";
  CHECK(mention_of(many).text.size() <= 64 * 1024);
  std::string references = head + "References:";
  for (int i = 0; i < 20'000; ++i) references += " <r" + std::to_string(i) + "@x>";
  CHECK(mention_of(references + "\n\nAcme\n").conversation == "r0@x");
  CHECK(mention_of(head + "X-Long: " + std::string(200'000, 'x') + "\n\nAcme\n").text == "Acme");
  for (const std::string bytes : {"", "\n", "\0\0\0", "no header at all", "<html></html>"}) {
    const auto reading = mail::read_mail(bytes, {.now = now});
    CHECK_FALSE(reading);
  }
  // Cut off anywhere, a mail is read as far as it goes.
  const auto whole = head +
                     "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: "
                     "text/plain\nContent-Transfer-Encoding: base64\n\nQWNtZSBpcyBzbG93\n--a--\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    static_cast<void>(mail::read_mail(whole.substr(0, size), {.now = now}));
}

TEST_CASE("a mail without an id, or with a date that cannot be, is the same one each time",
          "[connectors][mail]") {
  const auto bytes = std::string("From: a@x\nSubject: Acme\nDate: Mon, 2 Mar 2026 11:00:00 +0100\n\nHello\n");
  CHECK(mention_of(bytes).native_id == mention_of(bytes).native_id);
  CHECK(mention_of(bytes).native_id.starts_with("no-id:"));
  CHECK(mention_of(bytes).native_id != mention_of(bytes + "more\n").native_id);
  mail::MailOptions options{.now = now, .received_at = from_ms(1'772'445'600'000)};
  const auto late =
      read("From: a@x\nMessage-ID: <z@x>\nDate: Mon, 2 Mar 2037 11:00:00 +0100\n\nAcme\n", options);
  CHECK(late.mention->created_at == *options.received_at);
}

TEST_CASE("an mbox is cut into its mails, in any pieces", "[connectors][mail][import]") {
  const std::string file =
      "From mona Mon Mar  2 11:00:00 2026\n" + head +
      "\nFirst mail about Acme\n>From here on it is quoted\nFrom the heart, not a separator\n\n"
      "From bob Mon Mar  2 12:00:00 2026\nFrom: bob@x\nMessage-ID: <m9@x>\nDate: Mon, 2 Mar 2026 12:00:00 "
      "+0100\n\nSecond\n\n"
      "From robot Mon Mar  2 13:00:00 2026\nFrom: r@x\nAuto-Submitted: auto-replied\n\nAway\n\n"
      "From junk Mon Mar  2 13:00:00 2026\n\n\x01\x02 no mail\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, file.size()}) {
    import::ImportReader reader(
        {.format = import::Format::mbox, .platform = "email", .now = now, .columns = {}});
    import::ImportBatch batch;
    for (std::size_t at = 0; at < file.size(); at += piece)
      reader.push(std::string_view(file).substr(at, piece), batch);
    reader.finish(batch);
    REQUIRE(batch.mentions.size() == 2);
    CHECK(batch.mentions[0].line == 1);
    CHECK(batch.mentions[0].mention.text ==
          "First mail about Acme\nFrom here on it is quoted\nFrom the heart, not a separator");
    CHECK(batch.mentions[1].mention.native_id == "m9@x");
    REQUIRE(batch.errors.size() == 1);
    CHECK(batch.errors[0].line == 24);
  }
}

TEST_CASE("a mail beyond the limit is read from its beginning", "[connectors][mail][import]") {
  const auto file = "From x\n" + head + "\nAcme is slow\n" + std::string(100'000, 'x') + "\n\nFrom y\n" +
                    head + "\nAcme again\n";
  import::ImportReader reader({.format = import::Format::mbox,
                               .platform = "email",
                               .now = now,
                               .columns = {},
                               .line_bytes_max = 4096});
  import::ImportBatch batch;
  reader.push(file, batch);
  reader.finish(batch);
  REQUIRE(batch.mentions.size() == 2);
  CHECK(batch.mentions[0].mention.text.starts_with("Acme is slow"));
}
