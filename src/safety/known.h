/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of the kernel that rules know by name. */
#ifndef SUTURE_SAFETY_KNOWN_H
#define SUTURE_SAFETY_KNOWN_H

#include <stdbool.h>

enum known_kind {
	KNOWN_ACQUIRE,	    /* takes a lock */
	KNOWN_RELEASE,	    /* releases one */
	KNOWN_REFERENCE,    /* takes or gives back a reference */
	KNOWN_INLINE,	    /* a lock or reference that leaves no call where it is inlined */
	KNOWN_COVERED,	    /* is inlined, and known by a call that it contains */
	KNOWN_THREAD_LOOP,  /* is called in the loop of a kernel thread */
	KNOWN_SLEEP,	    /* sleeps, maybe for long */
	KNOWN_BLOCKING,	    /* may sleep, if only for a moment */
	KNOWN_SLEEPER,	    /* tasks sleep in it for as long as nothing happens */
	KNOWN_THREAD,	    /* is what a kernel thread runs */
	KNOWN_THREAD_START, /* makes a thread of a function */
	KNOWN_EXIT,	    /* ends the task */
	KNOWN_ARM,	    /* has a function called later */
	KNOWN_HOT,	    /* runs very often */
	KNOWN_BPF_INLINED,  /* BPF programs have code of their own in place of calls of it */
	KNOWN_BORROWER,	    /* does not keep what it is given to look at */
};

bool known_is(enum known_kind kind, const char *name);

#endif
