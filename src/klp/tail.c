/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns jumps by which replaced functions end in new code into calls.
 *
 * Before a patch is unloaded, the kernel searches the stacks of sleeping tasks for addresses
 * between a replacement and the next symbol (klp_check_stack_func() in
 * kernel/livepatch/transition.c).  A task that came to a new function by a jump has no such
 * address on its stack, even while it sleeps there, and the module would be freed under it.  So the
 * jump is directed to a few instructions behind the replaced function, before the next symbol,
 * which call the new function and return.
 */
#include "klp/tail.h"

#include <string.h>

#include "base/alloc.h"
#include "klp/stack_arguments.h"
#include "safety/facts.h"

#define RETURN_THUNK "__x86_return_thunk"
#define INDIRECT_THUNK "__x86_indirect_thunk_"

enum { OP_CALL = 0xe8, OP_JUMP = 0xe9, OP_RETURN = 0xc3, OP_INT3 = 0xcc };

/* A function of a part; object is NULL if there is none. */
struct tail_callee {
	const struct elf_object *object;
	const struct elf_symbol *symbol;
};

/* The calls that were added after one replaced function. */
struct tail_call {
	const struct elf_symbol *symbol;
	int64_t addend;
	uint64_t offset; /* the call's, in the function's section */
};

struct tail_calls {
	struct piece *piece;
	struct elf_symbol *function;
	struct VEC(struct tail_call) made;
};

/* Returns whether the field belongs to a jump, conditional or not, and not to a call or operand. */
static bool is_jump(const struct elf_section *section, const struct elf_rela *rela)
{
	const uint8_t *field = section->data + rela->offset;

	if (elf_rela_width(rela->type) != 4 || !elf_rela_is_relative(rela->type))
		return false;
	if (rela->offset >= 1 && field[-1] == OP_JUMP)
		return true;
	return rela->offset >= 2 && (field[-1] & 0xf0) == 0x80 && field[-2] == 0x0f;
}

static bool is_replacement(const struct piece *piece, const struct elf_symbol *symbol)
{
	vec_foreach(&piece->selected->replacements, it)
		if (it->replacement == symbol)
			return true;
	return false;
}

/* Returns the function that begins at the offset, or NULL. */
static const struct elf_symbol *function_at(const struct elf_object *object,
					    const struct elf_section *section, uint64_t offset)
{
	vec_foreach(&object->symbols, it)
		if ((*it)->section == section && (*it)->type == STT_FUNC && (*it)->value == offset)
			return *it;
	return NULL;
}

/* Returns the new function of another part that the symbol is bound to, if it is bound to one. */
static struct tail_callee internal_callee(const struct piece *piece,
					  const struct elf_symbol *symbol)
{
	vec_foreach(&piece->part.bindings, it) {
		if (it->symbol != symbol || it->kind != KLP_INTERNAL)
			continue;
		vec_foreach(&piece->build->pieces, other) {
			const struct elf_object *object = (*other)->selected->object;

			vec_foreach(&object->symbols, found)
				if ((*found)->section && (*found)->bind != STB_LOCAL &&
				    !strcmp((*found)->name, it->name))
					return (struct tail_callee){object, *found};
		}
	}
	return (struct tail_callee){};
}

/* Returns the patch's function that the jump leads to, if the kernel could not see a task there. */
static struct tail_callee uncovered_callee(const struct tail_calls *calls,
					   const struct elf_rela *rela)
{
	const struct elf_object *object = calls->piece->selected->object;
	const struct elf_symbol *symbol = rela->symbol;

	if (!symbol->section)
		return internal_callee(calls->piece, symbol);
	if (!(symbol->section->flags & SHF_EXECINSTR))
		return (struct tail_callee){};
	symbol = function_at(object, symbol->section, symbol->value + rela->addend + 4);
	if (!symbol || symbol == calls->function || is_replacement(calls->piece, symbol))
		return (struct tail_callee){};
	return (struct tail_callee){object, symbol};
}

