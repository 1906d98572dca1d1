/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what the code of a function calls and refers to. */
#ifndef SUTURE_SAFETY_CODE_H
#define SUTURE_SAFETY_CODE_H

#include "diff/diff.h"
#include "elf/elf.h"

struct call {
	const char *name;
	unsigned count;
};

struct call_vec VEC(struct call);

/* Lists the functions that one and its cold part call or take the address of, by name. */
void code_calls(const struct elf_object *object, const struct elf_symbol *function,
		struct call_vec *calls);

/*
 * Does the same as code_calls() for a caller that knows the cold part, which is NULL if there is
 * none: looking for it takes as long as the object has symbols.
 */
void code_calls_of_parts(const struct elf_object *object, const struct elf_symbol *function,
			 const struct elf_symbol *part, struct call_vec *calls);

/* Lists the same in code order, each as often as it occurs. */
void code_call_sequence(const struct elf_object *object, const struct elf_symbol *function,
			struct call_vec *calls);

/*
 * Returns the part that the compiler split off from the function as unlikely; NULL if there is
 * none.
 */
const struct elf_symbol *code_cold_part(const struct elf_object *object,
					const struct elf_symbol *function);

/* Returns the bytes of code of a function and its cold part. */
uint64_t code_size(const struct elf_object *object, const struct elf_symbol *function);

/* Sorts the calls, and keeps each name once. */
void code_merge_calls(struct call_vec *calls);

unsigned calls_of(const struct call_vec *calls, const char *name);

/* Lists the names that EXPORT_SYMBOL() gives to modules, sorted. */
void code_exports(const struct elf_object *object, struct str_vec *names);

/* A place that refers to a function. */
struct code_reference {
	const char *from; /* a function, or a section of data */
	bool call;
};

struct code_reference_vec VEC(struct code_reference);

void code_references(const struct elf_object *object, const struct elf_symbol *function,
		     struct code_reference_vec *references);

/* Lists the functions whose code refers to a variable, sorted, as far as relocations show. */
void code_users(const struct elf_object *object, const struct elf_symbol *variable,
		struct str_vec *functions);

/*
 * Returns whether the address of a function is passed to a call of one that is wanted, judged by
 * code order.
 */
bool code_is_given_to(const struct elf_object *object, const struct elf_symbol *function,
		      bool (*wanted)(const char *name));

/* Returns whether the code has no way out except through what it calls. */
bool code_never_returns(const struct elf_object *object, const struct elf_symbol *function);

/* Returns the bytes that a function's frame takes on the stack: what it pushes and reserves. */
unsigned code_frame(const struct elf_symbol *function);

#endif
