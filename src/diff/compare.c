/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides whether twins are the same, and if not, says why. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "diff/compare.h"
#include "diff/special.h"

/* Unnamed constants may point to unnamed constants; below this depth they count as different. */
#define MAX_DEPTH 8

static bool content_equal(const struct atom *a, const struct atom *b, unsigned depth);
static bool ref_equal_at(const struct ref *a, const struct ref *b, unsigned depth);

static const uint8_t *atom_data(const struct atom *atom)
{
	return atom->section->data ? atom->section->data + atom->start : NULL;
}

static bool is_zero(const uint8_t *data, uint64_t size)
{
	for (uint64_t i = 0; data && i < size; i++)
		if (data[i])
			return false;
	return true;
}

/* Returns the offset of the first byte outside relocated fields that differs, or the size. */
static uint64_t first_difference(const struct atom *a, const struct atom *b)
{
	const uint8_t *x = atom_data(a), *y = atom_data(b);
	size_t next = 0;

	for (uint64_t i = 0; i < a->size; i++) {
		while (next < a->refs.len &&
		       a->refs.data[next].offset + elf_rela_width(a->refs.data[next].type) <= i)
			next++;
		if (next < a->refs.len && a->refs.data[next].offset <= i)
			continue;
		if (x[i] != y[i])
			return i;
	}
	return a->size;
}

bool atom_bytes_equal(const struct atom *a, const struct atom *b)
{
	if (a->size != b->size || a->refs.len != b->refs.len)
		return false;
	if (!atom_data(a) || !atom_data(b))
		return is_zero(atom_data(a), a->size) && is_zero(atom_data(b), b->size);
	return first_difference(a, b) == a->size;
}

static bool string_equal(const struct ref *a, const struct ref *b)
{
	const struct atom *x = a->target, *y = b->target;

	if (a->inside < 0 || b->inside < 0 || a->inside > x->size || b->inside > y->size)
		return false;
	return x->size - a->inside == y->size - b->inside &&
	       !memcmp(atom_data(x) + a->inside, atom_data(y) + b->inside, x->size - a->inside);
}

/* Returns the end of the constant at start, without zeros at the end, which may be padding. */
static uint64_t slice_end(const struct atom *atom, uint64_t start)
{
	uint64_t end = atom->size;

	vec_foreach(&atom->cuts, cut) {
		if (*cut > start) {
			end = *cut;
			break;
		}
	}
	while (end > start && !atom_data(atom)[end - 1] &&
	       !(atom->refs.len && atom->refs.data[atom->refs.len - 1].offset + 8 >= end))
		end--;
	return end;
}

/*
 * Several unnamed constants may be in one section, where a new one moves the others. The constant
 * that a reference means ends where the next reference points.
 */
static bool slices_equal(const struct ref *a, const struct ref *b, unsigned depth)
{
	const struct atom *x = a->target, *y = b->target;

	if (a->inside < 0 || b->inside < 0 || a->inside > x->size || b->inside > y->size)
		return false;

	uint64_t size = slice_end(x, a->inside) - a->inside;
	size_t i = 0, k = 0;

	if (size != slice_end(y, b->inside) - b->inside)
		return false;
	while (i < x->refs.len && x->refs.data[i].offset < a->inside)
		i++;
	while (k < y->refs.len && y->refs.data[k].offset < b->inside)
		k++;
	for (uint64_t at = 0; at < size; at++)
		if (atom_data(x)[a->inside + at] != atom_data(y)[b->inside + at])
			return false;
	for (; i < x->refs.len && x->refs.data[i].offset < a->inside + size; i++, k++) {
		struct ref p = x->refs.data[i], q;

		if (k >= y->refs.len)
			return false;
		q = y->refs.data[k];
		p.offset -= a->inside;
		q.offset -= b->inside;
		if (!ref_equal_at(&p, &q, depth + 1))
			return false;
	}
	return k >= y->refs.len || y->refs.data[k].offset >= b->inside + size;
}

