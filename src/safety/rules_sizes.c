/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the sizes that both versions of the code give to allocators. Objects that were allocated
 * before the patch is loaded have the old size, and patched code that uses the bytes behind that
 * overwrites memory of others.
 */
#include "safety/rules_sizes.h"

#include <stdlib.h>

#include "safety/alloc_sizes.h"
#include "safety/code.h"

static int larger_first(const void *a, const void *b)
{
	const struct alloc_size *left = a, *right = b;

	if (left->computed != right->computed)
		return left->computed - right->computed;
	return left->size < right->size ? 1 : left->size > right->size ? -1 : 0;
}

/* Removes the sizes that both lists have, and sorts what remains. */
static void drop_common_sizes(struct alloc_size_vec *a, struct alloc_size_vec *b)
{
	for (size_t i = 0; i < a->len;) {
		size_t k = 0;

		while (k < b->len && (a->data[i].size != b->data[k].size ||
				      a->data[i].computed != b->data[k].computed))
			k++;
		if (k == b->len) {
			i++;
			continue;
		}
		a->data[i] = a->data[--a->len];
		b->data[k] = b->data[--b->len];
	}
	if (a->len)
		qsort(a->data, a->len, sizeof(*a->data), larger_first);
	if (b->len)
		qsort(b->data, b->len, sizeof(*b->data), larger_first);
}

/* Lists the sizes in a function and its cold part. */
static void read_sizes(const struct elf_object *object, const struct elf_symbol *function,
		       struct alloc_size_vec *sizes)
{
	if (!function)
		return;

	const struct elf_symbol *cold = code_cold_part(object, function);

	alloc_sizes_read(function, sizes);
	if (cold)
		alloc_sizes_read(cold, sizes);
}

/*
 * Finds a size that is larger than before. Both lists begin with their largest size, and which
 * object a size belongs to is not known, so the nth is compared with the nth, apart for computed
 * sizes.
 */
static bool sizes_grew(const struct alloc_size_vec *before, const struct alloc_size_vec *after,
		       const struct alloc_size **was, const struct alloc_size **is)
{
	for (int computed = 0; computed < 2; computed++) {
		size_t k = 0;

		vec_foreach(after, it) {
			if (it->computed != computed)
				continue;
			while (k < before->len && before->data[k].computed != computed)
				k++;
			if (k == before->len)
				break;
			*was = &before->data[k++];
			*is = it;
			if ((*is)->size > (*was)->size)
				return true;
		}
	}
	return false;
}

static void tell_grown(const struct unit_context *context, const char *function,
		       const struct alloc_size *was, const struct alloc_size *is,
		       struct finding_vec *findings)
{
	finding_add(
		findings, "object-grown", context->unit->file, function,
		"keep the new members in a shadow variable (klp_shadow_alloc()), or allow it if patched code uses the new bytes only of objects that it has allocated itself",
		is->computed
			? "allocates %llu bytes besides a computed size (%s), was %llu; objects that were allocated before the patch is loaded are shorter, and code that uses the new bytes overwrites what follows them"
			: "allocates %llu bytes (%s), was %llu; objects that were allocated before the patch is loaded are shorter, and code that uses the new bytes overwrites what follows them",
		(unsigned long long)is->size, is->allocator, (unsigned long long)was->size);
	if (is->computed)
		finding_soften(findings, SEVERITY_WARN);
}

static bool others_change(const struct function_calls_vec *all, const struct function_calls *but)
{
	vec_foreach(all, it)
		if (it != but && it->item->change == DIFF_CHANGED)
			return true;
	return false;
}

/* The sizes that one function allocates, as it is and as patched. */
struct function_sizes {
	const struct function_calls *function;
	struct alloc_size_vec before, after;
};

struct function_sizes_vec VEC(struct function_sizes);

static void append_sizes(struct alloc_size_vec *to, const struct alloc_size_vec *from)
{
	vec_foreach(from, it)
		vec_push(to, *it);
}

static bool check_function_sizes(const struct unit_context *context,
				 const struct function_calls_vec *all,
				 const struct function_sizes *sizes, struct finding_vec *findings)
{
	const struct function_calls *function = sizes->function;
	struct alloc_size_vec before = {}, after = {};
	const struct alloc_size *was, *is;

	append_sizes(&before, &sizes->before);
	append_sizes(&after, &sizes->after);
	drop_common_sizes(&before, &after);

	bool grown = sizes_grew(&before, &after, &was, &is);

	if (grown) {
		tell_grown(context, function->item->name, was, is, findings);
		if (!others_change(all, function))
			finding_soften(findings, SEVERITY_WARN);
	}
	vec_free(&before);
	vec_free(&after);
	return grown;
}

/* Returns the function whose patched version has the allocation. */
static const char *who_allocates(const struct function_sizes_vec *all,
				 const struct alloc_size *size)
{
	vec_foreach(all, it)
		vec_foreach(&it->after, other)
			if (other->size == size->size && other->computed == size->computed)
				return it->function->item->name;
	return NULL;
}

/*
 * Compares all functions together, since an allocation can move from one to another. They may be
 * about different objects, so it is a warning.
 */
static void check_moved_sizes(const struct unit_context *context,
			      const struct function_sizes_vec *all, struct finding_vec *findings)
{
	struct alloc_size_vec before = {}, after = {};
	const struct alloc_size *was, *is;

	vec_foreach(all, it) {
		append_sizes(&before, &it->before);
		append_sizes(&after, &it->after);
	}
	drop_common_sizes(&before, &after);
	if (sizes_grew(&before, &after, &was, &is)) {
		tell_grown(context, who_allocates(all, is), was, is, findings);
		finding_soften(findings, SEVERITY_WARN);
	}
	vec_free(&before);
	vec_free(&after);
}

void safety_check_sizes(const struct unit_context *context, const struct function_calls_vec *all,
			struct finding_vec *findings)
{
	struct function_sizes_vec sizes = {};
	bool told = false;

	vec_foreach(all, it) {
		struct function_sizes read = {.function = it};

		read_sizes(context->unit->orig, it->item->orig, &read.before);
		read_sizes(context->unit->patched, it->item->patched, &read.after);
		vec_push(&sizes, read);
	}
	vec_foreach(&sizes, it)
		if (it->function->item->change == DIFF_CHANGED)
			told |= check_function_sizes(context, all, it, findings);
	if (!told)
		check_moved_sizes(context, &sizes, findings);
	vec_foreach(&sizes, it) {
		vec_free(&it->before);
		vec_free(&it->after);
	}
	vec_free(&sizes);
}
