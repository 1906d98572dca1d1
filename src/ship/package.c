/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out the files of a package of a live patch, and has dpkg-deb or rpmbuild make it. */
#include "ship/package.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/strbuf.h"
#include "base/tempdir.h"
#include "base/text.h"
#include "base/version.h"
#include "live/module.h"
#include "ship/vex.h"
#include "vm/attest.h"

EMBED(package_postinst, "data/package/postinst");
EMBED(package_prerm, "data/package/prerm");
EMBED(package_spec, "data/package/spec");
EMBED(package_copyright, "data/package/copyright");

/* A package is packed in seconds; a tool that hangs must not hang a build host. */
#define PACK_TIMEOUT_MS (5 * 60 * 1000)

struct making {
	const struct ship_package_spec *spec;
	const struct ship_subject *subject;
	char *work;	      /* the temporary folder, beside the package */
	char *tree;	      /* the files as they will be installed */
	struct str_vec files; /* their paths, for the list of an rpm */
	bool vex;
};

/* Fills in a template: each @NAME@ of the table becomes its value. */
struct word {
	const char *name, *value;
};

static char *fill_in(const char *template, const struct word *words)
{
	scope_strbuf out = STRBUF_INIT;

	while (*template) {
		const struct word *word = words;

		while (word->name && (*template != '@' || !str_starts(template + 1, word->name) ||
				      template[1 + strlen(word->name)] != '@'))
			word++;
		strbuf_add(&out, word->name ? word->value : template,
			   word->name ? strlen(word->value) : 1);
		template += word->name ? strlen(word->name) + 2 : 1;
	}
	return strbuf_detach(&out);
}

/* Makes a folder of the tree with a mode that no umask changes. */
static struct err *making_dir(const struct making *making, const char *path)
{
	scope_free char *full = xasprintf("%s%s", making->tree, path);

	err_try(dir_make(full));
	for (char *end = full + strlen(full); end >= full + strlen(making->tree); end--) {
		if (*end && *end != '/')
			continue;
		*end = '\0';
		if (chmod(full, 0755) < 0)
			return err_errno(errno, "%s", full);
	}
	return NULL;
}

static struct err *making_write(struct making *making, const char *path, const void *data,
				size_t size, mode_t mode)
{
	scope_free char *full = xasprintf("%s%s", making->tree, path);
	scope_free char *parent = path_parent(path);

	err_try(making_dir(making, parent));
	err_try(file_write_scratch(full, data, size));
	if (chmod(full, mode) < 0)
		return err_errno(errno, "%s", full);
	if (!str_starts(path, "/DEBIAN/"))
		vec_push(&making->files, xstrdup(path));
	return NULL;
}

static struct err *making_copy(struct making *making, const char *from, const char *path)
{
	scope_free uint8_t *data = NULL;
	size_t size;

	err_try(file_load(from, &data, &size));
	return making_write(making, path, data, size, 0644);
}

static struct err *making_json(struct making *making, const char *path, json_t *json)
{
	scope_json object = json;
	scope_free char *text = json_dumps(object, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	if (!text)
		return err_new("%s: it contains text that is not UTF-8", path);

	scope_free char *line = xasprintf("%s\n", text);

	return making_write(making, path, line, strlen(line), 0644);
}

/* Returns where a file of the live patch is once it is installed. */
static char *making_place(const struct making *making, const char *suffix)
{
	const struct live_module *module = making->subject->module;

	return xasprintf(SHIP_DIR "/%s/%s%s", module->release, module->name, suffix);
}

/* The ending of the module's file, ".ko" or ".ko.xz". */
static const char *making_ending(const struct making *making)
{
	return path_module_ending_for(making->subject->module->path);
}

static struct err *making_add_module(struct making *making)
{
	const struct live_module *module = making->subject->module;
	scope_free char *path = making_place(making, making_ending(making));
	scope_free char *report = making_place(making, ".report.json");
	scope_free char *cover = making_place(making, ".cover.json");
	scope_free char *attest = making_place(making, ".attest.json");
	scope_free char *from_attest = vm_attest_path(module->path);

