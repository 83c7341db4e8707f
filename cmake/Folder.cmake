# A quarter of the time to build goes into the standard library's headers, which are parsed once. A build without this
# finds what a file forgets to include.
option(EARSHOT_PRECOMPILE "Parse the standard headers once for all folders" ON)
if(EARSHOT_PRECOMPILE)
  file(WRITE "${CMAKE_BINARY_DIR}/generated/precompiled.cpp" "")
  add_library(earshot_headers STATIC "${CMAKE_BINARY_DIR}/generated/precompiled.cpp")
  target_link_libraries(earshot_headers PRIVATE earshot::warnings earshot::hardening)
  target_precompile_headers(earshot_headers PRIVATE "${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp")
endif()

# earshot_precompiled(TARGET): the folder or program is compiled with those headers.
function(earshot_precompiled target)
  if(NOT EARSHOT_PRECOMPILE)
    return()
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # lets ccache see which headers they are
    # g++ 12 no longer knows precompiled code as the system's, and reports std::string's (GCC bugs 105329, 105651). A
    # build with EARSHOT_PRECOMPILE off has these warnings.
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
    if(CMAKE_POSITION_INDEPENDENT_CODE)
      target_compile_options(${target} PRIVATE -fPIC)  # a program too: the headers are compiled for both at once
    endif()
  endif()
  if(NOT target STREQUAL "earshot_headers")
    target_precompile_headers(${target} REUSE_FROM earshot_headers)
  endif()
endfunction()
earshot_precompiled(earshot_headers)

# earshot_grouped(TARGET): its sources are compiled in groups when EARSHOT_UNITY is on. What a group of files has in
# its unnamed namespaces needs different names, then.
function(earshot_grouped target)
  if(NOT EARSHOT_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A source within a group looks like a header to it.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# earshot_folder(NAME SOURCES … LINKS …): one static library per folder, alias earshot::NAME.
function(earshot_folder name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(earshot_${name} STATIC ${ARG_SOURCES})
  add_library(earshot::${name} ALIAS earshot_${name})
  target_include_directories(earshot_${name} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
  target_link_libraries(earshot_${name} PUBLIC ${ARG_LINKS} PRIVATE earshot::warnings earshot::hardening ${ARG_PRIVATE_LINKS})
  earshot_precompiled(earshot_${name})
  earshot_grouped(earshot_${name})
endfunction()
