/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts an object into atoms. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "diff/names.h"
#include "diff/refs.h"
#include "diff/side.h"
#include "diff/special.h"

/* What the beginning of a section's name says about the objects in it. */
static const struct {
	const char *prefix;
	unsigned flags;
} section_kinds[] = {
	/* The kernel frees these sections after it or the module was initialised. */
	{".init.", DIFF_INIT},
	{".ref.text", DIFF_INIT},
	{".con_initcall", DIFF_INIT | DIFF_REGISTERED},
	{".meminit", DIFF_INIT},
	{".text.startup", DIFF_INIT},
	/* The kernel finds objects that no code names through these sections. */
	{"__param", DIFF_REGISTERED},
	{".init.setup", DIFF_REGISTERED},
	{".pci_fixup", DIFF_REGISTERED},
	{"__tracepoints", DIFF_REGISTERED},
	{"__kunit", DIFF_REGISTERED},
	{".apicdrivers", DIFF_REGISTERED},
	{".data..shared_aligned_init", DIFF_REGISTERED},
	{"__lsm", DIFF_REGISTERED},
	{"__timer_", DIFF_REGISTERED},
	{"__irqchip", DIFF_REGISTERED},
	{"__acpi_probe", DIFF_REGISTERED},
	{"__thermal", DIFF_REGISTERED},
	{".x86_cpu_dev", DIFF_REGISTERED},
	{"__governor", DIFF_REGISTERED},
	{"__earlycon", DIFF_REGISTERED},
	/* The glue of a live patch finds its callbacks and states through these. */
	{DIFF_CALLBACK_SECTION, DIFF_CALLBACK},
};

static unsigned section_flags(const char *name)
{
	unsigned flags = 0;

	for (size_t i = 0; i < array_size(section_kinds); i++)
		if (str_starts(name, section_kinds[i].prefix))
			flags |= section_kinds[i].flags;
	return flags;
}

static struct atom *add_atom(struct side *side, enum atom_kind kind, struct elf_section *section,
			     uint64_t start, uint64_t size)
{
	struct atom *atom = xcalloc(1, sizeof(*atom));

	atom->kind = kind;
	atom->order = side->atoms.len;
	atom->section = section;
	atom->start = start;
	atom->size = size;
	atom->flags |= section_flags(section->name);
	if (!(section->flags & SHF_WRITE))
		atom->flags |= DIFF_READ_ONLY;
	vec_push(&side->atoms, atom);
	vec_push(&side->by_section[section->index], atom);
	return atom;
}

static void name_atom(struct atom *atom, struct elf_symbol *symbol)
{
	atom->symbol = symbol;
	atom->canonical = name_canonical(symbol->name);
	if (symbol->bind != STB_LOCAL)
		atom->flags |= DIFF_GLOBAL;
	if (symbol->bind == STB_WEAK)
		atom->flags |= DIFF_WEAK;
	if (name_cold_parent_length(symbol->name))
		atom->flags |= DIFF_COLD;
	atom->copied =
		atom->kind == ATOM_DATA &&
		(name_is_copied(symbol->name, atom->canonical, atom->section->flags & SHF_WRITE) ||
		 /*
		  * These are flags of DO_ONCE (include/linux/once.h) and descriptors of __dyndbg.
		  */
		 str_starts(atom->section->name, ".data..once") ||
		 str_starts(atom->section->name, ".data.once") ||
		 str_starts(atom->section->name, "__dyndbg"));
}

static bool is_atom_symbol(const struct elf_symbol *symbol)
{
	/* .L labels are in the symbol table if inline assembly names a string literal. */
	return symbol->section && symbol->type != STT_SECTION && symbol->type != STT_FILE &&
	       !str_starts(symbol->name, "__pfx_") && !str_starts(symbol->name, ".L");
}

/*
 * module_init() and module_exit() add these names to functions of the source
 * (include/linux/module.h of Linux 6.1).
 */
static bool is_module_alias(const struct elf_symbol *symbol)
{
	return !strcmp(symbol->name, "init_module") || !strcmp(symbol->name, "cleanup_module");
}

