/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures time, reads and writes small files, and finds tasks, for all of the guest's init. */
#ifndef SUTURE_VM_GUEST_UTIL_H
#define SUTURE_VM_GUEST_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t now_ms(void); /* of a clock that is not set back */
void sleep_ms(unsigned ms);
/*
 * A time limit that a slow host does not shorten: after its time has passed, some work has to be
 * done, too, which an idle machine does in a second at most.
 */
struct deadline {
	uint64_t end_ms;
	unsigned work_left;
};

/* Pins the calling thread to these processors; those that do not exist are left out. */
void cpus_pin(int first, int last);

/* Returns a limit that began at start_ms, a value of now_ms(). */
struct deadline deadline_from(uint64_t start_ms, unsigned limit_ms);
/*
 * Returns whether the limit is over; does a part of the work if its time has passed.  To be called
 * in a loop.
 */
bool deadline_over(struct deadline *deadline);

/*
 * Reads the beginning of a small file, NUL-terminated, without trailing newlines; returns its
 * length or -errno.
 */
long guest_read_text(const char *path, char *buf, size_t size);
/* Reads the beginning of a process's stack, like guest_read_text(). */
long guest_read_stack(int pid, char *buf, size_t size);
/* Returns a task's state as in /proc, one of "RSDTZ…"; 0 if it has ended or cannot be read. */
char guest_task_state(int pid);
/* Returns whether a task waits for something: a signal, an event, a disk. */
bool task_is_asleep(int pid);
/* Calls wanted() for each thread, until it returns true; returns whether it did. */
bool tasks_find(bool (*wanted)(const char *dir, const char *tid, void *arg), void *arg);
/* Writes a text to a file that exists; returns 0 or -errno. */
int guest_write_text(const char *path, const char *text);
/* Returns the flags of /proc/sys/kernel/tainted, or -1. */
long kernel_taint(void);
/* Returns whether the running kernel is of this version or a later one. */
bool kernel_since(unsigned wanted_major, unsigned wanted_minor);
bool path_exists(const char *path);
void guest_write_all(int fd, const void *data, size_t size);

#endif
