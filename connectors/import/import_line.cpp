#include "connectors/import/import_line.hpp"

#include <simdjson.h>

#include <cstring>

#include "connectors/json_fields.hpp"
#include "connectors/normalise.hpp"
#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::connectors::import {
namespace {

namespace ondemand = simdjson::ondemand;

Unexpected wrong(std::string_view key, std::string_view expectation) {
  return unexpected(ErrorKind::malformed, "`" + std::string(key) + "` must be " + std::string(expectation));
}

/// What a line brought besides the mention: which required keys were there.
struct Seen {
  bool platform = false;
  bool id = false;
  bool text = false;
  bool created_at = false;
};

/// A fast reader for one line that is in order; anything unusual makes it step back for the careful one.
class FastLine {
 public:
  FastLine(ondemand::object& object, Mention& mention, Seen& seen)
      : object_(object), mention_(mention), seen_(seen) {}

  bool read() {
    for (auto member : object_) {
      ondemand::field field;
      if (std::move(member).get(field)) return false;
      std::string_view key;
      if (field.unescaped_key().get(key)) return false;
      ondemand::value value = field.value();
      if (!take(key, value)) return false;
    }
    if (has_extra_) mention_.extra = extra_.end_object().str();
    return true;
  }

 private:
  static bool text(ondemand::value& value, std::string& out) {
    std::string_view view;
    if (value.get_string().get(view)) return false;
    out = view;
    return true;
  }

  /// A string, or a number as it is written.
  static bool id(ondemand::value& value, std::string& out) {
    ondemand::json_type type{};
    if (value.type().get(type)) return false;
    if (type == ondemand::json_type::string) return text(value, out);
    if (type != ondemand::json_type::number) return false;
    out = trim(value.raw_json_token());
    return true;
  }

  static bool time(ondemand::value& value, Timestamp& out) {
    ondemand::json_type type{};
    if (value.type().get(type)) return false;
    if (type == ondemand::json_type::string) {
      std::string_view view;
      if (value.get_string().get(view)) return false;
      auto at = parse_rfc3339(view);
      if (!at) at = parse_time(view);
      if (!at) return false;
      out = *at;
      return true;
    }
    double number = 0;
    if (value.get_double().get(number)) return false;
    const auto at = from_epoch(number);
    if (!at) return false;
    out = *at;
    return true;
  }

  static bool count(ondemand::value& value, std::optional<std::int64_t>& out) {
    std::int64_t number = 0;
    if (value.get_int64().get(number)) return false;
    out = number;
    return true;
  }

  bool take(std::string_view key, ondemand::value& value) {
    if (key == "platform") return seen_.platform = text(value, mention_.platform);
    if (key == "id") return seen_.id = id(value, mention_.native_id);
    if (key == "text") return seen_.text = text(value, mention_.text);
    if (key == "created_at") return seen_.created_at = time(value, mention_.created_at);
    if (key == "url") return text(value, mention_.url);
    if (key == "title") return text(value, mention_.title);
    if (key == "lang") return text(value, mention_.lang);
    if (key == "in_reply_to") return id(value, mention_.in_reply_to);
    if (key == "conversation") return id(value, mention_.conversation);
    if (key == "tags") return tags(value);
    if (key == "kind") {
      std::string_view name;
      if (value.get_string().get(name)) return false;
      const auto kind = mention_kind_from(name);
      if (kind) mention_.kind = *kind;
      return kind.has_value();
    }
    if (key == "author") return author(value);
    if (key == "engagement") return engagement(value);
    // Rarer keys, whose mistakes have to be named.
    if (key == "rating" || key == "deleted" || key == "edited_at" || key == "extra") return false;
    return keep(key, value);
  }

  bool tags(ondemand::value& value) {
    ondemand::array items;
    if (value.get_array().get(items)) return false;
    for (auto item : items) {
      std::string_view tag;
      if (item.get_string().get(tag)) return false;
      mention_.tags.emplace_back(tag);
    }
    return true;
  }

