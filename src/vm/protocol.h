/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol between the host and the guest's init: the verbs of a plan, the paths of the
 * initramfs, the marks in the kernel's log, the kinds of events, and the limits that both sides
 * judge by.  This header is compiled into two programs, and declares nothing but constants.
 *
 * The plan, /plan in the guest, has one step a line:
 *
 *	NEXT LIMIT VERB [ARGUMENT...]
 *
 * LIMIT is the step's time in ms.  When the step fails, the plan goes on at line NEXT (counted from
 * 1), or at the following line when NEXT is 0.  The guest answers on a serial port with one JSON
 * object a line, whose member "event" is one of the EVENT_ names below.
 */
#ifndef SUTURE_VM_PROTOCOL_H
#define SUTURE_VM_PROTOCOL_H

/*
 * The verbs.  A row has the name of the constant, the name in the plan, the number of arguments,
 * and whether the verb makes a transition, during which the guest keeps its other processors awake.
 * The guest runs verb_<name>(), which has the description.
 */
#define PROTOCOL_VERBS(VERB)                                                                       \
	VERB(BEGIN, begin, 1, false)                                                               \
	VERB(NEED, need, 2, false)                                                                 \
	VERB(CHECK, check, 3, false)                                                               \
	VERB(SHOW, show, 1, false)                                                                 \
	VERB(INSERT, insert, 1, true)                                                              \
	VERB(SETTLE, settle, 1, true)                                                              \
	VERB(OBJECTS, objects, 1, false)                                                           \
	VERB(DISABLE, disable, 1, true)                                                            \
	VERB(REMOVE, remove, 1, false)                                                             \
	VERB(DROP, drop, 1, true)                                                                  \
	VERB(RELEASE, release, 0, false)                                                           \
	VERB(END, end, 1, false)                                                                   \
	VERB(TRIAL, trial, 1, true)                                                                \
	VERB(PROBE, probe, 1, false)                                                               \
	VERB(COVER, cover, 1, false)                                                               \
	VERB(EXERCISE, exercise, 1, false)                                                         \
	VERB(MEASURE, measure, 1, false)                                                           \
	VERB(HAMMER, hammer, 1, false)                                                             \
	VERB(LEAK, leak, 1, false)                                                                 \
	VERB(LEVEL, level, 1, false)                                                               \
	VERB(SLEEPERS, sleepers, 1, false)                                                         \
	VERB(INSIDE, inside, 0, false)                                                             \
	VERB(STALL, stall, 1, true)                                                                \
	VERB(REVERSE, reverse, 1, true)                                                            \
	VERB(CALLEES, callees, 1, false)                                                           \
	VERB(TRACE, trace, 1, false)                                                               \
	VERB(PRESSURE, pressure, 1, false)                                                         \
	VERB(REPLACED, replaced, 1, true)                                                          \
	VERB(UNNEED, unneed, 0, false)                                                             \
	VERB(SHED, shed, 1, false)                                                                 \
	VERB(IDLE, idle, 0, false)                                                                 \
	VERB(VISITORS, visitors, 1, false)                                                         \
	VERB(SLEPT, slept, 0, false)                                                               \
	VERB(ASLEEP, asleep, 1, false)                                                             \
	VERB(COPY, copy, 2, true)                                                                  \
	VERB(WAITERS, waiters, 1, false)                                                           \
	VERB(WAKE, wake, 0, false)                                                                 \
	VERB(LEAVE, leave, 1, true)                                                                \
	VERB(GONE, gone, 1, true)

/* The names of files in the initramfs; the guest finds them below "/". */
#define GUEST_PLAN_PATH "plan"
#define GUEST_MODULE_PATH "lib/modules/%s.ko"
#define GUEST_ALIASES_PATH "lib/modules/aliases" /* "ALIAS MODULE..." a line */
#define GUEST_PATCH_PATH "patch/%u.ko"
#define GUEST_OVER_PATH "patch/over.ko"
#define GUEST_CHECK_PATH "check/%u/%s"
#define GUEST_CHECK_LIBS "checklib" /* the folder of the checks' shared libraries */

/* The kinds of events. */
#define EVENT_HELLO "hello" /* the guest has booted */
#define EVENT_BEAT "beat"   /* the guest is alive; sent every BEAT_MS */
#define EVENT_START "start" /* a step begins */
#define EVENT_STEP "step"   /* a step has ended */
#define EVENT_LOG "log"	    /* one line of the kernel's log */
#define EVENT_LOST "lost"   /* records of the log were overwritten before they were read */
#define EVENT_DIED "died"   /* the worker was killed in a step */
#define EVENT_STUCK "stuck" /* a step is far beyond its limit, inside the kernel */
#define EVENT_BYE "bye"	    /* the plan is done */

#define BEAT_MS 1000

/* The serial port that the guest writes events to. */
#define EVENT_PORT "/dev/ttyS1"

/* The guest writes these lines into the kernel's log, so that each other line belongs to a step. */
#define LOG_MARK "suture: "
#define LOG_MARK_STEP LOG_MARK "step %u"
#define LOG_MARK_REPORT LOG_MARK "report" /* the guest asks the kernel where tasks are */
#define LOG_MARK_END LOG_MARK "end"

/* The host gets at most this many bytes of a check's output or of a shown file. */
#define TEXT_TOLD_MAX 16384

/*
 * A leak must show in each of LEAK_ROUNDS rounds of calls.  Growth below LEAK_KB_MIN, or below
 * LEAK_OBJECTS_MIN objects of a cache, in a round is normal for a kernel.  A round with fewer calls
 * than LEAK_CALLS_MIN, on a very busy host or of slow calls, proves nothing.
 */
#define LEAK_ROUNDS 3
#define LEAK_KB_MIN 128
#define LEAK_OBJECTS_MIN 16
#define LEAK_CALLS_MIN 4

#endif
