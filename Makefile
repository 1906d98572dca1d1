# SPDX-License-Identifier: GPL-2.0-or-later
# make              build build/suture
# make demo         install what is needed, build, patch a stock kernel in QEMU
# make check        install what is needed, run all tests
# make check-unit   run the fast tests, which need neither root nor a network nor a kernel
# make check-vm     run the tests that fetch a kernel and boot it
# make check-hosts  run the fast tests and the demo on other Debian releases, in roots of theirs
# make check-selfbuilt  build a kernel from source, patch it, boot it; this takes minutes
# make check-long   tests of minutes each: a damaged cache, hostile patches, sleeping tasks
# make corpus DIR=… build every patch of a folder, try the modules in QEMU, print a table; FOR=a kernel
# make bench        measure what building costs; HEADER=1: a header of 300 units; OLD=PROGRAM: an older suture
# make bench-advise compare suture advise with needrestart
# make soak         1,000 loads and unloads in a guest, to see that no memory is lost and the log is clean
# make whole-update FOR=RELEASE TO=VERSION  make a live patch of a whole update, and run it in a busy guest
# make reproducers  run programs that fail before a real fix is loaded as a live patch, and not after
# make fuzz         run each fuzzer for FUZZ_SECONDS=60
# make install      install program, pages, completion and unit to $(DESTDIR)$(PREFIX), rules and hooks to /usr, /etc
# make deb, make rpm  build packages of Suture: build/deb/suture_*.deb, build/rpm/suture-*.rpm
# make uninstall    remove what make install put there
# make SAN=1 …      build and test with AddressSanitizer and UBSan, in build/san/

CC      := gcc
BUILD   := build$(if $(SAN),/san)
PREFIX  := /usr/local
# The series of the distribution's own kernel, Debian 12's where it is not known.
KERNEL  := $(shell . /etc/os-release 2>/dev/null; [ "$$VERSION_CODENAME" = trixie ] && echo 6.12 || echo 6.1)
PKGS    := libelf libdw libbpf zlib liblzma libzstd liblz4 jansson libxxhash
LOADED  := capstone libarchive libcrypto libsystemd # commands load them when needed: src/base/library.h
CFLAGS  := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Werror=implicit-function-declaration \
           -Wno-missing-field-initializers -Wno-sign-compare -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
ifdef SAN
CFLAGS  += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS += -fsanitize=address,undefined
endif

# pkg-config is asked once, and only by targets that compile, since make deps has to work without it.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) $(LOADED)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
LDLIBS     = $(PKG_LIBS) -lbz2
CPPFLAGS   = -Isrc -Itests/unit -DGUEST_INIT=\"$(BUILD)/guest-init\" $(PKG_CFLAGS)

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

