/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_LIVE_INTERNAL_H
#define SUTURE_LIVE_INTERNAL_H

#include <jansson.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/strbuf.h"
#include "klp/describe.h"
#include "live/live.h"

/* How long the kernel may take to let go of a patch's module once the patch is disabled. */
#define LIVE_REMOVE_MS 10000

/* util.c */
void live_sleep_ms(unsigned ms);
char *live_hex(const uint8_t *data, size_t size);

/* state.c */

/*
 * The object in a file of state; NULL when there is no such file.  What is not one is an error,
 * "FILE is damaged (WHY): REMEDY".
 */
struct err *live_state_read(const struct root *root, const char *path, const char *remedy,
			    json_t **object);
struct err *live_state_damaged(const struct root *root, const char *path, const char *why,
			       const char *remedy);

/* root_write() of an object, whose reference is taken; NULL is one with text that is not UTF-8. */
struct err *live_state_write(const struct root *root, const char *path, json_t *object);

/* A member that is a string, or ""; free(). */
char *live_state_text(const json_t *object, const char *key);

/* Removes what commands that were killed have not renamed.  Needs the command lock. */
void live_state_sweep(const struct root *root);

/* " --root=DIR" as a command that is named to somebody needs it, or "". */
char *live_root_option(const struct root *root);

/* machine.c: the GNU build id among ELF notes, in hexadecimal, or NULL. */
char *live_build_id(struct bytes notes);

struct err *live_not_root(void) ERR_MUST_USE;

/* patches.c: a number in /sys/kernel/livepatch/<name>/<file>; -1 when it cannot be read. */
int live_attribute(const struct root *root, const char *name, const char *file);

/* conf.c: one file's text, which is changed; file is for messages. */
struct err *live_conf_parse(const char *file, char *text, struct live_conf *conf);

/* signature.c */

/* The bytes before a signature at the end (scripts/sign-file), and its PKCS#7 message if any. */
struct bytes live_signature_split(struct bytes module, struct bytes *message);

struct live_signature {
	char *signer; /* issuer and serial number, for people */
	char *key_id; /* as the kernel's keyrings are searched for it, hexadecimal */
};

/* Who signed; an error when the message cannot be read. */
struct err *live_signature_read(struct bytes message, struct live_signature *signature);
void live_signature_free(struct live_signature *signature);
#define scope_live_signature __attribute__((cleanup(live_signature_free))) struct live_signature

/* Whether a keyring that the kernel trusts for modules has the key: 1, 0; -1: cannot tell. */
int live_key_known(const struct root *root, const char *key_id);

/* module.c: a module file that is to be loaded. */
struct live_module {
	char *path, *name;
	char *release; /* of the kernel in its vermagic */
	char *sha256;  /* of the file */
	char *digest;  /* of the module itself: unpacked, without a signature */
	char *report;  /* <name>.report.json beside it, or NULL */
	/*
	 * What was checked is what is loaded or installed: a copy, since the file may be another
	 * one a moment later.
	 */
	uint8_t *file_data, *unpacked; /* unpacked NULL: the file is not compressed */
	struct bytes file, image;      /* as the file has it, and as the kernel gets it */
	bool is_signed;
	char *signature_error; /* why its signature cannot be read; NULL */
	struct live_signature signature;
	const char *attested; /* "pass", "fail", "no", "other", "not exercised", "unreadable" */
	char *attest_why;     /* what is wrong when it is not "pass"; else NULL */
	struct str_vec covered, uncovered; /* functions that the trial called, or did not */
	struct klp_module *klp;
};

/* attested.c: fills in the last of these; and what the settings make of it. */
void live_attested_read(struct live_module *module);
void live_attested_check(const struct live_conf *conf, const struct live_module *module,
			 struct live_finding_vec *findings);

struct err *live_module_open(const char *path, struct live_module **module);
void live_module_free(struct live_module *module);
void live_module_freep(struct live_module **modulep);
#define scope_live_module __attribute__((cleanup(live_module_freep))) struct live_module *

struct live_module_vec VEC(struct live_module *);
void live_modules_free(struct live_module_vec *modules);
#define scope_live_modules __attribute__((cleanup(live_modules_free))) struct live_module_vec

