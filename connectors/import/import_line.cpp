#include "connectors/import/import_line.hpp"

#include "connectors/import/fast_line.hpp"
#include "connectors/json_fields.hpp"
#include "connectors/normalise.hpp"
#include "core/base/json_writer.hpp"
#include "core/model/names.hpp"

namespace earshot::connectors::import {
namespace {

Unexpected wrong(std::string_view key, std::string_view expectation) {
  return unexpected(ErrorKind::malformed, "`" + std::string(key) + "` must be " + std::string(expectation));
}

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

Status complete(Mention& mention, const Seen& seen, const ImportOptions& options) {
  if (!seen.platform) mention.platform = options.platform;
  if (mention.platform.empty()) return unexpected(ErrorKind::malformed, "`platform` is missing");
  if (!seen.id) return unexpected(ErrorKind::malformed, "`id` is missing");
  if (!seen.text && !mention.deleted) return unexpected(ErrorKind::malformed, "`text` is missing");
  if (!seen.created_at) return unexpected(ErrorKind::malformed, "`created_at` is missing");
  mention.fetched_at = options.now;
  return normalise_in_place(mention);
}

}  // namespace

LineParser::LineParser() : fast_(std::make_unique<FastLine>()) {}
LineParser::~LineParser() = default;

Result<Mention> LineParser::parse(std::string_view line, const ImportOptions& options) {
  Mention mention;
  if (const auto status = parse_into(mention, line, options); !status) return unexpected(status.error());
  return mention;
}

Status LineParser::parse_into(Mention& out, std::string_view line, const ImportOptions& options) {
  Seen seen;
  if (fast_->read(line, out, seen)) return complete(out, seen, options);
  const auto json = parse_json(line);
  if (!json) return unexpected(json.error());
  if (!json->root().is_object()) return unexpected(ErrorKind::malformed, "the line is not an object");
  out = {};
  seen = {};
  CarefulLine careful(json->root(), out, seen);
  if (const auto status = careful.read(); !status) return unexpected(status.error());
  return complete(out, seen, options);
}

}  // namespace earshot::connectors::import
