#pragma once
#include <curl/curl.h>

#include <memory>

/// Owners of libcurl's handles; nothing else calls its cleanup functions.
namespace earshot::net {

struct CleanupEasy {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CleanupMulti {
  void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, CleanupEasy>;
using MultiHandle = std::unique_ptr<CURLM, CleanupMulti>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

}  // namespace earshot::net
