"""Workbooks: values only, the container checked before anything is unpacked."""