static bool target_equal(const struct ref *a, const struct ref *b, unsigned depth)
{
	const struct atom *x = a->target, *y = b->target;

	if (x->kind == ATOM_STRING && y->kind == ATOM_STRING)
		return string_equal(a, b);
	if (x->cuts.len && y->cuts.len)
		return slices_equal(a, b, depth);
	if (a->inside != b->inside)
		return false;
	if (x->twin || y->twin)
		return x->twin == y;
	if (x->kind != y->kind || x->kind == ATOM_FUNCTION)
		return false;
	if (x->copied != y->copied || (x->copied && strcmp(x->canonical, y->canonical)))
		return false;
	/*
	 * Objects that have no name, are copied, or cannot be named elsewhere are the same if their
	 * contents are.
	 */
	if (x->kind == ATOM_DATA && !x->copied &&
	    (!(x->flags & DIFF_READ_ONLY) || x->flags & DIFF_GLOBAL))
		return false;
	return content_equal(x, y, depth + 1);
}

/* For a call, the assembler writes PLT32 if it names a symbol, and PC32 if it does not. */
static bool same_ref_type(const struct ref *a, const struct ref *b)
{
	if (a->branch && b->branch)
		return elf_rela_width(a->type) == elf_rela_width(b->type);
	return a->type == b->type;
}

static bool ref_equal_at(const struct ref *a, const struct ref *b, unsigned depth)
{
	if (!same_ref_type(a, b) || a->offset != b->offset || depth > MAX_DEPTH)
		return false;
	if (a->holder || b->holder)
		return special_ref_equal(a, b);
	if (a->target && b->target)
		return target_equal(a, b, depth);
	if (a->target || b->target || a->inside != b->inside)
		return false;
	if (a->symbol->section || b->symbol->section) /* they point into a section without atoms */
		return a->symbol->section && b->symbol->section &&
		       !strcmp(a->symbol->section->name, b->symbol->section->name);
	return !strcmp(a->symbol->name, b->symbol->name);
}

/* Returns whether the two references mean the same object. */
static bool ref_equal(const struct ref *a, const struct ref *b)
{
	return ref_equal_at(a, b, 0);
}

/*
 * Recognises descriptors of dynamic debug: the bytes between their references are line and state.
 */
static bool is_debug_descriptor(const struct atom *atom)
{
	return !strcmp(atom->section->name, "__dyndbg");
}

static bool content_equal(const struct atom *a, const struct atom *b, unsigned depth)
{
	if (is_debug_descriptor(a) && is_debug_descriptor(b)) {
		if (a->refs.len != b->refs.len)
			return false;
	} else if (!atom_bytes_equal(a, b)) {
		return false;
	}
	for (size_t i = 0; i < a->refs.len; i++)
		if (!ref_equal_at(&a->refs.data[i], &b->refs.data[i], depth))
			return false;
	return true;
}

bool atom_content_equal(const struct atom *a, const struct atom *b)
{
	return content_equal(a, b, 0);
}

static void describe_string(const struct ref *ref, struct strbuf *out)
{
	const uint8_t *str = atom_data(ref->target);

	strbuf_addch(out, '"');
	for (int64_t i = ref->inside; i >= 0 && i + 1 < ref->target->size; i++) {
		if (i - ref->inside >= 40) {
			strbuf_addstr(out, "…");
			break;
		}
		strbuf_addf(out, isprint(str[i]) ? "%c" : "\\x%02x", str[i]);
	}
	strbuf_addch(out, '"');
}

static void describe_ref(const struct ref *ref, struct strbuf *out)
{
	if (ref->target && ref->target->kind == ATOM_STRING) {
		describe_string(ref, out);
		return;
	}
	strbuf_addstr(out, ref->target && ref->target->symbol ? ref->target->symbol->name
			   : ref->target		      ? "a constant"
			   : ref->symbol->section	      ? ref->symbol->section->name
							      : ref->symbol->name);
	if (ref->inside)
		strbuf_addf(out, "%+lld", (long long)ref->inside);
}

/* Returns the name of the symbol to which the reference points, or NULL. */
static const char *ref_name(const struct ref *ref)
{
	const struct elf_symbol *symbol = ref->target ? ref->target->symbol : ref->symbol;

	return symbol && *symbol->name && !ref->inside ? symbol->name : NULL;
}