# The compiler's lists of dependencies do not contain embedded texts.
$(BUILD)/src/kbuild/scripts.o: $(wildcard src/kbuild/*.mk)
$(BUILD)/src/advise/rules_builtin.o build/clang/src/advise/rules_builtin.o: $(wildcard data/advise/*.conf)
$(BUILD)/src/finding/rule.o build/clang/src/finding/rule.o: doc/rules.md
$(BUILD)/src/target/archives.o: $(wildcard data/archives/*.sources)
$(BUILD)/src/cli/html_page.o: src/cli/html.css
$(BUILD)/src/klp/author.o: $(wildcard src/klp/include/*.h src/klp/include/*/*.h)
$(BUILD)/src/klp/glue.o: $(wildcard src/klp/glue/*.[ch])
$(BUILD)/src/ship/package.o: $(wildcard data/package/*)
$(BUILD)/src/klp/plain.o: $(wildcard src/klp/plain/asm/*.h)

# The guest's init runs alone in an initramfs, so it is static and uses no library of this tree.
$(BUILD)/guest-init: $(wildcard src/vm/guest/*.c src/vm/guest/*.h) src/vm/protocol.h src/klp/new_name.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE -Isrc -static -s -o $@ $(filter %.c,$^)

$(BUILD)/src/vm/guest_init.o: $(BUILD)/guest-init

# Rule for a test program, from all that it depends on.
define link
@mkdir -p $(@D)
$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
endef

# Each test_*.c of tests/unit becomes a program, with libcheck.
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libsuture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -Wl,--as-needed $$(pkg-config --libs check $(LOADED))

# tests/golden/README.md describes the differ's fixtures.
FIXTURE_OBJS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/golden/*.c))

$(BUILD)/golden/run_fixtures: $(FIXTURE_OBJS) $(BUILD)/libsuture.a
	$(link)

# Tests call these programs, which are linked with the library.
SUPPORT := $(patsubst tests/support/%.c,$(BUILD)/support/%,$(wildcard tests/support/*.c))

$(BUILD)/support/%: $(BUILD)/tests/support/%.o $(BUILD)/libsuture.a
	$(link)

include fuzz/fuzz.mk

# All tests print TAP, and prove summarises it.
PROVE    = SUTURE=$(abspath $(BUILD)/suture) KERNEL=$(KERNEL) prove --merge --timer --failures --comments -j $(shell nproc) --exec ''
FAST    := tests/check-tree $(UNIT_TESTS) $(REPLAYS) $(BUILD)/golden/run_fixtures
LONG_T  := $(wildcard tests/vm/long/*.t) tests/cli/check_tree.t
CLI_T   := $(filter-out $(LONG_T),$(wildcard tests/cli/*.t))
# The longest tests come first, so that none of them runs alone at the end.
VM_T    := $(addprefix tests/vm/,live.t cover.t gate.t second.t proof.t badinput.t rules.t build.t deb13.t)
VM_T    += $(filter-out $(VM_T),$(wildcard tests/vm/*.t))

check:
	@scripts/install-deps build run check
	@$(MAKE) --no-print-directory check-all

check-all: $(FAST) $(BUILD)/suture $(SUPPORT)
	@$(PROVE) $(FAST) $(CLI_T) $(VM_T)

check-unit: $(FAST) $(BUILD)/suture
	@$(PROVE) $(FAST)

check-cli: $(BUILD)/suture
	@$(PROVE) $(CLI_T)

check-vm: $(BUILD)/suture $(SUPPORT)
	@$(PROVE) $(VM_T)

# Many builds or boots each: damage in the cache, other flavours, hostile patches, tasks asleep in new code, the
# newest kernels, repeated loading, loading on the second generation of kernels; and the tests of
# tests/check-tree.
check-long: $(BUILD)/suture $(SUPPORT)
	@$(PROVE) $(LONG_T)

# Makes a root of each other Debian release, and runs the fast tests and the demo there: minutes.
check-hosts: $(BUILD)/suture
	@scripts/install-deps build run check
	@$(PROVE) -v $(wildcard tests/hosts/*.t)

# Builds a kernel with SELFBUILT_CC=gcc-12, which takes minutes, and keeps it in build/selfbuilt.
check-selfbuilt: $(BUILD)/suture
	@scripts/install-deps build run check selfbuilt
	@$(PROVE) -v tests/selfbuilt/selfbuilt.t

# Tries one kernel for each row, from 5.10 to sid's, in half an hour; ROWS="5.10 sid", DIR= a corpus.
kernels: $(BUILD)/suture $(SUPPORT)
	@SUTURE=$(BUILD)/suture tests/vm/kernels $(if $(DIR),-c $(DIR)) $(ROWS)

corpus: $(BUILD)/suture $(SUPPORT)
	@SUTURE=$(BUILD)/suture tests/vm/corpus $(if $(FOR),-k $(FOR)) $(DIR)

# Measures the stages; HEADER=1 adds a header that some 300 units include, and takes minutes.
$(BUILD)/bench/micro: $(BUILD)/tests/bench/micro.o $(BUILD)/libsuture.a
	$(link)

bench: $(BUILD)/suture $(BUILD)/bench/micro
	@SUTURE=$(BUILD)/suture MICRO=$(BUILD)/bench/micro tests/bench/run $(KERNEL) $(HEADER)
	@SUTURE=$(BUILD)/suture tests/bench/advise

# Compares suture advise with needrestart, in a container.
bench-advise: $(BUILD)/suture
	@scripts/install-deps build run check
	@SUTURE=$(BUILD)/suture tests/bench/advise

# Loads and unloads a live patch 1,000 (or CYCLES) times in a busy guest; half an hour under emulation.
soak: $(BUILD)/suture
	@SUTURE=$(abspath $(BUILD)/suture) KERNEL=$(KERNEL) tests/vm/soak $(CYCLES)

# Hours; SECONDS=1800 of work in the guest, FIXES=a list for cover --cves.
whole-update: $(BUILD)/suture $(SUPPORT)
	@SUTURE=$(abspath $(BUILD)/suture) tests/vm/whole_update $(FOR) $(TO) $(or $(SECONDS),1800) $(FIXES)

# Loads fixes of 6.1.191 and .192 into the release before them, and shows the bugs that they fix.
reproducers: $(BUILD)/suture
	@SUTURE=$(abspath $(BUILD)/suture) KERNEL=6.1.0-54-amd64 tests/vm/reproducers.t

deps:
	@scripts/install-deps build run

demo:
	@scripts/install-deps build run demo
	@demo/run $(KERNEL)

include scripts/install.mk

-include $(LIB_OBJS:.o=.d) $(CLI_OBJS:.o=.d) $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/fuzz/*.d) \
	$(wildcard build/clang/*/*.d build/clang/*/*/*.d)

clean:
	rm -rf build

.PHONY: all bench bench-advise soak whole-update reproducers check check-all check-unit check-cli check-vm check-long check-hosts check-selfbuilt corpus kernels \
	deps demo fuzz run-fuzzers install uninstall clean
.SECONDARY:
