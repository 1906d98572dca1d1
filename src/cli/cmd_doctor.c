/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Implements `suture doctor`: reports what this machine has, what it lacks, and how to get it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "base/root.h"
#include "base/sandbox.h"
#include "base/strbuf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/live_options.h"
#include "target/survey.h"
#include "live/live.h"

/*
 * One more kernel takes about this much: 1.7 GB of source, up to 0.6 GB of modules, and packages.
 */
#define KERNEL_BYTES 3000000000ull

static const struct {
	const char *name;
	enum cli_colour colour;
} states[] = {
	[FACT_OK] = {"ok", COLOUR_GREEN},
	[FACT_NOTE] = {"note", COLOUR_YELLOW},
	[FACT_LATER] = {"later", COLOUR_YELLOW},
	[FACT_MISSING] = {"missing", COLOUR_RED},
};

/* What the machine is to be used for; a machine that only loads patches needs no compiler. */
enum purpose { FOR_LOAD, FOR_BUILD, FOR_TEST, FOR_PACKAGE, FOR_ALL };

static const char *const purpose_names[] = {[FOR_LOAD] = "load",
					    [FOR_BUILD] = "build",
					    [FOR_TEST] = "test",
					    [FOR_PACKAGE] = "package",
					    [FOR_ALL] = NULL};

static const struct {
	const char *program, *package, *used_by;
	enum purpose purpose;
	enum fact_state absent;	      /* what it is that the program is not there */
	enum fact_state absent_alone; /* the same if only this purpose was asked for */
} programs[] = {
	{"make", "make", "build", FOR_BUILD, FACT_MISSING, FACT_MISSING},
	{"patch", "patch", "build", FOR_BUILD, FACT_MISSING, FACT_MISSING},
	{"diff", "diffutils", "build", FOR_BUILD, FACT_MISSING, FACT_MISSING},
	{"ld", "binutils", "build", FOR_BUILD, FACT_MISSING, FACT_MISSING},
	{"bash", "bash", "build", FOR_BUILD, FACT_MISSING, FACT_MISSING},
	{"apt-cache", "apt", "fetch", FOR_BUILD, FACT_NOTE, FACT_NOTE},
	{"apt-get", "apt", "fetch", FOR_BUILD, FACT_NOTE, FACT_NOTE},
	{"dpkg", "dpkg", "fetch", FOR_BUILD, FACT_NOTE, FACT_NOTE},
	{"qemu-system-x86_64", "qemu-system-x86", "test", FOR_TEST, FACT_NOTE, FACT_MISSING},
	{"dpkg-deb", "dpkg", "package", FOR_PACKAGE, FACT_NOTE, FACT_MISSING},
	{"gpg", "gpg", "publish", FOR_PACKAGE, FACT_NOTE, FACT_MISSING},
	{"reprepro", "reprepro", "publish", FOR_PACKAGE, FACT_NOTE, FACT_MISSING},
	{"rpmbuild", "rpm", "package --format rpm", FOR_PACKAGE, FACT_NOTE, FACT_NOTE},
	{"rpmsign", "rpm", "publish FILE.rpm", FOR_PACKAGE, FACT_NOTE, FACT_NOTE},
	{"createrepo_c", "createrepo-c", "publish FILE.rpm", FOR_PACKAGE, FACT_NOTE, FACT_NOTE},
};

static void doctor_programs(struct target_fact_vec *facts, enum purpose purpose)
{
	for (size_t i = 0; i < array_size(programs); i++) {
		char *path;

		if (purpose != FOR_ALL && purpose != programs[i].purpose)
			continue;
		path = proc_find(programs[i].program);
		if (path)
			target_fact_add(facts, FACT_OK, programs[i].program, path);
		else
			target_fact_add(
				facts,
				purpose == FOR_ALL ? programs[i].absent : programs[i].absent_alone,
				programs[i].program,
				xasprintf(
					"not installed, but 'suture %s' needs it: apt-get install %s",
					programs[i].used_by, programs[i].package));
	}
}

static void doctor_cache(struct target_fact_vec *facts)
{
	scope_free char *cache = target_cache_dir();
	scope_free char *there = dir_nearest(cache);
	struct statvfs fs;

	if (access(there, W_OK) < 0) {
		target_fact_add(facts, FACT_MISSING, "cache",
				xasprintf("%s cannot be written; SUTURE_CACHE names another folder",
					  cache));
		return;
	}
	if (statvfs(there, &fs) < 0) {
		target_fact_add(
			facts, FACT_MISSING, "cache",
			xasprintf("%s: the file system of this folder cannot be read", cache));
		return;
	}

	uint64_t bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	scope_free char *size = cli_bytes(bytes);

	if (bytes < KERNEL_BYTES)
		target_fact_add(
			facts, FACT_NOTE, "cache",
			xasprintf("%s: %s free, but one more kernel takes 3 GB", cache, size));
	else
		target_fact_add(facts, FACT_OK, "cache", xasprintf("%s, %s free", cache, size));
}

