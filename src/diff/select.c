/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selects the part of the patched object that has to be loaded: changed functions, what is new and
 * needed by them, and their entries in special sections. References to everything else lead to the
 * running kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "diff/items.h"
#include "diff/special.h"
#include "diff/stored.h"

struct part_selection {
	struct diff *diff;
	const struct diff_select_options *options;
	struct diff_part *part;
	struct atom_vec todo; /* included atoms whose references are not followed yet */
};

enum ref_binding {
	BIND_INSIDE, /* the copy in the part */
	BIND_TWIN,   /* what the kernel has: the original object's symbol */
	BIND_NAME,   /* a symbol that neither object defines */
};

static void include_atom(struct part_selection *sel, struct atom *atom)
{
	if (!atom || atom->included)
		return;
	atom->included = true;
	vec_push(&sel->todo, atom);
	include_atom(sel, atom->cold);
	include_atom(sel, atom->parent);
}

static bool is_replaced(const struct atom *function)
{
	return function->twin && function->changed && !function->overridden &&
	       !(function->flags & (DIFF_INIT | DIFF_CARRIED));
}

/* Returns whether an indirect branch may lead to it if the processor checks that (CET IBT). */
static bool has_endbr(const struct atom *function)
{
	static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};

	return function->size >= sizeof(endbr64) &&
	       !memcmp(function->section->data + function->start, endbr64, sizeof(endbr64));
}

/*
 * The compiler omits ENDBR64 from a function if nothing points to it. A new pointer to such a
 * function must lead to the new code, which has ENDBR64; there is no pointer to the old code.
 */
static bool was_never_pointed_at(const struct atom *function)
{
	return has_endbr(function) && !has_endbr(function->twin);
}

static bool ref_is_pointer(const struct atom *from, const struct ref *ref)
{
	return from && !ref->branch && !ref->inside;
}

/*
 * A pointer to a replaced function must be the original's address: ftrace redirects calls through
 * it to the replacement, it equals pointers that are stored already, and it stays valid when the
 * patch is unloaded.
 */
static enum ref_binding bind_function(const struct atom *from, const struct ref *ref)
{
	const struct atom *target = ref->target;

	if (!target->twin || target->flags & DIFF_CARRIED)
		return BIND_INSIDE;
	if (!is_replaced(target) && !target->included)
		return BIND_TWIN;
	if (ref->branch || ref->inside || target->flags & DIFF_COLD)
		return BIND_INSIDE;
	if (was_never_pointed_at(target))
		return BIND_INSIDE;
	return from ? BIND_TWIN : BIND_INSIDE; /* entries refer to their own function's code */
}

static enum ref_binding bind_ref(const struct atom *from, const struct ref *ref)
{
	const struct atom *target = ref->target;

	if (!target)
		return BIND_NAME;
	if (target->kind == ATOM_FUNCTION)
		return bind_function(from, ref);
	if (target->kind == ATOM_DATA && !target->copied && target->twin)
		return BIND_TWIN;
	return BIND_INSIDE;
}

static bool is_callback(const struct atom *atom)
{
	return atom->flags & DIFF_CALLBACK;
}

/*
 * References that are in no atom are not carried over. A jump with a distance of one byte, as the
 * assembler makes inside .sched.text and the like, does not reach the kernel from a live patch.
 */
static bool is_lost(const struct ref *ref)
{
	bool carried = ref->target || (ref->holder && ref->holder->included);

	return (!carried && ref->symbol->section) || (ref->type == R_X86_64_PC8 && ref->branch);
}

static void follow_ref(struct part_selection *sel, const struct atom *from, const struct ref *ref)
{
	struct atom *target = ref->target;

	if (is_lost(ref)) {
		vec_push(&sel->part->lost,
			 (struct diff_lost){from && from->symbol ? from->symbol->name : "entry",
					    target ? ref->symbol->name : ref->symbol->section->name,
					    target != NULL});
		return;
	}
	if (ref->holder || bind_ref(from, ref) != BIND_INSIDE)
		return;
	if (target->kind == ATOM_FUNCTION && ref_is_pointer(from, ref) &&
	    !(target->flags & DIFF_COLD) && !is_callback(from))
		str_vec_add(&sel->part->stored_functions, target->symbol->name);
	if (target->flags & DIFF_AMBIGUOUS && !(target->flags & DIFF_READ_ONLY))
		str_vec_add(&sel->part->ambiguous, target->symbol->name);
	include_atom(sel, target);
}

