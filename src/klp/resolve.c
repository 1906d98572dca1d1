/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds the symbols that a part leaves undefined, by where they are defined:
 *
 *   new in another part of the patch    that part's symbol
 *   exported by vmlinux                 an import with its CRC
 *   anything else of vmlinux            a livepatch symbol of vmlinux
 *   the module that is patched          a livepatch symbol of that module
 *   exported by a module it depends on  a livepatch symbol of the exporting module
 */
#include "klp/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "klp/glue.h"
#include "klp/landing.h"
#include "klp/plain.h"
#include "klp/prove.h"

/* struct modversion_info has room for names of this length. */
#define MAX_IMPORT_NAME 55

/*
 * EXPORT_SYMBOL_FOR_MODULES() names the modules that may import: "module:kvm,kvm-*".  A module that
 * asks for such a namespace is refused with EPERM (707f853d7fa3, "module: Provide
 * EXPORT_SYMBOL_FOR_MODULES() helper", Linux 6.16); livepatch symbols need no export.
 */
#define RESERVED_NAMESPACE "module:"

static bool is_vmlinux(const char *owner)
{
	return !strcmp(owner, "vmlinux");
}

static void piece_refuse(struct piece *piece, const char *rule, const char *name,
			 const char *remedy, const char *why)
{
	finding_add(&piece->build->report->findings, rule, piece->unit->source->source, name,
		    remedy, "%s", why);
}

static bool piece_defines(const struct piece *piece, const char *name)
{
	vec_foreach(&piece->selected->object->symbols, it)
		if ((*it)->section && (*it)->bind != STB_LOCAL && !strcmp((*it)->name, name))
			return true;
	return false;
}

static bool is_new_elsewhere(const struct piece *piece, const char *name)
{
	vec_foreach(&piece->build->pieces, it)
		if (*it != piece && piece_defines(*it, name))
			return true;
	return !strcmp(name, GLUE_PATCH);
}

/* Compares names of modules, of which file names contain the '-' that the kernel turns into '_'. */
static bool same_module_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
	return *a == *b;
}

static bool depends_on(const struct elf_object *module, const char *name)
{
	const struct elf_section *info = elf_find_section(module, ".modinfo");
	struct cursor cur =
		cursor_at(info ? (struct bytes){info->data, info->size} : (struct bytes){}, 0);

	while (cursor_left(&cur)) {
		const char *entry = cursor_string(&cur);

		if (!entry)
			break;
		if (!str_starts(entry, "depends="))
			continue;

		scope_free char *list = xstrdup(entry + strlen("depends="));
		char *save = NULL;

		for (char *one = strtok_r(list, ",", &save); one; one = strtok_r(NULL, ",", &save))
			if (same_module_name(one, name))
				return true;
	}
	return false;
}

static size_t count_symbols(const struct elf_object *module, const char *name)
{
	size_t count = 0;

	vec_foreach(&module->symbols, it)
		count += (*it)->section && (*it)->section->flags & SHF_ALLOC &&
			 !strcmp((*it)->name, name);
	return count;
}

static void refuse_pointer(struct piece *piece, const char *name)
{
	if (landing_is_mark(name))
		return;
	piece_refuse(
		piece, "sealed-function", name, "point at a new function that calls it",
		"the patched code takes its address; nothing in the kernel does, so IBT has sealed it against indirect calls");
}

/* Binds a symbol of another module, on which the patched one must depend so that it is loaded. */
static struct err *bind_foreign(struct piece *piece, const struct target_export *export,
				bool pointed_at, struct klp_binding *binding, bool *bound)
{
	const struct elf_object *module;

	*bound = false;
	if (is_vmlinux(piece->owner)) {
		piece_refuse(piece, "symbol-in-module", export->symbol,
			     "use only symbols that vmlinux defines",
			     "is defined by a module, which vmlinux cannot depend on");
		return NULL;
	}
	if (!depends_on(piece->module, export->owner)) {
		piece_refuse(piece, "new-dependency", export->symbol,
			     "use only symbols of modules that the module already depends on",
			     "is exported by a module that the patched one does not depend on");
		return NULL;
	}
	err_try(build_open_module(piece->build, export->owner, &module));
	if (!module || count_symbols(module, export->symbol) != 1) {
		piece_refuse(piece, "symbol-unproven", export->symbol, NULL,
			     "does not occur exactly once in the module that exports it");
		return NULL;
	}
	binding->kind = KLP_SYMBOL;
	binding->object = export->owner;
	*bound = true;
	if (pointed_at && landing_is_missing_at(piece->build, module, export->symbol))
		refuse_pointer(piece, export->symbol);
	return NULL;
}

/* Returns whether the symbol marks an end of the boot-time memory, which code may compare with. */
static bool is_boundary(const char *name)
{
	return !strcmp(name, "_sinittext") || !strcmp(name, "_einittext") ||
	       !strcmp(name, "__init_begin") || !strcmp(name, "__init_end");
}

/*
 * Returns whether the symbol's memory is freed once the kernel or the module has been initialised.
 */
static bool is_start_memory(const struct piece *piece, const struct match_result *result)
{
	const struct image_symbol *const *begin, *const *end;
	const struct image *image = piece->build->image;

	if (result->section)
		return str_starts(result->section->name, ".init.");
	if (!image_find(image, "__init_begin", &begin) || !image_find(image, "__init_end", &end))
		return false;
	return result->address >= begin[0]->address && result->address < end[0]->address;
}

static struct err *bind_matched(struct piece *piece, const struct diff_external *external,
				struct klp_binding *binding, bool *bound)
{
	const struct elf_symbol *orig = unit_shipped(piece->unit, external->orig);
	struct match_result result = {.proof = MATCH_ABSENT};

