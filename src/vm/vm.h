/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live patch modules tried in the kernel that they are for, under QEMU, many in one
 * boot.  For each module in turn: the modules that it patches are loaded, then the
 * patch; its transition has to end; it is disabled and unloaded again.  The kernel's
 * log is read all the while.
 *
 * Whatever the guest does (reject a module, crash, hang, print garbage) is a result.
 * A guest that a module has damaged is given up and the rest goes on in a fresh one.
 * Only what is wrong on this side of the machine is an error: no QEMU, no image.
 */
#ifndef SUTURE_VM_VM_H
#define SUTURE_VM_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

/* Where in the trial something happened, in this order. */
enum vm_stage {
	VM_PREPARE, /* the module file was read, on the host */
	VM_TARGETS, /* modules that the patch is about were loaded */
	VM_BEFORE,  /* checks without the patch */
	VM_LOAD,
	VM_TRANSITION,
	VM_PATCHED, /* checks with the patch */
	VM_DISABLE,
	VM_UNLOAD,
	VM_AFTER, /* checks without it again */
	VM_STAGE_COUNT
};

/* "load" */
const char *vm_stage_name(enum vm_stage stage);

enum vm_phase { VM_PHASE_BEFORE, VM_PHASE_PATCHED, VM_PHASE_AFTER, VM_PHASE_COUNT };

/* "before" */
const char *vm_phase_name(enum vm_phase phase);

/*
 * What is tried besides a plain load and unload.  A trial fails by whatever fails a module;
 * one that makes no sense for a module, or on this kernel, is skipped and says why.
 */
enum vm_trial {
	VM_TRIAL_LOAD,	   /* loaded, checked, disabled, unloaded: always */
	VM_TRIAL_COVERAGE, /* part of it: exercises, and which patched functions they reach */
	VM_TRIAL_HAMMER,   /* all processors in the patched functions; memory must not shrink */
	VM_TRIAL_CYCLES,   /* loaded and unloaded again and again */
	VM_TRIAL_LATE,	   /* a patched module loaded after the patch */
	VM_TRIAL_RELOAD,   /* a patched module unloaded and loaded again below the patch */
	VM_TRIAL_SLEEPER,  /* a transition that sleeping tasks keep from its end, reversed */
	VM_TRIAL_ASLEEP,   /* tasks asleep in new code while it is unloaded, and replaced */
	VM_TRIAL_WAITERS,  /* tasks that wait before a load are woken after it */
	VM_TRIAL_TRACE,	   /* function tracing and kprobes on the patched functions */
	VM_TRIAL_CALLEES,  /* graph tracing and return probes on what patched functions call */
	VM_TRIAL_FAULTS,   /* a transition that tasks in page faults keep from its end, reversed */
	VM_TRIAL_BUSY,	   /* all processors in other functions than the patched ones */
	VM_TRIAL_LEAVING,  /* a patched module unloaded during the transition */
	VM_TRIAL_STACK,	   /* many patches on top of each other */
	VM_TRIAL_MEMORY,   /* while there is hardly any memory */
	VM_TRIAL_REPLACE,  /* replacing an older patch, and being replaced by it */
	VM_TRIAL_COUNT
};

#define VM_TRIAL_BIT(trial) (1u << (trial))

/* The name, like "cycles", and what the trial does, as a clause. */
const char *vm_trial_name(enum vm_trial trial);
const char *vm_trial_about(enum vm_trial trial);
/* The trial of that name, or VM_TRIAL_COUNT. */
enum vm_trial vm_trial_find(const char *name);
/* The trials that are worth their time in each test; the rest takes longer. */
unsigned vm_trials_default(void);
unsigned vm_trials_all(void);

/*
 * What a distribution's kernel needs to come up with 2 processors.  With less, those of Debian
 * 12 panic (80 and 96 MB) or stay silent (112 to 192 MB).
 */
#define VM_MEMORY_MIN_MB 256

enum vm_expect { VM_EXPECT_PASS, VM_EXPECT_FAIL, VM_EXPECT_ANY };

/* What vm_run() is to do.  The strings and lists belong to the caller; lists end with NULL and may
 * be NULL. */
struct vm_spec {
	const char *image;	    /* vmlinuz as packaged; a vmlinux boots too, without KASLR */
	const char *vmlinux;	    /* the ELF inside image, when at hand; else NULL */
	const char *modules_dir;    /* its lib/modules/<release>; NULL: no modules at hand */
	const char *cache_dir;	    /* where it is remembered whether KVM works; NULL: emulate */
	const char *const *patches; /* module files to be tried, in this order */
	const char *const *checks;  /* programs run in each phase; 0 is "ok" */
	const char *const *shows;   /* guest files whose content is kept in each phase */
	enum vm_expect expect[VM_PHASE_COUNT]; /* of every check */
	unsigned trials;		       /* VM_TRIAL_BIT()s; that of LOAD is implied */
	unsigned cycles;		       /* of VM_TRIAL_CYCLES; 0: 3 */
	const char *over;		       /* module file for VM_TRIAL_REPLACE, or NULL */
	bool require_coverage;		       /* a patched function that was not reached fails */
	bool thorough;			       /* more time for what is a matter of chance */
	unsigned transition_ms;		       /* limit of one transition; 0: 60 s */
	unsigned check_ms;		       /* limit of one run of a check; 0: 30 s */
	unsigned memory_mb; /* of the guest; 0: what is needed, which is more than the minimum */
};

