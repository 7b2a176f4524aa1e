"""Where settings come from: AWS files, project file, environment, options."""