/* Returns the thunk by which the kernel's functions return; NULL if they use plain returns. */
static struct elf_symbol *return_thunk(struct piece *piece)
{
	vec_foreach(&piece->build->pieces, it) {
		vec_foreach(&(*it)->part.bindings, binding) {
			if (strcmp(binding->name, RETURN_THUNK))
				continue;
			if (*it == piece)
				return (struct elf_symbol *)binding->symbol;

			struct klp_binding own = *binding;
			struct elf_symbol *symbol =
				elf_add_symbol(piece->selected->object, RETURN_THUNK,
					       ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);

			own.symbol = symbol;
			vec_push(&piece->part.bindings, own);
			return symbol;
		}
	}
	return NULL;
}

static struct elf_section *any_section(const struct build *build, const char *name)
{
	vec_foreach(&build->pieces, it) {
		struct elf_section *section = elf_find_section((*it)->selected->object, name);

		if (section)
			return section;
	}
	return NULL;
}

/* Adds a place in the function's section to a list of places, if the kernel has such a list. */
static void add_to_list(const struct tail_calls *calls, const char *name, uint64_t offset)
{
	struct elf_object *object = calls->piece->selected->object;
	const struct elf_section *like = any_section(calls->piece->build, name);
	struct elf_section *list = elf_find_section(object, name);

	if (!like)
		return;
	if (!list)
		list = elf_add_section(object, name, like->type, like->flags, like->align);

	struct elf_rela rela = {
		.offset = elf_section_append(object, list, NULL, 4, 1),
		.type = R_X86_64_PC32,
		.symbol = elf_section_symbol(object, calls->function->section),
		.addend = offset,
	};

	vec_push(&list->relas, rela);
}

/* Adds unwind data for a call; the stack is there as it was where the function began. */
static struct err *add_unwind_data(const struct tail_calls *calls, uint64_t offset)
{
	struct elf_object *object = calls->piece->selected->object;
	struct elf_section *orc = elf_find_section(object, ".orc_unwind");
	struct orc_state state;

	if (!orc_state_find(object, calls->function->section, calls->function->value, &state))
		return err_new("%s: %s: .orc_unwind does not describe its stack",
			       calls->piece->part.file, calls->function->name);
	elf_section_append(object, orc, state.bytes, state.size, 1);
	add_to_list(calls, ".orc_unwind_ip", offset);
	return NULL;
}

static void add_return(const struct tail_calls *calls, uint64_t offset)
{
	struct elf_section *section = calls->function->section;
	struct elf_symbol *thunk = return_thunk(calls->piece);

	if (!thunk) {
		section->data[offset] = OP_RETURN;
		return;
	}
	section->data[offset] = OP_JUMP;
	memset(section->data + offset + 1, 0, 4);
	vec_push(&section->relas, (struct elf_rela){offset + 1, R_X86_64_PLT32, thunk, -4});
	add_to_list(calls, ".return_sites", offset);
}

/*
 * Adds a call after the function; sets *offset to where it begins. The caller enters it in the
 * kernel's list of such calls.
 */
static struct err *make_call(struct tail_calls *calls, const struct elf_rela *rela,
			     uint64_t *offset)
{
	struct elf_object *object = calls->piece->selected->object;
	struct elf_section *section = calls->function->section;
	uint8_t code[] = {OP_INT3, OP_CALL, 0,	     0,	      0,       0,
			  OP_INT3, OP_INT3, OP_INT3, OP_INT3, OP_INT3, OP_INT3};
	uint64_t start = elf_section_append(object, section, code, sizeof(code), 1) + 1;

	vec_push(&section->relas,
		 (struct elf_rela){start + 1, rela->type, rela->symbol, rela->addend});
	add_return(calls, start + 5);
	calls->function->size = section->size - calls->function->value;
	*offset = start;
	return add_unwind_data(calls, start);
}

static struct err *find_call(struct tail_calls *calls, const struct elf_rela *rela,
			     uint64_t *offset)
{
	vec_foreach(&calls->made, it) {
		if (it->symbol == rela->symbol && it->addend == rela->addend) {
			*offset = it->offset;
			return NULL;
		}
	}

	struct tail_call made = {rela->symbol, rela->addend, 0};

	err_try(make_call(calls, rela, &made.offset));
	add_to_list(calls, ".call_sites", made.offset);
	vec_push(&calls->made, made);
	*offset = made.offset;
	return NULL;
}

