/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a unit's types and functions from its DWARF with libdw. */
#include "safety/dwarf.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/dwarf_die.h"

/*
 * A type that is defined in a function, or is a variable's unnamed structure; both can have
 * namesakes.
 */
struct placed {
	Dwarf_Off at;
	Dwarf_Die die;
	enum type_kind kind;
	enum type_naming naming;
	char *name;	      /* "struct foo in f", "struct of counters" */
	const char *declarer; /* "f", "counters"; owned by the debug data */
};

struct dwarf_reader {
	struct unit_types *out;
	Dwfl_Module *module;
	Dwarf_Addr bias;
	struct type *unnamed;
	struct VEC(struct held) held;	  /* uses of types seen before or behind their definition */
	struct VEC(struct placed) placed; /* by place */
};

/* "struct foo" is used in that way. */
struct held {
	char *name;
	unsigned use;
};

static int by_place(const void *a, const void *b)
{
	Dwarf_Off x = ((const struct placed *)a)->at, y = ((const struct placed *)b)->at;

	return (x > y) - (x < y);
}

/* Returns dwarf_type_name() with the function in which the type is defined, if any; free(). */
static char *dwarf_placed_name(const struct dwarf_reader *r, Dwarf_Die *die)
{
	struct placed key = {.at = dwarf_dieoffset(die)};
	struct placed *found =
		r->placed.len ? bsearch(&key, r->placed.data, r->placed.len, sizeof(key), by_place)
			      : NULL;

	return found ? xstrdup(found->name) : dwarf_type_name(die);
}

static void hold(struct dwarf_reader *r, Dwarf_Die *die, unsigned use)
{
	Dwarf_Die named;

	if (dwarf_named_type(die, &named))
		vec_push(&r->held, (struct held){dwarf_placed_name(r, &named), use});
}

static void remember_place(Dwarf_Die *die, char **file, unsigned *line)
{
	const char *path = dwarf_decl_file(die);
	int number = 0;

	*file = path ? xstrdup(path) : NULL;
	dwarf_decl_line(die, &number);
	*line = number;
}

static void hold_members(struct dwarf_reader *r, struct type *type, Dwarf_Die *inner)
{
	Dwarf_Die named, child, next;
	Dwarf_Attribute attr;

	if (dwarf_named_type(inner, &named)) {
		vec_push(&type->holds, dwarf_placed_name(r, &named));
		hold(r, inner, TYPE_LINKED);
		return; /* the type's own entry says what it holds */
	}
	if ((dwarf_tag(inner) != DW_TAG_structure_type && dwarf_tag(inner) != DW_TAG_union_type) ||
	    dwarf_child(inner, &child))
		return;
	do {
		if (dwarf_attr(&child, DW_AT_type, &attr) && dwarf_formref_die(&attr, &next))
			hold_members(r, type, &next);
	} while (!dwarf_siblingof(&child, &child));
}

/* Adds a type and takes its name over; declarer may be NULL. */
static void add_type(struct dwarf_reader *r, Dwarf_Die *die, enum type_kind kind,
		     enum type_naming naming, char *name, const char *declarer)
{
	struct type *type = xcalloc(1, sizeof(*type));
	Dwarf_Attribute attr;

	type->kind = kind;
	type->naming = naming;
	type->name = name;
	type->declarer = declarer ? xstrdup(declarer) : NULL;
	type->tag = naming == TYPE_BY_NAME ? xstrdup(dwarf_diename(die)) : NULL;
	type->size = dwarf_size_of(die);
	remember_place(die, &type->file, &type->line);
	dwarf_read_members(die, &type->members);
	vec_push(&r->out->types, type);

	Dwarf_Die child;

	if (kind == TYPE_ENUM || kind == TYPE_TYPEDEF || dwarf_child(die, &child))
		return;
	do {
		Dwarf_Die inner;

		if (!dwarf_attr(&child, DW_AT_type, &attr) || !dwarf_formref_die(&attr, &inner))
			continue;
		hold_members(r, type, &inner);
	} while (!dwarf_siblingof(&child, &child));
}

static enum type_kind kind_of(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_union_type:
		return TYPE_UNION;
	case DW_TAG_enumeration_type:
		return TYPE_ENUM;
	case DW_TAG_typedef:
		return TYPE_TYPEDEF;
	default:
		return TYPE_STRUCT;
	}
}

static void add_named_type(struct dwarf_reader *r, Dwarf_Die *die)
{
	if (dwarf_diename(die) && !dwarf_hasattr(die, DW_AT_declaration))
		add_type(r, die, kind_of(die), TYPE_BY_NAME, dwarf_type_name(die),
			 dwarf_diename(die));
}

/*
 * Constants of unnamed enumerations stand for themselves: all unnamed enumerations of a unit are
 * kept as one type.
 */
