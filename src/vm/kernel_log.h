/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges what lines of the kernel's log and taint flags say about a live patch.  The trial in a
 * guest and the watch after loading on a machine in use share the tables.
 */
#ifndef SUTURE_VM_KERNEL_LOG_H
#define SUTURE_VM_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

enum kernel_log_kind {
	KERNEL_LOG_PLAIN,   /* it says nothing special, or something that every live patch causes */
	KERNEL_LOG_REASON,  /* it says why the kernel refused a module */
	KERNEL_LOG_TRACE,   /* it belongs to a finding, and counts as one if there is no other */
	KERNEL_LOG_USER,    /* a program was killed for a fault of its own */
	KERNEL_LOG_MEMORY,  /* no memory is left */
	KERNEL_LOG_FINDING, /* it is evidence against the patch */
};

/* The machine that wrote the log, which decides whether a line's beginning can be trusted. */
enum kernel_log_place {
	/*
	 * A guest does nothing but the trial.  A row also matches behind any "name: ", and a
	 * warning that no row knows is a finding.
	 */
	KERNEL_LOG_GUEST,
	/*
	 * A machine in use has users who choose the names of tasks, with which lines of the kernel
	 * may begin.  A row matches where the line begins, or behind a prefix of the kernel's own.
	 */
	KERNEL_LOG_MACHINE,
};

/* Returns the kind of one line, which is given without its time. */
enum kernel_log_kind kernel_log_judge(const char *text, enum kernel_log_place place);

/* Returns the meaning of the line's row, or NULL if the row or its meaning is missing. */
const char *kernel_log_meaning(const char *text, enum kernel_log_place place);

/* Returns whether the line says that loaded patches have newer versions of a klp_state. */
bool kernel_log_is_older_state(const char *text, enum kernel_log_place place);

/* The rows that kernel_log_judge() compares a line with; the first one that matches decides. */
struct kernel_log_row {
	enum kernel_log_kind kind;
	/*
	 * Text that the line begins with, in which %d stands for decimal digits, %x for hexadecimal
	 * ones, %h for exactly four of those, %i for an identifier, %w for text without a space, %c
	 * for the name of a task, %r for the end of the first line of an Oops, '*' for any text,
	 * and '$' for the end of the line.
	 */
	const char *pattern;
	const char *source; /* "file function() version" of the kernel that has the line */
	/* What a reason says about the module, in other words than the kernel's; or NULL. */
	const char *meaning;
	bool older_state; /* the reason is that loaded patches have newer versions of a klp_state */
};

/* Returns a row of the table, or NULL behind the last one. */
const struct kernel_log_row *kernel_log_row(size_t index);

/*
 * Returns the names of the taint flags that were gained and are evidence against a patch, "W
 * (warning), L (soft lockup)", or NULL if there are none; free().  The flags are values of
 * /proc/sys/kernel/tainted.  In a guest each flag counts that a live patch does not explain; on a
 * machine in use only those count that nothing but the kernel's own code can set.
 */
char *kernel_taint_gained(long before, long after, enum kernel_log_place place);

/* Returns whether the flags say that the kernel has had an Oops or BUG since it was booted. */
bool kernel_taint_has_died(long flags);

#endif
