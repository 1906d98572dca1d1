/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renames the functions of a module that replace others.  With one name for both, /proc/kallsyms
 * would have it twice, and kprobes by name fail then with EADDRNOTAVAIL: number_of_same_symbols()
 * in kernel/trace/trace_kprobe.c counts symbols of modules, too (926fe783c8a6, in 6.1.60 and 6.6).
 * Livepatch itself knows new functions by their addresses only.
 */
#include "klp/new_name.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "klp/join.h"

#define PREFIX_SYMBOL                                                                              \
	"__pfx_"     /* begins the name of the padding before a function (scripts/Makefile.lib) */
#define MAX_NAME 127 /* this is KSYM_NAME_LEN before Linux 6.1, without the NUL */

/* Returns whether the symbol is that function, its cold part or the prefix of one of both. */
static bool is_name_of_function(const char *symbol, const char *function)
{
	size_t len = strlen(function);

	if (str_starts(symbol, PREFIX_SYMBOL))
		symbol += strlen(PREFIX_SYMBOL);
	return !strncmp(symbol, function, len) && (!symbol[len] || !strcmp(symbol + len, ".cold"));
}

static bool is_of_replacement(const struct klp_part *part, const char *symbol)
{
	vec_foreach(&part->funcs, func)
		if (is_name_of_function(symbol, func->new_func->name))
			return true;
	return false;
}

void klp_name_replacements(const struct klp_link_spec *spec, const struct klp_symbol_map *map)
{
	vec_foreach(&spec->parts, part)
		vec_foreach(&(*part)->object->symbols, it) {
			struct elf_symbol *symbol = klp_map_symbol(map, *part, *it);
			scope_free char *name = xasprintf("%s" KLP_NEW_SUFFIX, (*it)->name);

			/*
			 * A name that the kernel would cut stays, as a cut one could be another's.
			 */
			if (symbol && (*it)->section && (*it)->type == STT_FUNC &&
			    strlen(name) <= MAX_NAME && is_of_replacement(*part, (*it)->name))
				elf_rename_symbol(spec->glue, symbol, name);
		}
}
