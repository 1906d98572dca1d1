/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares live patches: which fixes and functions a replacement would lose. */
#include <stdarg.h>
#include <string.h>

#include "base/strbuf.h"
#include "live/fixes.h"
#include "live/lost.h"
#include "live/module.h"
#include "live/patches.h"

static bool module_has_function(const struct live_module *module, const char *object,
				const char *name, unsigned sympos)
{
	/* Modules of other makers do not list their functions, so none is known to be missing. */
	bool found = !module->klp->functions.len;

	vec_foreach(&module->klp->functions, it)
		found |= !strcmp(it->object, object) && !strcmp(it->name, name) &&
			 (it->sympos ?: 1) == (sympos ?: 1);
	return found;
}

static void lost_add(struct strbuf *lost, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void lost_add(struct strbuf *lost, const char *fmt, ...)
{
	va_list ap;

	if (lost->len)
		strbuf_addstr(lost, ", ");
	va_start(ap, fmt);
	strbuf_vaddf(lost, fmt, ap);
	va_end(ap);
}

static void lost_add_cves(struct strbuf *lost, const struct str_vec *old,
			  const struct live_module *module)
{
	scope_str_vec cves = {};

	live_module_cves(module, &cves);
	vec_foreach(old, it)
		if (!str_vec_has(&cves, *it))
			lost_add(lost, "%s", *it);
}

char *live_patch_lost(const struct live_patch *patch, const struct live_module *module)
{
	scope_strbuf lost = STRBUF_INIT;

	if (patch->record)
		lost_add_cves(&lost, &patch->record->cves, module);
	vec_foreach(&patch->objects, object)
		vec_foreach(&object->functions, it)
			if (!module_has_function(module, object->name, it->name, it->sympos))
				lost_add(&lost, "function %s of %s", it->name, object->name);
	return lost.len ? strbuf_detach(&lost) : NULL;
}

char *live_module_lost(const struct live_module *old, const struct live_module *module)
{
	scope_strbuf lost = STRBUF_INIT;
	scope_str_vec cves = {};

	live_module_cves(old, &cves);
	lost_add_cves(&lost, &cves, module);
	vec_foreach(&old->klp->functions, it)
		if (!module_has_function(module, it->object, it->name, it->sympos))
			lost_add(&lost, "function %s of %s", it->name, it->object);
	return lost.len ? strbuf_detach(&lost) : NULL;
}
