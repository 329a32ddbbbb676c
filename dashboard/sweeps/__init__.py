"""The data behind the sweep explorer: a collection's runs as columns, and what is asked of them."""
