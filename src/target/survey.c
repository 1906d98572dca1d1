/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether a kernel is supported, from its files if they are at hand, else from the archive's
 * index. */
#include "target/survey.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "target/cache.h"
#include "target/cached.h"
#include "target/compiler.h"
#include "target/debian.h"
#include "target/index.h"
#include "target/local.h"
#include "target/prepare.h"
#include "target/release.h"
#include "target/tools.h"
#include "target/fetch.h"

void target_facts_free(struct target_fact_vec *facts)
{
	vec_foreach(facts, fact)
		free(fact->detail);
	vec_free(facts);
}

void target_fact_add(struct target_fact_vec *facts, enum fact_state state, const char *what,
		     char *detail)
{
	vec_push(facts, (struct target_fact){state, what, detail});
}

/*
 * Adds an error as an obstacle, unless the kernel is not its cause; without an error, adds what was
 * found.
 */
static struct err *survey_add(struct target_fact_vec *facts, const char *what, struct err *err,
			      char *found)
{
	if (!err) {
		target_fact_add(facts, FACT_OK, what, found);
		return NULL;
	}
	free(found);
	if (err_code(err) == ERR_USAGE || err_code(err) == ERR_INTERRUPTED)
		return err;
	target_fact_add(facts, FACT_MISSING, what, xstrdup(err_message(err)));
	err_free(err);
	return NULL;
}

/* Names the files of a kernel. All strings are borrowed. */
struct files {
	const char *release, *image, *build_dir, *source_gap;
	bool packaged; /* if the host has another compiler, its own one is fetched */
};

/* Symbols that the configuration must have, or must not have. */
static const struct {
	const char *what, *symbol;
	bool wanted;
	const char *good, *bad;
} config_facts[] = {
	{"architecture", "X86_64", true, "x86-64",
	 "the kernel is not for x86-64; Suture supports x86-64 only"},
	{"livepatch", "LIVEPATCH", true, "the kernel supports it (CONFIG_LIVEPATCH=y)",
	 "the kernel was built without CONFIG_LIVEPATCH: it cannot load live patches"},
	{"fentry", "HAVE_FENTRY", true, "functions can be redirected (CONFIG_HAVE_FENTRY=y)",
	 "functions do not begin with a call to __fentry__ (CONFIG_HAVE_FENTRY), so none can be redirected"},
	{"stack traces", "HAVE_RELIABLE_STACKTRACE", true,
	 "stack traces are reliable (CONFIG_HAVE_RELIABLE_STACKTRACE=y)",
	 "stack traces are not reliable (CONFIG_UNWINDER_ORC makes them so): no transition could complete, as the kernel cannot tell which tasks have left the old code"},
	{"link time", "LTO", false, NULL,
	 "the kernel was built with link-time optimisation (CONFIG_LTO), so a file compiled alone differs from the kernel's code"},
};

static bool config_is_set(const struct target_index *index, const char *symbol)
{
	const char *value = index_config(index, symbol);

	return value && !strcmp(value, "y");
}

static void survey_config(struct target_fact_vec *facts, const struct target_index *index)
{
	for (size_t i = 0; i < array_size(config_facts); i++) {
		bool set = config_is_set(index, config_facts[i].symbol);
		const char *good = config_facts[i].good, *bad = config_facts[i].bad;

		if (set != config_facts[i].wanted)
			target_fact_add(facts, FACT_MISSING, config_facts[i].what, xstrdup(bad));
		else if (good)
			target_fact_add(facts, FACT_OK, config_facts[i].what, xstrdup(good));
	}
	/* These do not prevent a module from being made. */
	if (config_is_set(index, "MODULE_SIG_FORCE"))
		target_fact_add(
			facts, FACT_NOTE, "signatures",
			xstrdup("the kernel loads only signed modules (CONFIG_MODULE_SIG_FORCE): a live patch needs a signature that it trusts"));
	if (config_is_set(index, "X86_64") && !config_is_set(index, "SMP"))
		target_fact_add(
			facts, FACT_NOTE, "processors",
			xstrdup("the kernel is for one processor (no CONFIG_SMP): files that define several per-CPU variables may be refused"));
	if (config_is_set(index, "CFI_CLANG"))
		target_fact_add(facts, FACT_NOTE, "control flow",
				xstrdup("CONFIG_CFI_CLANG has never been tested"));
}

static struct err *survey_compiler(struct target_fact_vec *facts, const struct files *files,
				   const struct target_index *index)
{
	const char *text = index_config(index, "CC_VERSION_TEXT");

	if (!text || !*text) {
		target_fact_add(
			facts, FACT_MISSING, "compiler",
			xasprintf(
				"%s/.config: no CONFIG_CC_VERSION_TEXT: which compiler built the kernel is unknown",
				files->build_dir));
		return NULL;
	}

	scope_free char *program = compiler_program(text, index_config(index, "CLANG_VERSION"));

	struct err *err = compiler_check(files->release, program, text);

	if (!err || !files->packaged || err_code(err) == ERR_INTERRUPTED)
		return survey_add(facts, "compiler", err, xstrdup(text));
	target_fact_add(
		facts, FACT_NOTE, "compiler",
		xasprintf("%s; a build uses one in the cache, and fetches it where there is none",
			  err_message(err)));
	err_free(err);
	return NULL;
}

