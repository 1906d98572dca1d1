/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on tables that stand beside the code and that a live patch does not carry over: the kernel
 * read its own when it was built, when it started or when the module was loaded.
 */
#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "safety/code.h"
#include "safety/safety.h"

/* A longer name is cut: its end says nothing new. */
#define MAX_NAME 60

enum form {
	BY_SYMBOL, /* each entry has a name, and bytes */
	BY_TARGET, /* each entry is a pointer to what it is for, and bytes */
	BY_STRING,
};

struct table {
	const char *section; /* what its name begins with */
	enum form form;
	enum severity severity;
	const char *effect, *remedy;
};

static const struct table tables[] = {
	/* resolve_btfids fills them in when vmlinux or the module is linked. */
	{".BTF_ids", BY_SYMBOL, SEVERITY_REFUSE,
	 "the kernel goes on letting BPF programs use what it was built with",
	 "leave it out of the patch, or reboot for this change"},
	{"_kprobe_blacklist", BY_TARGET, SEVERITY_WARN,
	 "the kernel goes on allowing kprobes where it did, and refusing them where it did",
	 "see that nobody puts a kprobe where the patch means to forbid it"},
	{"_error_injection_whitelist", BY_TARGET, SEVERITY_WARN,
	 "the kernel goes on allowing errors to be injected where it did",
	 "see that nobody injects errors where the patch means to forbid it"},
	{".initcall", BY_TARGET, SEVERITY_NOTE, "what starts has started, in the order that it had",
	 NULL},
	{"___ksymtab", BY_SYMBOL, SEVERITY_NOTE, "modules find the kernel's exports as they were",
	 NULL},
	{".export_symbol", BY_SYMBOL, SEVERITY_NOTE,
	 "modules find the kernel's exports as they were", NULL},
	{".modinfo", BY_STRING, SEVERITY_NOTE,
	 "what the module says of itself stays as it is (aliases, firmware, descriptions)", NULL},
};

/* "__BTF_ID__func__foo__123" and "__UNIQUE_ID_x12" are numbered by the place in the file. */
static size_t unnumbered(const char *name)
{
	size_t len = strlen(name), digits = len;

	while (digits && isdigit((unsigned char)name[digits - 1]))
		digits--;
	if (str_starts(name, "__BTF_ID__") && digits > 2 && !strncmp(name + digits - 2, "__", 2))
		return digits - 2;
	return str_starts(name, "__UNIQUE_ID_") ? digits : len;
}

/* For people. */
static const char *bare(const char *entry)
{
	static const char *const prefixes[] = {"__BTF_ID__", "__ksymtab_", "__export_symbol_"};

	for (size_t i = 0; i < array_size(prefixes); i++)
		if (str_starts(entry, prefixes[i]))
			return entry + strlen(prefixes[i]);
	return entry;
}

/* Bytes from..to that no relocation covers; what only says zero is left out. */
static void add_bytes(const struct elf_section *section, uint64_t from, uint64_t to,
		      struct strbuf *out)
{
	bool any = false;

	for (uint64_t i = from; section->data && i < to; i++) {
		bool covered = false;

		vec_foreach(&section->relas, rela)
			covered |= i - rela->offset < elf_rela_width(rela->type);
		if (covered || !section->data[i])
			continue;
		strbuf_addf(out, "%s+%llu:%02x", any ? "," : " ", (unsigned long long)(i - from),
			    section->data[i]);
		any = true;
	}
}

/* Up to the next symbol of the section. */
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
			       struct str_vec *lines)
{
	vec_foreach(&object->symbols, it) {
		scope_strbuf line = STRBUF_INIT;
		const struct elf_symbol *symbol = *it;

		if (symbol->section != section || symbol->type == STT_SECTION || !*symbol->name)
			continue;
		strbuf_add(&line, symbol->name, unnumbered(symbol->name));
		/* "___ksymtab_gpl+foo" says who may use it. */
		if (str_starts(section->name, "___ksymtab"))
			strbuf_addf(&line, " (%.*s)", (int)strcspn(section->name + 3, "+"),
				    section->name + 3);
		add_bytes(section, symbol->value, table_entry_end(object, symbol), &line);
		vec_push(lines, strbuf_detach(&line));
	}
}

/* The function that a pointer in data is to, also where it names a section. */
static const char *pointed_at(const struct elf_object *object, const struct elf_rela *rela)
{
	vec_foreach(&object->symbols, it)
		if (rela->symbol->type == STT_SECTION && (*it)->type == STT_FUNC &&
		    (*it)->section == rela->symbol->section &&
		    (*it)->value == (uint64_t)rela->addend)
			return (*it)->name;
	return rela->symbol->name;
}