	if (orig)
		err_try(match_symbol(piece->match, orig, &result));
	else if (!external->orig || !external->orig->section)
		err_try(match_name(piece->match, binding->name, &result));
	*bound = result.proof == MATCH_EXACT || result.proof == MATCH_OVERRIDE;
	if (!*bound) {
		finding_add(
			&piece->build->report->findings, "symbol-unproven",
			piece->unit->source->source, binding->name,
			"avoid the symbol in the patched code",
			"the patched code needs it, but its address in the kernel is not proven (%s)%s%s",
			match_proof_name(result.proof), result.why ? ": " : "",
			result.why ? result.why : "");
		return NULL;
	}
	if (is_start_memory(piece, &result) && !is_boundary(binding->name)) {
		*bound = false;
		piece_refuse(
			piece, "init-reference", binding->name,
			"use code and data that remain after boot, or avoid the reference",
			"the patched code refers to it, but its memory is freed once the kernel or the module has been initialised");
		return NULL;
	}
	binding->kind = KLP_SYMBOL;
	binding->object = result.section ? piece->owner : "vmlinux";
	binding->sympos = result.sympos;
	if (!result.section)
		binding->base = anchor_reach(&piece->build->anchor, binding->name, result.sympos,
					     &binding->distance);
	if (external->pointed_at &&
	    landing_is_missing(piece->build, result.section ? piece->module : NULL, result.section,
			       result.address))
		refuse_pointer(piece, binding->name);
	return NULL;
}

bool resolve_can_import(const struct target_export *export)
{
	return is_vmlinux(export->owner) && strlen(export->symbol) <= MAX_IMPORT_NAME &&
	       !str_starts(export->ns, RESERVED_NAMESPACE);
}

static struct err *bind_external(struct piece *piece, const struct diff_external *external)
{
	const struct target *target = piece->build->spec->target;
	const struct elf_symbol *orig = unit_shipped(piece->unit, external->orig);
	struct klp_binding binding = {
		.symbol = external->symbol,
		.name = external->symbol->name,
		.ns = "",
	};
	bool own = orig && orig->section; /* the unit itself defines the symbol */
	const struct target_export *export =
		own && (orig->bind == STB_LOCAL || !is_vmlinux(piece->owner))
			? NULL
			: target_export_find(target, binding.name);
	bool bound = true;

	if (!orig && is_new_elsewhere(piece, binding.name)) {
		binding.kind = KLP_INTERNAL;
	} else if (export && resolve_can_import(export)) {
		binding.kind = KLP_IMPORT;
		binding.crc = export->crc;
		binding.ns = export->ns;
		if (external->pointed_at && landing_is_missing_at(piece->build, NULL, binding.name))
			refuse_pointer(piece, binding.name);
	} else if (export && !is_vmlinux(export->owner) && strcmp(export->owner, piece->owner)) {
		err_try(bind_foreign(piece, export, external->pointed_at, &binding, &bound));
	} else {
		err_try(bind_matched(piece, external, &binding, &bound));
	}
	if (bound)
		vec_push(&piece->part.bindings, binding);
	return NULL;
}

static const struct klp_binding *binding_of(const struct piece *piece,
					    const struct elf_symbol *symbol)
{
	vec_foreach(&piece->part.bindings, it)
		if (it->symbol == symbol)
			return it;
	return NULL;
}

/*
 * Reports special sections that refer to a module's symbols.  The kernel applies the alternatives,
 * jump labels and the like of a patch when the patch is loaded, but relocations filed under a
 * module only when that module is loaded.
 */
static void check_late_relocations(struct piece *piece)
{
	vec_foreach(&piece->selected->object->sections, it) {
		const struct elf_section *section = *it;

		if (!diff_section_is_list(section->name) && !str_starts(section->name, ".altinstr"))
			continue;
		vec_foreach(&section->relas, rela) {
			const struct klp_binding *binding = binding_of(piece, rela->symbol);

			if (binding && binding->kind == KLP_SYMBOL && !is_vmlinux(binding->object))
				piece_refuse(
					piece, "late-relocation", binding->name,
					"avoid the construct in the patched code",
					"a special section refers to a module's symbol, which is resolved only after the section has been applied");
		}
	}
}

static struct err *add_functions(struct piece *piece)
{
	vec_foreach(&piece->selected->replacements, it) {
		const struct elf_symbol *orig = unit_shipped(piece->unit, it->orig);
		struct match_result result;

		if (!orig)
			return err_new("%s: %s is not one of the kernel's functions",
				       piece->part.file, it->orig->name);
		err_try(piece_prove_replaced(piece, orig, &result));
		if (result.proof == MATCH_EXACT)
			vec_push(&piece->part.funcs,
				 (struct klp_func){orig->name, result.sympos, it->replacement});
	}
	return NULL;
}

struct err *piece_resolve(struct piece *piece)
{
	piece->part.owner = piece->owner;
	piece->part.file = piece->unit->source->source;
	piece->part.object = piece->selected->object;
	vec_foreach(&piece->selected->externals, it)
		err_try(bind_external(piece, it));
	check_late_relocations(piece);
	return add_functions(piece);
}

bool piece_key_in_module(void *ctx, const char *symbol, bool defined_here)
{
	const struct piece *piece = ctx;
	const struct target_export *export;
	const struct image_symbol *const *matches;

	if (is_vmlinux(piece->owner))
		return false;
	if (defined_here)
		return true;
	export = target_export_find(piece->build->spec->target, symbol);
	if (export)
		return !is_vmlinux(export->owner);
	/* Another unit defines the key: it is the module's, unless only vmlinux has the name. */
	return count_symbols(piece->module, symbol) ||
	       !image_find(piece->build->image, symbol, &matches);
}
