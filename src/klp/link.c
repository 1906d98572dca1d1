/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links a livepatch module: joins its parts, writes the glue's tables, the names of replacements,
 * .modinfo, and the file.
 */
#include "klp/link.h"

#include "klp/info.h"
#include "klp/new_name.h"
#include "klp/plan.h"

struct err *klp_link(const struct klp_link_spec *spec, const char *path)
{
	scope_klp_symbol_map map = NULL;

	err_try(klp_join(spec, &map));
	err_try(klp_write_plan(spec, map));
	klp_name_replacements(spec, map);
	err_try(klp_write_info(spec));
	return elf_object_write(spec->glue, path);
}