static unsigned symbol_rank(const struct elf_symbol *symbol)
{
	if (is_module_alias(symbol))
		return 0;
	return (symbol->size ? 8 : 0) + (symbol->type != STT_NOTYPE ? 4 : 0) +
	       (symbol->bind == STB_GLOBAL ? 2
		: symbol->bind == STB_WEAK ? 1
					   : 0);
}

/*
 * Sorts symbols by section and place. If several are at one place, the most informative comes
 * first.
 */
static int compare_symbols(const void *a, const void *b)
{
	const struct elf_symbol *x = *(struct elf_symbol *const *)a;
	const struct elf_symbol *y = *(struct elf_symbol *const *)b;

	if (x->section->index != y->section->index)
		return x->section->index < y->section->index ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (symbol_rank(x) != symbol_rank(y))
		return symbol_rank(x) > symbol_rank(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool has_content(const struct elf_section *section, uint64_t start, uint64_t end)
{
	vec_foreach(&section->relas, rela)
		if (rela->offset >= start && rela->offset < end)
			return true;
	for (uint64_t i = start; section->data && i < end; i++)
		if (section->data[i])
			return true;
	return false;
}

/* Adds what is between symbols: padding in code; in data, perhaps a constant without a name. */
static void add_gap(struct side *side, struct elf_section *section, uint64_t start, uint64_t end)
{
	if (start < end && !(section->flags & SHF_EXECINSTR) && has_content(section, start, end))
		add_atom(side, ATOM_UNNAMED, section, start, end - start);
}

static void cut_at_symbols(struct side *side, struct elf_section *section,
			   struct elf_symbol **symbols, size_t count)
{
	bool code = section->flags & SHF_EXECINSTR;
	struct atom *atom = NULL;
	uint64_t end = 0;

	for (size_t i = 0; i < count; i++) {
		struct elf_symbol *symbol = symbols[i];
		bool inside = atom && (symbol->value < end || symbol->value == atom->start);

		if (inside) { /* an alias, or a label inside the atom */
			side->by_symbol[symbol->index] = atom;
			continue;
		}
		add_gap(side, section, end, symbol->value);

		uint64_t size = symbol->size;

		if (!size) /* assembler labels have no size, so the atom ends at the next symbol */
			size = (i + 1 < count ? symbols[i + 1]->value : section->size) -
			       symbol->value;
		atom = add_atom(side, code ? ATOM_FUNCTION : ATOM_DATA, section, symbol->value,
				size);
		name_atom(atom, symbol);
		side->by_symbol[symbol->index] = atom;
		end = symbol->value + size;
	}
	add_gap(side, section, end, section->size);
}

static void cut_strings(struct side *side, struct elf_section *section, uint64_t unit)
{
	uint64_t start = 0;
	static const uint8_t zero[8];

	for (uint64_t pos = 0; pos + unit <= section->size; pos += unit) {
		if (memcmp(section->data + pos, zero, unit))
			continue;
		add_atom(side, ATOM_STRING, section, start, pos + unit - start);
		start = pos + unit;
	}
	if (start < section->size)
		add_atom(side, ATOM_UNNAMED, section, start, section->size - start);
}

static int compare_offsets(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * Cuts code without symbols (.altinstr_replacement, .altinstr_aux) into snippets, each of which
 * starts where something outside points.
 */
static void cut_snippets(struct side *side, struct elf_section *section)
{
	struct offset_vec starts = {};

	vec_foreach(&side->obj->sections, it) {
		const struct elf_section *from = *it;

		for (size_t i = 0; from != section && i < from->relas.len; i++) {
			const struct elf_rela *rela = &from->relas.data[i];
			uint64_t start = rela->symbol->value + rela->addend;

			if (rela->symbol->section != section)
				continue;
			if (from->flags & SHF_EXECINSTR && elf_rela_is_relative(rela->type))
				start += elf_rela_width(rela->type);
			if (start <= section->size)
				vec_push(&starts, start);
		}
	}
	vec_push(&starts, section->size);
	qsort(starts.data, starts.len, sizeof(*starts.data), compare_offsets);
	for (size_t i = 0; i < starts.len; i++) {
		if (i && starts.data[i] == starts.data[i - 1])
			continue;

		size_t next = i + 1;

		while (next < starts.len && starts.data[next] == starts.data[i])
			next++;

		uint64_t end = next < starts.len ? starts.data[next] : section->size;

		/* An entry may replace code by nothing, at the very end of the section. */
		add_atom(side, ATOM_UNNAMED, section, starts.data[i], end - starts.data[i]);
	}
	vec_free(&starts);
}

static void cut_section(struct side *side, struct elf_section *section, struct elf_symbol **symbols,
			size_t count)
{
	uint64_t unit = section->entsize;
	bool merged = section->flags & SHF_MERGE && section->data && unit && unit <= 8;

	if (count)
		cut_at_symbols(side, section, symbols, count);
	else if (section->flags & SHF_EXECINSTR)
		cut_snippets(side, section);
	else if (merged && section->flags & SHF_STRINGS)
		cut_strings(side, section, unit);
	else if (section->flags & SHF_MERGE && section->data && unit && !(section->size % unit))
		for (uint64_t pos = 0; pos < section->size; pos += unit)
			add_atom(side, ATOM_UNNAMED, section, pos, unit);
	else if (section->size)
		add_atom(side, ATOM_UNNAMED, section, 0, section->size);
}

/* Maps each name to the first function of that name, by its order among the atoms. */
static void map_functions(const struct side *side, struct strmap *functions)
{
	vec_foreach(&side->atoms, it)
		if ((*it)->kind == ATOM_FUNCTION &&
		    strmap_get(functions, (*it)->symbol->name) == STRMAP_NONE)
			strmap_set(functions, (*it)->symbol->name, (*it)->order);
}

/* Links foo.cold to foo, to which it belongs. */
static void link_cold_parts(struct side *side)
{
	scope_strmap functions = {};

	map_functions(side, &functions);
	vec_foreach(&side->atoms, it) {
		struct atom *cold = *it;

		if (!(cold->flags & DIFF_COLD) || cold->kind != ATOM_FUNCTION)
			continue;

		scope_free char *name =
			xstrndup(cold->symbol->name, name_cold_parent_length(cold->symbol->name));
		uint32_t order = strmap_get(&functions, name);

		if (order == STRMAP_NONE || side->atoms.data[order] == cold)
			continue;
		cold->parent = side->atoms.data[order];
		cold->parent->cold = cold;
	}
}

/*
 * Finds padding before functions (__pfx_foo), which the kernel may turn into code (CALL_PADDING).
 */
static void find_leads(struct side *side)
{
	vec_foreach(&side->obj->symbols, it) {
		const struct elf_symbol *prefix = *it;

		if (!prefix->section || !prefix->size || !str_starts(prefix->name, "__pfx_"))
			continue;

		uint64_t start = prefix->value + prefix->size;
		struct atom *atom = side_atom_at(side, prefix->section, start);

		if (atom && atom->start == start)
			atom->lead = prefix->size;
	}
}

static struct err *cut_sections(struct side *side)
{
	struct elf_symbol_vec symbols = {};
	size_t next = 0;

	vec_foreach(&side->obj->symbols, it)
		if (is_atom_symbol(*it))
			vec_push(&symbols, *it);
	if (symbols.len)
		qsort(symbols.data, symbols.len, sizeof(*symbols.data), compare_symbols);
	vec_foreach(&side->obj->sections, it) {
		struct elf_section *section = *it;
		size_t first = next;

		while (next < symbols.len && symbols.data[next]->section == section)
			next++;
		if (section->flags & SHF_ALLOC && !section->target && !special_find(section->name))
			cut_section(side, section, symbols.data + first, next - first);
	}
	vec_free(&symbols);
	return NULL;
}

/* Marks local tables of labels (computed goto), which are part of the code to which they point. */
static void find_label_tables(struct side *side)
{
	vec_foreach(&side->atoms, it) {
		struct atom *atom = *it;

		if (atom->kind != ATOM_DATA || !name_is_static_local(atom->symbol->name))
			continue;
		for (size_t i = 0; i < atom->refs.len; i++) {
			const struct ref *ref = &atom->refs.data[i];

			if (ref->target && ref->target->kind == ATOM_FUNCTION && ref->inside)
				atom->copied = true;
		}
	}
}

/* Marks functions that the kernel calls at boot because a section lists them. */
static void find_initcalls(struct side *side)
{
	vec_foreach(&side->obj->sections, it) {
		if (!str_starts((*it)->name, ".initcall"))
			continue;
		vec_foreach(&(*it)->relas, rela) {
			struct ref ref;

			ref_resolve(side, *it, rela, 0, 0, &ref);
			if (ref.target)
				ref.target->flags |= DIFF_REGISTERED;
		}
	}
}

/* Recognises sections for variables that are in no list, with or without a name at the end. */
static bool is_plain_data(const char *name)
{
	static const char *const plain[] = {".data", ".bss", ".rodata", ".init", ".exit", ".ref"};

	for (size_t i = 0; i < array_size(plain); i++)
		if (str_starts(name, plain[i]))
			return true;
	return false;
}

/*
 * Code can iterate over a section whose name is valid in C, between bounds that the linker defines
 * (__start_foo). An object there to which nothing refers exists for such code, for example that of
 * DEFINE_STATIC_SRCU() in a module. A linker script can define bounds for any other name, too.
 */
static void find_registered(struct side *side)
{
	vec_foreach(&side->atoms, it)
		for (size_t i = 0; i < (*it)->refs.len; i++)
			if ((*it)->refs.data[i].target)
				(*it)->refs.data[i].target->referred = true;
	vec_foreach(&side->atoms, it)
		if ((*it)->kind == ATOM_DATA && !(*it)->copied && !((*it)->flags & DIFF_CALLBACK) &&
		    !is_plain_data((*it)->section->name) && !(*it)->referred)
			(*it)->flags |= DIFF_REGISTERED;
}

static void add_cut(const struct ref *ref)
{
	struct atom *target = ref->target;

	if (target && target->kind == ATOM_UNNAMED && target->section->data &&
	    !(target->section->flags & SHF_EXECINSTR) && ref->inside >= 0 &&
	    ref->inside <= target->size)
		vec_push(&target->cuts, ref->inside);
}

/* Records where the constants of a section without symbols begin. */
static void find_cuts(struct side *side)
{
	vec_foreach(&side->atoms, it)
		for (size_t i = 0; i < (*it)->refs.len; i++)
			add_cut(&(*it)->refs.data[i]);
	vec_foreach(&side->atoms, it)
		if ((*it)->cuts.len)
			qsort((*it)->cuts.data, (*it)->cuts.len, sizeof(uint64_t), compare_offsets);
}

struct err *side_init(struct side *side, const struct elf_object *obj)
{
	side->obj = obj;
	if (obj->type != ET_REL)
		return err_new("%s: not a relocatable object file", obj->name);
	vec_foreach(&obj->sections, it)
		if ((*it)->index >= side->nr_sections)
			side->nr_sections = (*it)->index + 1;
	vec_foreach(&obj->symbols, it)
		if ((*it)->index >= side->nr_symbols)
			side->nr_symbols = (*it)->index + 1;
	side->by_section = xcalloc(side->nr_sections, sizeof(*side->by_section));
	side->by_symbol = xcalloc(side->nr_symbols, sizeof(struct atom *));
	err_try(cut_sections(side));
	link_cold_parts(side);
	find_leads(side);
	err_try(refs_read(side));
	find_label_tables(side);
	find_initcalls(side);
	find_registered(side);
	find_cuts(side);
	special_find_unknown(side);
	return special_read(side);
}

static void atom_free(struct atom *atom)
{
	vec_free(&atom->refs);
	vec_foreach(&atom->entries, entry)
		vec_free(&entry->refs);
	vec_free(&atom->entries);
	vec_free(&atom->cuts);
	free(atom->canonical);
	free(atom->why);
	free(atom);
}

void side_free(struct side *side)
{
	vec_foreach(&side->atoms, it)
		atom_free(*it);
	vec_free(&side->atoms);
	for (size_t i = 0; i < side->nr_sections; i++)
		vec_free(&side->by_section[i]);
	free(side->by_section);
	free(side->by_symbol);
}