/* Returns whether no other function lies between this one and the end of its section. */
static bool is_last(const struct elf_object *object, const struct elf_symbol *function)
{
	vec_foreach(&object->symbols, it)
		if ((*it)->section == function->section && (*it)->value > function->value)
			return false;
	return true;
}

static void refuse_tail(const struct tail_calls *calls, const char *callee, const char *why)
{
	finding_add(
		&calls->piece->build->report->findings, "tail-call", calls->piece->part.file,
		calls->function->name, "do not end the function with that call",
		"ends with a jump to %s, which is new, and %s; the kernel could not see a task that sleeps there, and would free the code",
		callee, why);
}

static struct err *cover_function(struct tail_calls *calls)
{
	struct elf_object *object = calls->piece->selected->object;
	struct elf_section *section = calls->function->section;
	size_t count = section->relas.len;

	for (size_t i = 0; i < count; i++) {
		struct elf_rela rela = section->relas.data[i];
		struct tail_callee callee = {};
		uint64_t offset;
		bool on_stack;

		if (rela.offset >= calls->function->value && is_jump(section, &rela))
			callee = uncovered_callee(calls, &rela);
		if (!callee.symbol)
			continue;
		err_try(stack_arguments_taken(callee.object, callee.symbol, &on_stack));
		if (on_stack || !is_last(object, calls->function)) {
			refuse_tail(calls, callee.symbol->name,
				    on_stack ? "takes arguments on the stack"
					     : "is followed by another function");
			continue;
		}
		err_try(find_call(calls, &rela, &offset));
		section->relas.data[i].symbol = elf_section_symbol(object, section);
		section->relas.data[i].addend = (int64_t)offset - 4;
	}
	return NULL;
}

/*
 * Returns whether the field belongs to a jump to where a register points.  Only jumps by thunks are
 * found, not the `jmp *` of kernels without these thunks.
 */
static bool is_jump_by_pointer(const struct elf_section *section, const struct elf_rela *rela)
{
	return is_jump(section, rela) && str_starts(rela->symbol->name, INDIRECT_THUNK);
}

static bool jumps_by_pointer(const struct elf_symbol *function)
{
	vec_foreach(&function->section->relas, it)
		if (it->offset >= function->value &&
		    it->offset < function->value + function->size &&
		    is_jump_by_pointer(function->section, it))
			return true;
	return false;
}

/*
 * Returns the entry of .retpoline_sites for the jump with that field; NULL if there is none.  The
 * kernel rewrites the instructions on this list for its processor (apply_retpolines() in
 * arch/x86/kernel/alternative.c).
 */
static struct elf_rela *find_retpoline_site(struct elf_object *object,
					    const struct elf_section *section, uint64_t field)
{
	struct elf_section *list = elf_find_section(object, ".retpoline_sites");
	/* One byte precedes the field of an unconditional jump, two that of a conditional one. */
	uint64_t jump = field - (section->data[field - 1] == OP_JUMP ? 1 : 2);

	if (!list)
		return NULL;
	vec_foreach(&list->relas, it)
		if (it->symbol->section == section && it->symbol->value + it->addend == jump)
			return it;
	return NULL;
}

/* Turns one jump by a pointer into a call, which takes its place on the list. */
static struct err *cover_jump_by_pointer(struct tail_calls *calls, size_t index, bool *covered)
{
	struct elf_object *object = calls->piece->selected->object;
	struct elf_section *section = calls->function->section;
	struct elf_rela rela = section->relas.data[index];
	struct elf_rela *site = find_retpoline_site(object, section, rela.offset);
	uint64_t offset;

	*covered = site;
	if (!site)
		return NULL;
	err_try(make_call(calls, &rela, &offset));
	site->symbol = elf_section_symbol(object, section);
	site->addend = offset;
	section->relas.data[index].type = R_X86_64_PC32;
	section->relas.data[index].symbol = elf_section_symbol(object, section);
	section->relas.data[index].addend = (int64_t)offset - 4;
	return NULL;
}

/*
 * Turns the jumps by pointers of a function into calls.  Where they lead is not known, and a call
 * moves the arguments on the stack; but a jump passes arguments there only if the function itself
 * gets some.
 */