/* check.c */
void live_finding_add(struct live_finding_vec *findings, enum live_level level, const char *what,
		      const char *module, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Everything that can be known before loading the modules, in this order. */
struct err *live_check(const struct root *root, const struct live_machine *machine,
		       const struct live_module_vec *modules, struct live_finding_vec *findings);

/* The same for a module that is to be installed: only what does not depend on the moment. */
struct err *live_check_install(const struct root *root, const struct live_module *module,
			       struct live_finding_vec *findings);

/* fixes.c: appends them, sorted and once. */
void live_module_cves(const struct live_module *module, struct str_vec *cves);

/*
 * "CVE-2026-10001, function f of vmlinux": what a loaded patch, or another module, has and the one
 * that is to take its place does not; NULL for nothing.  free().
 */
char *live_patch_lost(const struct live_patch *patch, const struct live_module *module);
char *live_module_lost(const struct live_module *old, const struct live_module *module);

/* record.c */
/* *record is NULL when there is none of this load; a damaged one is an error. */
struct err *live_record_read(const struct root *root, const char *name,
			     struct live_record **record);
void live_record_free(struct live_record *record);
struct err *live_record_write(const struct root *root, const struct live_module *module,
			      bool installed);
void live_record_drop(const struct root *root, const char *name);

/* lock.c: while a watch goes on, others may change what they do not need all for; fd 0: none. */
void live_lock_pause(int fd);
struct err *live_lock_again(int fd);

/* klog.c: the kernel's log from the time of opening on. */
struct live_klog {
	int fd;		/* -1: it cannot be read here */
	uint64_t next;	/* the number of the record that should come next; 0: not known */
	uint64_t lost;	/* that were overwritten before they were read */
	bool lost_more; /* and some whose number is not known */
};

struct live_klog *live_klog_open(const struct root *root);	    /* never NULL */
void live_klog_read(struct live_klog *klog, struct str_vec *lines); /* appends new ones */
char *live_klog_lost(const struct live_klog *klog); /* "12 lines", or NULL for none; free() */
/* Warns when it cannot be read. */
void live_klog_check(const struct root *root, struct live_finding_vec *findings);
void live_klog_freep(struct live_klog **klogp);
#define scope_live_klog __attribute__((cleanup(live_klog_freep))) struct live_klog *

/* follow.c */
enum follow_end {
	FOLLOW_DONE,
	FOLLOW_LATE, /* the limit has passed */
	FOLLOW_INTERRUPTED,
};

/* As many as that are kept, with their stacks. */
#define FOLLOW_BLOCKING_MAX 16

struct follow {
	const struct root *root;
	const char *name;
	int target; /* 1: the patch is being enabled, 0: disabled */
	unsigned limit_ms;
	bool uninterruptible;
	struct progress *progress;
};

/* Until the transition has ended; blocking are the tasks that it waits for when it has not. */
struct err *live_follow(const struct follow *follow, enum follow_end *end,
			struct live_task_vec *blocking);

/*
 * Disables a patch, waits, and removes its module.  A patch that cannot be disabled in time
 * is an outcome (LIVE_END_STUCK), and then its transition is left going on.
 */
struct err *live_take_down(const struct root *root, const char *name, unsigned limit_ms,
			   struct progress *progress, struct live_outcome *outcome);

/* "2 tasks": how many a transition waits for, as far as they are known; free(). */
char *live_waiting(const struct live_task_vec *blocking);

/* kmod.c */

/* 0, or -errno. */
int live_kmod_insert(struct bytes image);
/* Waits for the kernel to let go of it; 0 also when it was not there. */
int live_kmod_remove(const char *name);

/* held.c */
struct err *live_hold(const struct root *root, const char *name, const char *digest,
		      const char *release, const char *why);
const struct live_held *live_held_find(const struct live_held_vec *held, const char *digest);

/*
 * guard.c: a marker on the disk while patches are loaded and until the machine has lived on
 * for a while.  One of an earlier boot means that the machine went down in that time; one of this
 * boot whose process is gone, that nobody watches any longer.
 */
struct err *live_guard_begin(const struct root *root, const struct live_machine *machine,
			     const struct live_module_vec *modules);
void live_guard_end(const struct root *root);
/* Holds back what a marker of an earlier boot names, and removes it; one of this boot goes, too. */
struct err *live_guard_check(const struct root *root, const struct live_machine *machine);
/* Appends what live_guard_check() would hold back; a damaged marker names nothing. */
void live_guard_suspects(const struct root *root, struct live_held_vec *held);
/* Removes a patch's name, or all with NULL, from the marker; released are those that it had. */
struct err *live_guard_release(const struct root *root, const char *name, struct str_vec *released);

/*
 * trust.c: why somebody else than root could change what a path leads to: the file, and each folder
 * on the way, that of links as well.  "WHERE: WHY", free(); NULL when nobody can.
 */
char *live_distrust(const struct root *root, const char *path);

/* health.c */

/* The probes of /etc/suture/health.d: that they can be trusted, and pass now. */
struct err *live_health_check(const struct root *root, struct live_finding_vec *findings);

struct live_health {
	const struct root *root;
	unsigned watch_ms;
	struct live_klog *klog;
	long taint;		     /* of the kernel before anything was loaded */
	const struct str_vec *names; /* of the patches */
	struct progress *progress;
};

/*
 * Watches for so long, or until none of the patches is in force any more; gone are those that are
 * not.  *why is what was found, or NULL.  An interrupt ends it as an error.
 */
struct err *live_health_watch(const struct live_health *health, struct str_vec *gone, char **why);

/* The kernel's taint flags: Documentation/admin-guide/tainted-kernels.rst.  0: unknown. */
long live_taint(const struct root *root);

/* watch.c */
struct live_watching {
	const struct root *root;
	const struct live_load_spec *spec;
	const struct live_module_vec *modules;
	struct live_klog *klog; /* from before anything was loaded on, as taint is */
	long taint;
	struct progress *progress;
	struct live_finding_vec *findings;
};

/* The health watch, and what follows from it. */
struct err *live_watch_over(const struct live_watching *watching,
			    struct live_outcome_vec *outcomes);

/*
 * complaint.c: the first line of a log that speaks against the patch that was loaded meanwhile, or
 * NULL.
 */
const char *live_health_line(const struct str_vec *lines);

/* journal.c: events for systemd's journal, each kind with a MESSAGE_ID of its own. */
enum live_event {
	EVENT_LOADED,
	EVENT_UNLOADED,
	EVENT_NOT_LOADED, /* refused, rejected, reversed */
	EVENT_ROLLED_BACK,
	EVENT_HELD,
	EVENT_RELEASED,
	EVENT_OFF, /* by a kill switch */
	EVENT_INSTALLED,
	EVENT_UNINSTALLED,
};

void live_journal(const struct root *root, enum live_event event, const char *module,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* To systemd, when it started us: the patches are in. */
void live_notify_ready(struct progress *progress);

/* explain.c: why the kernel did not take a module; free(). */
char *live_explain_load(int errnum, const struct str_vec *kernel_log);

#endif
