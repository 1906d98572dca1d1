/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol between the host and the guest's init: the verbs of a plan, the paths of the
 * initramfs, the marks in the kernel's log, the words of arguments, the kinds and members of
 * events, and the limits that both sides judge by.  This header is compiled into two programs, and
 *declares nothing but constants.
 *
 * The plan, /plan in the guest, has one step a line:
 *
 *	NEXT LIMIT VERB [ARGUMENT...]
 *
 * LIMIT is the step's time in ms.  When the step fails, the plan goes on at line NEXT (counted from
 * 1), or at the following line when NEXT is 0.  The guest answers on a serial port with one JSON
 * object a line, whose member KEY_EVENT is one of the EVENT_ names below.
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

/* The words that verbs have as arguments, beside names, paths and numbers. */
#define ARG_ON "on"
#define ARG_OFF "off"
#define ARG_ALL "all"	    /* exercise */
#define ARG_QUICK "quick"   /* exercise */
#define ARG_AIMED "aimed"   /* exercise: only what reaches a patched function */
#define ARG_OTHERS "others" /* hammer: only what reaches no patched function */
#define ARG_UNPATCHED "-"   /* measure: the patch is not loaded */
#define ARG_FIRST "first"   /* level */
#define ARG_NEXT "next"	    /* level */
#define ARG_FAULTS "faults" /* sleepers: they sleep in page faults */
#define ARG_GRAPH "graph"   /* trace: with the graph tracer */

/* The members of events and of the objects in them. */
#define KEY_EVENT "event"
#define KEY_LINE "line"	    /* the line of the plan */
#define KEY_AT "at"	    /* when a step began, in ms since the guest's boot */
#define KEY_OK "ok"	    /* the step succeeded */
#define KEY_MS "ms"	    /* how long a step took */
#define KEY_ERRNO "errno"   /* the error of the system call that failed */
#define KEY_WHY "why"	    /* why a step failed: a WHY_ word or a sentence */
#define KEY_STACK "stack"   /* the text of /proc/PID/stack of a task that does not end */
#define KEY_WHO "who"	    /* the task that does not end */
#define KEY_STATUS "status" /* the exit status of a process, or 128 + its signal */
#define KEY_TAINT "taint"
#define KEY_RELEASE "release"
#define KEY_BUILD_ID "build_id"
#define KEY_US "us" /* the time of a line of the kernel's log */
#define KEY_TEXT "text"
#define KEY_RECORDS "records"	  /* how many records of the log are lost */
#define KEY_TIMED_OUT "timed_out" /* the check did not end in time */
#define KEY_BLOCKERS "blockers"	  /* the tasks that have not switched: tid, name, stack */
#define KEY_TID "tid"
#define KEY_NAME "name"
#define KEY_OBJECTS "objects"	  /* what is patched: name, patched, functions */
#define KEY_PATCHED "patched"	  /* of an object: whether it is; of a leak: with the patch */
#define KEY_FUNCTIONS "functions" /* names; of cover: object, name, sympos, hits, by, errno */
#define KEY_OBJECT "object"
#define KEY_SYMPOS "sympos"
#define KEY_HITS "hits"
#define KEY_BY "by"	  /* the exercise or file that reached a function */
#define KEY_HANGS "hangs" /* the exercise that cannot be killed */
#define KEY_DIED "died"	  /* the exercise that was killed */
#define KEY_LATE "late"	  /* the exercise that did not end in time */
#define KEY_COSTS "costs" /* of each aim: by, ns */
#define KEY_NS "ns"
#define KEY_CONTROL "control" /* what grows without the patch */
#define KEY_LEVELS "levels"   /* of each round: kb, calls */
#define KEY_KB "kb"
#define KEY_CALLS "calls"
#define KEY_SLABS "slabs"	    /* the caches that grew: name, patched, control */
#define KEY_BUSY "busy"		    /* the module that cannot be unloaded */
#define KEY_REFERENCES "references" /* its reference count */
#define KEY_LOST "lost"		    /* the kind of waiter that was not woken */
/* The host does not read these, which are for people who look at a guest's events. */
#define KEY_CPUS "cpus"
#define KEY_LEVEL "level"
#define KEY_COUNT "count"
#define KEY_PROBES "probes"
#define KEY_TRACED "traced"
#define KEY_ASLEEP "asleep"
#define KEY_LEFT_KB "left_kb"

#define WHY_STALLED "stalled" /* a transition does not end */
#define WHY_ABSENT "absent"   /* no live patch of that name is registered */

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
