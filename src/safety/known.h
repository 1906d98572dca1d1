/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of the kernel that rules know by name. */
#ifndef SUTURE_SAFETY_KNOWN_H
#define SUTURE_SAFETY_KNOWN_H

#include <stdbool.h>

enum known_kind {
	KNOWN_ACQUIRE,	    /* takes a lock */
	KNOWN_RELEASE,	    /* releases one */
	KNOWN_REFERENCE,    /* takes or drops a reference */
	KNOWN_INLINE,	    /* inlined lock or reference without a call */
	KNOWN_COVERED,	    /* inlined, and recognised by a call that it contains */
	KNOWN_THREAD_LOOP,  /* is called in the loop of a kernel thread */
	KNOWN_SLEEP,	    /* sleeps, possibly for a long time */
	KNOWN_BLOCKING,	    /* may sleep, if only briefly */
	KNOWN_SLEEPER,	    /* tasks sleep in it until something happens */
	KNOWN_THREAD,	    /* kernel threads run it */
	KNOWN_THREAD_START, /* makes a thread of a function */
	KNOWN_EXIT,	    /* ends the task */
	KNOWN_ARM,	    /* has a function called later */
	KNOWN_HOT,	    /* runs very often */
	KNOWN_BPF_INLINED,  /* BPF programs have code of their own in place of calls of it */
	KNOWN_BORROWER,	    /* keeps no pointer that it is given */
};

bool known_is(enum known_kind kind, const char *name);

#endif
