/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a module file that is to be loaded: reads what it says about itself, and computes hashes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/path.h"
#include "base/printable.h"
#include "image/image.h"
#include "live/module.h"
#include "live/name.h"
#include "live/signature.h"
#include "vm/attest.h"

#define NAME_MAX_KERNEL 55 /* MODULE_NAME_LEN without the final NUL */

/*
 * Returns the path of <name><suffix> beside the module, or NULL if there is no such file; free().
 */
static char *module_file_beside(const char *path, const char *name, const char *suffix)
{
	int dir = path_base(path) - path;
	scope_free char *file = xasprintf("%.*s%s%s", dir, path, name, suffix);

	return file_exists(file) ? take_ptr(file) : NULL;
}

/* Decompresses the file's bytes if they are compressed. */
static struct err *module_unpack(const char *path, struct bytes file, uint8_t **unpacked,
				 struct bytes *bytes)
{
	size_t size;

	*bytes = file;
	if (file.size >= 4 && !memcmp(file.data, "\177ELF", 4))
		return NULL;
	err_try(image_decompress_module(path, file, unpacked, &size));
	*bytes = (struct bytes){*unpacked, size};
	return NULL;
}

static struct err *module_read_bytes(struct live_module *module)
{
	struct bytes message;

	err_try(file_load(module->path, &module->file_data, &module->file.size));
	module->file.data = module->file_data;
	err_try(vm_sha256(module->file, &module->sha256));
	err_try(module_unpack(module->path, module->file, &module->unpacked, &module->image));
	err_try(vm_sha256(live_signature_split(module->image, &message), &module->digest));
	module->is_signed = message.size;
	if (!message.size)
		return NULL;

	struct err *err = live_signature_read(message, &module->signature);

	if (err)
		module->signature_error = xstrdup(err_message(err));
	err_free(err);
	return NULL;
}

/*
 * Checks the name, as it becomes a part of file and folder names.  The kernel would accept any
 * bytes, but the names of its own modules consist of these characters.
 */
static struct err *module_check_name(const char *path, const char *name)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+@=";
	size_t len = strlen(name);
	scope_free char *safe = text_printable(name);

	if (len && len <= NAME_MAX_KERNEL && *name != '.' && strspn(name, good) == len)
		return NULL;
	return err_new("%s: '%s' is not a valid module name; 'suture build --name' sets it", path,
		       safe);
}

/*
 * Checks that both names in the module are the same: the kernel uses the one that Suture does not,
 * and the patch would not appear under the expected name.
 */
static struct err *module_check_kernel_name(const struct live_module *module)
{
	const char *theirs = module->klp->name;

	if (!theirs || !strcmp(theirs, module->name))
		return NULL;

	scope_free char *safe = text_printable(theirs);

	return err_code_new(
		ERR_REFUSED,
		"%s: .modinfo names it '%s', but the kernel would name it '%s' (.gnu.linkonce.this_module): it was changed after it was built; build it again",
		module->path, module->name, safe);
}

static const char *const attested_names[] = {
	[LIVE_ATTESTED_PASS] = "pass",
	[LIVE_ATTESTED_FAIL] = "fail",
	[LIVE_ATTESTED_NONE] = "no",
	[LIVE_ATTESTED_OTHER] = "other",
	[LIVE_ATTESTED_NOT_EXERCISED] = "not exercised",
	[LIVE_ATTESTED_UNREADABLE] = "unreadable",
};

const char *live_attested_name(enum live_attested attested)
{
	return attested_names[attested];
}

enum live_attested live_attested_find(const char *name)
{
	for (size_t i = 1; name && i < sizeof(attested_names) / sizeof(*attested_names); i++) {
		if (!strcmp(attested_names[i], name))
			return i;
	}
	return LIVE_ATTESTED_UNKNOWN;
}

/*
 * Judges an attestation; returns the result, and in *why what is wrong with it.  The attestation
 * applies to the bytes that were tested.  A signature that was added later does not change what the
 * kernel runs, so the digest of the module without one is accepted as well.
 */
