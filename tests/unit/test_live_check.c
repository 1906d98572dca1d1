/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is found before loading, on made-up machines and modules. */
#include "live/check.h"
#include "base/strbuf.h"
#include "live/explain.h"
#include "finding/finding.h"
#include "live/machine.h"
#include "live/module.h"
#include "live/paths.h"
#include "live/record.h"
#include "live/signature.h"
#include "live_tree.h"

static struct klp_module klp;
static struct live_module module;
static struct finding_vec findings;

static void begin(void)
{
	tree_open();
	klp = (struct klp_module){};
	vec_push(&klp.info, xstrdup("vermagic=6.1.0-9-amd64 SMP mod_unload "));
	vec_push(&klp.functions,
		 (struct klp_module_function){"vmlinux", "fs/a.c", "f", "exact", 0});
	module = (struct live_module){.path = "/new.ko",
				      .name = "new",
				      .release = "6.1.0-9-amd64",
				      .image = {.size = 100000},
				      .attested = LIVE_ATTESTED_PASS,
				      .klp = &klp};
}

static void end(void)
{
	findings_free(&findings);
	str_vec_free(&klp.info);
	vec_free(&klp.functions);
	vec_free(&klp.states);
	tree_close();
}

static void check(void)
{
	scope_live_machine machine = NULL;
	struct live_module_vec modules = {};

	findings_free(&findings);
	ck_assert_ok(live_machine_read(tree, &machine));
	vec_push(&modules, &module);
	ck_assert_ok(live_check(tree, machine, &modules, &findings));
	vec_free(&modules);
}

/*
 * Checks that the finding of that name, or its remedy, contains the text, at that level, and that
 * no other finding refuses.
 */
static void says(enum severity level, const char *what, const char *text)
{
	bool found = false;

	check();
	vec_foreach(&findings, it) {
		if (!strcmp(it->rule, what) && it->severity == level &&
		    (strstr(it->message, text) || (it->remedy && strstr(it->remedy, text))))
			found = true;
		else
			ck_assert_msg(it->severity != SEVERITY_REFUSE, "%s: %s", it->rule,
				      it->message);
	}
	ck_assert_msg(found, "no %s with '%s'", what, text);
	ck_assert(findings_refuse(&findings) == (level == SEVERITY_REFUSE));
}

START_TEST(nothing_in_the_way)
{
	begin();
	check();
	ck_assert_uint_eq(findings.len, 0);
	end();
}
END_TEST

START_TEST(what_a_replacement_lacks)
{
	begin();
	put_patch("old", "1\n", "0\n", "f,1");
	put("/proc/modules", "old 16384 1 - Live 0x0 (OEK)\n");
	klp.replace = true;
	check();
	vec_foreach(&findings, it)
		ck_assert_str_ne(it->rule, "lost");
	put(LIVE_SYSFS "/old/vmlinux/g,1/x", "");
	says(SEVERITY_WARN, "lost", "lacks what that patch has: function g of vmlinux");
	klp.replace = false; /* it stacks on the others */
	check();
	vec_foreach(&findings, it)
		ck_assert_str_ne(it->rule, "lost");
	end();
}
END_TEST

/* The kernel's first check of all tasks takes time with the square of the number of functions. */
START_TEST(a_large_patch_stops_processes)
{
	begin();
	for (unsigned i = 0; i < 1600; i++)
		vec_push(&klp.functions,
			 (struct klp_module_function){.name = "f",
						      .object = i % 2 ? "vmlinux" : "absent"});
	put("/proc/loadavg", "0.20 0.18 0.12 1/600 11030\n");
	says(SEVERITY_WARN, "pause",
	     "the kernel has to check 600 tasks against 801 functions, which takes about 0.9 s");
	put("/proc/loadavg", "0.20 0.18 0.12 1/100 11030\n");
	check();
	vec_foreach(&findings, it)
		ck_assert_str_ne(it->rule, "pause");
	put("/sys/module/absent/x", "");
	says(SEVERITY_WARN, "pause", "100 tasks against 1601 functions");
	vec_free(&klp.functions);
	end();
}
END_TEST

