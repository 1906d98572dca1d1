/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel: which live patches it has, loading another one and following it until
 * every task runs the new code, and undoing that again.
 *
 * Everything is read through a `struct root`, so that a made-up tree serves for tests and
 * another system's folder for `install`; only the machine itself can be loaded into.
 * Patches of other makers (kpatch, vendors) are read, loaded and unloaded like Suture's own.
 */
#ifndef SUTURE_LIVE_LIVE_H
#define SUTURE_LIVE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/root.h"
#include "base/vec.h"

#define LIVE_SYSFS "/sys/kernel/livepatch"
#define LIVE_STATE "/var/lib/suture"
#define LIVE_RUN "/run/suture"
#define LIVE_ETC "/etc/suture"

/* ---- the machine ---- */

struct live_machine {
	char *release;	     /* of the running kernel */
	char *build_id;	     /* hexadecimal; NULL when the kernel has none */
	char *boot_id;	     /* another one after each boot; "" when unknown */
	char *container;     /* its kind when this is in one; else NULL */
	char *lockdown;	     /* "none", "integrity", "confidentiality"; NULL: not supported */
	bool livepatch;	     /* CONFIG_LIVEPATCH */
	bool is_root;	     /* user 0 */
	bool may_load;	     /* CAP_SYS_MODULE */
	bool sig_enforce;    /* only signed modules are taken */
	int secure_boot;     /* 0, 1; -1: not booted by EFI, or it does not tell */
	bool loading_closed; /* kernel.modules_disabled=1 */
	bool ftrace_off;     /* kernel.ftrace_enabled=0 */
	bool has_died;	     /* an Oops or BUG since it was booted */
	bool off;	     /* suture=off on the kernel's command line */
	bool disabled;	     /* /etc/suture/disabled is there */
	uint64_t free_bytes; /* memory that can be had; 0: unknown */
};

struct err *live_machine_read(const struct root *root, struct live_machine **machine);
void live_machine_free(struct live_machine *machine);
void live_machine_freep(struct live_machine **machinep);
#define scope_live_machine __attribute__((cleanup(live_machine_freep))) struct live_machine *

/* NULL when this process could load live patches at all; else one line on why not. */
struct err *live_machine_check(const struct live_machine *machine) ERR_MUST_USE;

/* ---- what is loaded ---- */

enum live_state {
	LIVE_ENABLED,
	LIVE_DISABLED,
	LIVE_PATCHING,	 /* some tasks do not run the new code yet */
	LIVE_UNPATCHING, /* some tasks still run it */
	LIVE_REPLACED,	 /* another patch took its place; its module is still in memory */
};

/* "enabled" */
const char *live_state_name(enum live_state state);

struct live_function {
	char *name;
	unsigned sympos; /* as sysfs has it: 1 where the name is unique */
	char *top;	 /* the patch whose code is called; NULL: the original's is */
};

struct live_object {
	char *name;  /* "vmlinux" or a module */
	int patched; /* 0: that module is not loaded; -1: the kernel does not tell */
	struct live_function_vec VEC(struct live_function) functions;
};

/* What Suture wrote down when it loaded a patch. */
struct live_record {
	char *path;	/* the module's file then */
	char *sha256;	/* of that file */
	char *digest;	/* SHA-256 of the module without a signature at its end */
	char *time;	/* RFC 3339, UTC */
	char *report;	/* its report's file, or NULL */
	char *attested; /* what its trial came to, by live/attested.c: "pass", "fail", "no", ... */
	struct str_vec cves; /* that it fixes, by the names of its patches and the report then */
	size_t nr_covered;   /* replaced functions that the trial called */
	struct str_vec uncovered; /* and those that it did not */
	bool installed;		  /* by the boot, not by hand */
	struct live_klp_state_vec VEC(struct live_klp_state {
		uint64_t id;
		unsigned version;
	}) states;
};

struct live_patch {
	char *name;
	enum live_state state;
	int replace; /* 0, 1; -1: the kernel does not tell (before 6.11) */
	char *taint; /* of its module: "OEK" */
	struct live_object_vec VEC(struct live_object) objects;
	struct live_record *record; /* NULL: not loaded by Suture, or forgotten */
};

/* In the order in which they were loaded: the last one is on top. */
struct live_patches {
	struct live_patch_vec VEC(struct live_patch) list;
	struct str_vec damage; /* records that cannot be read, a line each */
};

struct err *live_patches_read(const struct root *root, struct live_patches **patches);
void live_patches_free(struct live_patches *patches);
void live_patches_freep(struct live_patches **patchesp);
#define scope_live_patches __attribute__((cleanup(live_patches_freep))) struct live_patches *

/* fixes.c: appends the CVE ids in a text. */
void live_cves_in(const char *text, size_t size, struct str_vec *cves);

/* Appends what the report of a live patch says it fixes; also false for one that is not JSON. */
bool live_report_cves(const char *text, size_t size, struct str_vec *cves);

