# earshot_embed(TARGET NAME FILES…): compiles files into TARGET as `earshot::embedded::NAME()`, a span of {name, bytes}
# declared in core/base/embedded.hpp style; the generated header is <generated>/embedded/NAME.hpp.
function(earshot_embed target name)
  set(files "")
  foreach(file ${ARGN})
    list(APPEND files "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  string(REPLACE ";" "|" packed "${files}")
  earshot_embed_command(${target} ${name} "-DFILES=${packed}" ${files})
endfunction()

# earshot_embed_directory(TARGET NAME DIRECTORY STAMP): the same of all files that lie in DIRECTORY when it is built;
# STAMP is what the command that fills it touches.
function(earshot_embed_directory target name directory stamp)
  earshot_embed_command(${target} ${name} "-DDIRECTORY=${directory}" "${stamp}")
endfunction()

# What both have in common; further arguments are what the generated file depends on.
function(earshot_embed_command target name which)
  set(out "${CMAKE_BINARY_DIR}/generated/embedded/${name}.cpp")
  set(header "${CMAKE_BINARY_DIR}/generated/embedded/${name}.hpp")
  file(WRITE "${header}.in"
       "#pragma once\n#include <span>\n#include \"core/base/embedded.hpp\"\nnamespace earshot::embedded {\nstd::span<const File> ${name}();\n}\n")
  configure_file("${header}.in" "${header}" COPYONLY)
  add_custom_command(
    OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DNAME=${name}" "${which}" -P "${CMAKE_SOURCE_DIR}/cmake/embed_write.cmake"
    DEPENDS ${ARGN} "${CMAKE_SOURCE_DIR}/cmake/embed_write.cmake"
    VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()