static enum live_attested module_judge_attestation(const struct live_module *module,
						   const struct vm_attest *attest, char **why)
{
	if (strcmp(attest->sha256, module->sha256) && strcmp(attest->sha256, module->digest)) {
		*why = xasprintf(
			"%s is about another file of that name: the module was changed after its trial",
			attest->path);
		return LIVE_ATTESTED_OTHER;
	}
	if (strcmp(attest->kernel, module->release)) {
		*why = xasprintf("it was tested in kernel %s, but is for %s", attest->kernel,
				 module->release);
		return LIVE_ATTESTED_OTHER;
	}
	if (!attest->pass) {
		*why = xasprintf("its trial failed (%s)", attest->path);
		return LIVE_ATTESTED_FAIL;
	}
	if (!attest->exercised) {
		*why = xasprintf("its targets were not loaded during its trial (%s)", attest->path);
		return LIVE_ATTESTED_NOT_EXERCISED;
	}
	return LIVE_ATTESTED_PASS;
}

/* Sets the members of the module about its attestation. */
static void module_read_attestation(struct live_module *module)
{
	scope_vm_attest attest = NULL;
	struct err *err = vm_attest_read(module->path, &attest);

	if (err) {
		module->attested = LIVE_ATTESTED_UNREADABLE;
		module->attest_why = xstrdup(err_message(err));
		err_free(err);
		return;
	}
	if (!attest) {
		module->attested = LIVE_ATTESTED_NONE;
		module->attest_why = xstrdup("no attestation says that it was tested");
		return;
	}
	module->attested = module_judge_attestation(module, attest, &module->attest_why);
	if (module->attested != LIVE_ATTESTED_PASS)
		return;
	vec_foreach(&attest->covered, it)
		vec_push(&module->covered, xstrdup(*it));
	vec_foreach(&attest->uncovered, it)
		vec_push(&module->uncovered, xstrdup(*it));
}

struct err *live_module_open(const char *path, struct live_module **modulep)
{
	scope_live_module module = xcalloc(1, sizeof(*module));

	module->path = xstrdup(path);
	err_try(module_read_bytes(module));
	err_try(klp_module_parse(path, module->image, &module->klp));

	const char *name = klp_module_info(module->klp, "name");
	const char *vermagic = klp_module_info(module->klp, "vermagic");

	if (!vermagic)
		return err_new("%s does not say which kernel it is for (no vermagic)", path);
	module->name = live_name_of(name ? name : module->klp->name ? module->klp->name : path);
	err_try(module_check_name(path, module->name));
	err_try(module_check_kernel_name(module));
	module->release = xstrndup(vermagic, strcspn(vermagic, " "));
	module->report = module_file_beside(path, module->name, ".report.json");
	module->cover = module_file_beside(path, module->name, ".cover.json");
	module_read_attestation(module);
	*modulep = take_ptr(module);
	return NULL;
}

struct err *live_name_given(const char *name_or_path, char **name)
{
	scope_live_module module = NULL;
	bool is_path = strchr(name_or_path, '/');
	bool is_there = strpbrk(name_or_path, "/.") && file_exists(name_or_path);

	if (!*name_or_path)
		return err_new("the name of a live patch is empty");
	if (is_there || is_path) {
		scope_file_map map = {};

		err_try(file_kind_regular(name_or_path));
		err_try(file_map(name_or_path, &map));
		err_try(file_kind_not_module(name_or_path, map.bytes));
		err_try(live_module_open(name_or_path, &module));
	}
	*name = module ? xstrdup(module->name) : live_name_of(name_or_path);
	return NULL;
}

void live_module_free(struct live_module *module)
{
	if (!module)
		return;
	free(module->path);
	free(module->name);
	free(module->release);
	free(module->sha256);
	free(module->digest);
	free(module->file_data);
	free(module->unpacked);
	free(module->report);
	free(module->cover);
	free(module->signature_error);
	free(module->attest_why);
	str_vec_free(&module->covered);
	str_vec_free(&module->uncovered);
	live_signature_free(&module->signature);
	klp_module_free(module->klp);
	free(module);
}

void live_module_freep(struct live_module **modulep)
{
	live_module_free(*modulep);
}

void live_modules_free(struct live_module_vec *modules)
{
	vec_foreach(modules, it)
		live_module_free(*it);
	vec_free(modules);
}