static struct err *cover_jumps_by_pointer(struct piece *piece, struct elf_symbol *function,
					  bool *covered)
{
	struct tail_calls calls = {.piece = piece, .function = function};
	size_t count = function->section->relas.len;

	*covered =
		is_last(piece->selected->object, function) &&
		safety_uses_registers_only(piece->build->checked, piece->part.file, function->name);
	for (size_t i = 0; *covered && i < count; i++) {
		const struct elf_rela *rela = &function->section->relas.data[i];

		if (rela->offset >= function->value && is_jump_by_pointer(function->section, rela))
			err_try(cover_jump_by_pointer(&calls, i, covered));
	}
	return NULL;
}

/*
 * Puts an instruction behind a call that ends a function.  The return address of a call lies behind
 * it, even if the call does not return; here it would be where the next symbol begins.
 */
static void cover_last_call(struct piece *piece, struct elf_symbol *function)
{
	struct elf_section *section = function->section;
	uint64_t end = function->value + function->size;
	static const uint8_t int3 = OP_INT3;

	if (end != section->size || function->size < 5 || section->data[end - 5] != OP_CALL)
		return;
	elf_section_append(piece->selected->object, section, &int3, sizeof(int3), 1);
	function->size++;
}

static struct err *cover_replacement(struct piece *piece, struct elf_symbol *function)
{
	struct tail_calls calls = {.piece = piece, .function = function};
	struct err *err = cover_function(&calls);

	vec_free(&calls.made);
	if (err)
		return err;
	cover_last_call(piece, function);
	return NULL;
}

/* A function of the patch that jumps by a pointer, or a new one to which pointers may lead. */
struct tail_end {
	const struct piece *piece;
	const char *name;
};

struct tail_end_vec VEC(struct tail_end);

static void list_stored(const struct build *build, struct tail_end_vec *ends)
{
	vec_foreach(&build->pieces, piece)
		vec_foreach(&(*piece)->selected->stored_functions, it)
			vec_push(ends, (struct tail_end){*piece, *it});
}

/* Makes the jumps by pointers into calls, and lists the functions in which that is not possible. */
static struct err *list_uncovered(const struct build *build, struct tail_end_vec *ends)
{
	bool covered;

	vec_foreach(&build->pieces, piece) {
		vec_foreach(&(*piece)->selected->replacements, it) {
			if (!jumps_by_pointer(it->replacement))
				continue;
			err_try(cover_jumps_by_pointer(*piece, it->replacement, &covered));
			if (!covered)
				vec_push(ends, (struct tail_end){*piece, it->replacement->name});
		}
	}
	return NULL;
}

/* In a large patch, one stored function could refuse many that jump, and is refused itself. */
static void refuse_fewer(struct finding_vec *findings, const struct tail_end_vec *jumping,
			 const struct tail_end_vec *stored)
{
	if (stored->len < jumping->len)
		vec_foreach(stored, it)
			finding_add(
				findings, "tail-call", it->piece->part.file, it->name,
				"leave out the new function, or do not store its address",
				"is new, its address is stored, and %zu functions of the patch end with a jump by a pointer and may take arguments on the stack, such as %s; the kernel could not see a task that sleeps in it, and would free the code",
				jumping->len, jumping->data[0].name);
	else
		vec_foreach(jumping, it)
			finding_add(
				findings, "tail-call", it->piece->part.file, it->name,
				"do not end the function with the call by the pointer",
				"ends with a jump by a pointer, which may lead to a new function of the patch (%s), and may take arguments on the stack; the kernel could not see a task that sleeps there, and would free the code",
				stored->data[0].name);
}

/* Covers the jumps by pointers if any may lead to a new function. */
static struct err *cover_pointers(struct build *build)
{
	struct tail_end_vec jumping = {}, stored = {};
	struct err *err = NULL;

	list_stored(build, &stored);
	if (stored.len)
		err = list_uncovered(build, &jumping);
	if (!err && jumping.len)
		refuse_fewer(&build->report->findings, &jumping, &stored);
	vec_free(&jumping);
	vec_free(&stored);
	return err;
}

struct err *tails_cover(struct build *build)
{
	vec_foreach(&build->pieces, piece) {
		vec_foreach(&(*piece)->selected->replacements, it)
			err_try(cover_replacement(*piece, it->replacement));
	}
	return cover_pointers(build);
}
