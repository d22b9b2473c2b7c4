"""What the DAGs share: the task factory, its two runners, and their settings."""
