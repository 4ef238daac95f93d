"""The explorer as people use it: its address, its words, its line of waiting questions."""
