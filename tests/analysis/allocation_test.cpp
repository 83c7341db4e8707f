// Counts what operator new is asked for in this program, to hold the promise that a warm thread asks for
// nothing.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <string>

#include "analysis/text/tokenizer.hpp"
#include "tests/analysis/fixture.hpp"

namespace {
thread_local std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
// std::stable_sort asks for its buffer this way and gives it back to the operator below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace earshot::analysis;

TEST_CASE("a warm thread tokenises and judges without allocating", "[analysis][allocation]") {
  const std::vector<std::string> posts{
      "Still waiting on hold for 2 hours, third time this week!! Not happy :( #horriblecustomerservice "
      "https://t.co/x",
      "@user@host.tld thanks, you rock 👍🏽👨‍👩‍👧 — no problem at all…",
      "My ferry leaves in 2 hours and the app crashes since the update because of your new login, £62 gone, "
      "please "
      "help, or my lawyer will call",
      "Straße ÄRGER cafe\u0301 东京 http://acme.com/long/path?x=1 me@acme.com www.acme.com"};
  const Tokenizer tokenizer;
  TokenBuffer buffer;
  Scratch scratch;
  std::size_t grown = 0;
  for (int round = 0; round < 3; ++round) {
    const auto before = allocations;
    for (const auto& post : posts) {
      tokenizer.tokenize(post, buffer);
      shared_analyser().sentiment(post, "en", scratch);
      shared_analyser().analyse(post, "en", WithEvidence::no, scratch);
    }
    grown = allocations - before;
  }
  REQUIRE(grown == 0);
  const auto verdict = shared_analyser().analyse(posts[2], "en", WithEvidence::no, scratch);
  REQUIRE(verdict.urgency > 0);
  REQUIRE(verdict.severity > 0);
  REQUIRE(!verdict.reasons.empty());
}