/* The build tools are prebuilt, and run only where the libraries that they need exist. */
static struct err *survey_tool(struct target_fact_vec *facts, const struct files *files,
			       const char *what, const char *name)
{
	scope_free char *path = xasprintf("%s/%s", files->build_dir, name), *problem = NULL;
	scope_free char *folder = path_parent(name);
	const char *const folders[] = {folder, NULL};
	struct err *err = tools_problem(files->build_dir, folders, &problem);

	if (!err && problem)
		err = err_new("%s", problem);
	return survey_add(facts, what, err, xstrdup(path));
}

/* These symbols show what no configuration file does: that this image has what is needed. */
static const char *const image_needs[] = {"klp_enable_patch", "__fentry__"};

static struct err *survey_symbols(const struct image *image, const char *release)
{
	const struct image_symbol *const *matches;

	if (strcmp(image_release(image), release))
		return err_new("%s is a kernel of release %s, not %s", image_name(image),
			       image_release(image), release);
	for (size_t i = 0; i < array_size(image_needs); i++)
		if (!image_find(image, image_needs[i], &matches))
			return err_new("%s: has no symbol %s", image_name(image), image_needs[i]);
	return NULL;
}

static struct err *survey_image(struct target_fact_vec *facts, const struct files *files)
{
	scope_image image = NULL;
	size_t count = 0;
	struct err *err = image_open(files->image, &image);

	if (!err)
		err = survey_symbols(image, files->release);
	if (!err)
		image_symbols(image, &count);
	return survey_add(facts, "image", err, xasprintf("%s, %zu symbols", files->image, count));
}

static struct err *survey_files(struct target_fact_vec *facts, const struct files *files)
{
	scope_free char *config = xasprintf("%s/.config", files->build_dir);
	struct target_index *index = xcalloc(1, sizeof(*index));
	struct err *err = index_read_config(index, config);

	if (err) {
		err = survey_add(facts, "configuration", err, NULL);
	} else {
		survey_config(facts, index);
		err = survey_compiler(facts, files, index);
	}
	index_free(index);
	if (!err)
		err = survey_image(facts, files);
	if (!err)
		err = survey_tool(facts, files, "objtool", "tools/objtool/objtool");
	if (!err)
		err = survey_tool(facts, files, "modpost", "scripts/mod/modpost");
	if (files->source_gap)
		target_fact_add(
			facts, FACT_NOTE, "source",
			xasprintf(
				"%s; patches to files that the flavour's own patches change are refused",
				files->source_gap));
	return err;
}

static struct err *survey_local(const struct target_spec *spec, struct target_fact_vec *facts,
				char **release)
{
	scope_local_inputs in = {};
	struct err *err = local_inputs_read(spec, &in);

	if (!err)
		err = prepare_check_build(in.build_dir);
	*release = xstrdup(in.release ? in.release : spec->release ? spec->release : spec->image);
	err_try(survey_add(facts, "kernel", err, xstrdup(in.build_dir ? in.build_dir : "")));
	if (facts->data[facts->len - 1].state != FACT_OK)
		return NULL;
	if (!in.modules)
		target_fact_add(
			facts, FACT_NOTE, "modules",
			xstrdup("no modules were given (--modules): only vmlinux can be patched"));
	return survey_files(facts, &(struct files){.release = in.release,
						   .image = in.image,
						   .build_dir = in.build_dir});
}

static struct err *survey_cached(const struct cached *cached, const char *release, bool own_source,
				 struct target_fact_vec *facts)
{
	scope_free char *build = xasprintf("%s/build", cached->path);
	scope_free char *packed = xasprintf("%s/boot/vmlinuz", cached->path);
	scope_free char *unpacked = xasprintf("%s/vmlinux", cached->path);

	target_fact_add(facts, FACT_OK, "kernel", xasprintf("in the cache, %s", cached->path));
	return survey_files(facts,
			    &(struct files){.release = release,
					    .image = file_exists(unpacked) ? unpacked : packed,
					    .build_dir = build,
					    .packaged = true,
					    .source_gap = own_source ? NULL : cached->source_gap});
}

/* Parts of releases' names that stand for other architectures, in Debian and elsewhere. */
static const char *const foreign[] = {
	"arm64", "armmp",   "armmp-lpae",  "686",	"686-pae",   "i386",	"i686",
	"s390x", "ppc64le", "powerpc64le", "riscv64",	"loong64",   "aarch64", "marvell",
	"rpi",	 "raspi",   "mips64el",	   "5kc-malta", "4kc-malta", "octeon",	"loongson-3",
};

