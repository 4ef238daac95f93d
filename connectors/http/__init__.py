"""One client for every source that speaks HTTP: patient, limited, and never led to another host."""
