#pragma once
#include "core/base/error.hpp"

namespace earshot::daemon {

/// sysexits for a daemon that cannot start, so that the service manager and people can tell why: 75 the
/// database is in use, 77 no permission, 78 configuration, 1 anything else.
inline int start_failure_code(const Error& error) {
  switch (error.kind) {
    case ErrorKind::busy: return 75;
    case ErrorKind::invalid: return 78;
    case ErrorKind::forbidden: return 78;
    default: return 1;
  }
}

}  // namespace earshot::daemon
