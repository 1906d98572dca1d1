/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads special sections: lists of entries that the build tools put beside the code. An entry
 * belongs to the function to which its first relocated field points.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/lower_bound.h"
#include "diff/refs.h"
#include "diff/special.h"

/*
 * Sizes of entries are found from the sections, since they differ between kernels (struct alt_instr
 * was 12 bytes before v6.3, commit 5d1dd961e743); the numbers of relocated fields do not.
 */
static const struct special specials[] = {
	/* Without CONFIG_DEBUG_BUGVERBOSE, entries contain neither file nor line. */
	/* Since v6.19, they also contain a format (commit 5b472b6e5bd9). */
	{"__bug_table", SPECIAL_KEEP, 3, .least_refs = 1, .compared = true, .has_line = true,
	 .referred = true},
	{".altinstructions", SPECIAL_KEEP, 2, .compared = true, .length_last = true},
	{"__jump_table", SPECIAL_KEEP, 3, .compared = true, .key = true},
	{".static_call_sites", SPECIAL_KEEP, 2, .compared = true, .key = true},
	/*
	 * It has a handler's address until v5.15, and a number since v5.16 (commit 46d28947d987).
	 */
	{"__ex_table", SPECIAL_KEEP, 3, .least_refs = 2, .least_size = 12, .compared = true},
	{".parainstructions", SPECIAL_KEEP, 1, .compared = true, .align = 8},
	{".smp_locks", SPECIAL_KEEP, 1},
	{".retpoline_sites", SPECIAL_KEEP, 1},
	{".return_sites", SPECIAL_KEEP, 1},
	{".call_sites", SPECIAL_KEEP, 1},
	{".ibt_endbr_seal", SPECIAL_KEEP, 1},
	{".cfi_sites", SPECIAL_KEEP, 1},
	{".orc_unwind_ip", SPECIAL_KEEP, 1, .parallel = ".orc_unwind"},
	{"__mcount_loc", SPECIAL_KEEP, 1},
	/* On x86 it lists the padding before functions, traceable or not (CALL_PADDING, v6.2). */
	{"__patchable_function_entries", SPECIAL_DROP},
	{".orc_unwind", SPECIAL_DROP},	 /* comes with .orc_unwind_ip */
	{".orc_header", SPECIAL_DROP},	 /* the module's own glue has it */
	{".printk_index", SPECIAL_DROP}, /* lists formats for debugfs only */
	{"__ksymtab", SPECIAL_DROP},
	{"___ksymtab", SPECIAL_DROP},
	{"__kcrctab", SPECIAL_DROP},
	{"___kcrctab", SPECIAL_DROP},
	{".export_symbol", SPECIAL_DROP},
	{".modinfo", SPECIAL_DROP},
	{".discard", SPECIAL_DROP},
	{".note", SPECIAL_DROP},
	{".BTF", SPECIAL_DROP},	     /* and .BTF_ids: safety/rules_tables.c */
	{".eh_frame", SPECIAL_DROP}, /* the kernel unwinds by ORC */
	{"__tracepoints_ptrs", SPECIAL_DROP},
	{"__tracepoints_strings", SPECIAL_DROP},
	{"_ftrace_events", SPECIAL_DROP},
	{"_ftrace_eval_map", SPECIAL_DROP},
	{"__bpf_raw_tp_map", SPECIAL_DROP},
	{"__syscalls_metadata", SPECIAL_DROP},
	{"__trace_printk_fmt", SPECIAL_DROP},
	{"_kprobe_blacklist", SPECIAL_DROP},
	{"_error_injection_whitelist", SPECIAL_DROP},
	{".initcall", SPECIAL_DROP},
};

/*
 * Dropped sections have names with more behind them: "__ksymtab_gpl", ".discard.reachable",
 * ".initcall6.init".
 */
static bool special_matches(const struct special *special, const char *name)
{
	return special->use == SPECIAL_DROP && strcmp(special->name, ".orc_unwind")
		       ? str_starts(name, special->name)
		       : !strcmp(name, special->name);
}

const struct special *special_find(const char *name)
{
	for (size_t i = 0; i < array_size(specials); i++)
		if (special_matches(&specials[i], name))
			return &specials[i];
	return NULL;
}

bool diff_section_is_list(const char *name)
{
	for (size_t i = 0; i < array_size(specials); i++)
		if (specials[i].use == SPECIAL_KEEP &&
		    (!strcmp(specials[i].name, name) ||
		     (specials[i].parallel && !strcmp(specials[i].parallel, name))))
			return true;
	return false;
}

/* How a list is built: the size of entries, and the distance from one to the next. */
struct shape {
	uint64_t size, distance;
	size_t per, count; /* relocations in an entry, and number of entries */
};

static bool measure_entries(const struct elf_section *section, const struct special *special,
			    struct shape *shape)
{
	const struct elf_rela_vec *relas = &section->relas;
	uint64_t align = special->align ? special->align : 1;

