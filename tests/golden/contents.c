/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks whether a fixture's objects contain the construct that the fixture is about. It reads them
 * with libelf and not with Suture's own reader, so that both do not share a mistake.
 */
#include <fcntl.h>
#include <fnmatch.h>
#include <gelf.h>
#include <string.h>

#include "diff/diff.h"
#include "elf/elf.h"
#include "fixture.h"
#include "safety/safety.h"

struct object {
	int fd;
	Elf *elf;
	size_t shstrndx;
	Elf_Scn *symtab;
	GElf_Shdr symtab_header;
};

static void object_close(struct object *object)
{
	if (object->elf)
		elf_end(object->elf);
	closep(&object->fd);
}
#define scope_object __attribute__((cleanup(object_close))) struct object

static const char *section_name(struct object *object, Elf_Scn *section)
{
	GElf_Shdr header;

	gelf_getshdr(section, &header);
	return elf_strptr(object->elf, object->shstrndx, header.sh_name);
}

static struct err *object_open(const char *path, struct object *object)
{
	elf_version(EV_CURRENT);
	object->fd = open(path, O_RDONLY | O_CLOEXEC);
	object->elf = elf_begin(object->fd, ELF_C_READ, NULL);
	if (!object->elf || elf_getshdrstrndx(object->elf, &object->shstrndx))
		return err_new("%s: %s", path, elf_errmsg(-1));

	for (Elf_Scn *it = NULL; (it = elf_nextscn(object->elf, it));) {
		gelf_getshdr(it, &object->symtab_header);
		if (object->symtab_header.sh_type == SHT_SYMTAB) {
			object->symtab = it;
			return NULL;
		}
	}
	return err_new("%s: no symbol table", path);
}

/* Returns the name of a symbol's section, or "UND" or "ABS". */
static const char *symbol_section(struct object *object, const GElf_Sym *sym)
{
	if (sym->st_shndx == SHN_UNDEF)
		return "UND";
	if (sym->st_shndx >= SHN_LORESERVE)
		return "ABS";
	return section_name(object, elf_getscn(object->elf, sym->st_shndx));
}

/* Returns a symbol's name; section symbols have their section's name. */
static const char *symbol_name(struct object *object, size_t index, GElf_Sym *sym)
{
	gelf_getsym(elf_getdata(object->symtab, NULL), index, sym);
	if (GELF_ST_TYPE(sym->st_info) == STT_SECTION)
		return symbol_section(object, sym);
	return elf_strptr(object->elf, object->symtab_header.sh_link, sym->st_name);
}

static Elf_Scn *find_section(struct object *object, const char *glob, uint64_t size)
{
	for (Elf_Scn *it = NULL; (it = elf_nextscn(object->elf, it));) {
		GElf_Shdr header;

		gelf_getshdr(it, &header);
		if (!fnmatch(glob, section_name(object, it), 0) &&
		    (size == UINT64_MAX || header.sh_size == size))
			return it;
	}
	return NULL;
}

static bool has_symbol(struct object *object, const char *glob, const char *section, uint64_t size)
{
	size_t count = object->symtab_header.sh_size / object->symtab_header.sh_entsize;

	for (size_t i = 1; i < count; i++) {
		GElf_Sym sym;

		if (!fnmatch(glob, symbol_name(object, i, &sym), 0) &&
		    !fnmatch(section, symbol_section(object, &sym), 0) &&
		    (size == UINT64_MAX || sym.st_size == size))
			return true;
	}
	return false;
}

/* Lists "type target+addend" of every relocation of a section, one on each line. */
static void list_relocs(struct object *object, Elf_Scn *section, struct strbuf *out)
{
	for (Elf_Scn *it = NULL; (it = elf_nextscn(object->elf, it));) {
		GElf_Shdr header;

		gelf_getshdr(it, &header);
		if (header.sh_type != SHT_RELA || header.sh_info != elf_ndxscn(section))
			continue;
		for (size_t i = 0; i < header.sh_size / header.sh_entsize; i++) {
			GElf_Rela rela;
			GElf_Sym sym;

			gelf_getrela(elf_getdata(it, NULL), i, &rela);

			const char *name = symbol_name(object, GELF_R_SYM(rela.r_info), &sym);

			strbuf_addf(out, "%lx %lu %s %+ld\n", rela.r_offset,
				    GELF_R_TYPE(rela.r_info), name, rela.r_addend);
		}
	}
}

static bool has_reloc(struct object *object, const char *target, const char *in)
{
	for (Elf_Scn *it = NULL; (it = elf_nextscn(object->elf, it));) {
		scope_strbuf relocs = STRBUF_INIT;
		scope_str_vec lines = {};

		if (fnmatch(in, section_name(object, it), 0))
			continue;
		list_relocs(object, it, &relocs);
		words_split(relocs.buf, "\n", &lines);
		vec_foreach(&lines, line) {
			scope_str_vec words = {};

			words_split(*line, " ", &words);
			if (!fnmatch(target, words.data[2], 0))
				return true;
		}
	}
	return false;
}

/*
 * section GLOB [SIZE]
 * symbol GLOB [SECTION-GLOB [SIZE]]
 * reloc TARGET-GLOB [SECTION-GLOB]
 */
static struct err *object_has(struct object *object, const char *construct, bool *has)
{
	scope_str_vec words = {};

	words_split(construct, " ", &words);
	if (words.len < 2)
		return err_new("\"%s\" is no construct", construct);