/* By its name, '-' and '_' being the same; NULL when it is not loaded. */
const struct live_patch *live_patches_find(const struct live_patches *patches, const char *name);

size_t live_patch_functions(const struct live_patch *patch);

/* The name of a module as the kernel spells it, of a name or a path; free(). */
char *live_name_of(const char *name_or_path);

/* ---- settings ---- */

enum live_tested { LIVE_TESTED_NO, LIVE_TESTED_WARN, LIVE_TESTED_YES };

/* "warn" */
const char *live_tested_name(enum live_tested policy);

struct live_conf {
	enum live_tested require_tested; /* what is done with a module that no trial attests */
};

/* Without files, the defaults; a line that is not understood is an error. */
struct err *live_conf_read(const struct root *root, struct live_conf *conf);

/* ---- tasks ---- */

/* One that keeps a transition from its end. */
struct live_task {
	int pid, tid;
	char *command;
	char state;  /* as in /proc/<pid>/stat: 'S' asleep, 'D' asleep and not to be woken, ... */
	char *stack; /* of the kernel: "pipe_read < vfs_read < ..."; "" when it cannot be read */
};

struct live_tasks {
	size_t total, done;
	struct live_task_vec VEC(struct live_task) blocking; /* at most as many as asked for */
};

/* target: 1 while patching, 0 while unpatching. */
struct err *live_tasks_read(const struct root *root, int target, size_t max,
			    struct live_tasks *tasks);
void live_tasks_free(struct live_tasks *tasks);
#define scope_live_tasks __attribute__((cleanup(live_tasks_free))) struct live_tasks

/* "cat (pid 70), asleep: pipe_read < vfs_read"; free(). */
char *live_task_describe(const struct live_task *task);

/* ---- checks ---- */

enum live_level { LIVE_NOTE, LIVE_WARN, LIVE_REFUSE };

/* "warn" */
const char *live_level_name(enum live_level level);

/* Something that was found before loading. */
struct live_finding {
	enum live_level level;
	const char *what; /* "vermagic", ...; not owned */
	char *module;	  /* or NULL: of the machine */
	char *message;
};

struct live_finding_vec VEC(struct live_finding);
void live_findings_free(struct live_finding_vec *findings);

/* An error as a finding; frees it.  NULL adds none. */
void live_finding_of(struct live_finding_vec *findings, enum live_level level, const char *what,
		     struct err *err);
#define scope_live_findings __attribute__((cleanup(live_findings_free))) struct live_finding_vec

bool live_findings_refuse(const struct live_finding_vec *findings);

/* ---- loading ---- */

enum live_end {
	LIVE_END_DONE,	     /* every task runs the new code */
	LIVE_END_GOING_ON,   /* the transition was left to go on by itself */
	LIVE_END_REVERSED,   /* it did not end in time and was undone */
	LIVE_END_FAILED,     /* the kernel did not take it, or somebody else has taken it out */
	LIVE_END_STUCK,	     /* it could not be undone either: tasks are in both */
	LIVE_END_ROLLED_BACK /* the health watch found something: undone, and locked */
};

/* "done" */
const char *live_end_name(enum live_end end);

struct live_outcome {
	char *name;
	char *path;
	enum live_end end;
	char *why;			   /* NULL when done */
	double seconds;			   /* until every task had switched */
	struct live_task_vec blocking;	   /* those that it waited for in the end */
	struct str_vec kernel_log;	   /* lines of that time */
	struct str_vec replaced, unloaded; /* patches that it took the place of; removed ones */
};

struct live_outcome_vec VEC(struct live_outcome);
void live_outcomes_free(struct live_outcome_vec *outcomes);
#define scope_live_outcomes __attribute__((cleanup(live_outcomes_free))) struct live_outcome_vec

#define LIVE_TIMEOUT_MS 60000
#define LIVE_WATCH_MS 30000

struct live_load_spec {
	const char *const *modules; /* files, loaded in this order */
	size_t nr_modules;
	unsigned timeout_ms; /* of a transition, then it is undone; 0: the default */
	int wait_ms;	     /* leave a transition going on after so long; -1: never */
	unsigned watch_ms;   /* look after the machine's health for so long; 0: not at all */
	bool dry_run;	     /* only the checks */
	bool installed;	     /* instead of `modules`, what is installed for the running kernel */
	int lock;	     /* of live_lock(), for LIVE_TURN_ALONE; 0: there is none */
};

/*
 * Checks everything first; loads nothing if any check refuses, which the findings say.  Stops
 * at the first module that does not end as LIVE_END_DONE or _GOING_ON; those before it stay.
 * Then the machine's health is watched, unless a transition is left going on; what speaks
 * against the patches has all that were loaded undone and held back.  Other commands may unload
 * meanwhile, which ends the watch of what they unload.
 * Needs the command lock: live_lock().
 */