	shape->count = relas->len / shape->per;
	if (!shape->count || relas->len % shape->per)
		return false;
	if (!special->align) {
		shape->size = shape->distance = section->size / shape->count;
		return !(section->size % shape->count) && shape->size >= special->least_size;
	}
	shape->distance = shape->count > 1 ? relas->data[shape->per].offset - relas->data[0].offset
					   : (section->size + align - 1) / align * align;

	uint64_t before = (shape->count - 1) * shape->distance;

	shape->size = section->size - before;
	return before < section->size && shape->size <= shape->distance &&
	       !(shape->distance % align);
}

/*
 * Returns whether the section is a list of entries that have so many relocations each, at the same
 * places.
 */
static bool has_shape(const struct elf_section *section, const struct special *special,
		      struct shape *shape)
{
	const struct elf_rela_vec *relas = &section->relas;

	if (!measure_entries(section, special, shape))
		return false;
	for (size_t i = 0; i < relas->len; i++) {
		uint64_t start = i / shape->per * shape->distance;
		uint64_t place = relas->data[i % shape->per].offset;

		if (place + elf_rela_width(relas->data[i].type) > shape->size ||
		    relas->data[i].offset != start + place)
			return false;
	}
	return true;
}

/*
 * Finds the length of an entry and its number of relocations from the section's own shape:
 * relocations have a pattern that repeats with each entry. The shortest entries that fit are used.
 */
static struct err *entry_shape(const struct side *side, const struct elf_section *section,
			       const struct special *special, struct shape *shape)
{
	*shape = (struct shape){};
	if (!section->relas.len && !section->size)
		return NULL;
	shape->per = special->least_refs ? special->least_refs : special->refs_per_entry;
	for (; shape->per <= special->refs_per_entry; shape->per++)
		if (has_shape(section, special, shape))
			return NULL;
	return err_new("%s: %s: %zu relocations on %llu bytes: not a list of equal entries",
		       side->obj->name, section->name, section->relas.len,
		       (unsigned long long)section->size);
}

static struct err *find_parallel(const struct side *side, const struct special *special,
				 size_t count, struct elf_section **parallel, uint64_t *size)
{
	*parallel = elf_find_section(side->obj, special->parallel);
	if (!*parallel || (count && (*parallel)->size % count) ||
	    ((*parallel)->size && !(*parallel)->data))
		return err_new("%s: %s does not fit %s", side->obj->name, special->parallel,
			       special->name);
	*size = count ? (*parallel)->size / count : 0;
	return NULL;
}

/*
 * An alternative without replacement code (static_cpu_has()) points to the beginning of the next
 * function's replacement. The reference means nothing, since the kernel never reads it.
 */
static bool points_at_nothing(const struct entry *entry)
{
	return entry->special->length_last && entry->refs.len > 1 &&
	       !entry->section->data[entry->start + entry->size - 1];
}

static struct err *read_section(struct side *side, struct elf_section *section,
				const struct special *special)
{
	struct elf_section *parallel = NULL;
	uint64_t parallel_size = 0;
	struct shape shape;

	err_try(entry_shape(side, section, special, &shape));
	if (!shape.count)
		return NULL;
	if (special->parallel)
		err_try(find_parallel(side, special, shape.count, &parallel, &parallel_size));
	for (size_t i = 0; i < shape.count; i++) {
		struct entry entry = {
			.special = special,
			.section = section,
			.start = i * shape.distance,
			.size = shape.size,
			.padding = shape.distance - shape.size,
			.parallel = parallel,
			.parallel_start = i * parallel_size,
			.parallel_size = parallel_size,
		};

		for (size_t k = 0; k < shape.per; k++) {
			struct ref ref;

			ref_resolve(side, section, &section->relas.data[i * shape.per + k],
				    entry.start, 0, &ref);
			vec_push(&entry.refs, ref);
		}

		if (points_at_nothing(&entry))
			entry.refs.len--;

		struct atom *owner = entry.refs.data[0].target;

		if (owner && owner->kind == ATOM_FUNCTION)
			vec_push(&owner->entries, entry);
		else
			vec_free(&entry.refs);
	}
	return NULL;
}

/* The place of an entry, and the function that owns it. */
struct placed_entry {
	const struct elf_section *section;
	uint64_t start, size;
	struct atom *holder;
	size_t nth;
};

struct placed_entry_vec VEC(struct placed_entry);

