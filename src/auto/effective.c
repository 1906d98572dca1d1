/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells the effective version, from the kernel's own and the claim of the live patch that runs. */
#include "auto/effective.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "advise/kernels.h"
#include "base/alloc.h"
#include "base/path.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "live/live.h"

void auto_effective_free(struct auto_effective *effective)
{
	free(effective->kernel);
	free(effective->version);
	free(effective->to);
	free(effective->patch);
	*effective = (struct auto_effective){};
}

/* Reads the numbers of CVE ids from the list of units beside the module. */
static void effective_read_cves(const struct root *root, const char *module,
				struct auto_effective *effective)
{
	const char *ending = path_module_ending(module);
	scope_free char *text = NULL;
	int carried, open;

	if (!root_is_machine(root) || !ending)
		return;

	scope_free char *list =
		xasprintf("%.*s.cover.json", (int)(strlen(module) - strlen(ending)), module);

	err_free(root_read(root, list, &text));

	scope_json object = text ? json_loads(text, 0, NULL) : NULL;

	if (!object || json_unpack(object, "{s:{s:{s:i, s:i}}}", "totals", "cves", "carried",
				   &carried, "open", &open))
		return;
	effective->cves_carried = carried;
	effective->cves_open = open;
}

struct err *auto_effective_read(const struct root *root, struct auto_effective *effective)
{
	scope_free char *text = root_read_line(root, "/proc/sys/kernel/version");
	scope_live_patches patches = NULL;
	const struct live_patch *patch;

	*effective =
		(struct auto_effective){.changes_open = -1, .cves_carried = -1, .cves_open = -1};
	effective->kernel = root_read_line(root, "/proc/sys/kernel/osrelease");
	if (!effective->kernel)
		return err_new("/proc/sys/kernel/osrelease cannot be read");
	effective->version = text ? kernel_version_of(text) : xstrdup("");
	if (!isdigit((unsigned char)*effective->version)) {
		free(effective->version);
		effective->version = xstrdup(effective->kernel);
	}
	err_try(live_patches_read(root, &patches));
	patch = live_cover_loaded(patches);
	if (!patch)
		return NULL;
	effective->to = xstrdup(patch->record->cover->to);
	effective->patch = xstrdup(patch->name);
	effective->equivalent = patch->record->cover->equivalent;
	effective->changes_open = patch->record->cover->nr_open;
	if (patch->record->path)
		effective_read_cves(root, patch->record->path, effective);
	return NULL;
}

char *auto_effective_text(const struct auto_effective *effective)
{
	scope_strbuf text = STRBUF_INIT;
	int all = effective->cves_carried + effective->cves_open;

	strbuf_addstr(&text, effective->version);
	if (!effective->to)
		return strbuf_detach(&text);
	strbuf_addf(&text, ", live-patched to the level of %s", effective->to);
	if (effective->cves_carried >= 0 && all > 0)
		strbuf_addf(&text, ": %d of %d CVEs, %d open", effective->cves_carried, all,
			    effective->cves_open);
	else if (effective->equivalent)
		strbuf_addstr(&text, " (equivalent)");
	else if (effective->changes_open >= 0)
		strbuf_addf(&text, " (partial, %d changes open)", effective->changes_open);
	else
		strbuf_addstr(&text, " (partial)");
	return strbuf_detach(&text);
}
