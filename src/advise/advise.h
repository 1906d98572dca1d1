/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells whether a machine needs a reboot.  From facts about it (what runs, which kernels are
 * installed, which updates are pending) and rules (rules.h) follow actions, each with a reason, and
 * one verdict.  Only advise_flag_update() and advise_keep() change anything.
 */
#ifndef SUTURE_ADVISE_ADVISE_H
#define SUTURE_ADVISE_ADVISE_H

#include <stdbool.h>
#include <stdint.h>

#include "advise/owner.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/root.h"
#include "base/vec.h"
#include "live/live.h"

/* What must be done until an update is in effect; each action includes those before it. */
enum advise_action {
	ACTION_NOTHING,
	ACTION_LIVE_PATCH, /* nothing for now, as loaded live patches have the fixes */
	ACTION_RESTART,	   /* services must be restarted */
	ACTION_LOG_OUT,	   /* sessions must be ended */
	ACTION_SOFT_REBOOT,
	ACTION_KEXEC, /* the kernel must be restarted, but not the hardware */
	ACTION_REBOOT,
};

const char *advise_action_name(enum advise_action action);

/* The values are the exit codes of `suture advise`. */
enum advise_verdict {
	VERDICT_NOTHING = 0,
	VERDICT_RESTART = 100,
	VERDICT_SOFT_REBOOT = 101,
	VERDICT_REBOOT = 102,
	VERDICT_COVERED = 103,
	VERDICT_UNKNOWN = 104,
};

const char *advise_verdict_name(enum advise_verdict verdict);

/* A unit, session or container that uses stale or updated files, or processes outside of these. */
struct advise_service {
	enum owner_kind kind;
	char *unit;	      /* NULL for processes that are in no unit */
	char *inner;	      /* the unit of a user's manager; or NULL */
	struct VEC(int) pids; /* process ids, ascending */
	struct str_vec
		files;	 /* some of the files that it still uses; their paths may have any bytes */
	size_t nr_files; /* how many files it still uses */
	struct str_vec packages; /* if pending: the updated packages whose files it uses */
	char *programs;		 /* names of the processes, which may have any bytes */
	enum advise_action action;
	bool apply;   /* restarting it is safe */
	bool pending; /* it needs this only after the pending updates are installed */
	char *why;
	char *command; /* a command for the administrator; NULL if there is none */
};

struct advise_service_vec VEC(struct advise_service);

/* Returns the name that people know a service by: its unit, or its programs. */
const char *advise_service_name(const struct advise_service *service);

struct advise_update {
	char *package, *arch; /* arch may be "" */
	char *from, *to;      /* versions; from is NULL if newly installed, to if removed */
	enum advise_action action;
	/* The part of action that does not rest on processes, and so is not seen after the update.
	 */
	enum advise_action unseen;
	char *why;
	bool kernel;	      /* the package is a kernel image */
	bool vendor_reboot;   /* the vendor's advisory asks for a reboot */
	struct str_vec units; /* the units that must be restarted for it */
	struct str_vec cves;  /* CVE ids that it is known to fix */
	bool cves_known;      /* if a kernel: cves are all ids that its changelog names */
	bool equivalent;      /* if a kernel: a live patch makes the running kernel equal to it */
};

struct advise_update_vec VEC(struct advise_update);

/* An installed kernel image. */
struct advise_image {
	char *release; /* 6.1.0-56-amd64 */
	char *version; /* the distribution's, 6.1.192-2, or the text of uname -v; may be "" */
	char *path;
};

enum advise_kernel_state {
	KERNEL_CURRENT,	  /* the newest installed kernel runs */
	KERNEL_OLD,	  /* a newer kernel is installed */
	KERNEL_OTHER,	  /* the next boot starts another kernel, which is not newer */
	KERNEL_UNMANAGED, /* no kernel is installed here: a container, or booted from outside */
	KERNEL_UNKNOWN,
};

/* A CVE that the record of a loaded live patch names, whose code does not run. */
struct advise_idle_fix {
	char *cve, *why;
};