/* Returns the static key or static call key of an entry if a module owns it, else NULL. */
static const char *foreign_key(const struct part_selection *sel, const struct entry *entry)
{
	const struct diff_select_options *options = sel->options;

	if (!entry->special->key || !options->key_in_module)
		return NULL;

	const struct ref *ref = &entry->refs.data[entry->refs.len - 1];
	bool defined = ref->target != NULL;

	if (bind_ref(NULL, ref) == BIND_INSIDE)
		return NULL;

	const char *name = defined ? ref->target->twin->symbol->name : ref->symbol->name;

	return options->key_in_module(options->ctx, name, defined) ? name : NULL;
}

/* Returns whether another unit of the patch refers to it. */
static bool atom_is_wanted(const struct part_selection *sel, const struct atom *atom)
{
	return !atom->twin && atom->flags & DIFF_GLOBAL &&
	       str_is_among(atom->symbol->name, sel->options->wanted, sel->options->nr_wanted);
}

/*
 * Without its entry, a static branch stays as it was compiled. A tracepoint then stays silent; a
 * static call still works, through its trampoline.
 */
static bool is_harmless_key(const struct entry *entry, const char *key)
{
	return str_starts(key, "__tracepoint_") ||
	       !strcmp(entry->special->name, ".static_call_sites");
}

static bool drop_entry(struct part_selection *sel, const struct atom *owner,
		       const struct entry *entry)
{
	const char *key = foreign_key(sel, entry);

	/* Another unit may point to it, which objtool did not see when it made the seal. */
	if (!strcmp(entry->special->name, ".ibt_endbr_seal") && atom_is_wanted(sel, owner))
		return true;
	if (!key)
		return false;
	vec_push(&sel->part->keys, (struct diff_key){.function = owner->symbol->name,
						     .key = key,
						     .harmless = is_harmless_key(entry, key)});
	return true;
}

static struct err *follow_atom(struct part_selection *sel, struct atom *atom)
{
	for (size_t i = 0; i < atom->refs.len; i++)
		follow_ref(sel, atom, &atom->refs.data[i]);
	vec_foreach(&atom->entries, entry) {
		if (entry->special->use == SPECIAL_UNKNOWN)
			vec_push(&sel->part->lists,
				 (struct diff_list){atom->symbol->name, entry->section->name});
		if (entry->special->use == SPECIAL_UNKNOWN || foreign_key(sel, entry))
			continue;
		for (size_t i = 0; i < entry->refs.len; i++)
			follow_ref(sel, NULL, &entry->refs.data[i]);
	}
	return NULL;
}

/* Records where code of the part stores addresses of data that is loaded with the part. */
static struct err *follow_data(struct part_selection *sel, const struct atom *atom)
{
	uint64_t from = 0;

	for (size_t i = 0; i < atom->refs.len; i++) {
		const struct ref *ref = &atom->refs.data[i];
		const struct atom *to = ref->target;
		struct diff_stored stored = {.function = atom->symbol->name};

		/* Copied objects, such as netlink's __msg, are read before the call returns. */
		if (!to || to->kind == ATOM_FUNCTION || to->copied ||
		    bind_ref(atom, ref) != BIND_INSIDE)
			continue;
		if (interrupt_pending())
			return interrupt_error();
		stored.object = to->symbol ? to->symbol->name : NULL;
		stored.text = to->kind == ATOM_STRING
				      ? (const char *)to->section->data + to->start + ref->inside
				      : NULL;
		stored.read_only = !(to->section->flags & SHF_WRITE);
		err_try(stored_follow(atom, ref, &from, &stored));
		if (stored.written || stored.returned || stored.hidden || stored.nr_callees)
			vec_push(&sel->part->stored, stored);
	}
	return NULL;
}

static void reset_atoms(struct part_selection *sel)
{
	const struct diff_select_options *options = sel->options;

	vec_foreach(&sel->diff->patched.atoms, it) {
		struct atom *atom = *it;

		atom->included = false;
		atom->overridden = atom->symbol && atom->flags & DIFF_WEAK &&
				   str_is_among(atom->symbol->name, options->overridden,
						options->nr_overridden);
	}
}

