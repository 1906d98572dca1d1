/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tries live patches under QEMU in the kernel that they are for, many in one boot.  For each module
 * in turn, the modules that it patches are loaded, then the patch; its transition must complete; it
 * is disabled and unloaded again.  The kernel's log is judged all the time.
 *
 * Whatever the guest does (reject a module, crash, hang, print garbage) is a result.  A guest that
 * a module has damaged is given up, and the remaining modules are tried in a fresh one.  Only
 * problems of the host are errors, as a missing QEMU or image.
 */
#ifndef SUTURE_VM_VM_H
#define SUTURE_VM_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/vec.h"

/* The stages of a trial, in the order in which they come. */
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

/* Returns the stage's name, such as "load". */
const char *vm_stage_name(enum vm_stage stage);

enum vm_phase { VM_PHASE_BEFORE, VM_PHASE_PATCHED, VM_PHASE_AFTER, VM_PHASE_COUNT };

/* Returns the phase's name, such as "before". */
const char *vm_phase_name(enum vm_phase phase);

/*
 * The trials.  A trial fails for any reason that fails the module; a trial that makes no sense for
 * the module, or on this kernel, is skipped and says why.
 */
enum vm_trial {
	VM_TRIAL_LOAD,	   /* the first load with its checks, which is always made */
	VM_TRIAL_COVERAGE, /* a part of it: exercises, and which patched functions they reach */
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
	VM_TRIAL_MEMORY,   /* use of the patch while there is hardly any memory */
	VM_TRIAL_REPLACE,  /* replacing an older patch, and being replaced by it */
	VM_TRIAL_COUNT
};

#define VM_TRIAL_BIT(trial) (1u << (trial))

/* Returns the trial's name, such as "cycles". */
const char *vm_trial_name(enum vm_trial trial);
/* Returns the VM_TRIAL_BIT()s of the trials that are worth their time in each test. */
unsigned vm_trials_default(void);
/* Returns the VM_TRIAL_BIT()s of all trials. */
unsigned vm_trials_all(void);

/*
 * A distribution's kernel needs this much memory to boot with 2 processors.  With less, those of
 * Debian 12 panic (80 and 96 MB) or hang silently (112 to 192 MB).
 */
#define VM_MEMORY_MIN_MB 256

enum vm_expect { VM_EXPECT_PASS, VM_EXPECT_FAIL, VM_EXPECT_ANY };

/*
 * What vm_run() has to do.  The caller owns the strings and lists; a list ends with NULL, and may
 * be NULL itself.
 */
struct vm_spec {
	const char *image;	    /* the packaged vmlinuz, or a vmlinux, which has no KASLR */
	const char *vmlinux;	    /* the ELF file inside image, or NULL */
	const char *modules_dir;    /* lib/modules/<release>; NULL if there are no modules */
	const char *cache_dir;	    /* remembers whether KVM works; NULL to emulate */
	const char *const *patches; /* the module files to be tried, in this order */
	const char *const *checks;  /* programs that run in each phase; status 0 is "pass" */
	const char *const *shows;   /* files of the guest that are read in each phase */
	enum vm_expect expect[VM_PHASE_COUNT]; /* what each check has to do in a phase */
	unsigned trials;		       /* VM_TRIAL_BIT()s; that of LOAD is implied */
	unsigned cycles;		       /* the loads of VM_TRIAL_CYCLES; 0: 3 */
	const char *over;		       /* module file for VM_TRIAL_REPLACE, or NULL */
	bool require_coverage;		       /* fail if a patched function is not reached */
	bool thorough;			       /* spend more time on what depends on chance */
	unsigned transition_ms;		       /* limit of one transition; 0: 60 s */
	unsigned check_ms;		       /* limit of one run of a check; 0: 30 s */
	unsigned memory_mb;		       /* the guest's memory; 0: as much as it needs */
};

/* One run of a check. */
struct vm_check_result {
	char *name; /* the program's name, without folders */
	enum vm_phase phase;
	bool ok;    /* it ended as expected */
	int status; /* exit code, or 128 + signal */
	bool timed_out;
	bool starved; /* the check used up the guest's memory */
	char *output; /* the first 16 KiB of its output */
};

struct vm_show_result {
	char *file;
	enum vm_phase phase;
	char *text; /* the first 16 KiB; NULL if the file cannot be read */
};

/* What the running kernel says about an object of the patch. */
struct vm_object_result {
	char *name;
	bool patched;		  /* false if the module is not loaded in this guest */
	struct str_vec functions; /* "name,sympos" */
};

