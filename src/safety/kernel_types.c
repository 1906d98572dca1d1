/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up the types of the shipped kernel in its BTF, with libbpf. */
#include "safety/kernel_types.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/types.h"

/* Unnamed types are not nested more deeply than this in real sources. */
#define MAX_DEPTH 32

struct kernel_types {
	struct btf *btf;
	const struct kernel_types *base;
	uint32_t first, count;	 /* the ids of its own types */
	uint32_t *heads, *nexts; /* by name */
	uint32_t mask;
};

static uint32_t slot_of(const struct kernel_types *types, const char *name)
{
	return XXH3_64bits(name, strlen(name)) & types->mask;
}

static void index_names(struct kernel_types *types)
{
	uint32_t size = 1;

	while (size < types->count)
		size *= 2;
	types->mask = size - 1;
	types->heads = xcalloc(size, sizeof(*types->heads));
	types->nexts = xcalloc(types->count + 1, sizeof(*types->nexts));
	for (uint32_t i = 0; i < types->count; i++) {
		const struct btf_type *t = btf__type_by_id(types->btf, types->first + i);
		const char *name = t ? btf__name_by_offset(types->btf, t->name_off) : NULL;
		uint32_t *head;

		if (!name || !*name)
			continue;
		head = &types->heads[slot_of(types, name)];
		types->nexts[i] = *head;
		*head = i + 1;
	}
}

static int say_nothing(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level, (void)fmt, (void)ap;
	return 0;
}

/*
 * btf__new_split() is declared but not exported by libbpf before 1.2, so the data is read from a
 * file.
 */
static struct btf *new_split(struct bytes bytes, struct btf *base)
{
	scope_close int fd = memfd_create("btf", MFD_CLOEXEC);
	scope_free char *path = xasprintf("/proc/self/fd/%d", fd);

	if (fd < 0 || write(fd, bytes.data, bytes.size) != (ssize_t)bytes.size)
		return NULL;
	return btf__parse_raw_split(path, base);
}

struct err *kernel_types_new(const char *name, struct bytes bytes, const struct kernel_types *base,
			     struct kernel_types **typesp)
{
	struct kernel_types *types;
	struct btf *btf;

	libbpf_set_print(say_nothing);
	btf = base ? new_split(bytes, base->btf) : btf__new(bytes.data, bytes.size);
	if (!btf)
		return err_errno(errno, "%s: its BTF cannot be read", name);
	types = xcalloc(1, sizeof(*types));
	types->btf = btf;
	types->base = base;
	types->first = base ? btf__type_cnt(base->btf) : 1;
	types->count = btf__type_cnt(btf) - types->first;
	index_names(types);
	*typesp = types;
	return NULL;
}

void kernel_types_free(struct kernel_types *types)
{
	if (!types)
		return;
	btf__free(types->btf);
	free(types->heads);
	free(types->nexts);
	free(types);
}

static const struct btf_type *shipped_resolve(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (unsigned depth = 0; t && depth < MAX_DEPTH && btf_is_mod(t); depth++)
		t = btf__type_by_id(btf, t->type);
	return t;
}

static const struct type_member *shipped_take_member(const struct type *type, size_t *next)
{
	return *next < type->members.len ? &type->members.data[(*next)++] : NULL;
}

static bool same_fields(const struct btf *btf, const struct btf_type *t, uint64_t base,
			unsigned depth, const struct type *type, size_t *next)
{
	const struct btf_member *fields = btf_members(t);

	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		const char *name = btf__name_by_offset(btf, fields[i].name_off);
		const struct btf_type *inner = shipped_resolve(btf, fields[i].type);
		uint64_t at = base + btf_member_bit_offset(t, i);

		if (!inner || depth > MAX_DEPTH)
			return false;
		if ((!name || !*name) && btf_is_composite(inner)) {
			if (!same_fields(btf, inner, at, depth + 1, type, next))
				return false;
			continue;
		}

		const struct type_member *member = shipped_take_member(type, next);

		if (!member || strcmp(member->name, name ? name : "") || member->at != (int64_t)at)
			return false;
	}
	return true;
}

static bool same_constants(const struct btf *btf, const struct btf_type *t, const struct type *type)
{
	const struct btf_enum *constants = btf_enum(t);

	if (btf_vlen(t) != type->members.len)
		return false;
	for (uint32_t i = 0; i < btf_vlen(t); i++)
		if (constants[i].val != (int32_t)type->members.data[i].at ||
		    strcmp(btf__name_by_offset(btf, constants[i].name_off),
			   type->members.data[i].name))
			return false;
	return true;
}

static bool shipped_same_type(const struct btf *btf, const struct btf_type *t,
			      const struct type *type)
{
	size_t next = 0;

	if (btf_is_enum(t))
		return same_constants(btf, t, type);
	return t->size == type->size && same_fields(btf, t, 0, 0, type, &next) &&
	       next == type->members.len;
}

static bool shipped_same_kind(const struct btf_type *t, const struct type *type)
{
	switch (type->kind) {
	case TYPE_STRUCT:
		return btf_is_struct(t);
	case TYPE_UNION:
		return btf_is_union(t);
	case TYPE_ENUM:
		return btf_is_enum(t);
	default:
		return false;
	}
}

unsigned kernel_types_match(const struct kernel_types *types, const struct type *type, bool *same)
{
	const char *name = type->tag ? type->tag : "";
	unsigned count = types->base ? kernel_types_match(types->base, type, same) : 0;

	if (!types->base)
		*same = false;
	for (uint32_t i = types->heads[slot_of(types, name)]; i; i = types->nexts[i - 1]) {
		const struct btf_type *t = btf__type_by_id(types->btf, types->first + i - 1);

		if (!shipped_same_kind(t, type) ||
		    strcmp(btf__name_by_offset(types->btf, t->name_off), name))
			continue;
		count++;
		*same |= shipped_same_type(types->btf, t, type);
	}
	return count;
}