	err_try(making_write(making, path, module->file.data, module->file.size, 0644));
	if (module->report)
		err_try(making_copy(making, module->report, report));
	if (module->cover)
		err_try(making_copy(making, module->cover, cover));
	if (file_exists(from_attest))
		err_try(making_copy(making, from_attest, attest));
	if (!making->spec->sign)
		return NULL;

	scope_free char *full = xasprintf("%s%s", making->tree, path);
	bool was_signed;

	if (strcmp(making_ending(making), ".ko"))
		return err_code_new(ERR_USAGE,
				    "%s is compressed; sign the module before you compress it",
				    module->path);
	err_try(live_sign(making->spec->sign, full, &was_signed));
	return chmod(full, 0644) < 0 ? err_errno(errno, "%s", full) : NULL;
}

static struct err *making_add_vex(struct making *making)
{
	const struct ship_subject *subject = making->subject;
	scope_free char *time = ship_time_text(subject);
	scope_free char *id = xasprintf("%s_%s", subject->package, subject->version);
	scope_free char *title = xasprintf("Live patch %s of kernel %s (%s)", subject->version,
					   subject->module->release, subject->from);
	scope_free char *kernel = xasprintf("linux-image-%s", subject->module->release);
	scope_free char *fixed = xasprintf(
		"The live patch carries the whole fix; its functions were proven against the shipped kernel%s. It holds while the patch is loaded.",
		subject->untested ? ", but it was not tested" : ", and it passed its trial");
	scope_free char *action =
		xasprintf("Install a kernel of version %s or later, and boot it.", subject->source);
	scope_vex_document document = {.id = id,
				       .title = title,
				       .author = making->spec->maintainer,
				       .time = time,
				       .package = subject->package,
				       .version = subject->version,
				       .kernel_package = kernel,
				       .kernel_version = subject->from};

	vec_foreach(&subject->cves, it)
		vec_push(&document.statements, (struct vex_statement){*it, VEX_FIXED, fixed, NULL});
	vec_foreach(&subject->open, it)
		vec_push(&document.statements,
			 (struct vex_statement){it->cve, VEX_AFFECTED, it->why, action});
	making->vex = document.statements.len;
	if (!making->vex) /* both formats demand a statement */
		return NULL;

	scope_free char *file = vex_csaf_file(&document);
	scope_free char *openvex = xasprintf("/usr/share/doc/%s/openvex.json", subject->package);
	scope_free char *csaf = xasprintf("/usr/share/doc/%s/csaf/%s", subject->package, file);

	err_try(making_json(making, openvex, vex_openvex(&document)));
	return making_json(making, csaf, vex_csaf(&document));
}

static struct err *making_fill_tree(struct making *making)
{
	scope_free char *copyright =
		xasprintf("/usr/share/doc/%s/copyright", making->subject->package);

	err_try(making_add_module(making));
	err_try(making_add_vex(making));
	return making_write(making, copyright, package_copyright, strlen(package_copyright), 0644);
}

static char *summary_of(const struct ship_subject *subject)
{
	return xasprintf("live patch of Linux %s%s", subject->module->release,
			 subject->untested ? " (not tested)" : "");
}

/* Writes the long description, of lines that begin with the given text. */
static char *description_of(const struct ship_subject *subject, const char *indent)
{
	scope_strbuf out = STRBUF_INIT;
	const struct live_cover *cover = subject->cover;
	scope_free char *cves = str_vec_join(&subject->cves, " ");

	strbuf_addf(
		&out,
		"%sThe package contains a module that changes the running kernel\n%s%s, version %s, without a reboot.\n",
		indent, indent, subject->module->release, subject->from);
	if (cover)
		strbuf_addf(&out, "%sIt carries %s changes of version %s.\n", indent,
			    cover->equivalent ? "all" : "part of the", cover->to);
	if (subject->cves.len)
		strbuf_addf(&out, "%sIt fixes %s.\n", indent, cves);
	if (subject->untested)
		strbuf_addf(&out, "%sIt has not passed a test: %s\n", indent, subject->untested);
	return strbuf_detach(&out);
}

static struct err *pack_run(const struct making *making, const char *const *argv)
{
	scope_free char *epoch =
		xasprintf("SOURCE_DATE_EPOCH=%lld", (long long)making->subject->time);
	const char *const env[] = {epoch, "LC_ALL=C", "TZ=UTC", NULL};

