/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what single entries of DWARF say about a type or function, through libdw. */
#include "safety/dwarf_die.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

/* Unnamed types are not nested more deeply than this in real sources. */
#define MAX_DEPTH 32

/* Numbers and pointers are passed in these before the stack is used. */
#define ARGUMENT_REGISTERS 6

static void dwarf_describe(Dwarf_Die *die, struct spelling *out, unsigned depth);

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

			/*
			 * A typedef of a structure that has its own name is resolved to the
			 * structure.
			 */
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
	const char *word = keyword(die), *found = dwarf_diename(die), *name = found ? found : "";
	char *text = xcalloc(strlen(word) + strlen(name) + 1, 1);

	stpcpy(stpcpy(text, word), name);
	return text;
}

uint64_t dwarf_size_of(Dwarf_Die *die)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(die, &size) ? 0 : size;
}

bool dwarf_has_name(Dwarf_Die *die, const char *name)
{
	const char *own = dwarf_diename(die);

	return own && !strcmp(own, name);
}

bool dwarf_is_static(Dwarf_Die *variable)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	return dwarf_attr_integrate(variable, DW_AT_location, &attr) &&
	       !dwarf_getlocation(&attr, &ops, &count) && count && ops[0].atom == DW_OP_addr;
}

static void describe_array(Dwarf_Die *die, struct spelling *out, unsigned depth)
{
	scope_strbuf bounds = STRBUF_INIT;
	Dwarf_Die child;

	if (type_of(die, &child))
		dwarf_describe(&child, out, depth);
	if (dwarf_child(die, &child))
		return;
	strbuf_addch(&bounds, ' ');
	do {
		uint64_t count =
			dwarf_number(&child, DW_AT_count,
				     dwarf_number(&child, DW_AT_upper_bound, UINT64_MAX) + 1);

		if (dwarf_tag(&child) == DW_TAG_subrange_type)
			strbuf_addf(&bounds, "[%llu]", (unsigned long long)count);
	} while (!dwarf_siblingof(&child, &child));
	spelling_add(out, SPELLING_OTHER, bounds.buf);
}

/* Adds the parameters of a function or of a function type. */
static void describe_parameters(Dwarf_Die *die, struct spelling *out, unsigned depth)
{
	Dwarf_Die child, type;
	bool any = false;

	spelling_add(out, SPELLING_CALL, "(");
	if (!dwarf_child(die, &child)) {
		do {
			int tag = dwarf_tag(&child);

			if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
				continue;
			if (any)
				spelling_add(out, SPELLING_OTHER, ", ");
			any = true;
			if (tag == DW_TAG_unspecified_parameters)
				spelling_add(out, SPELLING_OTHER, "...");
			else if (type_of(&child, &type))
				dwarf_describe(&type, out, depth);
		} while (!dwarf_siblingof(&child, &child));
	}
	spelling_add(out, SPELLING_OTHER, any ? ")" : "void)");
}

static void describe_result(Dwarf_Die *die, struct spelling *out, unsigned depth)
{
	Dwarf_Die type;

	if (type_of(die, &type))
		dwarf_describe(&type, out, depth);
	else
		spelling_add(out, SPELLING_OTHER, "void");
}

static void describe_pointer(Dwarf_Die *die, struct spelling *out, unsigned depth)
{
	Dwarf_Die target;

	if (type_of(die, &target) && dwarf_tag(&target) == DW_TAG_subroutine_type) {
		describe_result(&target, out, depth);
		spelling_add(out, SPELLING_CALL, " (*)");
		describe_parameters(&target, out, depth);
		return;
	}
	describe_result(die, out, depth);
	spelling_add(out, SPELLING_POINTER,
		     out->len && out->data[out->len - 1].kind == SPELLING_POINTER ? "*" : " *");
}

static void describe_members(struct type_member_vec *members, struct spelling *out)
{
	vec_foreach(members, it) {
		scope_free char *place = xasprintf(" %s@%lld; ", it->name, (long long)it->at);

		spelling_append(out, &it->spelling);
		spelling_add(out, SPELLING_OTHER, place);
	}
	spelling_add(out, SPELLING_OTHER, "}");
}

