/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does it need a reboot?  Facts about the machine (what runs, which kernels there are, which
 * updates wait) and rules (rules.h) become actions, each with a reason, and one verdict.
 * Nothing is changed but by advise_flag_update().
 */
#ifndef SUTURE_ADVISE_ADVISE_H
#define SUTURE_ADVISE_ADVISE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/root.h"
#include "base/vec.h"

/* What an update takes until it is in effect; each includes those before it. */
enum advise_action {
	ACTION_NOTHING,
	ACTION_LIVE_PATCH, /* loaded live patches do, for now */
	ACTION_RESTART,	   /* services */
	ACTION_LOG_OUT,	   /* of sessions */
	ACTION_SOFT_REBOOT,
	ACTION_KEXEC, /* the kernel, not the hardware */
	ACTION_REBOOT,
};

const char *advise_action_name(enum advise_action action);

/* The values are the exit codes. */
enum advise_verdict {
	VERDICT_NOTHING = 0,
	VERDICT_RESTART = 100,
	VERDICT_SOFT_REBOOT = 101,
	VERDICT_REBOOT = 102,
	VERDICT_COVERED = 103,
	VERDICT_UNKNOWN = 104,
};

const char *advise_verdict_name(enum advise_verdict verdict);

/* A unit, session or container that has to do with it, or processes outside of all. */
struct advise_service {
	const char *kind; /* "service", "session", "user-service", "container", "init", "process" */
	char *unit;	  /* NULL for processes that are in no unit */
	char *inner;	  /* a user's unit; or NULL */
	struct VEC(int) pids;	 /* ascending */
	struct str_vec files;	 /* what they still use, at most a few; any bytes */
	size_t nr_files;	 /* all */
	struct str_vec packages; /* of a pending one: whose files it uses */
	char *programs;		 /* names of the processes; any bytes */
	enum advise_action action;
	bool apply;   /* restarting it is safe */
	bool pending; /* only once the pending updates are installed */
	char *why;
	char *command; /* to be copied; NULL when there is none */
};

struct advise_service_vec VEC(struct advise_service);

struct advise_update {
	char *package, *arch; /* arch may be "" */
	char *from, *to;      /* NULL: newly installed; removed */
	enum advise_action action;
	char *why;
	bool kernel;	      /* it is a kernel image */
	bool vendor_reboot;   /* its advisory asks for a reboot */
	struct str_vec units; /* whom it makes restart */
	struct str_vec cves;  /* known to be fixed by it */
	bool cves_known;      /* a kernel: they are all that its changelog names */
};

struct advise_update_vec VEC(struct advise_update);

/* A kernel image that is there. */
struct advise_image {
	char *release; /* 6.1.0-56-amd64 */
	char *version; /* the distribution's, 6.1.192-2, or what uname -v says; may be "" */
	char *path;
};

enum advise_kernel_state {
	KERNEL_CURRENT,	  /* what runs is the newest there is */
	KERNEL_OLD,	  /* a newer one is installed */
	KERNEL_OTHER,	  /* the next boot starts another one, which is not newer */
	KERNEL_UNMANAGED, /* no kernel is installed here: a container, or started from outside */
	KERNEL_UNKNOWN,
};

struct advise_kernel {
	char *running, *running_version;
	struct VEC(struct advise_image) images; /* newest first */
	const struct advise_image *newest;	/* of the running one's flavour; or NULL */
	char *next_boot;			/* a release; NULL: not known */
	char *next_boot_why;			/* who says so, or why it is not known */
	enum advise_kernel_state state;
	struct str_vec livepatches; /* loaded and enabled */
	struct str_vec patched;	    /* CVE ids that their reports name */
	struct str_vec fixes;	    /* CVE ids that newest fixes and running does not */
	bool fixes_known;
	struct str_vec covered; /* of fixes, by loaded live patches */
	bool all_covered;
	char *microcode_running, *microcode_disk; /* revisions; NULL: not known or not ours */
	bool microcode_old;
	char *why;
};

struct advice {
	enum advise_verdict verdict; /* of all: the next two together */
	enum advise_verdict now;     /* the machine as it is */
	enum advise_verdict pending; /* what installing the updates would add */
	struct advise_update_vec updates;
	bool updates_known; /* they were asked for, and told; else that there are none says nothing
			     */
	struct advise_service_vec services;
	struct advise_kernel kernel;
	bool pending_only; /* the machine as it is was not asked for; services and now do not tell
			    */
	bool soft_reboot;  /* the running systemd has it */
	bool container;	   /* we are inside one: the kernel is its host's */
	unsigned processes, unreadable;
	struct advise_update_vec kept; /* installed since the boot, in effect after the next one */
	struct str_vec flag;	       /* packages in /run/reboot-required.pkgs */
	bool flagged;		       /* /run/reboot-required or reboot-needed is there */
	struct str_vec unknown;	       /* what could not be told, a sentence each */
	struct str_vec notes;	       /* sentences */
	double seconds;
};

/* Where the list of updates comes from. */
enum advise_source {
	SOURCE_NONE, /* only the machine as it is */
	SOURCE_ASK,  /* the package manager that is there */
	SOURCE_APT,
	SOURCE_DNF,
	SOURCE_GIVEN, /* the caller filled them in */
};

struct advise_options {
	enum advise_source source;
	bool containers;
	bool pending_only;
	bool fetch; /* download kernels that wait to see what they fix: apt, the machine itself */
};

/* updates: for SOURCE_GIVEN, else NULL; what they own is taken. */
struct err *advise_run(const struct root *root, const struct advise_options *options,
		       struct advise_update_vec *updates, struct progress *progress,
		       struct advice **advice);
void advice_free(struct advice *advice);
void advice_freep(struct advice **advicep);
#define scope_advice __attribute__((cleanup(advice_freep))) struct advice *

/*
 * Keeps until the next boot what the updates of a transaction need that cannot be seen once they
 * are installed; advise_run() then takes it into account.
 */
struct err *advise_keep(const struct root *root, const struct advice *advice);

void advise_update_vec_free(struct advise_update_vec *updates);

/*
 * Writes /run/reboot-required, .pkgs and zypp's /run/reboot-needed as the machine as it is needs
 * them.  Entries of others stay unless loaded live patches cover them; what Suture added goes
 * once it is no longer due.
 */
struct err *advise_flag_update(const struct root *root, const struct advice *advice, bool *changed);

/*
 * What package managers tell their hooks: apt's DPkg::Pre-Install-Pkgs in version 2 or 3, or the
 * JSON of Suture's dnf plugin.  See transaction.h.
 */
struct err *advise_read_transaction(const char *text, size_t size,
				    struct advise_update_vec *updates);

/*
 * Answers apt's hooks in JSON on a connected socket until apt ends them.  `show` is called for
 * each question with the updates, which it may take from.
 */
struct advise_apt_hook {
	struct err *(*show)(struct advise_apt_hook *hook, struct advise_update_vec *updates);
};
struct err *advise_apt_hook_serve(int socket, struct advise_apt_hook *hook);

#endif
