/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many objects each of the kernel's slab caches holds. */
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
 * The counts are exact: what processors keep for their next allocations is given back first. Caches
 * that the kernel empties when it needs memory (of dentries, say) are left out.
 */
void slabs_read(struct slabs *slabs);

/* The cache of that name, or 0; hint is where it may well be. */
long slabs_objects(const struct slabs *slabs, const char *name, unsigned hint);

#endif
