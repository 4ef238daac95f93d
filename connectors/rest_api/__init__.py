"""Parts of the kind `rest`: what is asked, how pages follow one another, where records lie in an answer."""