struct advise_kernel {
	char *running, *running_version;
	struct VEC(struct advise_image) images; /* the newest first */
	const struct advise_image *newest;	/* of the running kernel's flavour; or NULL */
	char *next_boot;			/* the release that boots next; NULL if unknown */
	char *next_boot_why;			/* who chose it, or why it is unknown */
	enum advise_kernel_state state;
	const struct advise_image *unsure; /* a newer one that may be of that flavour; or NULL */
	bool boots_again; /* it is old, but the next boot is known to start no newer one */
	struct str_vec livepatches; /* the enabled live patches */
	bool livepatches_known;	    /* false without /sys: then none of them means nothing */
	struct str_vec patched;	    /* CVE ids that their reports name, if their code runs */
	struct VEC(struct advise_idle_fix) idle;
	struct str_vec fixes; /* CVE ids that `newest` fixes and `running` does not */
	bool fixes_known;
	struct str_vec covered; /* those of `fixes` that loaded live patches fix */
	bool all_covered;
	char *cover_patch;	  /* a loaded cumulative live patch for running_version; or NULL */
	struct live_cover *cover; /* what cover_patch carries */
	bool equivalent;	  /* the patch makes the running kernel equal to newest, or later */
	char *microcode_running, *microcode_disk; /* revisions; NULL if unknown or the host's */
	bool microcode_old;			  /* a boot would load the newer one on the disk */
	bool microcode_off;    /* the kernel's command line says that none is loaded */
	char *microcode_stays; /* why a boot would not load the newer one; or NULL */
	char *why;
};

/* A removed file that a process still runs, which no package owns and which has no successor. */
struct advise_temporary {
	int pid;
	char *program, *file; /* any bytes */
};

struct advise_temporary_vec VEC(struct advise_temporary);

struct advice {
	enum advise_verdict verdict; /* on all, that is on the next two together */
	enum advise_verdict now;     /* on the machine as it is */
	enum advise_verdict pending; /* on what installing the updates would add */
	struct advise_update_vec updates;
	bool updates_known; /* false if nobody could be asked: then no updates mean nothing */
	struct advise_service_vec services;
	struct advise_kernel kernel;
	bool pending_only;	/* the machine as it is was not examined: ignore services and now */
	bool soft_reboot;	/* the running systemd can soft-reboot */
	bool container, chroot; /* this is one, whose kernel is the host's */
	unsigned processes, unreadable;
	struct advise_update_vec kept; /* installed since the boot, in effect after the next one */
	struct str_vec flag;	       /* the packages in /run/reboot-required.pkgs */
	bool flagged;		       /* /run/reboot-required or /run/reboot-needed exists */
	struct advise_temporary_vec temporary;
	struct str_vec unknown; /* a sentence for each fact that could not be found out */
	size_t unknown_updates; /* how many of these are about the pending updates only */
	struct str_vec notes;	/* further sentences for people */
	double seconds;
};

/* Where the list of updates comes from. */
enum advise_source {
	SOURCE_NONE, /* no updates: only the machine as it is */
	SOURCE_ASK,  /* the installed package manager */
	SOURCE_APT,
	SOURCE_DNF,
	SOURCE_GIVEN, /* the caller */
};

struct advise_options {
	enum advise_source source;
	bool containers;   /* also examine the processes of containers */
	bool pending_only; /* do not examine the machine as it is */
	bool fetch;	   /* download pending kernels to see what they fix; only with apt */
};

/* Examines the machine; takes over the updates for SOURCE_GIVEN, else updates is NULL. */
struct err *advise_run(const struct root *root, const struct advise_options *options,
		       struct advise_update_vec *updates, struct progress *progress,
		       struct advice **advice);
void advice_free(struct advice *advice);
/* Returns what this is if the kernel is its host's, such as "container", or NULL. */
const char *advice_guest(const struct advice *advice);
void advice_freep(struct advice **advicep);
#define scope_advice __attribute__((cleanup(advice_freep))) struct advice *

/*
 * Keeps until the next boot those verdicts on a transaction's updates that cannot be found again
 * once the updates are installed; advise_run() takes them into account.
 */
struct err *advise_keep(const struct root *root, const struct advice *advice);

void advise_update_vec_free(struct advise_update_vec *updates);

/*
 * Writes or removes /run/reboot-required, .pkgs and zypp's /run/reboot-needed, as the machine now
 * requires.  Entries of others stay unless loaded live patches cover them; Suture's own entries are
 * removed once they do not apply any more.
 */
struct err *advise_flag_update(const struct root *root, const struct advice *advice, bool *changed);

/*
 * Reads what a package manager tells its hook: apt's DPkg::Pre-Install-Pkgs in version 2 or 3, or
 * the JSON of Suture's dnf plugin; see transaction.h.
 */
struct err *advise_read_transaction(const char *text, size_t size,
				    struct advise_update_vec *updates);

/*
 * Answers the requests of apt's JSON hooks on a connected socket until apt ends.  Calls `show` for
 * each request with the updates, which `show` may take over.
 */
struct advise_apt_hook {
	struct err *(*show)(struct advise_apt_hook *hook, struct advise_update_vec *updates);
};
struct err *advise_apt_hook_serve(int socket, struct advise_apt_hook *hook);

#endif
