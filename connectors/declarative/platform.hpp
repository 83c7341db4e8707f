#pragma once
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connectors/declarative/value.hpp"
#include "connectors/legal.hpp"
#include "connectors/settings.hpp"
#include "core/base/error.hpp"
#include "core/base/toml.hpp"
#include "net/http_types.hpp"

/// A platform as its file describes it, checked: pointers and templates are compiled, names resolve.
namespace earshot::connectors::declarative {

/// One key that a user may write in a source of this platform.
struct SettingSpec {
  enum class Kind { text, list, address, integer, flag };
  std::string name;
  Kind kind = Kind::text;
  bool required = false;
  bool brands = false;   ///< when absent: the names of the source's brands
  bool phrases = false;  ///< names of several words are put in quotes then
  std::string fallback;  ///< empty: none
};

struct RequestSpec {
  std::string method = "GET";
  Template path;
  /// The first template of a parameter whose places all have values; without one it is left out.
  std::vector<std::pair<std::string, std::vector<Template>>> query;
  std::vector<std::pair<std::string, Template>> headers;
  TomlNode body = {};  ///< strings in it are templates
  bool has_body = false;
};

struct ItemsSpec {
  std::vector<Pointer> at;    ///< the first that is there holds the items
  std::vector<Pointer> each;  ///< records inside an item; none there: the item itself
  bool members = false;       ///< an object holds items by id, and is not one item
  bool undated = false;       ///< items may lack a time: when they were first heard stands for it
  bool wordless = false;      ///< items without words lack even their place: they are nothing wrong
  std::vector<Condition> empty;
  std::vector<Condition> skip;
};

struct JoinSpec {
  std::string name;
  std::vector<Pointer> in;  ///< the first that is there
  Value on;                 ///< key of a record there; empty: its name in the object
  Value at;                 ///< key in our record
};

enum class CursorKind { ascending_id, descending_id, time, opaque, conditional };
enum class TimeFormat { rfc3339, epoch_s, epoch_ms, date, discord_snowflake };

struct CursorSpec {
  CursorKind kind = CursorKind::conditional;
  Value value;
  bool ascending = false;  ///< of `time`: oldest first
  bool is_asked = false;   ///< the request says {cursor}: it can be asked from any time on
  TimeFormat format = TimeFormat::rfc3339;
  std::chrono::milliseconds overlap{0};
  std::chrono::milliseconds lag{0};  ///< what is younger may still change order: it is asked for again
  std::int64_t add = 0;              ///< to a numeric id before it is sent
  /// Of `ascending_id`: so long after the last news the server counts anew, from any number; 0: never.
  std::chrono::milliseconds counts_anew{0};
  /// How far back what was heard is read again every `reread_every`, for what came to it since; 0: never.
  std::chrono::milliseconds reread{0}, reread_every{0};
};

enum class PageKind { none, token, number, offset, link, url, item };

struct PageSpec {
  PageKind kind = PageKind::none;
  Value at;
  std::string rel = "next";
  std::int64_t start = 1;
  std::int64_t size = 0;  ///< a shorter page is the last one
  std::int64_t max = 0;   ///< the platform gives no more pages
  std::int64_t add = 0;   ///< of `item`: to the id, for servers that would repeat it
  std::int64_t span = 0;  ///< of `item`: a page covers so many ids, and may be empty without being the end
  bool empty_ends = true;
  std::vector<Condition> stop;
  std::vector<Condition> more;
};

enum class Field {
  native_id,
  kind,
  text,
  title,
  url,
  lang,
  author_id,
  author_handle,
  author_name,
  author_followers,
  author_bot,
  created_at,
  edited_at,
  in_reply_to,
  conversation,
  rating,
  likes,
  reposts,
  replies,
  views,
  tags,
  links,
  deleted,
  extra
};

struct FieldSpec {
  Field field;
  std::string name;  ///< as written: "author.handle"; of `extra` the key
  Value value;
  std::vector<Condition> conditions = {};  ///< of `deleted`
};

struct FollowSpec;

struct StreamSpec {
  std::string name;
  std::string each;  ///< a list setting: one stream for each of its values
  std::string flag;  ///< a setting that must be true
  RequestSpec request;
  ItemsSpec items;
  CursorSpec cursor;
  PageSpec page;
  std::vector<FieldSpec> fields;
  std::vector<FollowSpec> follows;  ///< what is asked further about its items
};

/// A request about an item of a stream, for what its page does not show: replies, answers.
struct FollowSpec {
  StreamSpec stream;  ///< name, request, items, page and fields
  std::vector<Condition> when;
  Value id;                                           ///< of the item; becomes {ids}
  Value mark;                                         ///< it is asked about anew when this has changed
  std::int64_t batch = 1;                             ///< ids in one request
  std::string separator = ",";                        ///< between them
  std::int64_t most = 0;                              ///< times that a poll asks
  std::vector<std::pair<std::string, Value>> values;  ///< of the item, for templates; only for one at a time
};

/// When a reply means trouble whatever its status, and which.
struct ErrorRule {
  std::vector<std::int64_t> status;
  std::vector<Condition> when;
  Value code, message, wait;
  std::map<std::string, std::string> kinds;  ///< code → name of an ErrorKind, or "empty"
  std::string kind;                          ///< of other codes; empty: by status
};

/// How mentions are asked for again by their ids.
struct HydrateSpec {
  std::int64_t batch = 0;          ///< ids in one request; 0: the platform cannot be asked
  std::string separator = ",";     ///< between them
  Template prefix;                 ///< of native ids, before the platform's own
  std::vector<Condition> answers;  ///< such a reply is an answer, whatever the rules of trouble make of it
  bool paid = false;               ///< readings are paid for: only where the source wants them
  StreamSpec stream;               ///< request, items and fields
};

/// A request that goes before others, once in a while: its reply's values are variables of theirs.
struct StepSpec {
  StreamSpec stream;  ///< name, `each` and request
  std::vector<std::pair<std::string, Value>> values;
  std::chrono::milliseconds lasts{std::chrono::hours(1)};  ///< how long they are good for
  Value lasts_s;                                           ///< … where the reply says so, in seconds
};

enum class CredentialUse { everywhere, steps, pages };

struct Platform {
  std::string name, summary, access, terms;
  LegalProfile legal;
  Template base;  ///< empty: the source must name it
  bool has_credential = false;
  net::CredentialForm credential;
  Template credential_before;
  bool credential_required = false;
  CredentialUse credential_use = CredentialUse::everywhere;
  std::vector<SettingSpec> settings;
  std::vector<JoinSpec> joins;
  std::vector<StepSpec> steps;  ///< in the order in which they are made
  std::vector<StreamSpec> streams;
  std::vector<FollowSpec> follows;  ///< as they stand in the file; each also in the streams that it is of
  HydrateSpec hydrate;
  std::vector<ErrorRule> errors;
  std::int64_t budget = 0;  ///< requests per `budget_per`, 0: none
  std::chrono::milliseconds budget_per{0};
  Value backoff;  ///< seconds to wait, named by a good reply
};

/// Reads a platform's file. `invalid` when anything is wrong with it: one line per mistake, each
/// "name:line:column: table: what", in the order of the file.
Result<Platform> read_platform(std::string_view text, const std::string& name);

}  // namespace earshot::connectors::declarative