static void add_unnamed_enum(struct dwarf_reader *r, Dwarf_Die *die)
{
	if (!r->unnamed) {
		r->unnamed = xcalloc(1, sizeof(*r->unnamed));
		r->unnamed->kind = TYPE_ENUM;
		r->unnamed->naming = TYPE_BY_NOTHING;
		r->unnamed->name = xstrdup("enum");
		vec_push(&r->out->types, r->unnamed);
	}
	size_t first = r->unnamed->members.len;

	dwarf_read_members(die, &r->unnamed->members);
	for (size_t i = first; i < r->unnamed->members.len; i++)
		r->unnamed->members.data[i].group = first;
}

static bool dwarf_is_pointer(Dwarf_Die *die)
{
	Dwarf_Die type;

	return !dwarf_peel_type(die, &type) && dwarf_tag(&type) == DW_TAG_pointer_type;
}

/*
 * Returns the symbol at the variable's address, or NULL if it has none because it was optimised
 * away.
 */
static const char *symbol_of(const struct dwarf_reader *r, Dwarf_Die *variable)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;
	GElf_Off offset;
	GElf_Sym symbol;
	const char *name;

	if (!dwarf_is_static(variable) || !dwarf_attr_integrate(variable, DW_AT_location, &attr) ||
	    dwarf_getlocation(&attr, &ops, &count))
		return NULL;
	name = dwfl_module_addrinfo(r->module, ops[0].number + r->bias, &offset, &symbol, NULL,
				    NULL, NULL);
	return name && !offset ? name : NULL;
}

/* Notes a variable; with name NULL, by the symbol at its address. */
static void note_variable(struct dwarf_reader *r, Dwarf_Die *die, Dwarf_Die *type, const char *name)
{
	Dwarf_Die named;
	struct type_variable variable = {.declared = dwarf_hasattr(die, DW_AT_declaration),
					 .constant = dwarf_is_constant(type)};
	int line = 0;

	name = name ? name : symbol_of(r, die);
	if (!name)
		return;
	dwarf_decl_line(die, &line);
	variable.line = line;
	variable.name = xstrdup(name);
	dwarf_spell(type, &variable.spelling);
	variable.type = spelling_text(&variable.spelling);
	if (dwarf_named_type(type, &named))
		variable.named = dwarf_placed_name(r, &named);
	vec_push(&r->out->variables, variable);
}

/* Reads parameters, locals and inlined functions at any depth. */
static void read_scope(struct dwarf_reader *r, Dwarf_Die *scope, unsigned depth,
		       struct type_function *function)
{
	Dwarf_Die child, type, named;
	Dwarf_Attribute attr;

	if (dwarf_child(scope, &child))
		return;
	do {
		int tag = dwarf_tag(&child);

		if (tag == DW_TAG_inlined_subroutine) {
			const char *name = dwarf_diename(&child);

			if (name) {
				vec_push(&function->inlined, xstrdup(name));
				vec_push(&function->inlines,
					 (struct type_inline){xstrdup(name), depth});
			}
		}
		if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block)
			read_scope(r, &child, depth + (tag == DW_TAG_inlined_subroutine), function);
		if (tag != DW_TAG_formal_parameter && tag != DW_TAG_variable)
			continue;
		function->finds_container |= dwarf_has_name(&child, "__mptr");
		if (!dwarf_attr_integrate(&child, DW_AT_type, &attr) ||
		    !dwarf_formref_die(&attr, &type))
			continue;
		if (tag == DW_TAG_variable && dwarf_is_static(&child))
			note_variable(r, &child, &type, NULL);
		if (!dwarf_named_type(&type, &named))
			continue;
		vec_push(&function->types, dwarf_placed_name(r, &named));
		if (dwarf_diename(&child))
			vec_push(&function->locals,
				 (struct type_local){xstrdup(dwarf_diename(&child)),
						     dwarf_placed_name(r, &named)});
		if (tag == DW_TAG_variable && dwarf_is_pointer(&type))
			vec_push(&function->pointers, dwarf_placed_name(r, &named));
		if (tag == DW_TAG_variable && dwarf_is_static(&child))
			hold(r, &type, TYPE_STATIC);
		else if (tag == DW_TAG_variable && !dwarf_is_pointer(&type))
			hold(r, &type, TYPE_ON_STACK);
	} while (!dwarf_siblingof(&child, &child));
}

/* Returns the source's entry of a function, also for a clone or an inlined copy. */
static Dwarf_Die dwarf_source_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die origin;

	if (dwarf_attr(die, DW_AT_abstract_origin, &attr) && dwarf_formref_die(&attr, &origin))
		return origin;
	return *die;
}

/* ---- types that stand within a function, or are a variable's own ---- */

