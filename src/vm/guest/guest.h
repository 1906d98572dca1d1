/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's init.  It executes a plan that the host wrote and tells on a serial
 * port, one JSON object a line, what happened; what it means is the host's business.
 *
 * Two processes: process 1 forwards events and the kernel's log and watches; the
 * worker executes the plan, so that an Oops in one of its system calls ends the
 * worker and not the machine.
 *
 * The plan, /plan, has one step a line:
 *
 *	NEXT LIMIT VERB [ARGUMENT...]
 *
 * LIMIT is the step's time in ms.  When the step fails, the plan goes on at line
 * NEXT (counted from 1), or at the following one when NEXT is 0.
 */
#ifndef SUTURE_VM_GUEST_H
#define SUTURE_VM_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARGS_MAX 8
/* What is written here is what the guest says. */
#define EVENT_PORT "/dev/ttyS1"

struct step {
	unsigned line; /* from 1 */
	unsigned next;
	unsigned limit_ms;
	int argc; /* argv[0] is the verb */
	char *argv[ARGS_MAX + 1];
};

/* What the worker does, for process 1 to see; in shared memory. */
struct activity {
	volatile unsigned line; /* 0: between steps */
	volatile uint64_t started_ms;
	volatile unsigned limit_ms;
};

/* event.c: one JSON object under construction. */
struct event {
	char *buf;
	size_t len, cap;
	bool first; /* no comma before the next item */
};

void event_begin(struct event *ev, const char *kind);
void event_num(struct event *ev, const char *key, long long num);
void event_item(struct event *ev, long long num); /* a number inside a list */
void event_bool(struct event *ev, const char *key, bool value);
/* Text that is not UTF-8 arrives with replacement characters. */
void event_text(struct event *ev, const char *key, const char *text, size_t size);
void event_textf(struct event *ev, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void event_list(struct event *ev, const char *key);
void event_object(struct event *ev); /* an object inside a list */
void event_close(struct event *ev, char bracket);
/* Ends the object and writes its line. */
void event_send(struct event *ev, int fd);

/* util.c */
uint64_t now_ms(void);
void sleep_ms(unsigned ms);
/*
 * A limit on the kernel, which a slow host does not bring nearer: when its time has passed,
 * some work has to be done, too, which an idle machine does in a second at most.
 */
struct deadline {
	uint64_t end_ms;
	unsigned work_left;
};

/* start_ms: of now_ms() */
struct deadline deadline_from(uint64_t start_ms, unsigned limit_ms);
/* Does a bit of that work if it is time; to be called in a loop. */
bool deadline_over(struct deadline *deadline);

/* The beginning of a small file, NUL-terminated, without trailing newlines; its length or -errno.
 */
long read_text(const char *path, char *buf, size_t size);
/* Asks of each thread, by its folder in /proc, until one is wanted: whether there is one. */
bool tasks_find(bool (*wanted)(const char *dir, const char *tid, void *arg), void *arg);
/* 0 or -errno. */
int write_text(const char *path, const char *text);
/* The flags of /proc/sys/kernel/tainted, or -1. */
long kernel_taint(void);
bool path_exists(const char *path);
void write_all(int fd, const void *data, size_t size);

/* klog.c: forwards new records of the kernel's log as events. */
int klog_open(void);
void klog_drain(int klog_fd, int fd);
/* A line of our own in the kernel's log. */
void klog_mark(const char *text);

/* busy.c: between start and stop, the processors other than the caller's are not idle for long. */
void busy_prepare(void);
void busy_start(void);
void busy_stop(void);

/* plan.c: the worker's life. */
void plan_run(const char *path, int fd, struct activity *activity);

/* The verbs: true when the step succeeded; they add what they found to the event. */
typedef bool verb_fn(const struct step *step, struct event *ev);

/* modules.c */
verb_fn verb_need, verb_insert, verb_remove, verb_release, verb_unneed, verb_idle;
/* 0 or -errno. */
int module_insert(const char *path);
/* modprobe.c: the kernel asks for a module by one of its aliases; an exit code. */
int modprobe(const char *alias);
/* livepatch.c */
verb_fn verb_settle, verb_objects, verb_disable, verb_drop, verb_stall, verb_reverse, verb_replaced;
/* check.c */
verb_fn verb_check, verb_show;
/* probe.c */
verb_fn verb_probe, verb_cover;
/* exercise.c */
verb_fn verb_exercise;
/* hammer.c */
verb_fn verb_hammer, verb_measure;
/* leak.c */
verb_fn verb_leak, verb_level;
/* sleepers.c */
verb_fn verb_sleepers;
verb_fn verb_inside;
/* trials.c */
verb_fn verb_trace, verb_pressure;

/* Unloads a module, again while it is busy, until the limit; 0 or -errno. */
int module_remove(const char *name, unsigned limit_ms);

#endif
