#pragma once

/// Before a local variable: it is filled before it is read, and not worth being zeroed first, as the build's
/// hardening would.
#if defined(__clang__)
#define EARSHOT_UNINITIALIZED [[clang::uninitialized]]
#else
#define EARSHOT_UNINITIALIZED [[gnu::uninitialized]]
#endif