struct err *live_load(const struct root *root, const struct live_load_spec *spec,
		      struct progress *progress, struct live_finding_vec *findings,
		      struct live_outcome_vec *outcomes);

/*
 * Disables and removes patches by name, in the order given; with an outcome for each.
 * A transition that does not end in time is reversed: the patch stays enabled.
 */
struct err *live_unload(const struct root *root, const struct str_vec *names, unsigned timeout_ms,
			int wait_ms, struct progress *progress, struct live_outcome_vec *outcomes);

/* ---- over reboots ---- */

/* A module below /var/lib/suture/<release>/, to be loaded when that kernel has booted. */
struct live_installed {
	char *name;
	char *path; /* of the file, below the root */
	char *sha256, *digest, *time;
	bool replace; /* it takes the place of all others */
};

struct live_installed_vec VEC(struct live_installed);
void live_installed_free(struct live_installed_vec *installed);
#define scope_live_installed __attribute__((cleanup(live_installed_free))) struct live_installed_vec

/* In the order of loading; none is fine.  A damaged list is an error that names the remedy. */
struct err *live_installed_read(const struct root *root, const char *release,
				struct live_installed_vec *installed);

/*
 * Copies a module with its report and attestation, and enters it for the kernel that it is
 * for; one that replaces others drops those.  Refusals are findings, and then nothing is done.
 * Either all of it is on the disk afterwards, or nothing.  Needs the command lock.
 */
struct live_install {
	char *name, *release;
	struct str_vec dropped; /* whose place it takes */
};

void live_install_free(struct live_install *install);
#define scope_live_install __attribute__((cleanup(live_install_free))) struct live_install

struct err *live_install(const struct root *root, const char *path, struct live_install *install,
			 struct live_finding_vec *findings);

/*
 * names NULL: all, and whatever is left of them when the list is damaged.  An unknown name is an
 * error.  Needs the command lock.
 */
struct err *live_uninstall(const struct root *root, const char *release,
			   const struct str_vec *names, struct str_vec *removed);

/* What systemd will do about them at the next boot. */
enum live_boot {
	LIVE_BOOT_ENABLED,
	LIVE_BOOT_DISABLED,
	LIVE_BOOT_MASKED,
	LIVE_BOOT_MISSING, /* no unit file anywhere */
};

enum live_boot live_boot_read(const struct root *root);

/* "enabled" */
const char *live_boot_name(enum live_boot boot);

/* Why installed patches would not be loaded, and what to do; NULL when enabled.  free(). */
char *live_boot_obstacle(const struct root *root, enum live_boot boot);

/* ---- held back ---- */

/* A module that must not be loaded again until somebody has looked: by what it contains. */
struct live_held {
	char *name, *digest, *release, *why, *time;
};

struct live_held_vec VEC(struct live_held);
void live_held_free(struct live_held_vec *held);
#define scope_live_held __attribute__((cleanup(live_held_free))) struct live_held_vec

/*
 * A file that is damaged still holds back what its name says: better once too often.  What was
 * being loaded when the machine went down is in the list before a load has entered it.
 */
struct err *live_held_read(const struct root *root, struct live_held_vec *held);

/*
 * By name, or all with NULL, also from a watch that was ended before its time, and whatever is
 * damaged; released are the names.  An unknown name is an error.
 */
struct err *live_unlock(const struct root *root, const char *name, struct str_vec *released);

/* ---- watched ---- */

/* Loaded patches that a command loads or watches, or did when it was killed. */
struct live_watch {
	struct str_vec names;
	char *time; /* since when */
	int pid;
	bool alive; /* false: nobody watches, and nobody will undo them */
};

/* *watch is NULL when all that is loaded was watched to the end. */
struct err *live_watch_read(const struct root *root, const struct live_machine *machine,
			    const struct live_patches *patches, struct live_watch **watch);
void live_watch_free(struct live_watch *watch);
void live_watch_freep(struct live_watch **watchp);
#define scope_live_watch __attribute__((cleanup(live_watch_freep))) struct live_watch *

/* "nobody watches a: ..."; NULL when somebody does.  free(). */
char *live_watch_lost(const struct live_watch *watch);

/* ---- signing ---- */

struct live_sign_spec {
	const char *key, *cert; /* files: PEM; the certificate may be DER, too */
	const char *passphrase; /* of the key, or NULL */
	const char *hash;	/* NULL: sha256 */
};

/* Appends a signature as the kernel verifies them, in place of one that is there. */
struct err *live_sign(const struct live_sign_spec *spec, const char *path, bool *was_signed);

/* ---- taking turns ---- */

enum live_turn {
	LIVE_TURN_CHANGE, /* while no other command changes patches or state */
	LIVE_TURN_ALONE,  /* nor watches what it has loaded */
};

/* Waits for that, and tells for whom; ends with close(*fd). */
struct err *live_lock(const struct root *root, enum live_turn turn, struct progress *progress,
		      int *fd);

#endif