	scope_free char *found = proc_find(argv[0]);

	if (!found)
		return err_new("%s is needed for this format and is not installed", argv[0]);
	return err_wrap(proc_check(&(struct proc_spec){.argv = argv,
						       .env = env,
						       .timeout_ms = PACK_TIMEOUT_MS},
				   NULL),
			"%s", argv[0]);
}

static struct err *deb_write_control(struct making *making)
{
	const struct ship_subject *subject = making->subject;
	scope_free char *summary = summary_of(subject);
	scope_free char *description = description_of(subject, " ");
	scope_free char *cves = str_vec_join(&subject->cves, " ");
	scope_strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: %s\n",
		    subject->package, subject->version, making->spec->maintainer);
	strbuf_addf(&out, "Depends: suture (>= " SUTURE_VERSION ")\nEnhances: linux-image-%s\n",
		    subject->module->release);
	strbuf_addstr(&out, "Provides: suture-livepatch\nSection: kernel\nPriority: optional\n");
	strbuf_addf(&out, "Suture-Kernel: %s\nSuture-Module: %s\n", subject->module->release,
		    subject->module->name);
	if (subject->cves.len)
		strbuf_addf(&out, "Suture-Fixes: %s\n", cves);
	if (subject->untested)
		strbuf_addf(&out, "Suture-Untested: %s\n", subject->untested);
	strbuf_addf(&out, "Description: %s\n%s", summary, description);
	return making_write(making, "/DEBIAN/control", out.buf, out.len, 0644);
}

static struct err *making_script(struct making *making, const char *path, const char *template)
{
	scope_free char *module = making_place(making, making_ending(making));
	const struct word words[] = {
		{"MODULE", module}, {"RELEASE", making->subject->module->release}, {}};
	scope_free char *text = fill_in(template, words);

	return making_write(making, path, text, strlen(text), 0755);
}

static struct err *deb_pack(struct making *making, char **file)
{
	const struct ship_subject *subject = making->subject;
	const char *colon = strchr(subject->version, ':');

	err_try(deb_write_control(making));
	err_try(making_script(making, "/DEBIAN/postinst", package_postinst));
	err_try(making_script(making, "/DEBIAN/prerm", package_prerm));
	*file = xasprintf("%s_%s_amd64.deb", subject->package,
			  colon ? colon + 1 : subject->version);

	scope_free char *out = xasprintf("%s/%s", making->work, *file);
	const char *const argv[] = {
		"dpkg-deb", "--root-owner-group", "-Zxz", "--build", making->tree, out, NULL};

	return pack_run(making, argv);
}

static char *rpm_provides(const struct ship_subject *subject)
{
	scope_strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "Provides: suture-kernel(%s)\n", subject->module->release);
	vec_foreach(&subject->cves, it)
		strbuf_addf(&out, "Provides: suture-fixes(%s)\n", *it);
	if (subject->untested)
		strbuf_addstr(&out, "Provides: suture-untested\n");
	return strbuf_detach(&out);
}

static struct err *rpm_write_spec(struct making *making, const char *path)
{
	const struct ship_subject *subject = making->subject;
	scope_free char *summary = summary_of(subject);
	scope_free char *description = description_of(subject, "");
	scope_free char *module = making_place(making, making_ending(making));
	scope_free char *provides = rpm_provides(subject);
	scope_free char *files = str_vec_join(&making->files, "\n");
	scope_free char *epoch =
		subject->rpm_epoch ? xasprintf("Epoch: %s\n", subject->rpm_epoch) : xstrdup("");
	const struct word words[] = {{"PACKAGE", subject->package},
				     {"RPM_VERSION", subject->rpm_version},
				     {"RPM_RELEASE", subject->rpm_release},
				     {"RPM_EPOCH", epoch},
				     {"RPM_PROVIDES", provides},
				     {"SUMMARY", summary},
				     {"DESCRIPTION", description},
				     {"MAINTAINER", making->spec->maintainer},
				     {"MODULE", module},
				     {"RELEASE", subject->module->release},
				     {"TREE", making->tree},
				     {"FILES", files},
				     {}};
	scope_free char *text = fill_in(package_spec, words);

