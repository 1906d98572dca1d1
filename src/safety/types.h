/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types, functions and variables of a compiled unit, as its debug data describes them. */
#ifndef SUTURE_SAFETY_TYPES_H
#define SUTURE_SAFETY_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "safety/spelling.h"

/*
 * A member of a structure or union, or of an unnamed one inside it; or a constant of an
 * enumeration.
 */
struct type_member {
	char *name; /* "" if it has no name */
	int64_t at; /* bits from the start; a constant's value */
	uint64_t bits;
	bool is_constant;
	size_t group;		  /* index of the unnamed enumeration of a constant */
	struct spelling spelling; /* of the type */
	struct str_vec typedefs;  /* typedefs by which a number was declared, outermost first */
};

struct type_member_vec VEC(struct type_member);

enum type_kind { TYPE_STRUCT, TYPE_UNION, TYPE_ENUM, TYPE_TYPEDEF };

/* Distinguishes the kinds of names of types. */
enum type_naming {
	TYPE_BY_NAME,	  /* its own name, at the top of the file */
	TYPE_BY_FUNCTION, /* its own name, and the function that it is defined in */
	TYPE_BY_VARIABLE, /* it has no name; the only variable that is of it has */
	TYPE_BY_NOTHING,  /* all unnamed enumerations of the unit, as one type */
};

/* Lists the ways in which code of the unit uses a type. */
enum type_use {
	TYPE_ON_STACK = 1 << 0, /* a function has one on its stack */
	TYPE_STATIC = 1 << 1,	/* a static variable is one, or points at one */
	TYPE_LINKED = 1 << 2,	/* another type contains one, or points at one */
	TYPE_RETURNED = 1 << 3, /* a function returns one, or a pointer to one */
};

struct type {
	enum type_kind kind;
	enum type_naming naming;
	char *name;	/* "struct foo", "struct foo in f", "struct of counters", "enum" */
	char *tag;	/* "foo"; NULL unless it is TYPE_BY_NAME */
	char *declarer; /* "foo", or the function or variable that it belongs to; may be NULL */
	uint64_t size;	/* in bytes */
	struct type_member_vec members;
	unsigned uses;	      /* enum type_use */
	struct str_vec holds; /* named types that its members are or point at */
	char *file;	      /* where it is defined, as the compiler was told; may be NULL */
	unsigned line;
	bool reached; /* mark of a walk from type to type */
};

/* A parameter or local, and the named type that it is or points at. */
struct type_local {
	char *name, *type;
};

struct type_local_vec VEC(struct type_local);

/* An inlined function; the functions inlined in it follow with depth + 1. */
struct type_inline {
	char *name;
	unsigned depth;
};

struct type_inline_vec VEC(struct type_inline);

/* A function with code in the unit. */
struct type_function {
	char *name;
	char *prototype; /* for people: "int (struct file *, long)" */
	char *agreement; /* how it is called: sizes alone; only to be compared as a whole */
	struct VEC(struct spelling) parameters;
	bool variadic;
	bool registers_only;  /* its arguments, as written, are all passed in registers */
	bool finds_container; /* it has a local of the kernel's macro container_of() */
	char *file;
	unsigned line;
	struct str_vec types; /* named types of parameters, locals and inlined functions; sorted */
	struct str_vec pointers; /* types that its locals, but not its parameters, point at */
	struct str_vec inlined;	 /* functions that are inlined in it; sorted */
	struct type_inline_vec inlines; /* each inlined copy, outer ones first */
	struct type_local_vec locals;	/* in their order, with those of inlined functions */
};

/* A variable with static storage. */
struct type_variable {
	char *name; /* of its symbol: "count.12" */
	char *type; /* for people: "struct foo *[4]" */
	struct spelling spelling;
	char *named;   /* "struct foo"; NULL if it contains no named type */
	bool declared; /* another unit defines it */
	bool constant; /* its contents are compared themselves */
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

/* Sorts by name, as the functions below require. */
void unit_types_sort(struct unit_types *types);
void unit_types_free(struct unit_types *types);
void unit_types_freep(struct unit_types **typesp);
#define scope_unit_types __attribute__((cleanup(unit_types_freep))) struct unit_types *

struct type *unit_types_find(const struct unit_types *types, const char *name);
const struct type_function *unit_types_find_function(const struct unit_types *types,
						     const char *name);
const struct type_variable *unit_types_find_variable(const struct unit_types *types,
						     const char *name);
void type_free(struct type *type);

void type_member_free(struct type_member *member);

#endif