static struct err *collect_atoms(struct part_selection *sel)
{
	vec_foreach(&sel->diff->patched.atoms, it) {
		struct atom *atom = *it;

		if (!atom->symbol || atom->copied)
			continue;
		if (atom->kind == ATOM_FUNCTION && is_replaced(atom))
			include_atom(sel, atom);
		else if (atom_is_wanted(sel, atom))
			include_atom(sel, atom);
		else if (is_callback(atom))
			include_atom(sel, atom);
	}
	for (size_t i = 0; i < sel->todo.len; i++)
		err_try(follow_atom(sel, sel->todo.data[i]));
	vec_foreach(&sel->todo, it)
		if ((*it)->kind == ATOM_FUNCTION && (*it)->section->data)
			err_try(follow_data(sel, *it));
	return NULL;
}

/* Gives output sections the input's names, but each function its own section. */
static struct elf_section *output_section(struct part_selection *sel,
					  const struct elf_section *like, const struct atom *atom)
{
	struct elf_object *out = sel->part->object;
	bool shared = atom && atom->kind == ATOM_FUNCTION &&
		      sel->diff->patched.by_section[like->index].len > 1;
	scope_free char *name =
		shared ? xasprintf(".text.%s", atom->symbol->name) : xstrdup(like->name);

	vec_foreach(&out->sections, it)
		if (!strcmp((*it)->name, name) && (*it)->type == like->type)
			return *it;

	struct elf_section *section = elf_add_section(
		out, name, like->type, like->flags & ~(uint64_t)SHF_GROUP, like->align);
	section->entsize = like->entsize;
	return section;
}

static uint64_t alignment_of(const struct elf_section *section, uint64_t start)
{
	uint64_t lowest = start & -start;

	return start && lowest < section->align ? lowest : section->align;
}

/*
 * The kernel looks for sleeping tasks only between a replacement and the next symbol
 * (klp_check_stack_func() in kernel/livepatch/transition.c). Code that a task can reach from the
 * function by a jump has to be there, too, so the cold part follows without a symbol in between.
 */
static void cover_cold_part(const struct atom *cold)
{
	struct elf_symbol *function = cold->parent->out_symbol;

	function->size = cold->out_offset + cold->size - function->value;
}

static void place_atom(struct part_selection *sel, struct atom *atom)
{
	struct elf_object *out = sel->part->object;
	const struct elf_section *from = atom->section;
	uint64_t start = atom->start - atom->lead;

	atom->out_section =
		atom->parent ? atom->parent->out_section : output_section(sel, from, atom);
	atom->out_offset =
		elf_section_append(out, atom->out_section, from->data ? from->data + start : NULL,
				   atom->size + atom->lead, alignment_of(from, start)) +
		atom->lead;
	atom->out_symbol = NULL;
	if (!atom->symbol)
		return;
	if (atom->parent) {
		cover_cold_part(atom);
		return;
	}

	/* Only new symbols may be found by other units, since the kernel has the others. */
	bool global = !atom->twin && atom->symbol->bind != STB_LOCAL && !atom->copied;

	atom->out_symbol =
		elf_add_symbol(out, atom->symbol->name,
			       ELF64_ST_INFO(global ? STB_GLOBAL : STB_LOCAL,
					     atom->kind == ATOM_FUNCTION ? STT_FUNC : STT_OBJECT),
			       atom->out_section, atom->out_offset, atom->size);
	if (atom->kind != ATOM_FUNCTION || atom->flags & DIFF_COLD)
		return;
	if (atom->cold)
		place_atom(sel, atom->cold);
	if (is_replaced(atom))
		vec_push(&sel->part->replacements,
			 (struct diff_replacement){atom->twin->symbol, atom->out_symbol});
	else if (!atom->twin)
		str_vec_add(&sel->part->new_functions, atom->symbol->name);
}

static struct elf_symbol *external_symbol(struct part_selection *sel, const struct elf_symbol *orig,
					  const char *name, bool pointer)
{
	struct diff_external_vec *externals = &sel->part->externals;

	vec_foreach(externals, it) {
		if (orig ? it->orig == orig : !it->orig && !strcmp(it->symbol->name, name)) {
			it->pointed_at = it->pointed_at || pointer;
			return it->symbol;
		}
	}

	struct elf_symbol *symbol = elf_add_symbol(
		sel->part->object, name, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), NULL, 0, 0);

	vec_push(externals, (struct diff_external){symbol, orig, pointer});
	return symbol;
}

/* Returns the original's undefined symbol of that name, which can be matched with the kernel. */
static const struct elf_symbol *undefined_in_orig(const struct part_selection *sel,
						  const char *name)
{
	vec_foreach(&sel->diff->orig.obj->symbols, it)
		if (!(*it)->section && !strcmp((*it)->name, name))
			return *it;
	return NULL;
}

