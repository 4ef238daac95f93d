"""What the explorer keeps in addresses and shows of an answer; shared by page, exports, views and API."""