void atom_change(struct atom *atom, const char *fmt, ...)
{
	scope_strbuf why = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&why, fmt, ap);
	va_end(ap);
	atom->changed = atom->twin->changed = true;
	free(atom->why);
	atom->why = strbuf_detach(&why);
}

static bool compare_refs(struct atom *a, const struct atom *b)
{
	for (size_t i = 0; i < a->refs.len; i++) {
		const struct ref *x = &a->refs.data[i], *y = &b->refs.data[i];

		if (ref_equal(x, y))
			continue;

		scope_strbuf was = STRBUF_INIT, is = STRBUF_INIT;

		describe_ref(x, &was);
		describe_ref(y, &is);
		a->was = ref_name(x);
		a->is = ref_name(y);
		if (!strcmp(was.buf, is.buf))
			atom_change(a, "+0x%llx: %s differs", (unsigned long long)y->offset,
				    is.buf);
		else
			atom_change(a, "+0x%llx: refers to %s instead of %s",
				    (unsigned long long)y->offset, is.buf, was.buf);
		return false;
	}
	return true;
}

static bool compare_content(struct atom *a, const struct atom *b)
{
	if (a->size != b->size) {
		atom_change(a, "has %llu bytes instead of %llu", (unsigned long long)b->size,
			    (unsigned long long)a->size);
		return false;
	}
	if (!atom_data(a) || !atom_data(b)) {
		if (is_zero(atom_data(a), a->size) && is_zero(atom_data(b), b->size))
			return true;
		atom_change(a, "its initial value differs");
		return false;
	}
	/*
	 * Counts are compared before bytes, since a field that only one side relocates means
	 * another target.
	 */
	if (a->refs.len != b->refs.len) {
		atom_change(a, "has %zu references instead of %zu", b->refs.len, a->refs.len);
		return false;
	}

	uint64_t at = first_difference(a, b);

	if (at < a->size) {
		atom_change(a, "+0x%llx: byte %02x instead of %02x", (unsigned long long)at,
			    atom_data(b)[at], atom_data(a)[at]);
		return false;
	}
	return compare_refs(a, b);
}

static bool entry_is_masked(const struct entry *entry, uint64_t offset)
{
	vec_foreach(&entry->refs, ref)
		if (offset - ref->offset < elf_rela_width(ref->type))
			return true;
	if (!entry->special->has_line || entry->refs.len < 2)
		return false;

	/* In struct bug_entry the line number follows the field of the file name. */
	const struct ref *last = &entry->refs.data[entry->refs.len - 1];

	return offset - (last->offset + elf_rela_width(last->type)) < sizeof(uint16_t);
}

/* Returns whether the patched entry is the same as the original one. */
static bool entry_equal(const struct entry *a, const struct entry *b)
{
	if (a->special != b->special || a->size != b->size || a->refs.len != b->refs.len)
		return false;
	for (uint64_t i = 0; i < a->size; i++)
		if (!entry_is_masked(a, i) &&
		    a->section->data[a->start + i] != b->section->data[b->start + i])
			return false;

	for (size_t i = 0; i < a->refs.len; i++)
		if (!ref_equal(&a->refs.data[i], &b->refs.data[i]))
			return false;
	return true;
}

/* Returns the next compared entry at or after *i, or NULL. */
static const struct entry *next_entry(const struct atom *atom, size_t *i)
{
	while (*i < atom->entries.len && !atom->entries.data[*i].special->compared)
		(*i)++;
	return *i < atom->entries.len ? &atom->entries.data[(*i)++] : NULL;
}

static void compare_special_entries(struct atom *a, const struct atom *b)
{
	size_t i = 0, k = 0;

	for (;;) {
		const struct entry *x = next_entry(a, &i), *y = next_entry(b, &k);

		if (!x && !y)
			return;
		if (x && y && entry_equal(x, y))
			continue;
		atom_change(a, "its entries in %s differ", (x ? x : y)->special->name);
		return;
	}
}

/*
 * Code accesses per-CPU variables with other instructions, and the kernel write-protects some
 * variables after boot, so a variable cannot move from one kind of memory to another.
 */
static const char *kind_of_memory(const struct atom *atom)
{
	static const char *const kinds[] = {".data..percpu", ".data..ro_after_init"};

	for (size_t i = 0; i < array_size(kinds); i++)
		if (str_starts(atom->section->name, kinds[i]))
			return kinds[i];
	return "";
}