/* Returns the symbol that stands for an atom, or for a target outside the object. */
static void emit_target(struct part_selection *sel, const struct atom *from, const struct ref *ref,
			struct elf_rela *rela)
{
	const struct atom *target = ref->target;

	switch (bind_ref(from, ref)) {
	case BIND_INSIDE:
		rela->symbol = target->out_symbol;
		if (!rela->symbol) {
			rela->symbol = elf_section_symbol(sel->part->object, target->out_section);
			rela->addend += target->out_offset;
		}
		break;
	case BIND_TWIN:
		rela->symbol =
			external_symbol(sel, target->twin->symbol, target->twin->symbol->name,
					ref_is_pointer(from, ref));
		break;
	case BIND_NAME:
		rela->symbol = external_symbol(sel, undefined_in_orig(sel, ref->symbol->name),
					       ref->symbol->name, ref_is_pointer(from, ref));
		break;
	}
}

static void emit_rela(struct part_selection *sel, const struct atom *from, const struct ref *ref,
		      struct elf_section *section, uint64_t start)
{
	struct elf_rela rela = {
		.offset = start + ref->offset,
		.type = ref->type,
		.addend = ref->inside + ref->bias,
	};
	if (is_lost(ref))
		return;
	if (ref->holder) {
		const struct entry *entry = &ref->holder->entries.data[ref->nth];

		rela.symbol = elf_section_symbol(sel->part->object, entry->out_section);
		rela.addend += entry->out_offset;
	} else {
		emit_target(sel, from, ref, &rela);
	}
	memset(section->data + rela.offset, 0, elf_rela_width(rela.type));
	vec_push(&section->relas, rela);
}

static void place_entry(struct part_selection *sel, const struct atom *owner, struct entry *entry)
{
	struct elf_object *out = sel->part->object;

	entry->out_section = NULL;
	if (entry->special->use != SPECIAL_KEEP || drop_entry(sel, owner, entry))
		return;
	entry->out_section = output_section(sel, entry->section, NULL);
	entry->out_offset = elf_section_append(out, entry->out_section,
					       entry->section->data + entry->start, entry->size, 1);
	elf_section_append(out, entry->out_section, NULL, entry->padding, 1);
	if (entry->parallel)
		elf_section_append(out, output_section(sel, entry->parallel, NULL),
				   entry->parallel->data + entry->parallel_start,
				   entry->parallel_size, 1);
}

static void emit_relas(struct part_selection *sel, const struct atom *atom)
{
	for (size_t i = 0; i < atom->refs.len; i++)
		emit_rela(sel, atom, &atom->refs.data[i], atom->out_section, atom->out_offset);
	vec_foreach(&atom->entries, entry)
		for (size_t i = 0; entry->out_section && i < entry->refs.len; i++)
			emit_rela(sel, NULL, &entry->refs.data[i], entry->out_section,
				  entry->out_offset);
}

static void emit_part(struct part_selection *sel)
{
	const struct atom_vec *atoms = &sel->diff->patched.atoms;

	vec_foreach(atoms, it)
		if ((*it)->included && !(*it)->parent)
			place_atom(sel, *it);
	vec_foreach(atoms, it) {
		for (size_t i = 0; (*it)->included && i < (*it)->entries.len; i++)
			place_entry(sel, *it, &(*it)->entries.data[i]);
	}
	vec_foreach(atoms, it)
		if ((*it)->included)
			emit_relas(sel, *it);
}

struct err *diff_select(struct diff *diff, const struct diff_select_options *options,
			struct diff_part **partp)
{
	scope_diff_part part = xcalloc(1, sizeof(*part));
	struct part_selection sel = {.diff = diff, .options = options, .part = part};

	part->object = elf_object_new(diff->patched.obj->name);
	reset_atoms(&sel);

	struct err *err = collect_atoms(&sel);

	if (!err)
		emit_part(&sel);
	vec_free(&sel.todo);
	if (err)
		return err;
	*partp = take_ptr(part);
	return NULL;
}

void diff_part_free(struct diff_part *part)
{
	if (!part)
		return;
	elf_object_free(part->object);
	vec_free(&part->externals);
	vec_free(&part->replacements);
	vec_free(&part->keys);
	vec_free(&part->lists);
	vec_free(&part->lost);
	str_vec_free(&part->new_functions);
	str_vec_free(&part->stored_functions);
	vec_free(&part->stored);
	str_vec_free(&part->ambiguous);
	free(part);
}

void diff_part_freep(struct diff_part **partp)
{
	diff_part_free(*partp);
}