static int compare_placed(const void *a, const void *b)
{
	const struct placed_entry *x = a, *y = b;

	if (x->section->index != y->section->index)
		return x->section->index < y->section->index ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static void place_entries(const struct side *side, struct placed_entry_vec *placed)
{
	vec_foreach(&side->atoms, it)
		for (size_t i = 0; i < (*it)->entries.len; i++) {
			const struct entry *entry = &(*it)->entries.data[i];

			if (entry->special->referred)
				vec_push(placed, (struct placed_entry){entry->section, entry->start,
								       entry->size, *it, i});
		}
	if (placed->len)
		qsort(placed->data, placed->len, sizeof(*placed->data), compare_placed);
}

static bool points_into_list(const struct ref *ref)
{
	const struct elf_section *section = ref->target ? NULL : ref->symbol->section;
	const struct special *special = section ? special_find(section->name) : NULL;

	return special && special->referred;
}

static void find_holder(const struct placed_entry_vec *placed, struct ref *ref)
{
	const struct elf_symbol *symbol = ref->symbol;
	uint64_t at = symbol->value + ref->inside;
	const struct placed_entry wanted = {.section = symbol->section, .start = at};
	size_t next = lower_bound(placed->data, placed->len, it, compare_placed(it, &wanted) <= 0);

	if (!next)
		return;

	const struct placed_entry *found = &placed->data[next - 1];

	if (found->section != symbol->section || at - found->start >= found->size)
		return;
	ref->holder = found->holder;
	ref->nth = found->nth;
	ref->inside = at - found->start;
}

/*
 * WARN() of v6.19 and later passes the address of its own entry. Entries move when others are
 * added, so the reference means the function's nth entry.
 */
static void find_holders(struct side *side)
{
	struct placed_entry_vec placed = {};

	vec_foreach(&side->atoms, it)
		for (size_t i = 0; i < (*it)->refs.len; i++) {
			struct ref *ref = &(*it)->refs.data[i];

			if (!points_into_list(ref))
				continue;
			if (!placed.len)
				place_entries(side, &placed);
			find_holder(&placed, ref);
		}
	vec_free(&placed);
}

struct err *special_read(struct side *side)
{
	vec_foreach(&side->obj->sections, it) {
		const struct special *special = special_find((*it)->name);

		if (special && special->use == SPECIAL_KEEP)
			err_try(read_section(side, *it, special));
	}
	find_holders(side);
	return NULL;
}

/*
 * Returns its number among the function's entries of the same list; entries of other lists may be
 * between.
 */
static size_t number_in_list(const struct ref *ref)
{
	size_t number = 0;

	for (size_t i = 0; i < ref->nth; i++)
		if (ref->holder->entries.data[i].special ==
		    ref->holder->entries.data[ref->nth].special)
			number++;
	return number;
}

bool special_ref_equal(const struct ref *a, const struct ref *b)
{
	return a->holder && b->holder && a->holder->twin == b->holder && a->inside == b->inside &&
	       a->holder->entries.data[a->nth].special == b->holder->entries.data[b->nth].special &&
	       number_in_list(a) == number_in_list(b);
}

/*
 * A section to which no code refers, but that points into code, is a list for other code that
 * treats the former specially, such as runtime_ptr_* since v6.11 (commit e3c92e81711d), whose
 * constants are filled in at boot and only in the kernel's own text.
 */
static const struct special unknown = {"", SPECIAL_UNKNOWN, 1};

/*
 * A list may have a symbol and still not be a variable (clang's .kcfi_traps may have one). A
 * variable to which nothing refers points to functions, not to instructions inside them; and the
 * linker orders lists with their code (SHF_LINK_ORDER), but never variables.
 */
static bool is_named_list(const struct atom *table, const struct ref *ref)
{
	return table->symbol && !table->copied && !table->referred &&
	       (ref->inside || table->section->flags & SHF_LINK_ORDER);
}

static bool is_unknown_list(const struct atom *table, const struct ref *ref)
{
	/*
	 * The kernel keeps finding a function through its own copy of a registering section, but
	 * not an instruction inside the function.
	 */
	if (table->section->flags & SHF_EXECINSTR ||
	    (table->flags & DIFF_REGISTERED && !ref->inside))
		return false;
	return table->kind == ATOM_UNNAMED ? !table->cuts.len
					   : table->kind == ATOM_DATA && is_named_list(table, ref);
}

void special_find_unknown(struct side *side)
{
	vec_foreach(&side->atoms, it) {
		const struct atom *table = *it;

		for (size_t i = 0; i < table->refs.len; i++) {
			struct atom *owner = table->refs.data[i].target;
			struct entry entry = {.special = &unknown, .section = table->section};

			if (owner && owner->kind == ATOM_FUNCTION &&
			    is_unknown_list(table, &table->refs.data[i]))
				vec_push(&owner->entries, entry);
		}
	}
}

/* ftrace can redirect a function if nothing but an endbr64 and call padding precedes its call. */
#define MAX_FENTRY_OFFSET 8

bool atom_is_traceable(const struct atom *function)
{
	vec_foreach(&function->entries, entry) {
		if (!strcmp(entry->special->name, "__mcount_loc") &&
		    entry->refs.data[0].inside <= MAX_FENTRY_OFFSET)
			return true;
	}
	return function->refs.len && function->refs.data[0].offset <= MAX_FENTRY_OFFSET &&
	       !strcmp(function->refs.data[0].symbol->name, "__fentry__");
}