START_TEST(the_same_name_twice)
{
	scope_live_machine machine = NULL;
	struct live_module_vec modules = {};

	begin();

	struct live_module other = module;

	other.path = "/other.ko";
	ck_assert_ok(live_machine_read(tree, &machine));
	vec_push(&modules, &module);
	vec_push(&modules, &other);
	ck_assert_ok(live_check(tree, machine, &modules, &findings));
	vec_free(&modules);
	ck_assert(findings_refuse(&findings));
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_str_eq(findings.data[0].message,
			 "two files have this module name: /new.ko and /other.ko");
	end();
}
END_TEST

START_TEST(another_kernel)
{
	begin();
	module.release = "6.1.0-8-amd64";
	says(SEVERITY_REFUSE, "kernel", "--kernel 6.1.0-9-amd64");
	end();
}
END_TEST

START_TEST(another_build)
{
	const char notes[] = "\4\0\0\0\4\0\0\0\3\0\0\0GNU\0\xde\xad\xbe\xef";

	begin();
	ck_assert_ok(root_write(tree, "/sys/kernel/notes", notes, sizeof(notes) - 1, 0644));
	vec_push(&klp.info, xstrdup("suture_build_id=deadbeef"));
	check();
	ck_assert_uint_eq(findings.len, 0);
	free(klp.info.data[1]);
	klp.info.data[1] = xstrdup("suture_build_id=deadbeff");
	says(SEVERITY_REFUSE, "build-id", "another build of 6.1.0-9-amd64");
	end();
}
END_TEST

START_TEST(loaded_already)
{
	begin();
	put("/sys/module/new/taint", "");
	says(SEVERITY_REFUSE, "loaded", "not a live patch");
	put_patch("new", "1\n", "0\n", "g,1");
	says(SEVERITY_REFUSE, "loaded", "suture unload new");
	end();
}
END_TEST

START_TEST(a_transition_going_on)
{
	begin();
	put_patch("other", "1\n", "1\n", "g,1");
	says(SEVERITY_REFUSE, "transition", "that of other (patching)");
	end();
}
END_TEST

START_TEST(stacks_and_replacement)
{
	begin();
	put_patch("other", "1\n", "0\n", "f,1");
	says(SEVERITY_WARN, "stack", "stacks on other, which also replaces f");
	klp.replace = true;
	says(SEVERITY_WARN, "replace", "which Suture did not load");
	put(LIVE_SYSFS "/other/enabled", "0\n");
	check();
	ck_assert_uint_eq(findings.len, 0);
	end();
}
END_TEST

START_TEST(states_of_the_system)
{
	struct klp_module other_klp = {};
	struct live_module other = {
		.path = "/", .name = "other", .sha256 = "", .digest = "", .klp = &other_klp};

	begin();
	put_patch("other", "1\n", "0\n", "g,1");
	vec_push(&other_klp.states, (struct klp_module_state){5, 2});
	ck_assert_ok(live_record_write(tree, &other, false));
	check(); /* it stacks, and does not declare that state */
	ck_assert_uint_eq(findings.len, 0);
	vec_push(&klp.states, (struct klp_module_state){5, 1});
	says(SEVERITY_REFUSE, "state", "in an older version");
	klp.states.data[0].version = 3;
	check();
	ck_assert(!findings_refuse(&findings));
	klp.replace = true;
	klp.states.len = 0;
	says(SEVERITY_REFUSE, "state", "does not take over");
	vec_free(&other_klp.states);
	end();
}
END_TEST

