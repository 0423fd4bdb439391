"""The workbench in the browser: screens, accounts and the interface for programs, thin over the core."""
