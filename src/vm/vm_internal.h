/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_VM_INTERNAL_H
#define SUTURE_VM_INTERNAL_H

#include <stdint.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "vm/kernel_log.h"
#include "vm/vm.h"

/* module_file.c: a .ko file of the host, unpacked if it is compressed, and what it says of itself.
 */
struct module_file {
	struct file_map map;
	uint8_t *unpacked; /* or NULL */
	struct bytes bytes;
	char *name;
	char *release;		/* of the kernel it was built for, or NULL */
	struct str_vec depends; /* modules that it imports symbols from */
	struct str_vec wishes;	/* modules or aliases that should be there first: "softdep=pre:" */
	struct str_vec aliases;
	struct str_vec objects; /* modules that a live patch names, without vmlinux */
	bool livepatch;
};

struct err *module_file_open(const char *path, struct module_file *file);
/* The same for bytes that somebody else owns. */
struct err *module_file_parse(const char *path, struct bytes bytes, struct module_file *file);
void module_file_close(struct module_file *file);
#define scope_module_file __attribute__((cleanup(module_file_close))) struct module_file

/* Where the ending of a module file's name begins, .ko or .ko.xz and the like; or its end. */
size_t module_name_length(const char *path);
/* A module's name as the kernel spells it, from a path: no folder, no ending, '_' for '-'. */
char *module_name_of_path(const char *path);

/* module_tree.c: the modules of a lib/modules/<release> folder. */
struct module_tree;

/* dir NULL: an empty tree. */
struct err *module_tree_open(const char *dir, struct module_tree **tree);
void module_tree_free(struct module_tree *tree);
void module_tree_freep(struct module_tree **treep);
#define scope_module_tree __attribute__((cleanup(module_tree_freep))) struct module_tree *

/*
 * Appends the modules that must be loaded for `name` and itself to order, dependencies
 * first, none twice; what is merely wished for too, if the tree has it.  A name that the
 * tree has no file for is an error, and then order is what it was.
 */
struct err *module_tree_order(struct module_tree *tree, const char *name, struct str_vec *order);

/* The same for the implementations of algorithms, for which a kernel asks at run time. */
void module_tree_order_crypto(struct module_tree *tree, struct str_vec *order);

/* A file of the tree by its module's name, which module_tree_order() has given. */
const struct module_file *module_tree_file(const struct module_tree *tree, const char *name);

/* initramfs.c: a newc archive.  Paths have no leading slash; folders come by themselves. */
struct initramfs;

struct err *initramfs_create(const char *path, struct initramfs **fs);
struct err *initramfs_add(struct initramfs *fs, const char *name, unsigned mode,
			  struct bytes bytes);
/* A file of the host; nothing is done when that name has been added before. */
struct err *initramfs_add_file(struct initramfs *fs, const char *name, unsigned mode,
			       const char *host_path);
bool initramfs_has(const struct initramfs *fs, const char *name);
/* Ends the archive; *size in bytes. */
struct err *initramfs_finish(struct initramfs *fs, uint64_t *size);
void initramfs_freep(struct initramfs **fsp);
#define scope_initramfs __attribute__((cleanup(initramfs_freep))) struct initramfs *

/*
 * program.c: adds a program as `name`, and what it needs to start: its interpreter and the
 * shared libraries that it names, found in the usual folders; nothing is executed for that.
 */
struct err *program_add(struct initramfs *fs, const char *name, const char *host_path);

/* plan.c: what the guest is to do. */
enum plan_verb {
	PLAN_BEGIN,
	PLAN_NEED,
	PLAN_CHECK,
	PLAN_SHOW,
	PLAN_INSERT,
	PLAN_SETTLE,
	PLAN_OBJECTS,
	PLAN_DISABLE,
	PLAN_REMOVE,
	PLAN_DROP,
	PLAN_RELEASE,
	PLAN_END,
	PLAN_TRIAL,
	PLAN_PROBE,
	PLAN_COVER,
	PLAN_EXERCISE,
	PLAN_MEASURE,
	PLAN_HAMMER,
	PLAN_LEAK,
	PLAN_LEVEL,
	PLAN_SLEEPERS,
	PLAN_INSIDE,
	PLAN_STALL,
	PLAN_REVERSE,
	PLAN_TRACE,
	PLAN_PRESSURE,
	PLAN_REPLACED,
	PLAN_UNNEED,
	PLAN_IDLE,
};

