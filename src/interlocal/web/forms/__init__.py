"""Forms made from the case's own models: what a page asks, how an entry is read, how a quantity is said."""
