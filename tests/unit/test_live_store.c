/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outlives a boot, on made-up machines: installed modules, holds, the marker, settings. */
#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/conf.h"
#include "finding/finding.h"
#include "live/unlock.h"
#include "live/guard.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/store.h"
#include "elf/elf.h"
#include "live_tree.h"

/*
 * Makes a livepatch module of that name for that kernel in DIR/host, and possibly a report beside
 * it.
 */
static char *make_module(const char *name, const char *release, bool replace)
{
	struct elf_object *obj = elf_object_new(name);
	struct elf_section *info = elf_add_section(obj, ".modinfo", SHT_PROGBITS, SHF_ALLOC, 1);
	struct elf_section *glue =
		elf_add_section(obj, ".suture.replace", SHT_PROGBITS, SHF_ALLOC, 1);
	scope_free char *words =
		xasprintf("livepatch=Y%cname=%s%cvermagic=%s SMP mod_unload ", 1, name, 1, release);
	scope_free char *report = xasprintf("/host/%s.report.json", name);
	char *path = xasprintf("%s/host/%s.ko", tree_dir, name);
	const uint8_t byte = replace;
	size_t size = strlen(words) + 1;

	for (char *c = words; *c; c++)
		if (*c == 1)
			*c = '\0';
	elf_section_append(obj, info, words, size, 1);
	elf_section_append(obj, glue, &byte, 1, 1);
	elf_add_symbol(obj, "f", ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), glue, 0, 1);
	put(report, "{}");
	ck_assert_ok(elf_object_write(obj, path));
	elf_object_free(obj);
	return path;
}

static void install(const char *name, const char *release, bool replace)
{
	scope_free char *path = make_module(name, release, replace);
	scope_live_install told = {};
	scope_findings findings = {};

	ck_assert_ok(live_install(tree, path, &told, &findings));
	ck_assert_str_eq(told.release, release);
	ck_assert(!findings_refuse(&findings));
}

/* Returns the names, joined. */
static char *installed_names(const char *release)
{
	scope_live_installed installed = {};
	scope_strbuf names = STRBUF_INIT;

	ck_assert_ok(live_installed_read(tree, release, &installed));
	vec_foreach(&installed, it) {
		strbuf_addf(&names, "%s ", it->name);
		ck_assert(root_exists(tree, it->path));
	}
	return strbuf_detach(&names);
}

static void is_installed(const char *release, const char *names)
{
	scope_free char *have = installed_names(release);

	ck_assert_str_eq(have, names);
}

static size_t count_entries(const char *path)
{
	scope_str_vec names = {};

	ck_assert_ok(root_list(tree, path, &names));
	return names.len;
}

START_TEST(installed_by_kernel)
{
	tree_open();
	is_installed("6.1.0-9-amd64", "");
	install("a", "6.1.0-9-amd64", false);
	install("b", "6.1.0-9-amd64", false);
	install("c", "6.12.1", true);
	is_installed("6.1.0-9-amd64", "a b ");
	is_installed("6.12.1", "c ");
	install("a", "6.1.0-9-amd64", false); /* installed again, it is on top, and only once */
	is_installed("6.1.0-9-amd64", "b a ");
	install("d", "6.1.0-9-amd64", true);
	is_installed("6.1.0-9-amd64", "d ");
	ck_assert_uint_eq(count_entries("/var/lib/suture/6.1.0-9-amd64"), 2);
	tree_close();
}
END_TEST

START_TEST(reports_come_along)
{
	scope_live_installed installed = {};

	tree_open();
	put("/host/a.cover.json", "{}");
	install("a", "6.1.0-9-amd64", false);
	ck_assert_ok(live_installed_read(tree, "6.1.0-9-amd64", &installed));

	scope_free char *path = xstrdup(installed.data[0].path);
	scope_free char *report = xasprintf("%.*s.report.json", (int)strlen(path) - 3, path);

	scope_free char *list = xasprintf("%.*s.cover.json", (int)strlen(path) - 3, path);

	ck_assert(root_exists(tree, report));
	ck_assert(root_exists(tree, list));
	tree_close();
}
END_TEST

