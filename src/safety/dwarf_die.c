/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what single entries of DWARF say of a type or function, through libdw. */
#include "safety/dwarf_die.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/* Unnamed types hold each other no deeper than sources are written. */
#define MAX_DEPTH 32

static void dwarf_describe(Dwarf_Die *die, struct strbuf *out, unsigned depth);

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) && dwarf_formref_die(&attr, type);
}

static uint64_t dwarf_number(Dwarf_Die *die, unsigned name, uint64_t otherwise)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!dwarf_attr_integrate(die, name, &attr) || dwarf_formudata(&attr, &value))
		return otherwise;
	return value;
}

bool dwarf_named_type(Dwarf_Die *die, Dwarf_Die *named)
{
	*named = *die;
	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		switch (dwarf_tag(named)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
		case DW_TAG_enumeration_type:
			return dwarf_diename(named);
		case DW_TAG_typedef: {
			Dwarf_Die inner;

			/* A name for a structure that has one of its own adds nothing. */
			if (type_of(named, &inner) && dwarf_named_type(&inner, &inner)) {
				*named = inner;
				return true;
			}
			return dwarf_diename(named);
		}
		case DW_TAG_pointer_type:
		case DW_TAG_array_type:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			if (!type_of(named, named))
				return false;
			continue;
		default:
			return false;
		}
	}
	return false;
}

static const char *keyword(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_structure_type:
		return "struct ";
	case DW_TAG_union_type:
		return "union ";
	case DW_TAG_enumeration_type:
		return "enum ";
	default:
		return "";
	}
}

char *dwarf_type_name(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	return xasprintf("%s%s", keyword(die), name ? name : "");
}

uint64_t dwarf_size_of(Dwarf_Die *die)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(die, &size) ? 0 : size;
}

bool dwarf_is_static(Dwarf_Die *variable)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	return dwarf_attr_integrate(variable, DW_AT_location, &attr) &&
	       !dwarf_getlocation(&attr, &ops, &count) && count && ops[0].atom == DW_OP_addr;
}

static void describe_array(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	Dwarf_Die child;

	if (type_of(die, &child))
		dwarf_describe(&child, out, depth);
	if (dwarf_child(die, &child))
		return;
	strbuf_addch(out, ' ');
	do {
		uint64_t count =
			dwarf_number(&child, DW_AT_count,
				     dwarf_number(&child, DW_AT_upper_bound, UINT64_MAX) + 1);

		if (dwarf_tag(&child) == DW_TAG_subrange_type)
			strbuf_addf(out, "[%llu]", (unsigned long long)count);
	} while (!dwarf_siblingof(&child, &child));
}

/* The parameters of a function or of a function's type. */
static void describe_parameters(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	Dwarf_Die child, type;
	bool any = false;

	strbuf_addch(out, '(');
	if (!dwarf_child(die, &child)) {
		do {
			int tag = dwarf_tag(&child);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			strbuf_addstr(out, any ? ", " : "");
			any = true;
			if (tag == DW_TAG_unspecified_parameters)
				strbuf_addstr(out, "...");
			else if (type_of(&child, &type))
				dwarf_describe(&type, out, depth);
		} while (!dwarf_siblingof(&child, &child));
	}
	strbuf_addstr(out, any ? ")" : "void)");
}

static void describe_result(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	Dwarf_Die type;

	if (type_of(die, &type))
		dwarf_describe(&type, out, depth);
	else
		strbuf_addstr(out, "void");
}

static void describe_pointer(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	Dwarf_Die target;

	if (!type_of(die, &target)) {
		strbuf_addstr(out, "void *");
		return;
	}
	if (dwarf_tag(&target) == DW_TAG_subroutine_type) {
		describe_result(&target, out, depth);
		strbuf_addstr(out, " (*)");
		describe_parameters(&target, out, depth);
		return;
	}
	dwarf_describe(&target, out, depth);
	strbuf_addstr(out, out->len && out->buf[out->len - 1] == '*' ? "*" : " *");
}

