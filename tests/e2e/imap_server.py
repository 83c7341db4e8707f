"""An IMAP server for tests: it keeps mails in memory, writes down what it is told, and misbehaves as asked."""
import re
import socket
import threading
import time


def mail(number, text="The Acme app is slow", extra=""):
    return (f"From: Mona Berg <mona@example.org>\r\nMessage-ID: <m{number}@example.org>\r\nDate: Mon, 2 Mar 2026 11:00:00 +0100\r\n"
            f"Subject: Acme {number}\r\n{extra}\r\n{text}\r\n").encode()


class ImapServer:
    def __init__(self, password="right"):
        self.password = password
        self.validity = 77
        self.mails = {}  # uid -> bytes
        self.mode = ""
        self.commands = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.guarded, args=(client,), daemon=True).start()

    def guarded(self, client):
        try:
            self.talk(client)
        except (OSError, ValueError):
            pass
        finally:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            client.close()

    def talk(self, client):
        send = client.sendall
        if self.mode == "no_imap":
            return send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        if self.mode == "bye":
            return send(b"* BYE too many connections \x1b[31m\r\n")
        if self.mode == "endless_line":
            while True:
                send(b"* OK " + b"x" * 65536)
        send(b"* OK ready\r\n")
        lines = client.makefile("rb")
        while line := lines.readline():
            tag, _, command = line.decode("utf-8", "replace").strip().partition(" ")
            self.commands.append(command)
            done = f"{tag} OK done\r\n".encode()
            if command.startswith("LOGIN"):
                if not command.endswith(f'"{self.password}"'):
                    send(f"{tag} NO [AUTHENTICATIONFAILED] not with {command.split()[-1]}\r\n".encode())
                elif self.mode == "unavailable":
                    send(f"{tag} NO [UNAVAILABLE] later\r\n".encode())
                else:
                    send(done)
            elif command.startswith("EXAMINE"):
                if "Missing" in command:
                    send(f"{tag} NO [NONEXISTENT] no such mailbox\r\n".encode())
                    continue
                send(f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ids\r\n"
                     f"* OK [UIDNEXT {max(self.mails, default=0) + 1}] next\r\n".encode() + done)
            elif command.startswith("UID SEARCH"):
                uids = sorted(self.mails)
                if found := re.search(r"UID (\d+):\*", command.removeprefix("UID SEARCH ")):
                    first = int(found.group(1))
                    # "n:*" always names the last one.
                    uids = [uid for uid in uids if uid >= first] or uids[-1:]
                if self.mode == "search_flood":
                    for _ in range(20_000):
                        send(b"* SEARCH " + b"1 " * 1000 + b"\r\n")
                send(("* SEARCH " + " ".join(map(str, uids)) + "\r\n").encode() + done)
            elif command.startswith("UID FETCH"):
                self.fetch(send, command, done)
            elif command.startswith("LOGOUT"):
                return send(b"* BYE bye\r\n" + done)
            else:
                send(f"{tag} BAD what\r\n".encode())

    def fetch(self, send, command, done):
        uids = [int(uid) for uid in command.split()[2].split(",")]
        limit = int(re.search(r"<0\.(\d+)>", command).group(1))
        for number, uid in enumerate(uids, 1):
            body = self.mails.get(uid)
            if body is None:
                continue
            body = body[:limit]
            if self.mode == "hang_up" and number == 3:
                send(f"* {number} FETCH (UID {uid} BODY[]<0> {{{len(body)}}}\r\n".encode() + body[:20])
                raise ConnectionError("as asked")
            if self.mode == "too_much":
                return send(f"* 1 FETCH (UID {uid} BODY[]<0> {{99999999999}}\r\n".encode() + b"x" * 1000)
            if self.mode == "other_mails":  # told of unasked, and twice
                send(f'* 9 FETCH (UID 999999 BODY[]<0> {{{len(body)}}}\r\n'.encode() + body + b")\r\n* 5 FETCH (FLAGS (\\Seen))\r\n* 7 EXPUNGE\r\n")
            for _ in range(2 if self.mode == "other_mails" else 1):
                send(f'* {number} FETCH (INTERNALDATE " 2-Mar-2026 10:00:05 +0000" UID {uid} BODY[]<0> {{{len(body)}}}\r\n'.encode() + body + b")\r\n")
            if self.mode == "slow":
                time.sleep(0.02)
        send(done)
