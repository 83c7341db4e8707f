include(GNUInstallDirs)
install(TARGETS earshotd earshot RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES config/earshot.toml DESTINATION "${CMAKE_INSTALL_SYSCONFDIR}/earshot")
# Compiled in as well; installed to be copied from by whoever declares a platform of their own.
install(DIRECTORY config/connectors/ DESTINATION "${CMAKE_INSTALL_DATADIR}/earshot/connectors" FILES_MATCHING PATTERN "*.toml")
install(FILES systemd/earshotd.service systemd/earshotd.socket DESTINATION lib/systemd/system)
install(FILES systemd/earshot.sysusers.conf DESTINATION lib/sysusers.d RENAME earshot.conf)
install(FILES systemd/earshot.tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME earshot.conf)
# Manual pages and completions, where man and the shells look for them.
install(DIRECTORY "${CMAKE_BINARY_DIR}/generated/share/" DESTINATION "${CMAKE_INSTALL_DATADIR}")
