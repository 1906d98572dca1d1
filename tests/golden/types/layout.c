/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A member is added in the middle of a structure: users of the members behind it change.
 *
 * @changed second, allocate
 * @unchanged first
 * @bytes same .text.first
 * @bytes differ .text.second .text.allocate
 * @contains reloc kmalloc .text.allocate
 */
#include "kernel.h"

struct object {
	int id;
	void *owner;
#ifdef PATCHED
	long generation;
#endif
	int state;
};

int first(struct object *object)
{
	return external(object->id);
}

int second(struct object *object)
{
	return external(object->state);
}

struct object *allocate(void)
{
	return kmalloc(sizeof(struct object));
}
