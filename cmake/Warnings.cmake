# Warnings and hardening as interface targets; nothing is set globally.
add_library(earshot_warnings INTERFACE)
add_library(earshot::warnings ALIAS earshot_warnings)
target_compile_options(earshot_warnings INTERFACE -Wall -Wextra -Wconversion)
# In a group of sources, what stands in the unnamed namespace of one is no more than a name to the next.
if(EARSHOT_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(earshot_warnings INTERFACE -Wshadow=local)
else()
  target_compile_options(earshot_warnings INTERFACE -Wshadow)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 mistakes Asio's coroutine frame allocator for a mismatched pair once it inlines it (GCC bug 109224).
  target_compile_options(earshot_warnings INTERFACE -Wno-mismatched-new-delete)
endif()
if(EARSHOT_WERROR)
  target_compile_options(earshot_warnings INTERFACE -Werror)
endif()

add_library(earshot_hardening INTERFACE)
add_library(earshot::hardening ALIAS earshot_hardening)
if(CMAKE_BUILD_TYPE MATCHES "^(Release|None)$" AND NOT EARSHOT_SANITIZE)
  # Libraries' assertions, of which simdjson has one a value; ours and the standard library's stay.
  target_compile_definitions(earshot_hardening INTERFACE NDEBUG)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT EARSHOT_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(earshot_hardening INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  target_compile_options(earshot_hardening INTERFACE -g1 -fstack-protector-strong -fstack-clash-protection
                                                     -fcf-protection=full)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # clang 14 has the flag behind a switch of its own only
    target_compile_options(earshot_hardening INTERFACE -ftrivial-auto-var-init=zero)
  endif()
  target_link_options(earshot_hardening INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
endif()
# Small arrays are zeroed for every post, and g++ does that with "rep stos", which costs more to start than to run.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(earshot_hardening INTERFACE -mmemset-strategy=unrolled_loop:512:noalign,libcall:-1:noalign
                                                     -mmemcpy-strategy=unrolled_loop:128:noalign,libcall:-1:noalign)
endif()
