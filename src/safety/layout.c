/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two versions of a type, member by member. */
#include "safety/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"

/* Further differences are only counted. */
#define MAX_LINES 12

struct comparison {
	const struct type_versions *versions;
	const struct type *before, *after;
	struct type_change *change;
	struct strbuf text;
	unsigned lines;
};

static void layout_tell(struct comparison *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void layout_tell(struct comparison *c, const char *fmt, ...)
{
	va_list ap;

	if (c->lines++ >= MAX_LINES)
		return;
	strbuf_addstr(&c->text, c->text.len ? "; " : "");
	va_start(ap, fmt);
	strbuf_vaddf(&c->text, fmt, ap);
	va_end(ap);
}

/* Returns the nth member of that name; unnamed members are told apart by their order. */
static const struct type_member *find_member(const struct type *type, const char *name,
					     unsigned nth)
{
	vec_foreach(&type->members, it)
		if (!strcmp(it->name, name) && !nth--)
			return it;
	return NULL;
}

static unsigned order_of(const struct type *type, const struct type_member *member)
{
	unsigned order = 0;

	vec_foreach(&type->members, it) {
		if (it == member)
			break;
		order += !strcmp(it->name, member->name);
	}
	return order;
}

const struct type_member *type_counterpart(const struct type *type,
					   const struct type_member *member,
					   const struct type *other)
{
	return find_member(other, member->name, order_of(type, member));
}

static enum type_likeness likeness(const struct comparison *c, const struct type_member *a,
				   const struct type_member *b)
{
	return type_likeness(c->versions, &a->spelling, &b->spelling);
}

static const char *member_label(const struct type_member *member)
{
	return *member->name ? member->name : "an unnamed member";
}

/* Returns "24", or "24 bit 3". */
static char *member_place(const struct type_member *member)
{
	return member->at % 8 || member->bits % 8
		       ? xasprintf("%lld bit %lld", (long long)member->at / 8,
				   (long long)member->at % 8)
		       : xasprintf("%lld", (long long)member->at / 8);
}

/* Returns whether the name says how wide a number is, but not what it counts. */
static bool is_plain_number(const char *name)
{
	static const char *const plain[] = {
		"u8",	   "u16",     "u32",	 "u64",	     "s8",	  "s16",       "s32",
		"s64",	   "__u8",    "__u16",	 "__u32",    "__u64",	  "__s8",      "__s16",
		"__s32",   "__s64",   "uint8_t", "uint16_t", "uint32_t",  "uint64_t",  "int8_t",
		"int16_t", "int32_t", "int64_t", "u_int8_t", "u_int16_t", "u_int32_t", "u_int64_t",
		"bool",	   "uint",    "ulong",	 "ushort",   "unchar",	  "u_char",    "u_short",
		"u_int",   "u_long",  "size_t",	 "ssize_t",  "uintptr_t", "ptrdiff_t",
	};

	return str_is_among(name, plain, array_size(plain));
}

/* Returns whether the name gives the order of bytes, which is part of what memory holds. */
static bool says_order(const char *name)
{
	return str_starts(name, "__le") || str_starts(name, "__be");
}

/* Returns the typedef that the member was declared by, or NULL if there is none. */
static const char *member_typedef(const struct type_member *member)
{
	return member->typedefs.len ? member->typedefs.data[0] : NULL;
}

/* Returns whether two numbers of one width differ in meaning: in byte order, or by typedefs of
 * which neither stands for the other. */
static bool is_another_unit(const struct type_member *a, const struct type_member *b)
{
	const char *x = member_typedef(a), *y = member_typedef(b);

	if (x && y ? !strcmp(x, y) : !x && !y)
		return false;
	if ((x && says_order(x)) || (y && says_order(y)))
		return true;
	return x && y && !is_plain_number(x) && !is_plain_number(y) &&
	       !str_vec_has(&a->typedefs, y) && !str_vec_has(&b->typedefs, x);
}

static void layout_compare_names(struct comparison *c, const struct type_member *a,
				 const struct type_member *b)
{
	const char *x = member_typedef(a), *y = member_typedef(b);

	if (!is_another_unit(a, b))
		return;

	scope_free char *was = spelling_text(&a->spelling);
	scope_free char *now = spelling_text(&b->spelling);

	c->change->retyped++;
	layout_tell(c, "%s, at %lld, is %s, was %s", member_label(a), (long long)b->at / 8,
		    y ? y : now, x ? x : was);
}

static void layout_compare_types(struct comparison *c, const struct type_member *a,
				 const struct type_member *b)
{
	enum type_likeness like = likeness(c, a, b);

	if (like == TYPE_SAME) {
		layout_compare_names(c, a, b);
		return;
	}

	scope_free char *place = member_place(b);
	scope_free char *was = spelling_text(&a->spelling);
	scope_free char *now = spelling_text(&b->spelling);

	if (like == TYPE_LIKE)
		c->change->retyped++;
	else
		c->change->recast++;
	layout_tell(c, "%s, at %s, is %s, was %s", member_label(a), place, now, was);
}

static void compare_member(struct comparison *c, const struct type_member *a,
			   const struct type_member *b)
{
	if (a->at != b->at) {
		scope_free char *from = member_place(a);
		scope_free char *to = member_place(b);

		c->change->moved++;
		layout_tell(c, "%s moves from %s to %s", member_label(a), from, to);
	}
	if (a->bits != b->bits) {
		scope_free char *place = member_place(b);

		c->change->resized++;
		layout_tell(c, "%s, at %s, is %llu bits, was %llu", member_label(a), place,
			    (unsigned long long)b->bits, (unsigned long long)a->bits);
	} else {
		layout_compare_types(c, a, b);
	}
}

static bool overlaps(const struct type *type, const struct type_member *member)
{
	int64_t end = member->at + member->bits;

	vec_foreach(&type->members, it)
		if (it->at < end && member->at < it->at + (int64_t)it->bits)
			return true;
	return false;
}

/* Returns a removed member that shared part of the new member's place. */
static const struct type_member *layout_predecessor(const struct comparison *c,
						    const struct type_member *member)
{
	int64_t end = member->at + member->bits;

	vec_foreach(&c->before->members, it)
		if (it->at < end && member->at < it->at + (int64_t)it->bits &&
		    !type_counterpart(c->before, it, c->after))
			return it;
	return NULL;
}

static bool is_renamed(const struct comparison *c, const struct type_member *old,
		       const struct type_member *member)
{
	return old->at == member->at && old->bits == member->bits &&
	       likeness(c, old, member) == TYPE_SAME;
}

/* Returns the new name of a member that is gone, or NULL if it has none. */
static const struct type_member *new_name(const struct comparison *c, const struct type_member *old)
{
	vec_foreach(&c->after->members, it)
		if (is_renamed(c, old, it) && !type_counterpart(c->after, it, c->before) &&
		    layout_predecessor(c, it) == old)
			return it;
	return NULL;
}

/*
 * Objects hold the old member's value there, which is wrong for the new member unless it is only
 * renamed.
 */
static void replaced_member(struct comparison *c, const struct type_member *old,
			    const struct type_member *member)
{
	scope_free char *at = member_place(member);

	if (is_renamed(c, old, member))
		c->change->retyped++;
	else
		c->change->replaced++;
	layout_tell(c,
		    is_renamed(c, old, member) ? "%s, at %s, was named %s"
					       : "%s is new, at %s, in the place of %s",
		    member_label(member), at, member_label(old));
}

/*
 * Types whose objects must be initialised: include/linux/refcount.h, kref.h, types.h, mutex.h,
 * rwsem.h, semaphore.h, wait.h, completion.h, workqueue.h, timer.h, hrtimer.h, percpu-refcount.h,
 * kobject.h of Linux 6.1.
 */
static const char *const set_up_types[] = {
	"struct refcount_struct", "struct kref",	 "struct list_head",
	"struct mutex",		  "struct rw_semaphore", "struct semaphore",
	"struct wait_queue_head", "struct completion",	 "struct work_struct",
	"struct delayed_work",	  "struct timer_list",	 "struct hrtimer",
	"struct percpu_ref",	  "struct kobject",
};

/* Returns whether the zero that memory of an older object may hold is no value of the member. */
static bool layout_needs_setup(const struct type_member *member)
{
	return str_is_among(spelling_only_name(&member->spelling), set_up_types,
			    array_size(set_up_types));
}

static void added_member(struct comparison *c, const struct type_member *member)
{
	scope_free char *at = member_place(member);
	bool behind = member->at + member->bits > 8 * c->before->size;
	const struct type_member *old = layout_predecessor(c, member);

	if (old) {
		replaced_member(c, old, member);
		return;
	}
	if (overlaps(c->before, member) && !behind) {
		c->change->shared++;
		layout_tell(c, "%s is new, at %s, where other members were", member_label(member),
			    at);
	} else if (behind) {
		c->change->added_end++;
		layout_tell(c, "%s is new, at %s, after the old end", member_label(member), at);
	} else if (layout_needs_setup(member)) {
		c->change->not_set_up++;
		layout_tell(
			c,
			"%s is new, at %s, in former padding, and no existing object has it initialised",
			member_label(member), at);
	} else {
		c->change->added_padding++;
		layout_tell(c, "%s is new, at %s, in former padding", member_label(member), at);
	}
}

static void layout_compare_members(struct comparison *c)
{
	vec_foreach(&c->before->members, it) {
		const struct type_member *other = type_counterpart(c->before, it, c->after);

		if (other) {
			compare_member(c, it, other);
		} else if (!new_name(c, it)) { /* otherwise it is reported with its new name */
			c->change->removed++;
			layout_tell(c, "%s is gone", member_label(it));
		}
	}
	vec_foreach(&c->after->members, it)
		if (!type_counterpart(c->after, it, c->before))
			added_member(c, it);
}

/* Finds the constant of that name, which is usually at the same index. */
static const struct type_member *find_constant(const struct type *type, size_t at, const char *name)
{
	if (at < type->members.len && !strcmp(type->members.data[at].name, name))
		return &type->members.data[at];
	return find_member(type, name, 0);
}

/*
 * Returns whether the constant is like FOO_MAX: the last of its enumeration, and held by no object.
 */
static bool is_sentinel(const struct type *type, const struct type_member *constant)
{
	static const char *const words[] = {"MAX", "LAST", "NUM", "NR", "COUNT", "END", "NBITS"};

	vec_foreach(&type->members, it)
		if (it->group == constant->group && it->at > constant->at + 1)
			return false;
	for (size_t i = 0; i < array_size(words); i++)
		if (str_has_word_nocase(constant->name, words[i], "_"))
			return true;
	return str_starts(constant->name, "__");
}

/* Returns whether another constant of the same enumeration in a is missing in b. */
static bool has_more(const struct type *a, const struct type_member *constant, const struct type *b)
{
	vec_foreach(&a->members, it)
		if (it->group == constant->group && !find_member(b, it->name, 0))
			return true;
	return false;
}

/*
 * Returns the constant of that value that the new version lacks under any value; NULL if there is
 * none.
 */
static const struct type_member *layout_find_gone(const struct comparison *c, int64_t value)
{
	vec_foreach(&c->before->members, it)
		if (it->at == value && !find_member(c->after, it->name, 0))
			return it;
	return NULL;
}

static void compare_constants(struct comparison *c)
{
	c->change->sentinel = true;
	vec_foreach(&c->before->members, it) {
		const struct type_member *other =
			find_constant(c->after, it - c->before->members.data, it->name);

		if (!other) {
			c->change->removed++;
			layout_tell(c, "%s is gone", it->name);
		} else if (it->at != other->at) {
			c->change->renumbered++;
			if (!c->change->constant)
				c->change->constant = xstrdup(it->name);
			c->change->sentinel = c->change->sentinel && is_sentinel(c->before, it) &&
					      is_sentinel(c->after, other) &&
					      (has_more(c->after, other, c->before) ||
					       has_more(c->before, it, c->after));
			layout_tell(c, "%s is %lld, was %lld", it->name, (long long)other->at,
				    (long long)it->at);
		}
	}
	/* Unnamed enumerations of a header that is newly included are no change. */
	if (c->before->naming == TYPE_BY_NOTHING)
		return;
	vec_foreach(&c->after->members, it) {
		const struct type_member *old;

		if (find_constant(c->before, it - c->after->members.data, it->name))
			continue;
		old = layout_find_gone(c, it->at);
		if (old) {
			c->change->reused++;
			layout_tell(c, "%s is %lld, which was %s", it->name, (long long)it->at,
				    old->name);
			continue;
		}
		c->change->added_end++;
		layout_tell(c, "%s is new, %lld", it->name, (long long)it->at);
	}
}

void type_compare(const struct type_versions *versions, const struct type *before,
		  const struct type *after, struct type_change *change)
{
	struct comparison c = {versions, before, after, change, STRBUF_INIT, 0};

	*change = (struct type_change){.size_before = before->size, .size_after = after->size};
	if (before->kind == TYPE_ENUM)
		compare_constants(&c);
	else
		layout_compare_members(&c);
	if (c.lines > MAX_LINES)
		strbuf_addf(&c.text, "; and %u more", c.lines - MAX_LINES);
	if (before->size != after->size)
		strbuf_addf(&c.text, "%ssize %llu, was %llu", c.text.len ? "; " : "",
			    (unsigned long long)after->size, (unsigned long long)before->size);
	/* The same members are at other places: the change comes from a type inside it. */
	change->derived = !change->removed && !change->replaced && !change->recast &&
			  !change->retyped && !change->added_end && !change->added_padding &&
			  !change->not_set_up && !change->shared && !change->renumbered;
	change->differs = c.text.len;
	change->text = strbuf_detach(&c.text);
}

void type_change_free(struct type_change *change)
{
	free(change->text);
	free(change->constant);
}

static char *render_member(const struct type_member *member)
{
	const struct spelling *spelling = &member->spelling;
	long long byte = member->at / 8, bit = member->at % 8;

	if (member->is_constant)
		return xasprintf("%4lld  %s", (long long)member->at, member->name);

	scope_free char *text = spelling_text(spelling);

	if (bit || member->bits % 8)
		return xasprintf("%4lld.%lld  %s %s : %llu", byte, bit, text, member->name,
				 (unsigned long long)member->bits);
	return xasprintf("%4lld  %s%s%s", byte, text, spelling_ends_in_pointer(spelling) ? "" : " ",
			 member->name);
}

void type_render(const struct type *type, struct str_vec *lines)
{
	vec_foreach(&type->members, it)
		vec_push(lines, render_member(it));
	if (type->kind != TYPE_ENUM)
		vec_push(lines, xasprintf("%4llu  end", (unsigned long long)type->size));
}
