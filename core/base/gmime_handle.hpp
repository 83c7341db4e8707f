#pragma once
#include <gmime/gmime.h>

#include <memory>

/// Owners of GMime's objects; nothing else calls its release functions.
namespace earshot::gmime {

struct Unref {
  template <typename T>
  void operator()(T* object) const noexcept {
    g_object_unref(object);
  }
};
struct FreeText {
  void operator()(char* text) const noexcept { g_free(text); }
};
struct FreeOptions {
  void operator()(GMimeFormatOptions* options) const noexcept { g_mime_format_options_free(options); }
};
struct FreeDate {
  void operator()(GDateTime* date) const noexcept { g_date_time_unref(date); }
};
struct FreeReferences {
  void operator()(GMimeReferences* references) const noexcept { g_mime_references_free(references); }
};
template <typename T>
using Object = std::unique_ptr<T, Unref>;
using OwnedText = std::unique_ptr<char, FreeText>;
using References = std::unique_ptr<GMimeReferences, FreeReferences>;

}  // namespace earshot::gmime