/*
 * Names a type by where it is: "struct foo" in f is "struct foo in f"; an unnamed type is "struct
 * of variable".
 */
static void dwarf_place_type(struct dwarf_reader *r, Dwarf_Die *die, const char *variable,
			     const char *function)
{
	scope_free char *bare = dwarf_type_name(die);
	struct placed placed = {.at = dwarf_dieoffset(die),
				.die = *die,
				.kind = kind_of(die),
				.naming = variable ? TYPE_BY_VARIABLE : TYPE_BY_FUNCTION,
				.declarer = function ? function : variable};

	vec_foreach(&r->placed, it)
		if (it->at == placed.at)
			return;
	placed.name = xasprintf("%s%s%s%s%s", bare, variable ? "of " : "", variable ? variable : "",
				function ? " in " : "", function ? function : "");
	vec_push(&r->placed, placed);
}

/*
 * Finds the unnamed structure that a variable is or points at. The structure of a constant is left
 * out: as the type's only object, the constant is compared itself.
 */
static bool own_type(Dwarf_Die *variable, Dwarf_Die *type)
{
	bool pointed = false;
	Dwarf_Attribute attr;

	*type = *variable;
	while (dwarf_attr_integrate(type, DW_AT_type, &attr) && dwarf_formref_die(&attr, type)) {
		switch (dwarf_tag(type)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			return !dwarf_diename(type);
		case DW_TAG_pointer_type:
			pointed = true;
			continue;
		case DW_TAG_const_type:
			if (!pointed)
				return false;
			continue;
		case DW_TAG_array_type:
		case DW_TAG_volatile_type:
			continue;
		default:
			return false;
		}
	}
	return false;
}

static void place_variable(struct dwarf_reader *r, Dwarf_Die *die, const char *function)
{
	const char *name = dwarf_diename(die);
	Dwarf_Die type;

	if (name && own_type(die, &type))
		dwarf_place_type(r, &type, name, function);
}

static void place_locals(struct dwarf_reader *r, Dwarf_Die *scope, const char *function)
{
	Dwarf_Die child;

	if (dwarf_child(scope, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
		case DW_TAG_enumeration_type:
		case DW_TAG_typedef:
			if (dwarf_diename(&child) && !dwarf_hasattr(&child, DW_AT_declaration))
				dwarf_place_type(r, &child, NULL, function);
			break;
		case DW_TAG_variable:
			if (dwarf_is_static(&child))
				place_variable(r, &child, function);
			break;
		case DW_TAG_lexical_block:
			place_locals(r, &child, function);
			break;
		}
	} while (!dwarf_siblingof(&child, &child));
}

/* Types of the same name in one function are numbered in their order. */
static void number_namesakes(struct dwarf_reader *r)
{
	for (size_t i = 0; i < r->placed.len; i++) {
		unsigned count = 1;

		for (size_t k = i + 1; k < r->placed.len; k++) {
			struct placed *later = &r->placed.data[k];

			if (strcmp(later->name, r->placed.data[i].name) != 0)
				continue;
			scope_free char *name = later->name;

			later->name = xasprintf("%s (%u)", name, ++count);
		}
	}
}

static void place_types(struct dwarf_reader *r, Dwarf_Die *unit)
{
	Dwarf_Die child;

	if (dwarf_child(unit, &child))
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_variable) {
			place_variable(r, &child, NULL);
		} else if (dwarf_tag(&child) == DW_TAG_subprogram) {
			Dwarf_Die source = dwarf_source_of(&child);

			if (dwarf_diename(&source))
				place_locals(r, &child, dwarf_diename(&source));
		}
	} while (!dwarf_siblingof(&child, &child));
	if (r->placed.len)
		qsort(r->placed.data, r->placed.len, sizeof(*r->placed.data), by_place);
	number_namesakes(r);
	vec_foreach(&r->placed, it)
		add_type(r, &it->die, it->kind, it->naming, xstrdup(it->name), it->declarer);
}

static void forget_places(struct dwarf_reader *r)
{
	vec_foreach(&r->placed, it)
		free(it->name);
	vec_free(&r->placed);
}

/* ---- functions and variables ---- */

/*
 * Notes static locals of a function that has no code of its own; those of other functions are found
 * among their locals.
 */
static void note_static_locals(struct dwarf_reader *r, Dwarf_Die *scope)
{
	Dwarf_Die child, type;
	Dwarf_Attribute attr;

	if (dwarf_child(scope, &child))
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_lexical_block)
			note_static_locals(r, &child);
		else if (dwarf_tag(&child) == DW_TAG_variable && dwarf_is_static(&child) &&
			 dwarf_attr(&child, DW_AT_type, &attr) && dwarf_formref_die(&attr, &type))
			note_variable(r, &child, &type, NULL);
	} while (!dwarf_siblingof(&child, &child));
}

