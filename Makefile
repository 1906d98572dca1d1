# SPDX-License-Identifier: GPL-2.0-or-later
# make            build/suture
# make demo       install what is needed, build, patch a stock kernel in QEMU
# make check      install what is needed, run every test
# make SAN=1 ...  the same with AddressSanitizer and UBSan, in build/san/

CC      := gcc
BUILD   := build$(if $(SAN),/san)
PKGS    := libelf libarchive zlib liblzma libzstd liblz4 jansson libxxhash capstone
CFLAGS  := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wno-missing-field-initializers -Wno-sign-compare -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
LDLIBS   = $(shell pkg-config --libs $(PKGS)) -lbz2
ifdef SAN
CFLAGS  += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS += -fsanitize=address,undefined
endif
CPPFLAGS += -Isrc -Itests/unit -DGUEST_INIT=\"$(BUILD)/guest-init\" $(shell pkg-config --cflags $(PKGS))

LIB_SRCS := $(filter-out src/cli/% src/vm/guest/%,$(wildcard src/*/*.c))
CLI_SRCS := $(wildcard src/cli/*.c)
LIB_OBJS := $(LIB_SRCS:%.c=$(BUILD)/%.o)
CLI_OBJS := $(CLI_SRCS:%.c=$(BUILD)/%.o)

all: $(BUILD)/suture

$(BUILD)/suture: $(CLI_OBJS) $(BUILD)/libsuture.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libsuture.a: $(LIB_OBJS)
	@rm -f $@
	ar rcsD $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The guest's init runs alone in an initramfs: static, no library of ours.
$(BUILD)/guest-init: $(wildcard src/vm/guest/*.c src/vm/guest/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE -static -s -o $@ $(filter %.c,$^)

$(BUILD)/src/vm/guest_init.o: $(BUILD)/guest-init

# One program a file of tests/unit, with libcheck.
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libsuture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $$(pkg-config --libs check)

# The differ's fixtures: tests/golden/README.md.
FIXTURE_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/golden/*.c))

$(BUILD)/golden/run_fixtures: $(FIXTURE_OBJS) $(BUILD)/libsuture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

check-unit: $(UNIT_TESTS) $(BUILD)/golden/run_fixtures $(BUILD)/suture
	@SUTURE=$(BUILD)/suture prove --merge --exec '' $(UNIT_TESTS) $(BUILD)/golden/run_fixtures

# The command line: shell scripts that need no network and no kernel.
check-cli: $(BUILD)/suture
	@SUTURE=$(BUILD)/suture prove $(wildcard tests/cli/*.t)

# One libFuzzer program a file of fuzz/.
FUZZERS := $(patsubst fuzz/%.c,build/fuzz/%,$(wildcard fuzz/fuzz_*.c))
FUZZ_SECONDS := 60

build/fuzz/%: fuzz/%.c $(LIB_SRCS) build/guest-init
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=gnu11 -g -O1 -D_GNU_SOURCE -fsanitize=fuzzer,address,undefined \
		-o $@ $(filter %.c,$^) $(LDLIBS)

-include $(LIB_OBJS:.o=.d) $(CLI_OBJS:.o=.d) $(wildcard $(BUILD)/tests/*/*.d)

clean:
	rm -rf build

.PHONY: all check-unit check-cli clean
.SECONDARY:
