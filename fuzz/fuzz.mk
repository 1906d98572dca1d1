# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz/replay.c runs the fuzzers as tests.
REPLAYS := $(patsubst fuzz/%.c,$(BUILD)/replay/%,$(wildcard fuzz/fuzz_*.c))

$(BUILD)/replay/%: $(BUILD)/fuzz/%.o $(BUILD)/fuzz/replay.o $(BUILD)/libsuture.a
	$(link)

# Each file of fuzz/ becomes a libFuzzer program, with its own build of the library.
FUZZERS := $(patsubst fuzz/%.c,build/fuzz/%,$(wildcard fuzz/fuzz_*.c))
FUZZ_SECONDS := 60
# clang counts null + 0 as an overflow, which C2y defines and glibc's <obstack.h> relies on.
FUZZ_SAN := address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=undefined

build/clang/%.o: %.c
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=gnu11 -g -O1 -D_GNU_SOURCE -fsanitize=fuzzer-no-link,$(FUZZ_SAN) \
		-MMD -MP -c -o $@ $<

build/clang/src/vm/guest_init.o: build/guest-init

build/fuzz/%: build/clang/fuzz/%.o $(LIB_SRCS:%.c=build/clang/%.o)
	@mkdir -p $(@D)
	clang -fsanitize=fuzzer,$(FUZZ_SAN) -o $@ $^ $(LDLIBS)

build/fuzz/seeds: scripts/make-fuzz-seeds build/golden/run_fixtures
	scripts/make-fuzz-seeds build/golden/run_fixtures $@

fuzz:
	@scripts/install-deps build run fuzz
	@$(MAKE) --no-print-directory run-fuzzers

run-fuzzers: $(FUZZERS) build/fuzz/seeds
	@scripts/run-fuzzers $(FUZZ_SECONDS) $(FUZZERS)