  /// A key that is not ours, as it is written.
  bool keep(std::string_view key, ondemand::value& value) {
    ondemand::json_type type{};
    if (value.type().get(type)) return false;
    std::string_view raw;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (value.get_object().get(object) || !sound(object, depth_max)) return false;
      if (object.reset().error() || object.raw_json().get(raw)) return false;
    } else if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (value.get_array().get(array) || !sound(array, depth_max)) return false;
      if (array.reset().error() || array.raw_json().get(raw)) return false;
    } else {
      raw = value.raw_json_token();
      if (!sound_scalar(value, type)) return false;
    }
    if (!has_extra_) extra_.begin_object();
    has_extra_ = true;
    extra_.key(key).raw(trim(raw));
    return true;
  }

  static bool sound(ondemand::object& object, int depth) {
    for (auto member : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(member).get(field) || field.unescaped_key().get(key)) return false;
      ondemand::value part = field.value();
      if (!sound(part, depth)) return false;
    }
    return true;
  }

  static bool sound(ondemand::array& array, int depth) {
    for (auto item : array) {
      ondemand::value part;
      if (item.get(part) || !sound(part, depth)) return false;
    }
    return true;
  }

  static bool sound(ondemand::value& value, int depth) {
    ondemand::json_type type{};
    if (depth == 0 || value.type().get(type)) return false;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      return !value.get_object().get(object) && sound(object, depth - 1);
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      return !value.get_array().get(array) && sound(array, depth - 1);
    }
    return sound_scalar(value, type);
  }

  static bool sound_scalar(ondemand::value& value, ondemand::json_type type) {
    if (type == ondemand::json_type::string) return value.get_string().error() == simdjson::SUCCESS;
    if (type == ondemand::json_type::boolean) return value.get_bool().error() == simdjson::SUCCESS;
    if (type == ondemand::json_type::number) return value.get_double().error() == simdjson::SUCCESS;
    bool null = false;
    return !value.is_null().get(null) && null;
  }

  bool author(ondemand::value& value) {
    return members(value, [this](std::string_view key, ondemand::value& part) {
      if (key == "id") return text(part, mention_.author.id);
      if (key == "handle") return text(part, mention_.author.handle);
      if (key == "name") return text(part, mention_.author.name);
      return key == "followers" && count(part, mention_.author.followers);
    });
  }

  bool engagement(ondemand::value& value) {
    return members(value, [this](std::string_view key, ondemand::value& part) {
      if (key == "likes") return count(part, mention_.engagement.likes);
      if (key == "reposts") return count(part, mention_.engagement.reposts);
      if (key == "replies") return count(part, mention_.engagement.replies);
      return key == "views" && count(part, mention_.engagement.views);
    });
  }

  /// Hands every member of an object to `take`; false as soon as one is not understood.
  template <typename Take>
  static bool members(ondemand::value& value, Take take) {
    ondemand::object object;
    if (value.get_object().get(object)) return false;
    for (auto member : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(member).get(field) || field.unescaped_key().get(key)) return false;
      ondemand::value part = field.value();
      if (!take(key, part)) return false;
    }
    return true;
  }

  static constexpr int depth_max = 8;
  ondemand::object& object_;
  Mention& mention_;
  Seen& seen_;
  JsonWriter extra_;
  bool has_extra_ = false;
};

/// The careful reader: any order, any mistake named, unknown keys kept.
class CarefulLine {
 public:
  CarefulLine(JsonValue root, Mention& mention, Seen& seen) : root_(root), mention_(mention), seen_(seen) {}

  Result<Done> read() {
    extra_.begin_object();
    for (const auto member : root_) {
      if (const auto status = take(member); !status) return status;
    }
    extra_.end_object();
    if (has_extra_) mention_.extra = extra_.str();
    return Done{};
  }

 private:
  static Result<Done> text(JsonValue value, std::string& out) {
    if (value && !value.is_string()) return wrong(value.key(), "a string");
    out = value.text();
    return Done{};
  }

  static Result<Done> id(JsonValue value, std::string& out) {
    if (value && !value.is_string() && value.id().empty()) return wrong(value.key(), "a string or a number");
    out = value.id();  // empty, as many exports write it: unknown
    return Done{};
  }

  static Result<Done> count(JsonValue value, std::optional<std::int64_t>& out) {
    if (!value) return Done{};
    out = value.count();
    if (!out) return wrong(value.key(), "a whole number of zero or more");
    return Done{};
  }

  void keep(JsonValue member) {
    extra_.key(member.key()).raw(member.raw());
    has_extra_ = true;
  }

