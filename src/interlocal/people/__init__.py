"""Key posts and leadership windows, roles over a project's life, and the time and effort that its plan needs."""
