# SPDX-License-Identifier: GPL-2.0-or-later
# What short commands do not need is loaded when it is first called; not with sanitizers, which want
# to see all libraries at the start.
ifeq ($(SAN)$(shell uname -m),x86_64)
LAZY   := archive capstone crypto kmod systemd
LAZY_O := $(BUILD)/lazy.o
endif

$(BUILD)/lazy.o: $(CLI_OBJS) $(BUILD)/libsuture.a scripts/lazy-libs
	CC=$(CC) scripts/lazy-libs $(LAZY) -- $(CLI_OBJS) $(BUILD)/libsuture.a >$(BUILD)/lazy.s
	$(CC) -c -o $@ $(BUILD)/lazy.s