/* Returns whether the variable is alone in its section, whose alignment is then the variable's. */
static bool is_alone(const struct atom *atom)
{
	return !atom->start && atom->size == atom->section->size;
}

static void compare_twins(struct atom *a)
{
	const struct atom *b = a->twin;

	if (a->kind == ATOM_DATA && a->flags & DIFF_INIT && !(b->flags & DIFF_INIT)) {
		atom_change(a, "is now used after boot, when its memory has been freed");
		return;
	}
	if (!compare_content(a, b))
		return;
	if (a->kind == ATOM_FUNCTION)
		compare_special_entries(a, b);
	else if (a->section->flags != b->section->flags || kind_of_memory(a) != kind_of_memory(b))
		atom_change(a, "is in section %s instead of %s", b->section->name,
			    a->section->name);
	else if (is_alone(a) && is_alone(b) && b->section->align > a->section->align &&
		 a->section->flags & SHF_WRITE)
		atom_change(a, "is aligned to %llu bytes instead of %llu",
			    (unsigned long long)b->section->align,
			    (unsigned long long)a->section->align);
}

/* Treats a function and its .cold part as one, since each jumps into the other. */
static void join_cold_parts(const struct side *side)
{
	vec_foreach(&side->atoms, it) {
		struct atom *cold = *it;

		if (!cold->parent || !cold->parent->twin || cold->parent->changed)
			continue;
		if (cold->twin && cold->changed)
			atom_change(cold->parent, "its .cold part changes: %s",
				    cold->why ? cold->why : "its code differs");
		else if (!cold->twin)
			atom_change(cold->parent, "its .cold part appears or disappears");
	}
}

static bool is_direct_caller(const struct atom *atom, const struct atom *callee, bool *otherwise)
{
	bool calls = false;

	for (size_t i = 0; i < atom->refs.len; i++) {
		const struct ref *ref = &atom->refs.data[i];

		if (ref->target != callee || atom == callee || atom->parent == callee)
			continue;
		if (ref->branch)
			calls = true;
		else if (!ref->inside) /* with an offset, it is the function's own label in a table
					*/
			*otherwise = true;
	}
	return calls && atom->twin;
}

/*
 * ftrace cannot redirect calls of an "inline" function that was not inlined, since the kernel's
 * "inline" implies notrace.  Such a function can still change together with its callers, if
 * calls from this unit are the only way to it.
 */
static bool carry_with_callers(const struct side *side, struct atom *callee)
{
	/* Code is in an explicit section, such as .noinstr.text, for a reason. */
	bool otherwise = callee->flags & DIFF_GLOBAL || !str_starts(callee->section->name, ".text");

	vec_foreach(&side->atoms, it)
		is_direct_caller(*it, callee, &otherwise);
	if (otherwise)
		return false;
	callee->flags |= DIFF_CARRIED;
	callee->twin->flags |= DIFF_CARRIED;
	vec_foreach(&side->atoms, it) {
		struct atom *caller = (*it)->parent ? (*it)->parent : *it;

		if (is_direct_caller(*it, callee, &otherwise) && caller->twin && !caller->changed)
			atom_change(caller,
				    "calls %s, which changes and whose calls cannot be redirected",
				    callee->symbol->name);
	}
	return true;
}

static void carry_untraceable(const struct side *side)
{
	bool again = true;

	while (again) {
		again = false;
		vec_foreach(&side->atoms, it) {
			struct atom *atom = *it;
			unsigned settled = DIFF_CARRIED | DIFF_INIT | DIFF_COLD;

			if (atom->kind == ATOM_FUNCTION && atom->changed &&
			    !(atom->flags & settled) && !atom_is_traceable(atom))
				again = carry_with_callers(side, atom) || again;
		}
	}
}

void compare_sides(struct side *orig)
{
	/* An interrupted comparison returns no result, so the rest can be skipped. */
	vec_foreach(&orig->atoms, it)
		if ((*it)->twin && !interrupt_pending())
			compare_twins(*it);
	join_cold_parts(orig);
	carry_untraceable(orig);
}