static void describe_unnamed(Dwarf_Die *die, struct spelling *out)
{
	struct type_member_vec members = {};
	scope_free char *start = xasprintf("%s{ ", keyword(die));
	scope_spelling constants = {};

	dwarf_read_members(die, &members);
	if (dwarf_tag(die) == DW_TAG_enumeration_type) {
		spelling_add(&constants, SPELLING_OTHER, start);
		describe_members(&members, &constants);

		scope_free char *text = spelling_text(&constants);

		spelling_add_sized(out, SPELLING_ENUM, text, dwarf_size_of(die), false);
	} else {
		spelling_add(out, SPELLING_UNNAMED, start);
		describe_members(&members, out);
	}
	vec_foreach(&members, it)
		type_member_free(it);
	vec_free(&members);
}

/* Returns whether it is like "typedef struct { int counter; } atomic_t". */
static bool names_unnamed(Dwarf_Die *die)
{
	Dwarf_Die type = *die;

	while (dwarf_tag(&type) == DW_TAG_typedef)
		if (!type_of(&type, &type))
			return false;
	return *keyword(&type) && !dwarf_diename(&type);
}

static void describe_number(Dwarf_Die *die, struct spelling *out)
{
	const char *name = dwarf_diename(die);
	uint64_t encoding = dwarf_number(die, DW_AT_encoding, DW_ATE_signed);

	/* On x86-64, long long is the same as long. */
	if (name && str_starts(name, "long long "))
		name += strlen("long ");
	spelling_add_sized(out, SPELLING_NUMBER, name ? name : "", dwarf_size_of(die),
			   encoding == DW_ATE_float || encoding == DW_ATE_complex_float);
}

static void describe_named(Dwarf_Die *die, struct spelling *out)
{
	scope_free char *name = dwarf_type_name(die);

	if (dwarf_tag(die) == DW_TAG_enumeration_type)
		spelling_add_sized(out, SPELLING_ENUM, name, dwarf_size_of(die), false);
	else
		spelling_add(out, *keyword(die) ? SPELLING_TYPE : SPELLING_OTHER, name);
}

static void dwarf_describe(Dwarf_Die *die, struct spelling *out, unsigned depth)
{
	if (depth++ > MAX_DEPTH)
		return;
	switch (dwarf_tag(die)) {
	case DW_TAG_pointer_type:
		describe_pointer(die, out, depth);
		break;
	case DW_TAG_const_type:
		spelling_add(out, SPELLING_CONST, "const ");
		describe_result(die, out, depth);
		break;
	case DW_TAG_volatile_type:
		spelling_add(out, SPELLING_VOLATILE, "volatile ");
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
		/* Typedefs of a type that has a name are resolved: u32 is unsigned int. */
		if (!names_unnamed(die))
			describe_result(die, out, depth);
		else
			spelling_add(out, SPELLING_TYPE, dwarf_diename(die));
		break;
	case DW_TAG_base_type:
		describe_number(die, out);
		break;
	default:
		if (dwarf_diename(die))
			describe_named(die, out);
		else
			describe_unnamed(die, out);
	}
}

