# EARSHOT_SANITIZE=address,undefined (or thread) instruments the whole build.
if(EARSHOT_SANITIZE)
  add_compile_options(-fsanitize=${EARSHOT_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${EARSHOT_SANITIZE})
  # A check at every access through a pointer doubles the time to build; AddressSanitizer sees most of what they see.
  if(EARSHOT_SANITIZE MATCHES "address,undefined")
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  endif()
  if(EARSHOT_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  endif()
endif()
# clang 14 cannot place the function-type prefix of a coroutine (llvm 49689, fixed in 17).
if(EARSHOT_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
  add_compile_options(-fno-sanitize=function)
endif()
if(EARSHOT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