struct plan_step {
	enum plan_verb verb;
	enum vm_stage stage;
	enum vm_phase phase;
	enum vm_trial trial;
	unsigned module; /* index in the spec's patches */
	unsigned limit_ms;
	const char
		*subject; /* PLAN_NEED: module, PLAN_CHECK: program, PLAN_SHOW: file; else NULL */
	bool over;	  /* it is about the older patch, not the one under trial */
	unsigned label;	  /* where to go on when it fails: plan_internal.h */
	unsigned next;	  /* the same as a line, 0: the following one */
	const char *args;
};

/* Line n of the guest's plan is steps.data[n - 1]. */
struct plan {
	struct plan_steps VEC(struct plan_step) steps;
	struct str_vec strings; /* own what the steps point at */
	struct strbuf text;
};

/* A patch as the plan needs to know it. */
struct plan_patch {
	const char *name;
	const struct str_vec *needed; /* modules to be loaded for it, in order */
	const char *over_name;	      /* of the older patch, or NULL */
	bool reloadable;	      /* the patch stays loaded without those modules */
	bool alone;		      /* tried once more, for what it may leave behind */
	unsigned linger_ms;	      /* how long that is waited for at its end */
};

/* Appends all trials of one module. */
void plan_add_module(struct plan *plan, const struct vm_spec *spec, unsigned module,
		     const struct plan_patch *patch);
void plan_free(struct plan *plan);
#define scope_plan __attribute__((cleanup(plan_free))) struct plan
#define PLAN_INIT                                                                                  \
	{                                                                                          \
		.text = STRBUF_INIT                                                                \
	}

/* Where the guest finds things. */
#define GUEST_MODULE_PATH "lib/modules/%s.ko"
#define GUEST_ALIASES_PATH "lib/modules/aliases" /* see guest/modprobe.c */
#define GUEST_PATCH_PATH "patch/%u.ko"
#define GUEST_OVER_PATH "patch/over.ko"
#define GUEST_CHECK_PATH "check/%u/%s"

/* The latter for a check of the host's: the kernel's log names its processes as the user does. */
char *plan_check_path(unsigned index, const char *host_path);

/*
 * session.c: the host's side of one boot.  Takes the guest's lines as they come, whatever is
 * in them, and enters what they say into the result.
 */
struct session {
	struct vm_result *result;
	const struct vm_spec *spec;
	const struct plan *plan;
	const struct plan_step *step;	  /* the one that the guest is at, or NULL */
	const struct plan_step *last;	  /* the one before, or NULL */
	int module;			  /* index of the one under trial, or -1 */
	long taint;			  /* before it was loaded */
	struct str_vec loaded;		  /* modules that were loaded for it */
	const struct plan_step *log_step; /* the one that the log is at, or NULL */
	bool log_report;  /* what follows was asked for by the guest: traces that are no findings */
	bool log_excused; /* what follows shows how a check used up the memory */
	char **reasons;	  /* for each step the first line of its log that says why, or NULL */
	bool *starved;	  /* for each step: the memory was used up in it; or NULL */
	/* Why the module failed, when its log had no better words: to be replaced by those. */
	char *weak_why;
	const struct plan_step *weak_step;
	uint64_t step_start_ms; /* host time, as the others */
	uint64_t heard_ms;	/* when it said something: it does so every second */
	int last_done;		/* the last module whose trial has ended, or -1 */
	enum vm_trial trial;	/* of that module */
	unsigned guest_ms;	/* since the guest's boot, by its own clock */
	unsigned next_line;	/* of the plan: where the guest has to go on */
	bool strayed;		/* it went on elsewhere */
	bool hello;
	bool over;    /* there is nothing more to be learnt from this guest */
	bool damaged; /* nothing more is to be tried in this guest */
	uint64_t damaged_ms;
	bool spoilt;			 /* no other module is to be tried in this guest */
	bool inserted;			 /* code of the module under trial can have run */
	struct vm_module_result *victim; /* that damage to the guest was seen at, or NULL */
	bool victim_ran;		 /* its code can have run by then */
	bool ended;			 /* the last module's trial has; its taint is known */
	long end_taint;
	bool idle; /* what it patches could be unloaded once */
};

