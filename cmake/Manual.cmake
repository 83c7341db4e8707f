# Manual pages and completions, written by the tool from the tables that it reads its own words by.
set(earshot_pages "")
function(earshot_written file)
  set(out "${CMAKE_BINARY_DIR}/generated/share/${file}")
  get_filename_component(folder "${out}" DIRECTORY)
  add_custom_command(OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
    COMMAND sh -c "\"$1\" $2 $3 > \"$4\"" sh "$<TARGET_FILE:earshot>" ${ARGN} "${out}"
    DEPENDS earshot VERBATIM)
  set(earshot_pages "${earshot_pages};${out}" PARENT_SCOPE)
endfunction()
earshot_written(man/man1/earshot.1 man earshot)
earshot_written(man/man8/earshotd.8 man earshotd)
earshot_written(man/man5/earshot.toml.5 man earshot.toml)
earshot_written(bash-completion/completions/earshot completions bash)
earshot_written(zsh/site-functions/_earshot completions zsh)
earshot_written(fish/vendor_completions.d/earshot.fish completions fish)
add_custom_target(earshot_manual ALL DEPENDS ${earshot_pages})
