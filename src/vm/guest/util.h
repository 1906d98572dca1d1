/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time, small files, tasks: what the parts of the guest's init have in common. */
#ifndef SUTURE_VM_GUEST_UTIL_H
#define SUTURE_VM_GUEST_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t now_ms(void);
void sleep_ms(unsigned ms);
/*
 * A limit on the kernel that a slow host does not bring nearer: when its time has passed, some work
 * has to be done, too, which an idle machine does in a second at most.
 */
struct deadline {
	uint64_t end_ms;
	unsigned work_left;
};

/* Has the calling thread run on these processors only; those that do not exist are left out. */
void cpus_pin(int first, int last);

/* A limit that began at start_ms, a value of now_ms(). */
struct deadline deadline_from(uint64_t start_ms, unsigned limit_ms);
/* Whether it is over; does a bit of the work if its time has passed.  To be called in a loop. */
bool deadline_over(struct deadline *deadline);

/* Reads the beginning of a small file, NUL-terminated, without trailing newlines; its length or
 * -errno.
 */
long guest_read_text(const char *path, char *buf, size_t size);
/* The state of a task as /proc names it, "RSDTZ…"; 0 when it is gone or cannot be asked. */
char guest_task_state(int pid);
/* Whether it waits for something: a signal, an event, a disk. */
bool task_is_asleep(int pid);
/* Whether some thread is wanted; each is asked by its folder in /proc, until one is. */
bool tasks_find(bool (*wanted)(const char *dir, const char *tid, void *arg), void *arg);
/* Writes a text to a file that exists; 0 or -errno. */
int guest_write_text(const char *path, const char *text);
/* The flags of /proc/sys/kernel/tainted, or -1. */
long kernel_taint(void);
/* Whether the kernel that runs is of this version or a later one. */
bool kernel_since(unsigned wanted_major, unsigned wanted_minor);
bool path_exists(const char *path);
void guest_write_all(int fd, const void *data, size_t size);

#endif
