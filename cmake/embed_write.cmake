# Writes one assembler-backed C++ file: each embedded file is an .incbin block, so large tables compile in no time.
# FILES are named one by one, or DIRECTORY is read.
string(REPLACE "|" ";" files "${FILES}")
if(DIRECTORY)
  file(GLOB files "${DIRECTORY}/*")
  list(SORT files)
endif()
set(code "#include \"embedded/${NAME}.hpp\"\n\n")
set(table "")
set(n 0)
foreach(file ${files})
  get_filename_component(base "${file}" NAME)
  set(sym "earshot_embedded_${NAME}_${n}")
  string(APPEND code
    "asm(\".section .rodata\\n.balign 64\\n.global ${sym}_begin\\n${sym}_begin:\\n.incbin \\\"${file}\\\"\\n"
    ".global ${sym}_end\\n${sym}_end:\\n.byte 0\\n.previous\\n\");\n"
    "extern \"C\" const char ${sym}_begin[];\nextern \"C\" const char ${sym}_end[];\n")
  string(APPEND table "      {\"${base}\", {${sym}_begin, static_cast<std::size_t>(${sym}_end - ${sym}_begin)}},\n")
  math(EXPR n "${n} + 1")
endforeach()
if(table STREQUAL "")
  # An array of nothing is none.
  string(APPEND code "\nnamespace earshot::embedded {\nstd::span<const File> ${NAME}() { return {}; }\n}\n")
  file(WRITE "${OUT}" "${code}")
  return()
endif()
string(APPEND code "\nnamespace earshot::embedded {\nstd::span<const File> ${NAME}() {\n  static const File files[] = {\n${table}  };\n  return files;\n}\n}\n")
file(WRITE "${OUT}" "${code}")