	const char *kind = words.data[0], *glob = words.data[1];
	const char *second = words.len > 2 ? words.data[2] : "*";
	const char *last = words.data[words.len - 1];
	unsigned numbered = !strcmp(kind, "section") ? 3 : 4;
	uint64_t size = words.len == numbered ? strtoull(last, NULL, 0) : UINT64_MAX;

	if (!strcmp(kind, "section"))
		*has = find_section(object, glob, size) != NULL;
	else if (!strcmp(kind, "symbol"))
		*has = has_symbol(object, glob, second, size);
	else if (!strcmp(kind, "reloc"))
		*has = has_reloc(object, glob, second);
	else
		return err_new("\"%s\": want section, symbol or reloc", construct);
	return NULL;
}

/* Checks "same SECTION…" or "differ SECTION…", for the bytes or for the relocations. */
static struct err *check_sections(struct fixture *fixture, struct object objects[SIDES],
				  const struct directive *directive)
{
	bool relocs = !strcmp(directive->word, "relocs");
	scope_str_vec words = {};

	words_split(directive->args, " ", &words);
	for (unsigned i = 1; i < words.len; i++) {
		struct strbuf found[SIDES] = {STRBUF_INIT, STRBUF_INIT};

		for (unsigned side = 0; side < SIDES; side++) {
			Elf_Scn *section = find_section(&objects[side], words.data[i], UINT64_MAX);

			if (!section)
				return err_new("no section %s", words.data[i]);
			if (relocs) {
				list_relocs(&objects[side], section, &found[side]);
			} else {
				Elf_Data *data = elf_getdata(section, NULL);

				strbuf_add(&found[side], data->d_buf ?: "", data->d_size);
			}
		}

		bool same = found[BEFORE].len == found[AFTER].len &&
			    !memcmp(found[BEFORE].buf, found[AFTER].buf, found[BEFORE].len);

		if (same != !strcmp(words.data[0], "same"))
			fixture_problem(fixture, "%s of %s: want %s", directive->word,
					words.data[i], words.data[0]);
		strbuf_free(&found[BEFORE]);
		strbuf_free(&found[AFTER]);
	}
	return NULL;
}

/* Words that claim something of one side or of both. */
static const struct claim {
	const char *word;
	unsigned sides;
	bool want;
} claims[] = {
	{"contains", 1 << BEFORE | 1 << AFTER, true}, {"contains-before", 1 << BEFORE, true},
	{"contains-after", 1 << AFTER, true},	      {"part-contains", 1 << PART, true},
	{"lacks", 1 << BEFORE | 1 << AFTER, false},   {"lacks-before", 1 << BEFORE, false},
	{"lacks-after", 1 << AFTER, false},	      {"part-lacks", 1 << PART, false},
};

static const char *const object_names[OBJECTS] = {"before", "after", "part"};

/* Checks what the directive claims of one of the objects. */
static struct err *check_claim(struct fixture *fixture, enum side side, struct object *object,
			       const struct directive *directive)
{
	for (unsigned i = 0; i < array_size(claims); i++) {
		bool has;

		if (strcmp(directive->word, claims[i].word) || !(claims[i].sides & 1 << side))
			continue;
		err_try(object_has(object, directive->args, &has));
		if (has != claims[i].want)
			fixture_problem(fixture, "%s: the object %s %s", object_names[side],
					claims[i].want ? "lacks" : "contains", directive->args);
	}
	return NULL;
}

struct err *fixture_check_contents(struct fixture *fixture)
{
	scope_object before = {.fd = -1}, after = {.fd = -1};
	unsigned checks = 0;

	err_try(object_open(fixture->object[BEFORE], &before));
	err_try(object_open(fixture->object[AFTER], &after));

	struct object objects[SIDES] = {before, after};

	vec_foreach(&fixture->directives, it) {
		bool sections = !strcmp(it->word, "bytes") || !strcmp(it->word, "relocs");

		checks += sections || str_starts(it->word, "contains") ||
			  str_starts(it->word, "lacks");
		if (sections)
			err_try(check_sections(fixture, objects, it));
		err_try(check_claim(fixture, BEFORE, &before, it));
		err_try(check_claim(fixture, AFTER, &after, it));
	}
	if (!checks)
		fixture_problem(fixture, "nothing asserts that the construct is there");
	return NULL;
}

/* Adds what the rules say about the part to the differ's own findings. */
static void add_findings(const struct diff_part *part, json_t *diff)
{
	scope_findings findings = {};

	safety_check_part(part, "part", &findings);
	vec_foreach(&findings, it)
		json_array_append_new(json_object_get(diff, "findings"),
				      json_pack("{s:s, s:s, s:s}", "rule", it->rule, "severity",
						severity_name(it->severity), "message",
						it->message));
}

static struct err *make_part(struct fixture *fixture, json_t *report)
{
	const struct diff_select_options options = {};
	scope_elf before = NULL;
	scope_elf after = NULL;
	scope_diff diff = NULL;
	scope_diff_part part = NULL;

	err_try(elf_object_open(fixture->object[BEFORE], &before));
	err_try(elf_object_open(fixture->object[AFTER], &after));
	err_try(diff_new(before, after, &diff));
	err_try(diff_select(diff, &options, &part));
	add_findings(part, report);
	fixture->object[PART] = xasprintf("%s/part.o", fixture->dir);
	return elf_object_write(part->object, fixture->object[PART]);
}

struct err *fixture_check_part(struct fixture *fixture, json_t *diff)
{
	scope_object part = {.fd = -1};

	err_try(make_part(fixture, diff));
	err_try(object_open(fixture->object[PART], &part));
	vec_foreach(&fixture->directives, it)
		err_try(check_claim(fixture, PART, &part, it));
	return NULL;
}