static void describe_unnamed(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	struct type_member_vec members = {};

	(void)depth;
	dwarf_read_members(die, &members);
	strbuf_addf(out, "%s{ ", keyword(die));
	vec_foreach(&members, it) {
		strbuf_addf(out, "%s %s@%lld; ", it->type ? it->type : "", it->name,
			    (long long)it->at);
		free(it->name);
		free(it->type);
		free(it->names);
	}
	strbuf_addch(out, '}');
	vec_free(&members);
}

/* "typedef struct { int counter; } atomic_t" */
static bool names_unnamed(Dwarf_Die *die)
{
	Dwarf_Die type = *die;

	while (dwarf_tag(&type) == DW_TAG_typedef)
		if (!type_of(&type, &type))
			return false;
	return *keyword(&type) && !dwarf_diename(&type);
}

static void dwarf_describe(Dwarf_Die *die, struct strbuf *out, unsigned depth)
{
	const char *name = dwarf_diename(die);

	if (depth++ > MAX_DEPTH)
		return;
	switch (dwarf_tag(die)) {
	case DW_TAG_pointer_type:
		describe_pointer(die, out, depth);
		break;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
		strbuf_addstr(out, dwarf_tag(die) == DW_TAG_const_type ? "const " : "volatile ");
		describe_result(die, out, depth);
		break;
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		describe_result(die, out, depth);
		break;
	case DW_TAG_array_type:
		describe_array(die, out, depth);
		break;
	case DW_TAG_subroutine_type:
		describe_result(die, out, depth);
		describe_parameters(die, out, depth);
		break;
	case DW_TAG_typedef:
		/* Another name for the same is no difference: u32, __u32, unsigned int. */
		if (!names_unnamed(die))
			describe_result(die, out, depth);
		else
			strbuf_addstr(out, name);
		break;
	case DW_TAG_base_type:
		/* As wide as the other, and the same to the processor. */
		if (name && str_starts(name, "long long "))
			name += strlen("long ");
		strbuf_addstr(out, name ? name : "");
		break;
	default:
		if (name)
			strbuf_addf(out, "%s%s", keyword(die), name);
		else
			describe_unnamed(die, out, depth);
	}
}

char *dwarf_spelling(Dwarf_Die *type)
{
	scope_strbuf out = STRBUF_INIT;

	dwarf_describe(type, &out, 0);
	return strbuf_detach(&out);
}

bool dwarf_is_constant(Dwarf_Die *die)
{
	Dwarf_Die type = *die;

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		switch (dwarf_tag(&type)) {
		case DW_TAG_const_type:
			return true;
		case DW_TAG_array_type:
		case DW_TAG_volatile_type:
		case DW_TAG_typedef:
			if (!type_of(&type, &type))
				return false;
			continue;
		default:
			return false;
		}
	}
	return false;
}

char *dwarf_prototype(Dwarf_Die *subprogram)
{
	scope_strbuf out = STRBUF_INIT;

	describe_result(subprogram, &out, 0);
	strbuf_addch(&out, ' ');
	describe_parameters(subprogram, &out, 0);
	return strbuf_detach(&out);
}

/* Structures that are passed whole are another matter than numbers and pointers. */
static void add_agreement(Dwarf_Die *die, struct strbuf *out)
{
	Dwarf_Die type;

	if (!type_of(die, &type)) {
		strbuf_addch(out, '0');
		return;
	}

	Dwarf_Die peeled;
	int tag = dwarf_peel_type(&type, &peeled) ? 0 : dwarf_tag(&peeled);
	bool whole = tag == DW_TAG_structure_type || tag == DW_TAG_union_type;

	strbuf_addf(out, "%s%llu", whole ? "s" : "", (unsigned long long)dwarf_size_of(&type));
}