START_TEST(uninstalled)
{
	scope_str_vec none = {}, one = {}, removed = {};

	tree_open();
	install("a", "6.1.0-9-amd64", false);
	install("b", "6.1.0-9-amd64", false);
	vec_push(&none, xstrdup("x"));
	ck_assert_ok(live_uninstall(tree, "6.1.0-9-amd64", &none, &removed));
	ck_assert_uint_eq(removed.len, 0);
	vec_push(&one, xstrdup("a"));
	ck_assert_ok(live_uninstall(tree, "6.1.0-9-amd64", &one, &removed));
	is_installed("6.1.0-9-amd64", "b ");
	ck_assert_uint_eq(count_entries("/var/lib/suture/6.1.0-9-amd64"), 2);
	ck_assert_ok(live_uninstall(tree, "6.1.0-9-amd64", NULL, &removed));
	ck_assert_uint_eq(removed.len, 2);
	ck_assert(!root_exists(tree, "/var/lib/suture/6.1.0-9-amd64"));
	ck_assert_ok(live_uninstall(tree, "6.1.0-9-amd64", NULL, &removed));
	tree_close();
}
END_TEST

START_TEST(what_a_replacement_drops)
{
	tree_open();
	install("a", "6.1.0-9-amd64", false);
	install("b", "6.1.0-9-amd64", false);

	scope_free char *a = make_module("a", "6.1.0-9-amd64", false);
	scope_free char *path = make_module("all", "6.1.0-9-amd64", true);
	scope_live_install told = {}, again = {};
	scope_findings findings = {}, others = {};

	put("/host/a.report.json", "{\"cves\": [\"CVE-2026-10001\", \"CVE-2026-10002\"]}");
	put("/host/all.report.json", "{\"cves\": [\"CVE-2026-10002\"]}");
	ck_assert_ok(live_install(tree, a, &again, &others));
	ck_assert_uint_eq(again.dropped.len, 0); /* it replaces only itself */
	ck_assert_ok(live_install(tree, path, &told, &findings));
	ck_assert_str_eq(told.name, "all");
	ck_assert_uint_eq(told.dropped.len, 2);

	size_t lost = 0;

	vec_foreach(&findings, it) {
		if (strcmp(it->rule, "lost"))
			continue;
		lost++;
		ck_assert_int_eq(it->severity, SEVERITY_WARN);
		ck_assert_str_eq(it->message, "it replaces the installed a but lacks what "
					      "that patch has: CVE-2026-10001");
	}
	ck_assert_uint_eq(lost, 1);
	tree_close();
}
END_TEST

START_TEST(left_over_from_a_killed_command)
{
	tree_open();
	install("a", "6.1.0-9-amd64", false);
	put("/var/lib/suture/6.1.0-9-amd64/.new.77/x.ko", "half");
	put("/var/lib/suture/6.1.0-9-amd64/x-0123-4567/x.ko", "unlisted");
	is_installed("6.1.0-9-amd64", "a ");
	install("b", "6.1.0-9-amd64", false);
	ck_assert_uint_eq(count_entries("/var/lib/suture/6.1.0-9-amd64"), 3);
	tree_close();
}
END_TEST

START_TEST(releases_that_are_paths)
{
	static const char *const releases[] = {"../../etc", "..",   ".",	 "",
					       "a/b",	    "held", "6.1\033[2J"};
	struct live_installed_vec installed = {};

	tree_open();
	for (size_t i = 0; i < array_size(releases); i++)
		ck_assert_fails(live_installed_read(tree, releases[i], &installed),
				"not a valid kernel release");

	scope_free char *path = make_module("evil", "../../../etc", false);
	scope_live_install told = {};
	scope_findings findings = {};

	ck_assert_fails(live_install(tree, path, &told, &findings), "not a valid kernel release");
	put("/var/lib/suture/6.1/installed.json",
	    "{\"modules\": [{\"name\": \"x\", \"sha256\": \"0\", \"file\": \"../../x\"}]}");
	ck_assert_fails(live_installed_read(tree, "6.1", &installed),
			"not a valid Suture state file");
	tree_close();
}
END_TEST