static void doctor_kvm(struct target_fact_vec *facts)
{
	if (!access("/dev/kvm", R_OK | W_OK))
		target_fact_add(
			facts, FACT_OK, "kvm",
			xstrdup("/dev/kvm exists; 'suture test' finds out whether it works"));
	else
		target_fact_add(
			facts, FACT_NOTE, "kvm",
			xstrdup("no usable /dev/kvm: 'suture test' emulates the processor, which takes longer"));
}

static void doctor_machine(struct target_fact_vec *facts)
{
	struct utsname uts;

	if (!uname(&uts) && strcmp(uts.machine, "x86_64"))
		target_fact_add(facts, FACT_MISSING, "machine",
				xasprintf("%s: the kernels' own build tools run on x86-64 only",
					  uts.machine));
}

/* Explains how to sign modules for a kernel that requires signatures. */
static void doctor_signing(struct target_fact_vec *facts, const struct live_machine *machine)
{
	bool locked = machine->lockdown && strcmp(machine->lockdown, "none");

	if (machine->secure_boot >= 0)
		target_fact_add(facts, FACT_OK, "secure boot",
				xstrdup(machine->secure_boot ? "on" : "off"));
	if (!locked && !machine->sig_enforce)
		return;
	target_fact_add(
		facts, FACT_NOTE, "lockdown",
		xasprintf(
			"the running kernel is locked down (%s): it loads only modules with a signature that it trusts.  Once: make a key, 'openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj \"/CN=live patches of this site\" -addext extendedKeyUsage=codeSigning -keyout mok.key -out mok.pem', then 'openssl x509 -in mok.pem -outform DER -out mok.der'; %s.  Then, for each module: 'suture sign --key mok.key --cert mok.der MODULE'",
			locked ? machine->lockdown : "module.sig_enforce",
			machine->secure_boot == 1
				? "enrol it with 'mokutil --import mok.der', reboot, and confirm at the console (MOK management)"
				: "have it enrolled as a machine owner key (mokutil, under EFI), or built into the kernel"));
}

static void doctor_running(struct target_fact_vec *facts, const struct root *root,
			   enum purpose purpose)
{
	enum fact_state bad = purpose == FOR_LOAD ? FACT_MISSING : FACT_NOTE;
	scope_live_machine machine = NULL;
	struct err *err = live_machine_read(root, &machine);

	/* The question is what the machine allows root to do, whoever asks. */
	if (!err && !machine->is_root)
		machine->is_root = machine->may_load = true;
	if (!err && !machine->livepatch)
		err = err_new(
			"cannot be live-patched: no %s (CONFIG_LIVEPATCH); building and testing do not need it",
			LIVE_SYSFS);
	if (!err)
		err = live_machine_check(machine);
	target_fact_add(facts, err ? bad : FACT_OK, "running kernel",
			xstrdup(err ? err_message(err) : "can be live-patched"));
	err_free(err);
	if (machine)
		doctor_signing(facts, machine);
}

struct verdict {
	enum purpose purpose;
	bool ok;	/* nothing that was asked for is missing */
	bool supported; /* the kernel is, whether asked for or not */
	bool final;	/* a fetch would bring no more facts */
	char *release;
};

/* If no kernel was named, the running one may not matter, so what it lacks is only a note. */
static struct err *doctor_kernel(struct target_fact_vec *facts, const struct target_spec *spec,
				 struct verdict *verdict)
{
	bool asked = spec->release || spec->image || spec->build_dir;
	size_t before = facts->len;

	err_try(target_survey(spec, facts, &verdict->release));
	vec_foreach(facts, fact) {
		bool missing = fact->state == FACT_MISSING;

		if (missing && !asked && fact - facts->data >= (ptrdiff_t)before)
			fact->state = FACT_NOTE;
		verdict->supported &= !missing;
		verdict->final &= fact->state != FACT_LATER;
	}
	return NULL;
}

static struct err *doctor_json(const struct cli *cli, const struct target_fact_vec *facts,
			       const struct verdict *verdict)
{
	json_t *list = json_array();

	vec_foreach(facts, fact)
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:s}", "what", fact->what, "state",
						states[fact->state].name, "detail", fact->detail));
	return cli_json(cli,
			json_pack("{s:s?,s:s?,s:b,s:b,s:b,s:o}", "kernel", verdict->release, "for",
				  purpose_names[verdict->purpose], "ok", (int)verdict->ok, "served",
				  (int)verdict->supported, "final",
				  (int)(verdict->final || !verdict->supported), "facts", list));
}

