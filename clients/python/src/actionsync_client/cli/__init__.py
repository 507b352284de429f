"""The command line: `actionsync`. Address and token come from ACTIONSYNC_ADDRESS and ACTIONSYNC_TOKEN."""
