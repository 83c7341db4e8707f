#pragma once
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <string>
#include <vector>

#include "tests/support/local_server.hpp"

/// The server's side of RFC 6455 as bytes, so that tests can cut, garble and withhold them.
namespace earshot::test {

inline std::string ws_accept(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  const auto at = request.find(name) + name.size();
  const auto key = request.substr(at, request.find("\r\n", at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
  unsigned char encoded[64];
  const int size = EVP_EncodeBlock(encoded, digest, sizeof digest);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size)) + "\r\n\r\n";
}

inline std::string ws_frame(int first_byte, const std::string& payload) {
  std::string out(1, static_cast<char>(first_byte));
  const auto size = payload.size();
  if (size < 126) {
    out.push_back(static_cast<char>(size));
  } else if (size < 65'536) {
    out += {static_cast<char>(126), static_cast<char>(size >> 8), static_cast<char>(size)};
  } else {
    out.push_back(static_cast<char>(127));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift));
  }
  return out + payload;
}
inline std::string ws_text(const std::string& payload) { return ws_frame(0x81, payload); }
inline std::string ws_close(int code, const std::string& reason) {
  return ws_frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason);
}

/// Keeps the connection open without a word until the test is over.
inline LocalServer::Piece hold() { return {.bytes = "", .before = std::chrono::seconds(30)}; }

}  // namespace earshot::test
