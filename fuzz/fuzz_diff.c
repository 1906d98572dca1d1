/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the differ. The input is two objects, joined by a line "--- and ---" so that cat can make
 * seeds. Without a second object, the input goes on with changes of the first: five bytes each, for
 * where and what. The objects are compared and judged, and the selected part is written and read
 * back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "diff/diff.h"
#include "safety/safety.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char seam[] = "\n--- and ---\n";

static void must(struct err *err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", err_message(err));
	abort();
}

/* An addend at its limit may have grown by an offset. */
static bool addends_fit(const struct elf_object *obj)
{
	vec_foreach(&obj->sections, it)
		vec_foreach(&(*it)->relas, rela)
			if (rela->addend > ELF_ADDEND_MAX || rela->addend < -ELF_ADDEND_MAX)
				return false;
	return true;
}

/* The library wrote the object, so it must be able to read it. */
static void write_and_read(struct elf_object *obj)
{
	static char path[64];
	scope_elf again = NULL;

	snprintf(path, sizeof(path), "/dev/shm/suture-fuzz-%d.o", getpid());

	struct err *err = elf_object_write(obj, path);

	if (!err && addends_fit(obj))
		must(elf_object_open(path, &again));
	err_free(err);
	unlink(path);
}

static bool key_in_module(void *ctx, const char *symbol, bool defined_here)
{
	(void)ctx;
	return strlen(symbol) % 2 && !defined_here;
}

struct names VEC(const char *);

static void list_overridden(const struct elf_object *orig, struct names *names)
{
	vec_foreach(&orig->symbols, it)
		if ((*it)->bind == STB_WEAK && (*it)->section && (*it)->index % 2)
			vec_push(names, (*it)->name);
}

/* As in klp/, parts are selected again, with what the first part newly refers to. */
static void select_parts(struct diff *diff, const struct elf_object *orig)
{
	struct names overridden = {}, wanted = {};
	scope_diff_part first = NULL;
	scope_diff_part second = NULL;
	scope_findings findings = {};

	list_overridden(orig, &overridden);

	struct diff_select_options options = {
		.overridden = overridden.data,
		.nr_overridden = overridden.len,
		.key_in_module = key_in_module,
	};
	struct err *err = diff_select(diff, &options, &first);

	if (!err) {
		vec_foreach(&first->externals, it)
			if (!it->orig)
				vec_push(&wanted, it->symbol->name);
		options.wanted = wanted.data;
		options.nr_wanted = wanted.len;
		err = diff_select(diff, &options, &second);
	}
	if (!err) {
		safety_check_part(second, "input", &findings);
		write_and_read(second->object);
	}
	err_free(err);
	vec_free(&overridden);
	vec_free(&wanted);
}

static size_t read_items(const struct diff *diff)
{
	size_t count, length = 0;
	const struct diff_item *items = diff_items(diff, &count);

	for (size_t i = 0; i < count; i++)
		length += strlen(items[i].name) + strlen(items[i].section) +
			  strlen(diff_change_name(items[i].change)) +
			  (items[i].why ? strlen(items[i].why) : 0);
	return length;
}

static void compare(struct bytes one, struct bytes two)
{
	scope_elf orig = NULL;
	scope_elf patched = NULL;
	scope_diff diff = NULL;
	scope_findings findings = {};
	struct err *err = elf_object_parse("one", one, &orig);

	if (!err)
		err = elf_object_parse("two", two, &patched);
	if (!err)
		err = diff_new(orig, patched, &diff);
	if (!err) {
		read_items(diff);
		safety_check_diff(diff, "input", &findings);
		select_parts(diff, orig);
	}
	err_free(err);
}

static void compare_changed(struct bytes one, struct cursor *changes)
{
	scope_free uint8_t *two = xmemdup(one.data, one.size);

	while (cursor_left(changes) >= 5) {
		uint32_t where = cursor_u32(changes);

		two[where % one.size] = cursor_u8(changes);
	}
	compare(one, (struct bytes){two, one.size});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *split = memmem(data, size, seam, strlen(seam));
	struct bytes one = {data, split ? split - data : 0}, two;

	if (!one.size)
		return 0;
	bytes_slice((struct bytes){data, size}, one.size + strlen(seam),
		    size - one.size - strlen(seam), &two);
	if (two.size > SELFMAG && !memcmp(two.data, ELFMAG, SELFMAG))
		compare(one, two);
	else
		compare_changed(one, &(struct cursor){.bytes = two});
	return 0;
}
