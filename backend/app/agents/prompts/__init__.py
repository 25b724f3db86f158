"""The instructions given to a model, one text file an operation."""