void session_line(struct session *session, const char *line, size_t size);
/*
 * The guest is gone or given up in the middle of a trial: the module fails.  `console` is what
 * it has printed; `how` says how it ended.
 */
void session_abort(struct session *session, const char *how, const char *console);
void session_free(struct session *session);
#define scope_session __attribute__((cleanup(session_free))) struct session

/*
 * suspects.c: damage that was seen in a module's time, and that modules tried before it in the same
 * guest may have done.
 */
struct doubt {
	unsigned victim;
	bool victim_ran;
	enum vm_stage stage;
	enum vm_trial trial;
	char *why;				/* what was seen */
	struct str_vec lines;			/* the lines of the log that say it */
	struct suspects VEC(unsigned) suspects; /* that had passed */
	bool settled;
};

/* One vm_run(). */
struct run {
	const struct vm_spec *spec;
	struct progress *progress;
	struct vm_result *result;
	struct module_tree *tree;
	struct module_file over;     /* the older patch, if one was given */
	struct module_file *patches; /* one for each of the spec; bytes NULL: could not be read */
	char *dir;
	const char *accelerator;
	unsigned first; /* of the modules that are still to be tried */
	bool alone;	/* only that one, for what it may leave behind */
	bool *cleared;	/* for each module: it was tried so */
	struct doubts VEC(struct doubt) doubts;
};

/* Whether the module at that index is still to be tried. */
bool run_is_pending(const struct run *run, size_t index);

/* prepare.c: reads a module under test; what is no live patch fails by that. */
void patch_open(struct run *run, unsigned index);
/* Plan, and initramfs at path, for all modules that are pending; *size is the latter's. */
struct err *boot_prepare(struct run *run, const char *path, struct plan *plan, uint64_t *size);

/*
 * After a boot: a module that was damaged, or seen damaged, after others were tried is tried once
 * more in a fresh guest, and so is what followed it.
 */
void suspects_note(struct run *run, const struct session *session);
/* After all boots: who did it is tried alone, and waited for; somebody has failed then. */
struct err *suspects_settle(struct run *run);
/* It cannot be: none of those that may have done it has passed. */
void suspects_give_up(struct run *run, const char *why);
void suspects_free(struct run *run);

/* run.c: boots a guest for the pending modules. */
struct err *run_boot(struct run *run);
/* A trial that was under way has no outcome. */
void run_break_off(struct vm_module_result *module, const char *why);

/* result.c */
struct vm_result *vm_result_new(const struct vm_spec *spec);
/* As if it had not been tried. */
void vm_module_reset(struct vm_module_result *module);
/* The first failure stays. */
void vm_module_fail(struct vm_module_result *module, enum vm_stage stage, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* qemu.c: one guest. */
struct guest;

struct guest_config {
	const char *image, *initramfs;
	const char *dir; /* for the files that it writes */
	const char *accelerator;
	const char *append; /* more for the kernel's command line, or NULL */
	unsigned cpus;
	unsigned memory_mb;
};

struct err *guest_start(const struct guest_config *config, struct guest **guest);
/* Its next lines into the session, without waiting; false once it has ended and all is read. */
struct err *guest_poll(struct guest *guest, struct session *session, bool *running);
/* How long QEMU had to wait for a processor: that time is not the guest's. */
uint64_t guest_starved_ms(const struct guest *guest);
/* Why guest_poll() says that it does not run any more; free(). */
char *guest_end(struct guest *guest);
/* Whether it was ended from outside, which says nothing about the module. */
bool guest_was_killed(struct guest *guest);
/* Kills it if need be; what it printed on the console, and QEMU's own last words. */
void guest_stop(struct guest *guest, struct strbuf *console, struct strbuf *qemu_output);
void guest_freep(struct guest **guestp);
#define scope_guest __attribute__((cleanup(guest_freep))) struct guest *

/* "kvm" if a guest runs under it, which was tried or remembered; else "tcg". */
const char *accelerator_choose(const char *cache_dir);
/* It did not, after all. */
void accelerator_distrust(const char *cache_dir);

/* guest_init.c: the init program, embedded. */
struct bytes guest_init(void);

#endif
