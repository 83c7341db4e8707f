#include "connectors/import/fast_line.hpp"

#include <simdjson.h>

#include "core/base/json_writer.hpp"
#include "core/base/text.hpp"
#include "core/base/time_format.hpp"
#include "core/model/names.hpp"

namespace earshot::connectors::import {
namespace {

namespace ondemand = simdjson::ondemand;

class Members {
 public:
  /// `extra` is room to write in.
  Members(ondemand::object& object, Mention& mention, Seen& seen, JsonWriter& extra)
      : object_(object), mention_(mention), seen_(seen), extra_(extra) {
    extra_.clear();
  }

  bool read() {
    for (auto member : object_) {
      ondemand::field field;
      if (std::move(member).get(field)) return false;
      std::string_view key;
      if (field.unescaped_key().get(key)) return false;
      ondemand::value value = field.value();
      if (!take(key, value)) return false;
    }
    if (has_extra_) mention_.extra = extra_.end_object().view();
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
    if (value.get_int64().get(number) || number < 0) return false;
    out = number;
    return true;
  }

  bool take(std::string_view key, ondemand::value& value) {
    // By length first: few keys are compared with more than one name.
    switch (key.size()) {
      case 2:
        if (key == "id") return seen_.id = id(value, mention_.native_id);
        break;
      case 3:
        if (key == "url") return text(value, mention_.url);
        break;
      case 4:
        if (key == "text") return seen_.text = text(value, mention_.text);
        if (key == "lang") return text(value, mention_.lang);
        if (key == "kind") return kind(value);
        if (key == "tags") return tags(value);
        break;
      case 5:
        if (key == "title") return text(value, mention_.title);
        if (key == "extra") return false;  // rarer keys, whose mistakes have to be named
        break;
      case 6:
        if (key == "author") return author(value);
        if (key == "rating") return false;
        break;
      case 7:
        if (key == "deleted") return false;
        break;
      case 8:
        if (key == "platform") return seen_.platform = text(value, mention_.platform);
        break;
      case 9:
        if (key == "edited_at") return false;
        break;
      case 10:
        if (key == "created_at") return seen_.created_at = time(value, mention_.created_at);
        if (key == "engagement") return engagement(value);
        break;
      case 11:
        if (key == "in_reply_to") return id(value, mention_.in_reply_to);
        break;
      case 12:
        if (key == "conversation") return id(value, mention_.conversation);
        break;
      default: break;
    }
    return keep(key, value);
  }

  bool kind(ondemand::value& value) {
    std::string_view name;
    if (value.get_string().get(name)) return false;
    const auto found = mention_kind_from(name);
    if (found) mention_.kind = *found;
    return found.has_value();
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
  JsonWriter& extra_;
  bool has_extra_ = false;
};

}  // namespace

struct FastLine::Buffers {
  ondemand::parser parser;
  std::string padded;
  JsonWriter extra;
};

FastLine::FastLine() : buffers_(std::make_unique<Buffers>()) {}
FastLine::~FastLine() = default;

bool FastLine::read(std::string_view line, Mention& mention, Seen& seen) {
  auto& padded = buffers_->padded;
  padded.assign(line);
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view view(padded.data(), line.size(), padded.size());
  if (buffers_->parser.iterate(view).get(document) || document.get_object().get(object)) return false;
  const char* rest = nullptr;
  return Members(object, mention, seen, buffers_->extra).read() &&
         document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
}

}  // namespace earshot::connectors::import