static void dwarf_add_function(struct dwarf_reader *r, Dwarf_Die *die)
{
	struct type_function *function;
	Dwarf_Die source = dwarf_source_of(die), type;
	Dwarf_Attribute attr;

	if (dwarf_hasattr(die, DW_AT_declaration) || !dwarf_diename(&source))
		return;
	if (dwarf_attr_integrate(&source, DW_AT_type, &attr) && dwarf_formref_die(&attr, &type))
		hold(r, &type, TYPE_RETURNED);
	if (!dwarf_hasattr(die, DW_AT_low_pc) && !dwarf_hasattr(die, DW_AT_ranges)) {
		note_static_locals(r, die); /* the function is only ever inlined */
		return;
	}
	function = xcalloc(1, sizeof(*function));
	function->name = xstrdup(dwarf_diename(&source));
	dwarf_read_prototype(&source, function);
	function->agreement = dwarf_agreement(&source);
	remember_place(&source, &function->file, &function->line);
	read_scope(r, die, 0, function);
	str_vec_sort_unique(&function->types);
	str_vec_sort_unique(&function->inlined);
	vec_push(&r->out->functions, function);
}

static void add_variable(struct dwarf_reader *r, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die type;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attr) || !dwarf_formref_die(&attr, &type))
		return;
	hold(r, &type, TYPE_STATIC);
	if (dwarf_diename(die))
		note_variable(r, die, &type, dwarf_diename(die));
}

static void read_unit(struct dwarf_reader *r, Dwarf_Die *unit)
{
	Dwarf_Die child;

	if (dwarf_child(unit, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
		case DW_TAG_typedef:
			add_named_type(r, &child);
			break;
		case DW_TAG_enumeration_type:
			if (dwarf_diename(&child))
				add_named_type(r, &child);
			else
				add_unnamed_enum(r, &child);
			break;
		case DW_TAG_subprogram:
			dwarf_add_function(r, &child);
			break;
		case DW_TAG_variable:
			add_variable(r, &child);
			break;
		}
	} while (!dwarf_siblingof(&child, &child));
}

static void dwarf_apply_uses(struct dwarf_reader *r)
{
	struct unit_types *out = r->out;

	unit_types_sort(out);
	vec_foreach(&r->held, it) {
		struct type *type = unit_types_find(out, it->name);

		if (type)
			type->uses |= it->use;
		free(it->name);
	}
	vec_free(&r->held);
}

/* Stops libdwfl from looking for debug data in other files or on servers. */
static int find_nothing(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
			const char *path, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)user, (void)name, (void)base, (void)path, (void)link, (void)crc;
	*found = NULL;
	return -1;
}

static Dwfl *open_object(const char *path, Dwfl_Module **module)
{
	static const Dwfl_Callbacks callbacks = {
		.find_debuginfo = find_nothing,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	*module = NULL;
	if (dwfl) {
		dwfl_report_begin(dwfl);
		*module = dwfl_report_offline(dwfl, path, path, -1);
		dwfl_report_end(dwfl, NULL, NULL);
	}
	return dwfl;
}

/*
 * A compiler makes one unit for each file. More units, or a section that cannot be read to its end,
 * come from assembler in the source, and could hide types from all rules.
 */
static struct err *check_units(Dwfl_Module *module, const char *object)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(module, &bias);
	Dwarf_CU *unit = NULL;
	unsigned count = 0;
	int status = -1;

	while (dwarf && !(status = dwarf_get_units(dwarf, unit, &unit, NULL, NULL, NULL, NULL)))
		count++;
	if (status < 0 || count != 1)
		return err_code_new(
			ERR_REFUSED,
			"%s: its debug data is damaged, or contains units that no compiler has written, so types cannot be compared; remove the assembler that writes to .debug sections",
			object);
	return NULL;
}

struct err *unit_types_read(const char *object, struct unit_types **typesp)
{
	struct dwarf_reader r = {.out = xcalloc(1, sizeof(*r.out))};
	Dwfl_Module *module;
	Dwfl *dwfl = open_object(object, &module);
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	if (!module) {
		struct err *err =
			err_new("%s: its debug data cannot be read: %s", object, dwfl_errmsg(-1));

		dwfl_end(dwfl);
		free(r.out);
		return err;
	}
	struct err *err = check_units(module, object);

	if (err) {
		dwfl_end(dwfl);
		free(r.out);
		return err;
	}
	r.module = module;
	while ((unit = dwfl_module_nextcu(module, unit, &bias))) {
		r.bias = bias;
		place_types(&r, unit);
		read_unit(&r, unit);
		forget_places(&r);
	}
	dwarf_apply_uses(&r);
	dwfl_end(dwfl);
	*typesp = r.out;
	return NULL;
}