/* Returns what the facts mean for the purpose, or for all purposes. */
static const char *doctor_conclude_purpose(const struct verdict *verdict)
{
	static const char *const able[] = {
		[FOR_LOAD] = "this machine can load live patches",
		[FOR_BUILD] = "this machine can build live patches",
		[FOR_TEST] = "this machine can test live patches",
		[FOR_PACKAGE] = "this machine can package live patches",
		[FOR_ALL] = "this machine can be used for live patches",
	};
	static const char *const unable[] = {
		[FOR_LOAD] = "this machine cannot load live patches: see the lines marked missing",
		[FOR_BUILD] =
			"this machine cannot build live patches: see the lines marked missing",
		[FOR_TEST] = "this machine cannot test live patches: see the lines marked missing",
		[FOR_PACKAGE] =
			"this machine cannot package live patches: see the lines marked missing",
		[FOR_ALL] =
			"this machine cannot be used for live patches: see the lines marked missing",
	};

	return verdict->ok ? able[verdict->purpose] : unable[verdict->purpose];
}

static void doctor_print_kernel(const struct verdict *verdict)
{
	const char *release = verdict->release;

	if (!verdict->ok)
		cli_printf("kernel %s is not supported: see the lines marked missing\n", release);
	else if (!verdict->supported)
		cli_printf(
			"kernel %s is running but is not supported: see the notes, or name another one by --kernel\n",
			release);
	else if (verdict->final)
		cli_printf("kernel %s is supported\n", release);
	else
		cli_printf("kernel %s is supported, as far as is known before it is fetched\n",
			   release);
}

static void doctor_print(const struct target_fact_vec *facts, const struct verdict *verdict)
{
	if (verdict->release)
		cli_printf("for kernel %s:\n", verdict->release);
	vec_foreach(facts, fact) {
		cli_colour(stdout, states[fact->state].colour);
		cli_printf("%-8s", states[fact->state].name);
		cli_colour(stdout, COLOUR_NONE);
		cli_printf(" %-19s %s\n", fact->what, fact->detail);
	}
	if (verdict->release)
		doctor_print_kernel(verdict);
	else
		cli_printf("%s\n", doctor_conclude_purpose(verdict));
}

static struct err *run_doctor(const struct cli *cli, const struct cli_args *args, int *status)
{
	struct target_spec spec = cli_target_spec(args);
	scope_target_facts facts = {};
	struct verdict verdict = {.purpose = FOR_ALL, .ok = true, .supported = true, .final = true};
	scope_root root = NULL;

	err_try(cli_root(args, &root));
	err_try(cli_choice(args, "for", purpose_names, &verdict.purpose));
	doctor_machine(&facts);
	doctor_programs(&facts, verdict.purpose);
	if (verdict.purpose != FOR_LOAD && verdict.purpose != FOR_PACKAGE)
		doctor_cache(&facts);
	if (verdict.purpose == FOR_TEST || verdict.purpose == FOR_ALL)
		doctor_kvm(&facts);
	if (verdict.purpose == FOR_LOAD || verdict.purpose == FOR_ALL)
		doctor_running(&facts, root, verdict.purpose);

	struct err *err = NULL;

	if (verdict.purpose == FOR_BUILD || verdict.purpose == FOR_ALL)
		err = doctor_kernel(&facts, &spec, &verdict);
	vec_foreach(&facts, fact)
		verdict.ok &= fact->state != FACT_MISSING;

	*status = verdict.ok ? 0 : ERR_REFUSED;
	if (!err && cli->json)
		err = doctor_json(cli, &facts, &verdict);
	else if (!err)
		doctor_print(&facts, &verdict);
	free(verdict.release);
	return err;
}

static const struct cli_option doctor_options[] = {
	CLI_KERNEL_OPTIONS,
	{"for", 0, "PURPOSE", "check only what this needs: load, build, test or package"},
	{"root", 0, "DIR", "the running kernel's /sys is below this folder"},
	{},
};

const struct command cmd_doctor = {
	.name = "doctor",
	.summary = "show what this machine has, what it lacks, and how to get it",
	.args = "[--kernel REL] [--for load|build|test|package]",
	.options = doctor_options,
	.help = "Shows whether Suture supports the kernel and, if not, which fact prevents it.\n"
		"Nothing is fetched or changed; for a kernel that is not in the cache, the facts come\n"
		"from apt's lists, and some will be known \"later\".  A \"missing\" fact prevents a\n"
		"build and makes the exit code 3; a \"note\" concerns a single command.\n"
		"With --for, only facts that matter for this purpose are shown: a machine that only\n"
		"loads live patches needs no compiler and no QEMU.\n",
	.example = "suture doctor --kernel 6.1.0-54-amd64",
	.run = run_doctor,
};