	return file_write_scratch(path, text, strlen(text));
}

/* rpm would strip modules, compress documents and write this machine's name into the package. */
static struct err *rpm_pack(struct making *making, char **file)
{
	const struct ship_subject *subject = making->subject;
	scope_free char *spec = xasprintf("%s/package.spec", making->work);
	scope_free char *top = xasprintf("_topdir %s/rpm", making->work);
	scope_free char *to = xasprintf("_rpmdir %s", making->work);
	scope_free char *temp = xasprintf("_tmppath %s", making->work);
	static const char *const fixed[] = {
		"_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
		"_buildhost suture",
		"use_source_date_epoch_as_buildtime 1",
		"clamp_mtime_to_source_date_epoch 1",
		"__os_install_post %{nil}",
		"debug_package %{nil}",
		"_build_id_links none",
		"_binary_payload w6.xzdio",
	};
	const char *argv[array_size(fixed) * 2 + 12] = {"rpmbuild", "-bb", "--target", "x86_64",
							"--define", top,   "--define", to,
							"--define", temp};
	size_t count = 10;

	for (size_t i = 0; i < array_size(fixed); i++) {
		argv[count++] = "--define";
		argv[count++] = fixed[i];
	}
	argv[count++] = spec;
	err_try(rpm_write_spec(making, spec));
	*file = xasprintf("%s-%s-%s.x86_64.rpm", subject->package, subject->rpm_version,
			  subject->rpm_release);
	return pack_run(making, argv);
}

/* Control files and specs consist of lines, so each value must be a single line. */
static struct err *check_maintainer(const char *maintainer)
{
	const char *open = strchr(maintainer, '<');

	for (const char *c = maintainer; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '%')
			return err_code_new(ERR_USAGE,
					    "--maintainer must be one line of text without '%%'");
	if (!open || open == maintainer || !str_ends(maintainer, ">") || !strchr(open, '@'))
		return err_code_new(ERR_USAGE,
				    "--maintainer: '%s' is not of the form Name <mail@host>",
				    maintainer);
	return NULL;
}

static struct err *making_finish(struct making *making, struct ship_package *package)
{
	scope_free char *file = NULL;

	err_try(making_fill_tree(making));
	err_try(making->spec->format == SHIP_DEB ? deb_pack(making, &file)
						 : rpm_pack(making, &file));

	scope_free char *made = xasprintf("%s/%s", making->work, file);

	package->path = xasprintf("%s/%s", making->spec->out_dir, file);
	package->vex = making->vex;
	if (chmod(made, 0644) < 0 || rename(made, package->path) < 0)
		return err_errno(errno, "%s", package->path);
	return NULL;
}

struct err *ship_package_make(const struct ship_package_spec *spec, struct ship_package *package)
{
	scope_dir_temp work = NULL;
	scope_free char *out_dir = NULL;

	err_try(check_maintainer(spec->maintainer));
	err_try(ship_subject_read(spec->module, spec->level, spec->untested, &package->subject));
	err_try(dir_make(spec->out_dir));
	out_dir = realpath(spec->out_dir, NULL); /* rpmbuild runs scripts in a folder of its own */
	if (!out_dir)
		return err_errno(errno, "%s", spec->out_dir);
	err_try(dir_temp(out_dir, "suture-package", &work));

	scope_free char *tree = xasprintf("%s/tree", work);
	struct making making = {
		.spec = spec, .subject = package->subject, .work = work, .tree = tree};
	struct err *err = making_finish(&making, package);

	str_vec_free(&making.files);
	return err;
}

void ship_package_free(struct ship_package *package)
{
	free(package->path);
	ship_subject_free(package->subject);
}
