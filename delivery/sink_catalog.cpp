#include <algorithm>

#include "delivery/sink.hpp"

namespace earshot::delivery {

namespace chatwoot {
extern const SinkSpec spec;
}
namespace discord {
extern const SinkSpec spec;
}
namespace email {
extern const SinkSpec spec;
}
namespace exec {
extern const SinkSpec spec;
}
namespace file {
extern const SinkSpec spec;
}
namespace freshdesk {
extern const SinkSpec spec;
}
namespace github_issues {
extern const SinkSpec spec;
}
namespace matrix {
extern const SinkSpec spec;
}
namespace ntfy {
extern const SinkSpec spec;
}
namespace slack {
extern const SinkSpec spec;
}
namespace teams {
extern const SinkSpec spec;
}
namespace webhook {
extern const SinkSpec spec;
}
namespace zammad {
extern const SinkSpec spec;
}
namespace zendesk {
extern const SinkSpec spec;
}

std::span<const SinkSpec* const> sinks() {
  static const SinkSpec* const all[] = {
      &chatwoot::spec,  &discord::spec,       &email::spec,  &exec::spec,   &file::spec,
      &freshdesk::spec, &github_issues::spec, &matrix::spec, &ntfy::spec,   &slack::spec,
      &teams::spec,     &webhook::spec,       &zammad::spec, &zendesk::spec};
  return all;
}

const SinkSpec* find_sink(std::string_view name) {
  const auto found = std::ranges::find(sinks(), name, &SinkSpec::name);
  return found == sinks().end() ? nullptr : *found;
}

}  // namespace earshot::delivery