START_TEST(blocked_and_unlocked)
{
	scope_live_blocks blocks = {};
	scope_str_vec released = {};
	scope_findings findings = {};

	tree_open();

	scope_free char *path = make_module("a", "6.1.0-9-amd64", false);
	scope_live_install told = {};
	scope_live_module module = NULL;

	ck_assert_ok(live_module_open(path, &module));
	ck_assert_ok(live_block_add(tree, "a", module->digest, "6.1.0-9-amd64", "it was \"bad\""));
	ck_assert_ok(live_blocks_read(tree, &blocks));
	ck_assert_uint_eq(blocks.len, 1);
	ck_assert_str_eq(blocks.data[0].why, "it was \"bad\"");
	ck_assert_ok(live_install(tree, path, &told, &findings));
	ck_assert(findings_refuse(&findings));
	is_installed("6.1.0-9-amd64", "");
	ck_assert_ok(live_unlock(tree, "b", &released));
	ck_assert_uint_eq(released.len, 0);
	ck_assert_ok(live_unlock(tree, "a", &released));
	ck_assert_uint_eq(released.len, 1);
	ck_assert_uint_eq(count_entries("/var/lib/suture/held"), 0);
	ck_assert_ok(live_unlock(tree, NULL, &released));
	tree_close();
}
END_TEST

START_TEST(a_damaged_block_still_blocks)
{
	scope_live_blocks blocks = {};

	tree_open();
	put("/var/lib/suture/held/0123.json", "{\"name\": ");
	ck_assert_ok(live_blocks_read(tree, &blocks));
	ck_assert_ptr_nonnull(live_blocks_find(&blocks, "0123"));
	ck_assert_ptr_null(live_blocks_find(&blocks, "012"));
	tree_close();
}
END_TEST

/* Returns how many patches are blocked after a boot that found a marker of that boot. */
static size_t blocks_after_boot(const char *boot_id)
{
	scope_live_machine machine = NULL;
	scope_live_blocks blocks = {};
	struct live_module module = {.name = "a", .digest = "77"};
	struct live_module_vec modules = {};

	tree_open();
	vec_push(&modules, &module);
	ck_assert_ok(live_machine_read(tree, &machine));
	ck_assert_ok(live_guard_begin(tree, machine, &modules));
	vec_free(&modules);
	free(machine->boot_id);
	machine->boot_id = xstrdup(boot_id);
	ck_assert_ok(live_guard_check(tree, machine));
	ck_assert(!root_exists(tree, "/var/lib/suture/loading.json"));
	ck_assert_ok(live_blocks_read(tree, &blocks));
	tree_close();
	return blocks.len;
}

START_TEST(markers_of_this_boot_and_of_others)
{
	scope_live_machine machine = NULL;

	ck_assert_uint_eq(blocks_after_boot("11111111-2222"),
			  0); /* the process was killed, the machine did not crash */
	ck_assert_uint_eq(blocks_after_boot("33333333-4444"), 1);
	tree_open();
	ck_assert_ok(live_machine_read(tree, &machine));
	put("/var/lib/suture/loading.json", "not whole");
	ck_assert_fails(live_guard_check(tree, machine), "'suture unlock --all --root=");
	live_guard_end(tree);
	tree_close();
}
END_TEST