START_TEST(probes_and_tracers)
{
	begin();
	put("/sys/kernel/debug/kprobes/list", "ffffffff81000000  k  f+0x0    [FTRACE]\n"
					      "ffffffff81000010  k  f+0x10    [OPTIMIZED]\n");
	says(SEVERITY_WARN, "probe", "a kprobe is at f+0x10");
	put("/sys/kernel/tracing/enabled_functions", "ff (1) R I \ttramp\nf (1)     \n");
	says(SEVERITY_WARN, "probe", "a kprobe is at f+0x10");
	put("/sys/kernel/tracing/enabled_functions",
	    "f (1) R   D \ttramp: 0xffff\n\tdirect-->somebody+0x0/0x10 [other]\n");
	says(SEVERITY_WARN, "bpf", "a direct call of another module is attached to f");
	put("/sys/kernel/tracing/enabled_functions", "f (1) R I   \ttramp\n");
	says(SEVERITY_REFUSE, "probe", "a kprobe or tracer diverts f");
	put_patch("other", "1\n", "0\n",
		  "f,1"); /* the taint flag then belongs to the other live patch */
	says(SEVERITY_WARN, "stack", "stacks on other");
	end();
}
END_TEST

/* The kernel's list has names only, and a live patch has the number of the function. */
START_TEST(functions_of_one_name)
{
	begin();
	klp.functions.data[0].sympos = 2;
	put("/proc/kallsyms", "ffffffff81000000 t f\nffffffff81001000 t f\n");
	put("/sys/kernel/debug/kprobes/list", "ffffffff81000010  k  f+0x10    \n");
	check();
	ck_assert_uint_eq(findings.len, 0);
	put("/sys/kernel/debug/kprobes/list", "ffffffff81001010  k  f+0x10    \n");
	says(SEVERITY_WARN, "probe", "a kprobe is at f+0x10");
	put("/sys/kernel/debug/kprobes/list", "");
	put("/sys/kernel/tracing/enabled_functions", "f (1) R I   \ttramp\n");
	says(SEVERITY_WARN, "probe", "diverts one of the functions named f");
	put_patch("other", "1\n", "0\n", "f,1");
	check();
	ck_assert_uint_eq(findings.len, 0);
	klp.replace = true;
	says(SEVERITY_WARN, "lost", "function f of vmlinux");
	klp.replace = false;
	put_patch("other", "1\n", "0\n", "f,2");
	says(SEVERITY_WARN, "stack", "stacks on other");
	end();
}
END_TEST

/* Whether Suture loaded a patch is unknown if its record is damaged. */
START_TEST(a_damaged_record_says_nothing)
{
	begin();
	put_patch("other", "1\n", "0\n", "f,1");
	klp.replace = true;
	says(SEVERITY_WARN, "replace", "it replaces other, which Suture did not load");
	put(LIVE_RUN "/loaded/other.json", "{");
	says(SEVERITY_WARN, "replace", "it replaces other, whose record is damaged");
	end();
}
END_TEST

/* A patch of a module's function does not explain why the kernel's function is diverted. */
START_TEST(functions_of_one_name_in_a_module)
{
	begin();
	put_patch("other", "1\n", "0\n", "g,1");
	ck_assert_ok(root_make_dir(tree, LIVE_SYSFS "/other/ext4/f,1"));
	put("/sys/kernel/tracing/enabled_functions", "f (1) R I   \ttramp\n");
	says(SEVERITY_REFUSE, "probe", "a kprobe or tracer diverts f");
	end();
}
END_TEST

START_TEST(little_memory)
{
	begin();
	put("/proc/meminfo", "MemAvailable: 9000 kB\n");
	says(SEVERITY_REFUSE, "memory", "only 8 MB");
	end();
}
END_TEST

START_TEST(signatures)
{
	begin();
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	check();
	ck_assert_uint_eq(findings.len, 0);
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	says(SEVERITY_REFUSE, "signature",
	     "locked down (Secure Boot), and this module is not signed");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	says(SEVERITY_REFUSE, "signature", "(module.sig_enforce), and this module is not signed");
	module.is_signed = true;
	module.signature.signer = "Somebody";
	module.signature.key_id = "00";
	check(); /* a made-up tree has no keyrings, so the kernel decides */
	ck_assert(!findings_refuse(&findings));
	module.signature_error = "its signature is not a PKCS#7 message";
	says(SEVERITY_REFUSE, "signature", "not a PKCS#7 message");
	end();
}
END_TEST

