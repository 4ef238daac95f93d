"""Questions of one's own: pivots over figures and over record lists, always asked through the one door."""