START_TEST(settings)
{
	struct live_conf conf;

	tree_open();
	ck_assert_ok(live_conf_read(tree, &conf));
	ck_assert_int_eq(conf.require_tested, LIVE_TESTED_WARN);
	put("/etc/suture/suture.conf", "# all of them\n\n  require-tested = yes  # strictly\n");
	ck_assert_ok(live_conf_read(tree, &conf));
	ck_assert_int_eq(conf.require_tested, LIVE_TESTED_YES);
	put("/etc/suture/conf.d/20-b.conf", "require-tested=no");
	put("/etc/suture/conf.d/10-a.conf", "require-tested=warn\n");
	put("/etc/suture/conf.d/README", "nonsense\n");
	ck_assert_ok(live_conf_read(tree, &conf));
	ck_assert_int_eq(conf.require_tested, LIVE_TESTED_NO);
	put("/etc/suture/conf.d/30.conf", "\nrequire-tested = maybe\n");
	ck_assert_fails(live_conf_read(tree, &conf),
			"conf.d/30.conf: line 2: require-tested: 'maybe' is not no, warn or yes");
	put("/etc/suture/conf.d/30.conf", "require-testet = no\n");
	ck_assert_fails(live_conf_read(tree, &conf), "did you mean 'require-tested'?");
	put("/etc/suture/conf.d/30.conf", "colour = red\n");
	ck_assert_fails(live_conf_read(tree, &conf), "'colour' is not a setting");
	put("/etc/suture/conf.d/30.conf", "colour\n");
	ck_assert_fails(live_conf_read(tree, &conf), "not of the form");
	tree_close();
}
END_TEST

/*
 * Writes an attestation of that hash beside the module, and checks what the settings make of it;
 * "idle" is a pass that exercised nothing.
 */
static void attest(const char *sha256, const char *kernel, const char *result, const char *says)
{
	scope_free char *path = make_module("a", "6.1.0-9-amd64", false);
	scope_live_install told = {};
	bool idle = !strcmp(result, "idle");
	scope_free char *text = xasprintf(
		"{\"schema\": \"suture.attest/1\", \"module\": \"a\", \"sha256\": \"%s\", "
		"\"kernel\": \"%s\", \"build_id\": \"\", \"suture\": \"1\", \"time\": "
		"\"2026-01-01T00:00:00Z\", \"result\": \"%s\", \"exercised\": %s, \"trials\": [], "
		"\"covered\": "
		"[\"vmlinux:f\"], \"uncovered\": [\"vmlinux:g\"]}",
		sha256, kernel, idle ? "pass" : result, idle ? "false" : "true");
	scope_findings findings = {};

	put("/host/a.attest.json", text);
	ck_assert_ok(live_install(tree, path, &told, &findings));
	ck_assert_uint_eq(findings.len, *says ? 1 : 0);
	if (*says)
		ck_assert_msg(strstr(findings.data[0].message, says) != NULL, "%s",
			      findings.data[0].message);
	ck_assert(findings_refuse(&findings) == (*says != '\0'));
}

START_TEST(tested_or_not)
{
	scope_live_module module = NULL;
	scope_findings findings = {};

	tree_open();
	put("/etc/suture/suture.conf", "require-tested = yes\n");

	scope_free char *path = make_module("a", "6.1.0-9-amd64", false);
	scope_live_install told = {};

	ck_assert_ok(live_module_open(path, &module));
	ck_assert_ok(live_install(tree, path, &told, &findings));
	ck_assert(findings_refuse(&findings));
	ck_assert_ptr_nonnull(strstr(findings.data[0].message, "no attestation"));
	attest(module->sha256, "6.1.0-8-amd64", "pass", "it was tested in kernel 6.1.0-8-amd64");
	attest("0123456789012345678901234567890123456789012345678901234567890123", "6.1.0-9-amd64",
	       "pass", "about another file");
	attest(module->sha256, "6.1.0-9-amd64", "fail", "its trial failed");
	attest(module->sha256, "6.1.0-9-amd64", "idle", "were not loaded during its trial");
	is_installed("6.1.0-9-amd64", "");
	attest(module->sha256, "6.1.0-9-amd64", "pass", "");
	is_installed("6.1.0-9-amd64", "a ");
	put("/host/a.attest.json", "{");
	put("/etc/suture/suture.conf", "require-tested = no\n");
	live_install_free(&told);
	told = (struct live_install){};
	ck_assert_ok(live_install(tree, path, &told, &findings));
	tree_close();
}
END_TEST

UNIT_SUITE("live store", installed_by_kernel, reports_come_along, uninstalled,
	   left_over_from_a_killed_command, what_a_replacement_drops, releases_that_are_paths,
	   blocked_and_unlocked, a_damaged_block_still_blocks, markers_of_this_boot_and_of_others,
	   settings, tested_or_not)
