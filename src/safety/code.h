/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the code of one function calls. */
#ifndef SUTURE_SAFETY_CODE_H
#define SUTURE_SAFETY_CODE_H

#include "diff/diff.h"
#include "elf/elf.h"

struct call {
	const char *name;
	unsigned count;
};

struct call_vec VEC(struct call);

/* Functions that one and its split-off cold part call, or take the address of; by name. */
void code_calls(const struct elf_object *object, const struct elf_symbol *function,
		struct call_vec *calls);

/* The same in the order of the code, each as often as it stands there. */
void code_call_sequence(const struct elf_object *object, const struct elf_symbol *function,
			struct call_vec *calls);

/* Bytes of code of one and its split-off cold part. */
uint64_t code_size(const struct elf_object *object, const struct elf_symbol *function);

/* Sorted, and each name once. */
void code_merge_calls(struct call_vec *calls);

unsigned calls_of(const struct call_vec *calls, const char *name);

/* The names that EXPORT_SYMBOL() gives to modules; sorted. */
void code_exports(const struct elf_object *object, struct str_vec *names);

/* A place that refers to a function. */
struct code_reference {
	const char *from; /* a function, or a section of data */
	bool call;
};

struct code_reference_vec VEC(struct code_reference);

void code_references(const struct elf_object *object, const struct elf_symbol *function,
		     struct code_reference_vec *references);

/* The functions whose code refers to a variable, by what the object says of their places; sorted.
 */
void code_users(const struct elf_object *object, const struct elf_symbol *variable,
		struct str_vec *functions);

/* Its address is given to a call of a function that is wanted, as far as the order of code tells.
 */
bool code_is_given_to(const struct elf_object *object, const struct elf_symbol *function,
		      bool (*wanted)(const char *name));

/* There is no way out of its code but by what it calls. */
bool code_never_returns(const struct elf_symbol *function);

/* Bytes that the function's frame takes on the stack: what it pushes and sets aside. */
unsigned code_frame(const struct elf_symbol *function);

#endif