static bool has_part(const char *release, const char *part)
{
	size_t len = strlen(part);

	for (const char *at = release; (at = strstr(at, part)); at++)
		if (at > release && !isalnum((unsigned char)at[-1]) &&
		    !isalnum((unsigned char)at[len]))
			return true;
	return false;
}

static const char *foreign_architecture(const char *release)
{
	for (size_t i = 0; i < array_size(foreign); i++)
		if (has_part(release, foreign[i]))
			return foreign[i];
	return NULL;
}

static void survey_space(struct target_fact_vec *facts, const char *root, uint64_t needed)
{
	scope_free char *there = dir_nearest(root);
	struct statvfs fs;

	if (statvfs(there, &fs) < 0)
		return;

	double free_gb = (double)fs.f_bavail * fs.f_frsize / 1e9, need_gb = needed / 1e9;
	char *detail =
		xasprintf("%s: needs %.1f GB for it, %.1f GB are free", root, need_gb, free_gb);

	target_fact_add(facts, free_gb < need_gb ? FACT_MISSING : FACT_OK, "space", detail);
}

static bool survey_has_package(const struct apt_view *view, const char *name)
{
	scope_str_vec names = {};
	scope_apt_packages known = {};

	vec_push(&names, xstrdup(name));
	err_free(apt_show(view, &names, &known));
	return known.len;
}

/* Adds what the package index says about a release whose packages all exist. */
static void survey_plan(const struct debian_plan *plan, const char *root,
			struct target_fact_vec *facts)
{
	const struct apt_package *image = &plan->kernel.data[0], *headers = &plan->kernel.data[1];
	scope_free char *compiler = debian_compiler(headers->depends);
	scope_free char *found = compiler ? proc_find(compiler) : NULL;
	uint64_t download, space;

	debian_plan_needs(plan, root, &download, &space);
	target_fact_add(
		facts, FACT_OK, "kernel",
		xasprintf(
			"the archive has all packages of version %s; 'suture fetch' downloads %.0f MB",
			plan->version, download / 1e6));
	survey_space(facts, root, space);
	if (strcmp(image->arch, "amd64"))
		target_fact_add(facts, FACT_MISSING, "architecture",
				xasprintf("package %s is for %s; Suture supports x86-64 only",
					  image->name, image->arch));
	if (found)
		target_fact_add(facts, FACT_OK, "compiler", take_ptr(found));
	else if (compiler && survey_has_package(plan->view, compiler))
		target_fact_add(
			facts, FACT_NOTE, "compiler",
			xasprintf(
				"the kernel was built with %s, which is not installed: 'suture fetch' downloads it into the cache",
				compiler));
	else if (compiler)
		target_fact_add(
			facts, FACT_MISSING, "compiler",
			xasprintf(
				"the kernel was built with %s, which is not installed: apt-get install %s",
				compiler, compiler));
	if (plan->overlay.len)
		target_fact_add(
			facts, FACT_NOTE, "source",
			xasprintf(
				"the archive has only the headers of this flavour's patched source (%s): patches to files that the flavour's own patches change are refused",
				plan->overlay.data[0].name));
	target_fact_add(
		facts, FACT_LATER, "configuration",
		xstrdup("whether it has CONFIG_LIVEPATCH and reliable stack traces, and the compiler's exact version, is known after 'suture fetch'"));
}

static struct err *survey_packaged(const struct target_spec *spec, struct target_fact_vec *facts,
				   char **release)
{
	scope_free char *root = NULL;
	const char *other = spec->release ? foreign_architecture(spec->release) : NULL;

	if (other) {
		target_fact_add(facts, FACT_MISSING, "architecture",
				xasprintf("%s is for %s; Suture supports x86-64 only",
					  spec->release, other));
		return NULL;
	}

	struct err *err = cache_root(&root);
	scope_lookup lookup = {.root = root, .lists_as_they_are = true};
	scope_release_choice choice = {};

	if (!err)
		err = release_choose(&lookup, spec->release, &choice);
	*release = take_ptr(choice.release);
	if (err)
		return survey_add(facts, "kernel", err, NULL);
	if (spec->source && !dir_exists(spec->source))
		target_fact_add(facts, FACT_MISSING, "source",
				xasprintf("--source %s: not a folder", spec->source));
	if (choice.cached.path)
		return survey_cached(&choice.cached, *release, spec->source, facts);
	survey_plan(&choice.plan, root, facts);

	scope_free char *cached = release_cached(&lookup, spec->release);

	if (cached)
		target_fact_add(
			facts, FACT_NOTE, "network",
			xasprintf(
				"without one, 'suture build' takes %s, which is in the cache, as it cannot fetch %s",
				cached, *release));
	return NULL;
}

struct err *target_survey(const struct target_spec *spec, struct target_fact_vec *facts,
			  char **release)
{
	scope_free char *found = NULL;

	if (spec->image || spec->modules || spec->build_dir)
		err_try(survey_local(spec, facts, &found));
	else
		err_try(survey_packaged(spec, facts, &found));
	*release = found ? take_ptr(found) : xstrdup(spec->release ? spec->release : "");
	return NULL;
}