void dwarf_spell(Dwarf_Die *type, struct spelling *out)
{
	dwarf_describe(type, out, 0);
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

/* Returns how many registers an argument takes; more than there are if it may lie on the stack. */
static unsigned argument_registers(Dwarf_Die *parameter)
{
	Dwarf_Die type, peeled;

	if (dwarf_tag(parameter) == DW_TAG_unspecified_parameters)
		return ARGUMENT_REGISTERS + 1;
	if (dwarf_tag(parameter) != DW_TAG_formal_parameter)
		return 0;
	if (!type_of(parameter, &type) || dwarf_peel_type(&type, &peeled))
		return ARGUMENT_REGISTERS + 1;
	switch (dwarf_tag(&peeled)) {
	case DW_TAG_pointer_type:
	case DW_TAG_base_type:
	case DW_TAG_enumeration_type:
		return (dwarf_size_of(&type) + 7) / 8;
	default:
		return ARGUMENT_REGISTERS + 1;
	}
}

void dwarf_read_prototype(Dwarf_Die *subprogram, struct type_function *function)
{
	scope_spelling out = {};
	unsigned registers = 0;
	Dwarf_Die child, type;

	describe_result(subprogram, &out, 0);
	spelling_add(&out, SPELLING_OTHER, " ");
	describe_parameters(subprogram, &out, 0);
	function->prototype = spelling_text(&out);
	function->registers_only = true;
	if (dwarf_child(subprogram, &child))
		return;
	do {
		struct spelling parameter = {};

		registers += argument_registers(&child);

		function->variadic |= dwarf_tag(&child) == DW_TAG_unspecified_parameters;
		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		if (type_of(&child, &type))
			dwarf_describe(&type, &parameter, 0);
		vec_push(&function->parameters, parameter);
	} while (!dwarf_siblingof(&child, &child));
	function->registers_only = registers <= ARGUMENT_REGISTERS;
}

/* Structures that are passed by value are told from numbers and pointers of the same size. */
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
			vec_push(members, (struct type_member){.name = xstrdup(name),
							       .at = value,
							       .is_constant = true});
	} while (!dwarf_siblingof(&child, &child));
}

/* Adds the typedefs between a member, or an array's elements, and the number that it is. */
static void read_typedefs(Dwarf_Die *die, struct str_vec *typedefs)
{
	Dwarf_Die type = *die;

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		const char *name = dwarf_diename(&type);

		switch (dwarf_tag(&type)) {
		case DW_TAG_typedef:
			vec_push(typedefs, xstrdup(name ? name : ""));
			break;
		case DW_TAG_base_type:
			return;
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_array_type:
			break;
		default:
			str_vec_free(typedefs);
			return;
		}
		if (!type_of(&type, &type))
			break;
	}
	str_vec_free(typedefs);
}

static void read_fields(Dwarf_Die *die, int64_t base, unsigned depth,
			struct type_member_vec *members)
{
	Dwarf_Die child, type;

	if (depth > MAX_DEPTH || dwarf_child(die, &child))
		return;
	do {
		const char *name = dwarf_diename(&child);
		struct type_member member = {};

		if (dwarf_tag(&child) != DW_TAG_member || !type_of(&child, &type))
			continue;

		int64_t at = base + 8 * dwarf_number(&child, DW_AT_data_member_location, 0) +
			     dwarf_number(&child, DW_AT_data_bit_offset, 0);
		int tag = dwarf_tag(&type);

		if (!name && (tag == DW_TAG_structure_type || tag == DW_TAG_union_type)) {
			read_fields(&type, at, depth + 1, members);
			continue;
		}
		member.name = xstrdup(name ? name : "");
		member.at = at;
		member.bits = dwarf_number(&child, DW_AT_bit_size, 8 * dwarf_size_of(&type));
		dwarf_describe(&type, &member.spelling, depth);
		read_typedefs(&type, &member.typedefs);
		vec_push(members, member);
	} while (!dwarf_siblingof(&child, &child));
}

void dwarf_read_members(Dwarf_Die *die, struct type_member_vec *members)
{
	Dwarf_Die type = *die;

	if (dwarf_tag(die) == DW_TAG_typedef) {
		if (!type_of(die, &type))
			return;
		if (dwarf_diename(&type) || !*keyword(&type)) {
			struct type_member only = {.name = xstrdup(""),
						   .bits = 8 * dwarf_size_of(&type)};

			dwarf_describe(&type, &only.spelling, 0);
			vec_push(members, only);
			return;
		}
	}
	if (dwarf_tag(&type) == DW_TAG_enumeration_type)
		read_constants(&type, members);
	else
		read_fields(&type, 0, 0, members);
}