/* One run of a check. */
struct vm_check_result {
	char *name; /* of the program, without folders */
	enum vm_phase phase;
	bool ok;    /* it ended as expected */
	int status; /* exit code, or 128 + signal */
	bool timed_out;
	bool starved; /* it used up the guest's memory */
	char *output; /* its first 16 KiB */
};

struct vm_show_result {
	char *file;
	enum vm_phase phase;
	char *text; /* the first 16 KiB; NULL when the file cannot be read */
};

/* What the running kernel says of an object of the patch. */
struct vm_object_result {
	char *name;
	bool patched;		  /* false: the module is not loaded in this guest */
	struct str_vec functions; /* "name,sympos" */
};

/* A module that was to be loaded for the patch and could not be. */
struct vm_absent {
	char *name;
	char *why;
};

enum vm_outcome { VM_PASS, VM_FAIL, VM_SKIP };

/* "pass" */
const char *vm_outcome_name(enum vm_outcome outcome);

struct vm_trial_result {
	enum vm_trial trial;
	enum vm_outcome outcome;
	char *why;	   /* of a failure, or why it was skipped; else NULL */
	unsigned start_ms; /* guest time since its boot */
	unsigned ms;
};

/* One patched function. */
struct vm_function_result {
	char *object, *name;
	unsigned sympos;
	uint64_t hits; /* calls of the new code, by exercises, checks and shows */
	char *by;      /* what reached it most: "pipes", "/proc/version"; or NULL */
	char *why;     /* why its calls could not be counted, or NULL */
};

/* How long one run of what reaches patched functions takes; in guest time. */
struct vm_cost {
	char *by;
	uint64_t before_ns, patched_ns;
};

struct vm_module_result {
	char *path;
	char *name;		 /* as the kernel spells it; the file's name if it cannot be told */
	bool pass;		 /* it was tried to the end, and nothing was wrong */
	bool broken_off;	 /* QEMU or the host ended it: that says nothing of the module */
	enum vm_stage failed_at; /* when not pass */
	enum vm_trial failed_trial;
	char *sha256;	 /* of the file, hexadecimal; NULL when it could not be read */
	char *why;	 /* the first thing that went wrong, one line; NULL when pass */
	unsigned cycles; /* loads and unloads that were completed, in all trials */
	bool counted;	 /* functions says what was reached */
	struct vm_trial_results
		VEC(struct vm_trial_result) trials; /* in the order in which they ran */
	struct vm_function_results VEC(struct vm_function_result) functions;
	struct vm_costs VEC(struct vm_cost) costs;
	/* In guest time; the longest of the cycles. */
	unsigned load_ms, transition_ms, disable_ms, unload_ms;
	struct str_vec kernel_log; /* "[    2.553733] text", of this module's time */
	struct str_vec findings;   /* the lines of it that speak against the module */
	bool named;		   /* the log says that the kernel was in the module's own code */
	struct str_vec
		blockers; /* "name (tid): stack" of tasks that kept a transition from its end */
	struct vm_check_results VEC(struct vm_check_result) checks;
	struct vm_show_results VEC(struct vm_show_result) shows;
	struct vm_object_results VEC(struct vm_object_result) objects;
	struct vm_absents VEC(struct vm_absent) absent;
};

struct vm_result {
	bool pass;	  /* all modules */
	unsigned boot_ms; /* of the first boot, from the start of QEMU to the guest's init */
	unsigned boots;
	const char *accelerator; /* "tcg" or "kvm" */
	char *release;		 /* of the kernel that ran; NULL when none did */
	char *build_id;		 /* its, as it says itself in hexadecimal; or NULL */
	struct vm_module_results
		VEC(struct vm_module_result) modules; /* in the order of the spec */
};

/*
 * Takes seconds to minutes; an interrupt ends it.  Progress tells of each trial.
 * An error means that nothing was learnt about the modules.
 */
struct err *vm_run(const struct vm_spec *spec, struct progress *progress,
		   struct vm_result **result);

void vm_result_free(struct vm_result *result);
void vm_result_freep(struct vm_result **resultp);
#define scope_vm_result __attribute__((cleanup(vm_result_freep))) struct vm_result *

/*
 * Whether the kernel has patched anything for it: not when all that it is about are modules
 * that could not be loaded in the guest.  It can pass then, but that says little.
 */
bool vm_was_exercised(const struct vm_module_result *module);

/* The kernel release that a module file was built for, by its vermagic; free(). */
struct err *vm_module_release(const char *path, char **release);

/* That there is a QEMU to run; the error names the package. */
struct err *vm_check_host(void) ERR_MUST_USE;

#endif