static void read_targets(const struct elf_object *object, const struct elf_section *section,
			 struct str_vec *lines)
{
	for (size_t i = 0; i < section->relas.len; i++) {
		const struct elf_rela *rela = &section->relas.data[i];
		uint64_t end = i + 1 < section->relas.len ? rela[1].offset : section->size;
		scope_strbuf line = STRBUF_INIT;

		strbuf_addstr(&line, pointed_at(object, rela));
		if (str_starts(section->name, ".initcall"))
			strbuf_addf(&line, " (%s)", section->name);
		add_bytes(section, rela->offset, end, &line);
		vec_push(lines, strbuf_detach(&line));
	}
}

static void table_read_strings(const struct elf_section *section, struct str_vec *lines)
{
	const char *at = (const char *)section->data;

	for (uint64_t left = section->data ? section->size : 0; left;) {
		size_t len = strnlen(at, left);

		if (len)
			vec_push(lines, xstrndup(at, len));
		len += len < left;
		at += len;
		left -= len;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A table as one version of the unit has it, a line an entry; sorted. */
struct table_side {
	const struct elf_object *object;
	struct str_vec lines;
};

static void table_side_free(struct table_side *side)
{
	str_vec_free(&side->lines);
}

#define scope_table_side __attribute__((cleanup(table_side_free))) struct table_side

static void read_table(const struct table *table, struct table_side *side)
{
	const struct elf_object *object = side->object;
	struct str_vec *lines = &side->lines;

	vec_foreach(&object->sections, it) {
		if (!str_starts((*it)->name, table->section) || (*it)->type == SHT_RELA)
			continue;
		if (table->form == BY_SYMBOL)
			table_read_symbols(object, *it, lines);
		else if (table->form == BY_TARGET)
			read_targets(object, *it, lines);
		else
			table_read_strings(*it, lines);
	}
	if (lines->len)
		qsort(lines->data, lines->len, sizeof(*lines->data), by_text);
}

/* Told by a rule of its own, if it is new or gone as a whole. */
static bool is_told_elsewhere(const struct table *table, const char *line,
			      const struct elf_object *other)
{
	scope_free char *name = xstrndup(line, strcspn(line, " "));

	if (table->form == BY_STRING)
		return str_starts(line, "parm");
	if (table->severity > SEVERITY_NOTE)
		return false;
	return !elf_find_symbol(other, name);
}

/* Without the bytes. */
static size_t table_name_length(const char *line)
{
	const char *bytes = strstr(line, " +");

	return bytes ? (size_t)(bytes - line) : strlen(line);
}

static bool table_has_name(const struct str_vec *lines, const char *line)
{
	size_t len = table_name_length(line);

	vec_foreach(lines, it)
		if (table_name_length(*it) == len && !strncmp(*it, line, len))
			return true;
	return false;
}

static void table_add_name(struct names *names, const char *entry)
{
	size_t len = table_name_length(entry);

	names_add(names, "%.*s", (int)(len < MAX_NAME ? len : MAX_NAME), entry);
}

/*
 * "adds a, b": lines of a that b lacks, as often as it does; of those whose name it has the one
 * kind, and of the others the other.
 */
static void table_add_missing(const struct table *table, const struct table_side *a,
			      const struct table_side *b, const char *verb, bool named,
			      struct strbuf *out)
{
	scope_names names = NAMES_INIT(NAMES_SHOWN);
	size_t k = 0;

	vec_foreach(&a->lines, it) {
		while (k < b->lines.len && strcmp(b->lines.data[k], *it) < 0)
			k++;
		if (k < b->lines.len && !strcmp(b->lines.data[k], *it)) {
			k++;
			continue;
		}
		if (!is_told_elsewhere(table, *it, b->object) &&
		    table_has_name(&b->lines, *it) == named)
			table_add_name(&names, bare(*it));
	}
	if (!names.count)
		return;

	scope_free char *list = names_end(&names);

	strbuf_addf(out, "%s%s %s", out->len ? "; " : "", verb, list);
}

/* A function that was there and that the kernel should call at start now. */
static void check_initcalls(const struct str_vec *before, const struct str_vec *after,
			    const struct elf_object *orig, const char *file,
			    struct finding_vec *findings)
{
	vec_foreach(after, it) {
		scope_free char *name = xstrndup(*it, strcspn(*it, " "));
		bool known = false;

		vec_foreach(before, was)
			known |= !strncmp(*was, name, strlen(name)) && (*was)[strlen(name)] == ' ';
		if (!known && elf_find_symbol(orig, name))
			finding_add(findings, "registration", file, name,
				    "reboot for this change, or call it from a patch callback",
				    "is called by the kernel at start now, which has long passed");
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
			check_initcalls(&before.lines, &after.lines, orig, file, findings);
		if (!what.len)
			continue;
		finding_add(findings, "table-changed", file, table->section, table->remedy,
			    "%s; a live patch does not change it: %s", what.buf, table->effect);
		finding_soften(findings, table->severity);
	}
}
