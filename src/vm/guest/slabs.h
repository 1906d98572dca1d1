/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the objects in each of the kernel's slab caches. */
#ifndef SUTURE_VM_GUEST_SLABS_H
#define SUTURE_VM_GUEST_SLABS_H

#define SLABS_MAX 400
#define SLAB_NAME_SIZE 40

struct slab {
	char name[SLAB_NAME_SIZE];
	long objects;
};

struct slabs {
	unsigned count;
	struct slab slab[SLABS_MAX];
};

/*
 * Reads exact counts: the processors first return the objects that they keep for their next
 * allocations.  Caches that the kernel shrinks if it needs memory, as that of dentries, are left
 * out.
 */
void slabs_read(struct slabs *slabs);

/* Returns the count of the cache of that name, or 0; hint is its likely index. */
long slabs_objects(const struct slabs *slabs, const char *name, unsigned hint);

#endif