  Result<Done> take(JsonValue value) {
    const auto key = value.key();
    if (key == "platform") return seen_.platform = value.is_string(), text(value, mention_.platform);
    if (key == "id") return seen_.id = static_cast<bool>(value), id(value, mention_.native_id);
    if (key == "text") return seen_.text = value.is_string(), text(value, mention_.text);
    if (key == "created_at") {
      const auto at = value.time();
      if (!at) return wrong(key, "an RFC 3339 date or epoch seconds or milliseconds");
      seen_.created_at = true;
      mention_.created_at = *at;
      return Done{};
    }
    if (key == "edited_at") {
      mention_.edited_at = value.time();
      return Done{};
    }
    if (key == "url") return text(value, mention_.url);
    if (key == "title") return text(value, mention_.title);
    if (key == "lang") return text(value, mention_.lang);
    if (key == "in_reply_to") return id(value, mention_.in_reply_to);
    if (key == "conversation") return id(value, mention_.conversation);
    if (key == "kind") {
      const auto kind = mention_kind_from(value.text());
      if (value && !kind) return wrong(key, "one of post, comment, review, article, ticket, survey, message");
      mention_.kind = kind.value_or(MentionKind::post);
      return Done{};
    }
    if (key == "rating") {
      mention_.rating = value.number();
      if (value && !mention_.rating) return wrong(key, "a number");
      return Done{};
    }
    if (key == "deleted") {
      if (value && !value.boolean()) return wrong(key, "true or false");
      mention_.deleted = value.is_true();
      return Done{};
    }
    if (key == "tags") {
      if (value && !value.is_array()) return wrong(key, "a list of strings");
      for (const auto tag : value) mention_.tags.emplace_back(tag.text());
      return Done{};
    }
    if (key == "author" && value.is_string()) {
      mention_.author.handle = value.text();
      return Done{};
    }
    if (key == "author" || key == "engagement") {
      if (value && !value.is_object()) return wrong(key, "an object");
      for (const auto part : value)
        if (const auto status = key == "author" ? author(part) : engagement(part); !status) return status;
      return Done{};
    }
    if (key == "extra" && value.is_object()) {
      for (const auto part : value) keep(part);
      return Done{};
    }
    keep(value);
    return Done{};
  }

  Result<Done> author(JsonValue part) {
    auto& author = mention_.author;
    if (part.key() == "id") return id(part, author.id);
    if (part.key() == "handle") return text(part, author.handle);
    if (part.key() == "name") return text(part, author.name);
    if (part.key() == "followers") return count(part, author.followers);
    if (part.key() == "bot") author.bot = part.is_true();
    return Done{};
  }

  Result<Done> engagement(JsonValue part) {
    auto& engagement = mention_.engagement;
    if (part.key() == "likes") return count(part, engagement.likes);
    if (part.key() == "reposts") return count(part, engagement.reposts);
    if (part.key() == "replies") return count(part, engagement.replies);
    if (part.key() == "views") return count(part, engagement.views);
    return Done{};
  }

  JsonValue root_;
  Mention& mention_;
  Seen& seen_;
  JsonWriter extra_;
  bool has_extra_ = false;
};

Result<Mention> complete(Mention mention, const Seen& seen, const ImportOptions& options) {
  if (!seen.platform) mention.platform = options.platform;
  if (mention.platform.empty()) return unexpected(ErrorKind::malformed, "`platform` is missing");
  if (!seen.id) return unexpected(ErrorKind::malformed, "`id` is missing");
  if (!seen.text && !mention.deleted) return unexpected(ErrorKind::malformed, "`text` is missing");
  if (!seen.created_at) return unexpected(ErrorKind::malformed, "`created_at` is missing");
  mention.fetched_at = options.now;
  return normalise(std::move(mention));
}

}  // namespace

struct LineParser::Buffers {
  ondemand::parser parser;
  std::string padded;
};

LineParser::LineParser() : buffers_(std::make_unique<Buffers>()) {}
LineParser::~LineParser() = default;

Result<Mention> LineParser::parse(std::string_view line, const ImportOptions& options) {
  auto& padded = buffers_->padded;
  padded.assign(line);
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  ondemand::document document;
  ondemand::object object;
  Mention mention;
  Seen seen;
  const simdjson::padded_string_view view(padded.data(), line.size(), padded.size());
  if (!buffers_->parser.iterate(view).get(document) && !document.get_object().get(object)) {
    FastLine fast(object, mention, seen);
    const char* rest = nullptr;
    if (fast.read() && document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS)
      return complete(std::move(mention), seen, options);
  }
  const auto json = parse_json(line);
  if (!json) return unexpected(json.error());
  if (!json->root().is_object()) return unexpected(ErrorKind::malformed, "the line is not an object");
  mention = {};
  seen = {};
  CarefulLine careful(json->root(), mention, seen);
  if (const auto status = careful.read(); !status) return unexpected(status.error());
  return complete(std::move(mention), seen, options);
}

}  // namespace earshot::connectors::import
