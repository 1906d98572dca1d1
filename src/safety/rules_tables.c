/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on tables beside the code that a live patch does not carry: the kernel used its own when it
 * was built, at boot, or when the module was loaded.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/code.h"
#include "safety/safety.h"

/* A longer name is cut, since its end says nothing new. */
#define MAX_NAME 60

enum form {
	BY_SYMBOL, /* each entry has a name, and bytes */
	BY_TARGET, /* each entry is a pointer to its function, and bytes */
	BY_STRING,
};

struct table {
	const char *section; /* the prefix of its name */
	enum form form;
	enum severity severity;
	const char *effect, *remedy;
};

static const struct table tables[] = {
	/* resolve_btfids fills these in when vmlinux or the module is linked. */
	{".BTF_ids", BY_SYMBOL, SEVERITY_REFUSE,
	 "BPF programs can still use the functions that the kernel was built with",
	 "leave it out of the patch, or reboot for this change"},
	{"_kprobe_blacklist", BY_TARGET, SEVERITY_WARN,
	 "the kernel still allows and refuses kprobes at the same places as before",
	 "check that nobody sets a kprobe where the patch intends to forbid it"},
	{"_error_injection_whitelist", BY_TARGET, SEVERITY_WARN,
	 "the kernel still allows error injection at the same places as before",
	 "check that nobody injects errors where the patch intends to forbid it"},
	{".initcall", BY_TARGET, SEVERITY_NOTE,
	 "init functions have already run, in their old order", NULL},
	{"___ksymtab", BY_SYMBOL, SEVERITY_NOTE, "modules still find the kernel's old exports",
	 NULL},
	{".export_symbol", BY_SYMBOL, SEVERITY_NOTE, "modules still find the kernel's old exports",
	 NULL},
	{".modinfo", BY_STRING, SEVERITY_NOTE,
	 "the module's own information stays as it is (aliases, firmware, descriptions)", NULL},
};

/*
 * Returns the length without the number that the compiler adds to "__BTF_ID__func__foo__123" and
 * "__UNIQUE_ID_x12".
 */
static size_t unnumbered(const char *name)
{
	size_t len = strlen(name), digits = len;

	while (digits && isdigit((unsigned char)name[digits - 1]))
		digits--;
	if (str_starts(name, "__BTF_ID__") && digits > 2 && !strncmp(name + digits - 2, "__", 2))
		return digits - 2;
	return str_starts(name, "__UNIQUE_ID_") ? digits : len;
}

/* Returns the name of an entry as people know it. */
static const char *table_bare_name(const char *entry)
{
	static const char *const prefixes[] = {"__BTF_ID__", "__ksymtab_", "__export_symbol_"};
	const char *behind = str_behind(entry, prefixes, array_size(prefixes));

	return behind ? behind : entry;
}

struct table_entry {
	char *name;
	char *group; /* shown after the name: "(ksymtab_gpl)"; or NULL */
	char *bytes; /* bytes without relocations, compared as a whole; NULL if all are zero */
};

struct table_entry_vec VEC(struct table_entry);

/* Returns the bytes other than 0 of from..to that no relocation covers; free(). */
static char *entry_bytes(const struct elf_section *section, uint64_t from, uint64_t to)
{
	scope_strbuf out = STRBUF_INIT;

	for (uint64_t i = from; section->data && i < to; i++) {
		bool covered = false;

		vec_foreach(&section->relas, rela)
			covered |= i - rela->offset < elf_rela_width(rela->type);
		if (!covered && section->data[i])
			strbuf_addf(&out, "+%llu:%02x,", (unsigned long long)(i - from),
				    section->data[i]);
	}
	return out.len ? strbuf_detach(&out) : NULL;
}

/* Returns the start of the section's next symbol. */
static uint64_t table_entry_end(const struct elf_object *object, const struct elf_symbol *symbol)
{
	uint64_t end = symbol->section->size;

	vec_foreach(&object->symbols, it)
		if ((*it)->section == symbol->section && (*it)->value > symbol->value &&
		    (*it)->value < end)
			end = (*it)->value;
	return end;
}

static void table_read_symbols(const struct elf_object *object, const struct elf_section *section,
			       struct table_entry_vec *entries)
{
	vec_foreach(&object->symbols, it) {
		const struct elf_symbol *symbol = *it;
		struct table_entry entry = {};

		if (symbol->section != section || symbol->type == STT_SECTION || !*symbol->name)
			continue;
		entry.name = xstrndup(symbol->name, unnumbered(symbol->name));
		/* The section "___ksymtab_gpl+foo" says who may use the export. */
		if (str_starts(section->name, "___ksymtab"))
			entry.group = xasprintf("(%.*s)", (int)strcspn(section->name + 3, "+"),
						section->name + 3);
		entry.bytes = entry_bytes(section, symbol->value, table_entry_end(object, symbol));
		vec_push(entries, entry);
	}
}

/*
 * Returns the function that a pointer in data leads to, also where the relocation names a section.
 */
static const char *pointed_at(const struct elf_object *object, const struct elf_rela *rela)
{
	vec_foreach(&object->symbols, it)
		if (rela->symbol->type == STT_SECTION && (*it)->type == STT_FUNC &&
		    (*it)->section == rela->symbol->section &&
		    (*it)->value == (uint64_t)rela->addend)
			return (*it)->name;
	return rela->symbol->name;
}

