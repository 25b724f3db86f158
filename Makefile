# Thin: every word goes to ./run, which says what it can do: ./run help
.PHONY: all sample test check serve bench docs lock
all: sample
sample test check serve bench docs lock:
	./run $@