START_TEST(a_broken_machine)
{
	begin();
	put("/proc/sys/kernel/tainted", "128\n");
	says(SEVERITY_WARN, "taint", "reboot: that is safer than a live patch");
	put("/.dockerenv", "");
	says(SEVERITY_WARN, "container", "will be loaded into the host's kernel");
	end();
}
END_TEST

START_TEST(ends_that_are_no_signatures)
{
	const char whole[] = "module"
			     "sig"
			     "\0\0\2\0\0\0\0\0\0\0\0\3" SIGNATURE_MAGIC;
	struct bytes message, all = {(const uint8_t *)whole, sizeof(whole) - 1};
	struct bytes left = live_signature_split(all, &message);

	ck_assert_uint_eq(left.size, 6);
	ck_assert_uint_eq(message.size, 3);
	ck_assert_mem_eq(message.data, "sig", 3);

	char copy[sizeof(whole)];
	const struct {
		size_t at;
		char byte;
	} changes[] = {{9 + 2, 1}, {9 + 11, 10}, {9 + 8, 1}, {sizeof(whole) - 2, 'x'}};

	for (size_t i = 0; i < array_size(changes); i++) {
		memcpy(copy, whole, sizeof(whole));
		copy[changes[i].at] = changes[i].byte;
		left = live_signature_split((struct bytes){(uint8_t *)copy, sizeof(whole) - 1},
					    &message);
		ck_assert_uint_eq(left.size, sizeof(whole) - 1);
		ck_assert_uint_eq(message.size, 0);
	}
	left = live_signature_split((struct bytes){all.data + 9, all.size - 9}, &message);
	ck_assert_uint_eq(message.size, 0);
}
END_TEST

START_TEST(the_kernel_in_words)
{
	scope_str_vec log = {};
	scope_free char *plain = live_explain_load(16 /* EBUSY */, &log);

	ck_assert_ptr_nonnull(strstr(plain, "another transition is in progress"));
	vec_push(&log, xstrdup("a driver says hello"));
	vec_push(&log, xstrdup("livepatch: symbol 'f' not found in symbol table"));
	vec_push(&log, xstrdup("livepatch: failed"));

	scope_free char *told = live_explain_load(22, &log);

	ck_assert_ptr_nonnull(strstr(told, "this kernel does not have"));
	ck_assert_ptr_nonnull(strstr(told, "says: livepatch: symbol 'f'"));

	scope_str_vec callback = {};

	vec_push(&callback, xstrdup("livepatch: pre-patch callback failed for object 'vmlinux'"));

	scope_free char *refused = live_explain_load(19 /* ENODEV */, &callback);

	ck_assert(str_starts(refused, "a callback of the patch refused the load (No such device)"));

	scope_free char *other = live_explain_load(121, &log);

	ck_assert_ptr_nonnull(strstr(other, "Remote I/O error"));

	scope_str_vec glue = {};

	/* The glue's own line, which begins with the module's name. */
	vec_push(
		&glue,
		xstrdup("fix: the live patch was made for another build of this kernel: the banner "
			"differs"));

	scope_free char *build = live_explain_load(8 /* ENOEXEC */, &glue);

	ck_assert(str_starts(build, "the module was built for another build"));
	ck_assert_ptr_nonnull(strstr(build, "says: fix: the live patch was made"));
}
END_TEST

UNIT_SUITE("live checks", nothing_in_the_way, a_large_patch_stops_processes, the_same_name_twice,
	   what_a_replacement_lacks, another_kernel, another_build, loaded_already,
	   a_transition_going_on, stacks_and_replacement, states_of_the_system, probes_and_tracers,
	   functions_of_one_name, functions_of_one_name_in_a_module, a_damaged_record_says_nothing,
	   little_memory, signatures, a_broken_machine, ends_that_are_no_signatures,
	   the_kernel_in_words)