static void table_read_targets(const struct elf_object *object, const struct elf_section *section,
			       struct table_entry_vec *entries)
{
	for (size_t i = 0; i < section->relas.len; i++) {
		const struct elf_rela *rela = &section->relas.data[i];
		uint64_t end = i + 1 < section->relas.len ? rela[1].offset : section->size;
		struct table_entry entry = {.name = xstrdup(pointed_at(object, rela))};

		if (str_starts(section->name, ".initcall"))
			entry.group = xasprintf("(%s)", section->name);
		entry.bytes = entry_bytes(section, rela->offset, end);
		vec_push(entries, entry);
	}
}

static void table_read_strings(const struct elf_section *section, struct table_entry_vec *entries)
{
	const char *at = (const char *)section->data;

	for (uint64_t left = section->data ? section->size : 0; left;) {
		size_t len = strnlen(at, left);

		if (len)
			vec_push(entries, (struct table_entry){.name = xstrndup(at, len)});
		len += len < left;
		at += len;
		left -= len;
	}
}

/* Returns whether two entries have the same name, whatever their bytes are. */
static int compare_names(const struct table_entry *a, const struct table_entry *b)
{
	int order = strcmp(a->name, b->name);

	return order ? order : str_compare(a->group, b->group);
}

static int compare_entries(const void *a, const void *b)
{
	const struct table_entry *x = a, *y = b;
	int order = compare_names(x, y);

	return order ? order : str_compare(x->bytes, y->bytes);
}

/* A table of one version of the unit; its entries are sorted. */
struct table_side {
	const struct elf_object *object;
	struct table_entry_vec entries;
};

static void table_side_free(struct table_side *side)
{
	vec_foreach(&side->entries, it) {
		free(it->name);
		free(it->group);
		free(it->bytes);
	}
	vec_free(&side->entries);
}

#define scope_table_side __attribute__((cleanup(table_side_free))) struct table_side

static void read_table(const struct table *table, struct table_side *side)
{
	const struct elf_object *object = side->object;
	struct table_entry_vec *entries = &side->entries;

	vec_foreach(&object->sections, it) {
		if (!str_starts((*it)->name, table->section) || (*it)->type == SHT_RELA)
			continue;
		if (table->form == BY_SYMBOL)
			table_read_symbols(object, *it, entries);
		else if (table->form == BY_TARGET)
			table_read_targets(object, *it, entries);
		else
			table_read_strings(*it, entries);
	}
	if (entries->len)
		qsort(entries->data, entries->len, sizeof(*entries->data), compare_entries);
}

/* Returns whether another rule reports the entry when it is new or removed. */
static bool is_reported_elsewhere(const struct table *table, const struct table_entry *entry,
				  const struct elf_object *other)
{
	if (table->form == BY_STRING)
		return str_starts(entry->name, "parm");
	return table->severity == SEVERITY_NOTE && !elf_find_symbol(other, entry->name);
}

static bool table_has_name(const struct table_side *side, const struct table_entry *entry)
{
	vec_foreach(&side->entries, it)
		if (!compare_names(it, entry))
			return true;
	return false;
}

static void table_add_name(struct names *names, const struct table_entry *entry)
{
	scope_free char *shown =
		xasprintf("%s%s%s", table_bare_name(entry->name), entry->group ? " " : "",
			  entry->group ? entry->group : "");

	names_add(names, "%.*s", MAX_NAME, shown);
}

/*
 * Adds "VERB a, b": the entries that a has more often than b. named selects between those whose
 * name b has, with other bytes, and those whose name b lacks.
 */
static void table_add_missing(const struct table *table, const struct table_side *a,
			      const struct table_side *b, const char *verb, bool named,
			      struct strbuf *out)
{
	scope_names names = NAMES_INIT(NAMES_SHOWN);
	const struct table_entry_vec *others = &b->entries;
	size_t k = 0;

	vec_foreach(&a->entries, it) {
		while (k < others->len && compare_entries(&others->data[k], it) < 0)
			k++;
		if (k < others->len && !compare_entries(&others->data[k], it)) {
			k++;
			continue;
		}
		if (!is_reported_elsewhere(table, it, b->object) && table_has_name(b, it) == named)
			table_add_name(&names, it);
	}
	if (!names.count)
		return;

	scope_free char *list = names_end(&names);

	strbuf_addf(out, "%s%s %s", out->len ? "; " : "", verb, list);
}

/* Reports existing functions that only the new version registers to be called at boot. */
static void check_initcalls(const struct table_side *before, const struct table_side *after,
			    const char *file, struct finding_vec *findings)
{
	vec_foreach(&after->entries, it) {
		bool known = false;

		vec_foreach(&before->entries, was)
			known |= !strcmp(was->name, it->name);
		if (!known && elf_find_symbol(before->object, it->name))
			finding_add(findings, "registration", file, it->name,
				    "reboot for this change, or call it from a patch callback",
				    "would only be called by the kernel at boot, which is over");
	}
}

void safety_check_tables(const struct elf_object *orig, const struct elf_object *patched,
			 const char *file, struct finding_vec *findings)
{
	for (size_t i = 0; i < array_size(tables); i++) {
		const struct table *table = &tables[i];
		scope_table_side before = {.object = orig};
		scope_table_side after = {.object = patched};
		scope_strbuf what = STRBUF_INIT;

		read_table(table, &before);
		read_table(table, &after);
		table_add_missing(table, &after, &before, "adds", false, &what);
		table_add_missing(table, &before, &after, "drops", false, &what);
		table_add_missing(table, &after, &before, "changes", true, &what);
		if (!strcmp(table->section, ".initcall"))
			check_initcalls(&before, &after, file, findings);
		if (!what.len)
			continue;
		finding_add(findings, "table-changed", file, table->section, table->remedy,
			    "%s; a live patch does not change this table: %s", what.buf,
			    table->effect);
		finding_soften(findings, table->severity);
	}
}
