"""Files and previews from the block model: one package per format, one gate for each."""
