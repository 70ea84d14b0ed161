"""People on the platform: who registers, applies and enrolls, and all they leave behind."""