char *dwarf_agreement(Dwarf_Die *subprogram)
{
	scope_strbuf out = STRBUF_INIT;
	Dwarf_Die child;

	add_agreement(subprogram, &out);
	strbuf_addch(&out, '(');
	if (!dwarf_child(subprogram, &child)) {
		do {
			int tag = dwarf_tag(&child);

			if (tag == DW_TAG_formal_parameter) {
				add_agreement(&child, &out);
				strbuf_addch(&out, ',');
			} else if (tag == DW_TAG_unspecified_parameters) {
				strbuf_addstr(&out, "...");
			}
		} while (!dwarf_siblingof(&child, &child));
	}
	strbuf_addch(&out, ')');
	return strbuf_detach(&out);
}

static void read_constants(Dwarf_Die *die, struct type_member_vec *members)
{
	Dwarf_Die child;

	if (dwarf_child(die, &child))
		return;
	do {
		Dwarf_Attribute attr;
		Dwarf_Sword value;
		const char *name = dwarf_diename(&child);

		if (dwarf_tag(&child) == DW_TAG_enumerator && name &&
		    dwarf_attr(&child, DW_AT_const_value, &attr) && !dwarf_formsdata(&attr, &value))
			vec_push(members, (struct type_member){.name = xstrdup(name), .at = value});
	} while (!dwarf_siblingof(&child, &child));
}

/* The typedefs between a member, or the elements of an array, and the number that it is. */
static char *typedefs_of(Dwarf_Die *die)
{
	scope_strbuf out = STRBUF_INIT;
	Dwarf_Die type = *die;

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		const char *name = dwarf_diename(&type);

		switch (dwarf_tag(&type)) {
		case DW_TAG_typedef:
			strbuf_addf(&out, "%s ", name ? name : "");
			break;
		case DW_TAG_base_type:
			return out.len ? strbuf_detach(&out) : NULL;
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_array_type:
			break;
		default:
			return NULL;
		}
		if (!type_of(&type, &type))
			break;
	}
	return NULL;
}

static void read_fields(Dwarf_Die *die, int64_t base, unsigned depth,
			struct type_member_vec *members)
{
	Dwarf_Die child, type;

	if (depth > MAX_DEPTH || dwarf_child(die, &child))
		return;
	do {
		const char *name = dwarf_diename(&child);
		scope_strbuf text = STRBUF_INIT;

		if (dwarf_tag(&child) != DW_TAG_member || !type_of(&child, &type))
			continue;

		int64_t at = base + 8 * dwarf_number(&child, DW_AT_data_member_location, 0) +
			     dwarf_number(&child, DW_AT_data_bit_offset, 0);
		int tag = dwarf_tag(&type);

		if (!name && (tag == DW_TAG_structure_type || tag == DW_TAG_union_type)) {
			read_fields(&type, at, depth + 1, members);
			continue;
		}
		dwarf_describe(&type, &text, depth);
		vec_push(members, (struct type_member){
					  .name = xstrdup(name ? name : ""),
					  .type = strbuf_detach(&text),
					  .names = typedefs_of(&type),
					  .at = at,
					  .bits = dwarf_number(&child, DW_AT_bit_size,
							       8 * dwarf_size_of(&type)),
				  });
	} while (!dwarf_siblingof(&child, &child));
}

void dwarf_read_members(Dwarf_Die *die, struct type_member_vec *members)
{
	Dwarf_Die type = *die;

	if (dwarf_tag(die) == DW_TAG_typedef) {
		if (!type_of(die, &type))
			return;
		if (dwarf_diename(&type) || !*keyword(&type)) {
			scope_strbuf text = STRBUF_INIT;

			dwarf_describe(&type, &text, 0);
			vec_push(members, (struct type_member){.name = xstrdup(""),
							       .type = strbuf_detach(&text),
							       .bits = 8 * dwarf_size_of(&type)});
			return;
		}
	}
	if (dwarf_tag(&type) == DW_TAG_enumeration_type)
		read_constants(&type, members);
	else
		read_fields(&type, 0, 0, members);
}