/* A module that should have been loaded for the patch, and could not be. */
struct vm_absent {
	char *name;
	char *why;
};

enum vm_outcome { VM_PASS, VM_FAIL, VM_SKIP };

/* Returns the outcome's name, such as "pass". */
const char *vm_outcome_name(enum vm_outcome outcome);

struct vm_trial_result {
	enum vm_trial trial;
	enum vm_outcome outcome;
	char *why;	   /* why it failed or was skipped; else NULL */
	unsigned start_ms; /* when it began, counted from the guest's boot */
	unsigned ms;
};

/* One patched function. */
struct vm_function_result {
	char *object, *name;
	unsigned sympos;
	uint64_t hits; /* how often exercises, checks and shows called the new code */
	char *by;      /* what called it most often: "pipes", "/proc/version"; or NULL */
	char *why;     /* why its calls could not be counted, or NULL */
};

/* How long one run of an exercise that reaches patched functions takes, in guest time. */
struct vm_cost {
	char *by;
	uint64_t before_ns, patched_ns;
};

struct vm_module_result {
	char *path;
	char *name;		 /* the module's name; the file's name if that is not known */
	bool pass;		 /* it was tried to the end, and nothing was wrong */
	bool aborted;		 /* QEMU or the host ended it, which says nothing of the module */
	enum vm_stage failed_at; /* if not pass: the stage that failed */
	enum vm_trial failed_trial;
	char *sha256;	 /* the file's hash, hexadecimal; NULL if it could not be read */
	char *why;	 /* the first thing that went wrong, one line; NULL if pass */
	unsigned cycles; /* loads and unloads that were completed, in all trials */
	bool counted;	 /* `functions` says what was reached */
	struct vm_trial_results
		VEC(struct vm_trial_result) trials; /* in the order in which they ran */
	struct vm_function_results VEC(struct vm_function_result) functions;
	struct vm_costs VEC(struct vm_cost) costs;
	/* Each is the longest of all cycles, in guest time. */
	unsigned load_ms, transition_ms, disable_ms, unload_ms;
	struct str_vec kernel_log; /* the lines of its trials, "[    2.553733] text" */
	struct str_vec findings;   /* the lines that are evidence against the module */
	bool named;		   /* the log says that the kernel was in the module's own code */
	struct str_vec blockers;   /* the tasks that blocked a transition, "name (tid): stack" */
	struct vm_check_results VEC(struct vm_check_result) checks;
	struct vm_show_results VEC(struct vm_show_result) shows;
	struct vm_object_results VEC(struct vm_object_result) objects;
	struct vm_absents VEC(struct vm_absent) absent;
};

/* Returns whether the running kernel has listed the object. */
bool vm_has_object(const struct vm_module_result *module, const char *name);

/* Returns why a module could not be loaded for the patch; NULL if it was, or nothing tried. */
const char *vm_why_absent(const struct vm_module_result *module, const char *name);

enum vm_accelerator { VM_TCG, VM_KVM };

/* Returns "tcg" or "kvm". */
const char *vm_accelerator_name(enum vm_accelerator accelerator);

struct vm_result {
	bool pass;	  /* all modules have passed */
	unsigned boot_ms; /* the first boot's time, from the start of QEMU to the guest's init */
	unsigned boots;
	enum vm_accelerator accelerator;
	char *release;	/* the release of the kernel that ran; NULL if none did */
	char *build_id; /* the build id that this kernel tells, hexadecimal; or NULL */
	struct vm_module_results
		VEC(struct vm_module_result) modules; /* in the order of the spec */
};

/*
 * Tries all modules, which takes seconds to minutes; an interrupt ends it.  Progress shows each
 * trial.  An error means that nothing was learnt about the modules.
 */
struct err *vm_run(const struct vm_spec *spec, struct progress *progress,
		   struct vm_result **result);

void vm_result_free(struct vm_result *result);
void vm_result_freep(struct vm_result **resultp);
#define scope_vm_result __attribute__((cleanup(vm_result_freep))) struct vm_result *

/*
 * Returns whether the kernel has patched anything for the module.  It has not if the module only
 * patches modules that could not be loaded in the guest; a pass says little then.
 */
bool vm_was_exercised(const struct vm_module_result *module);

/* Sets *release to the kernel release that a module file was built for, by its vermagic; free(). */
struct err *vm_module_release(const char *path, char **release);

/* Checks that QEMU is installed; the error names the package. */
struct err *vm_check_host(void) ERR_MUST_USE;

#endif
