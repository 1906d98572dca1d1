/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the debug data of a compiled unit says of its types and functions. */
#ifndef SUTURE_SAFETY_TYPES_H
#define SUTURE_SAFETY_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "safety/spelling.h"

/* Of a structure or union, those of unnamed ones inside it included; or a constant of an enum. */
struct type_member {
	char *name; /* "" for what has none */
	char *type; /* for people: "struct list_head *", "int [4]"; NULL: a constant */
	int64_t at; /* bits from the start; a constant's value */
	uint64_t bits;
	size_t group;		  /* of constants of unnamed enumerations: those of one */
	struct spelling spelling; /* of the type */
	struct str_vec typedefs;  /* by which a number was declared, the outer one first */
};

struct type_member_vec VEC(struct type_member);

enum type_kind { TYPE_STRUCT, TYPE_UNION, TYPE_ENUM, TYPE_TYPEDEF };

/* What a type is named by. */
enum type_naming {
	TYPE_BY_NAME,	  /* its own name, at the top of the file */
	TYPE_BY_FUNCTION, /* its own name, and the function that it is defined in */
	TYPE_BY_VARIABLE, /* it has no name; the only variable that is of it has */
	TYPE_BY_NOTHING,  /* all unnamed enumerations of the unit, as one type */
};

/* How the unit's code holds a type. */
enum type_use {
	TYPE_ON_STACK = 1 << 0, /* a function has one among its locals */
	TYPE_STATIC = 1 << 1,	/* a variable of static lifetime is one, or points at one */
	TYPE_LINKED = 1 << 2,	/* another type holds one, or points at one */
	TYPE_RETURNED = 1 << 3, /* a function returns one, or a pointer to one */
};

struct type {
	enum type_kind kind;
	enum type_naming naming;
	char *name;    /* "struct foo", "struct foo in f", "struct of counters", "enum" */
	char *tag;     /* "foo"; NULL unless it is TYPE_BY_NAME */
	uint64_t size; /* bytes */
	struct type_member_vec members;
	unsigned uses;	      /* enum type_use */
	struct str_vec holds; /* named types of its members, or that they point at */
	char *file;	      /* where it is defined, as the compiler was told; may be NULL */
	unsigned line;
	bool reached; /* for whoever walks from type to type */
};

/* A parameter or a local, and the named type that it is, or points at. */
struct type_local {
	char *name, *type;
};

struct type_local_vec VEC(struct type_local);

/* A function whose code stands in another; those inside it follow, one deeper. */
struct type_inline {
	char *name;
	unsigned depth;
};

struct type_inline_vec VEC(struct type_inline);

/* A function that has code in the unit. */
struct type_function {
	char *name;
	char *prototype; /* for people: "int (struct file *, long)" */
	char *agreement; /* how it is called: sizes alone; only to be compared as a whole */
	struct VEC(struct spelling) parameters;
	bool variadic;
	char *file;
	unsigned line;
	struct str_vec types;	 /* named ones of parameters, locals and what was inlined; sorted */
	struct str_vec pointers; /* those that its locals, not its parameters, point at */
	struct str_vec inlined;	 /* functions whose code it holds; sorted */
	struct type_inline_vec inlines; /* each time that it stands there, the outer one first */
	struct type_local_vec locals;	/* in their order, and what was inlined */
};

/* A variable of static lifetime. */
struct type_variable {
	char *name; /* of its symbol: "count.12" */
	char *type; /* for people: "struct foo *[4]" */
	struct spelling spelling;
	char *named;   /* "struct foo"; NULL: no named type is in it */
	bool declared; /* here only: another unit has it */
	bool constant; /* so that what it holds is compared itself */
	unsigned line; /* in the file that defines it */
};

struct type_vec VEC(struct type *);
struct type_function_vec VEC(struct type_function *);
struct type_variable_vec VEC(struct type_variable);

struct unit_types {
	struct type_vec types;		    /* by name */
	struct type_function_vec functions; /* by name */
	struct type_variable_vec variables; /* by name */
};

/* Nothing at all is in the result when the object has no debug data. */
struct err *unit_types_read(const char *object, struct unit_types **types);
/* By name, as those who look for them expect. */
void unit_types_sort(struct unit_types *types);
void unit_types_free(struct unit_types *types);
void unit_types_freep(struct unit_types **typesp);
#define scope_unit_types __attribute__((cleanup(unit_types_freep))) struct unit_types *

struct type *unit_type_find(const struct unit_types *types, const char *name);
const struct type_function *unit_function_find(const struct unit_types *types, const char *name);
const struct type_variable *unit_variable_find(const struct unit_types *types, const char *name);
void type_free(struct type *type);

void type_member_free(struct type_member *member);

/* Adds a line for each member: place, size, type and name. */
void type_render(const struct type *type, struct str_vec *lines);

#endif
