/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the administrator lets `suture auto` do: suture-auto.conf(5) describes each key. */
#ifndef SUTURE_AUTO_POLICY_H
#define SUTURE_AUTO_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "auto/window.h"
#include "base/err.h"
#include "base/root.h"
#include "base/vec.h"

#define AUTO_CONF "/etc/suture/auto.conf"
#define AUTO_CONF_DIR "/etc/suture/auto.conf.d"

enum auto_mode {
	AUTO_OBSERVE, /* only report updates */
	AUTO_PREPARE, /* fetch, build and test, and load nothing */
	AUTO_APPLY    /* load what passed its trial */
};

enum auto_source {
	AUTO_REPOSITORY, /* a package suture-livepatch-<release> */
	AUTO_BUILD	 /* suture cover, on this machine */
};

enum auto_accept { AUTO_EQUIVALENT, AUTO_PARTIAL };

enum auto_reboot {
	AUTO_REBOOT_NEVER,
	AUTO_REBOOT_FLAG, /* only say that one is due: /run/reboot-required */
	AUTO_REBOOT_WHEN_DUE
};

/* The ring is taken from the machine's id. */
#define AUTO_RING_OF_MACHINE 101

struct auto_policy {
	unsigned mode;	     /* enum auto_mode */
	unsigned accept;     /* enum auto_accept */
	unsigned reboot;     /* enum auto_reboot */
	unsigned sources[2]; /* enum auto_source, the preferred one first */
	unsigned nr_sources;
	unsigned keep_sources;	 /* 0 or 1 */
	unsigned require_tested; /* always 1 */
	unsigned min_coverage; /* percentage of changed functions that a partial patch must carry */
	unsigned ring;	       /* 0 to 100; AUTO_RING_OF_MACHINE */
	unsigned max_cpu;      /* percentage of one processor; 0: unlimited */
	unsigned reboot_open;  /* open fixes from which on a reboot is due */
	uint64_t delay, spread, watch; /* in seconds */
	uint64_t max_memory, max_disk; /* in bytes; 0: unlimited */
	struct auto_window window, reboot_window;
	struct str_vec probes, notify; /* absolute paths of programs */
};

/* Sets every key to its default; auto_policy_free() frees what it has. */
void auto_policy_default(struct auto_policy *policy);
void auto_policy_free(struct auto_policy *policy);
#define scope_auto_policy __attribute__((cleanup(auto_policy_free))) struct auto_policy

/* Parses and modifies the text of one file; file is its name for messages. */
struct err *auto_policy_parse(const char *file, char *text, struct auto_policy *policy);

/*
 * Reads the policy: a given file alone, or with file NULL AUTO_CONF and its drop-ins.  Sets all
 * defaults first.  An error names the file and the line; systemd-analyze checks windows, and
 * programs that other users could change are refused.
 */
struct err *auto_policy_read(const struct root *root, const char *file, struct auto_policy *policy);

/* Returns the names of values, such as "apply". */
const char *auto_mode_name(enum auto_mode mode);
const char *auto_source_name(enum auto_source source);

/* Returns the name of the key at index, and its default by *value, or NULL behind the last one. */
const char *auto_policy_key(unsigned index, const char **value);

#endif
