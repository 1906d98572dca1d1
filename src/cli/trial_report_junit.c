/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports the results of trials as JUnit's XML, which build servers show. */
#include "cli/trial_report_junit.h"

#include <string.h>

#include "base/file.h"
#include "base/printable.h"
#include "base/strbuf.h"

/* XML 1.0 allows neither control characters, even escaped, nor U+FFFE and U+FFFF. */
static void junit_add_escaped(struct strbuf *out, const char *text)
{
	static const char *const escapes[128] = {
		['<'] = "&lt;",	  ['>'] = "&gt;",   ['&'] = "&amp;",
		['"'] = "&quot;", ['\n'] = "&#10;", ['\t'] = "&#9;",
	};

	scope_free char *valid = text_printable_lines(text);

	for (const char *at = valid; *at; at++) {
		unsigned char c = *at;

		if (str_starts(at, "\xef\xbf\xbe") || str_starts(at, "\xef\xbf\xbf")) {
			strbuf_addch(out, '?');
			at += 2;
			continue;
		}

		if (c < 128 && escapes[c])
			strbuf_addstr(out, escapes[c]);
		else
			strbuf_addch(out, c);
	}
}

static void junit_add_attribute(struct strbuf *out, const char *name, const char *value)
{
	strbuf_addf(out, " %s=\"", name);
	junit_add_escaped(out, value);
	strbuf_addch(out, '"');
}

struct test_case {
	const char *name;
	unsigned ms;
	enum vm_outcome outcome;
	const char *why;
};

static void junit_add_case(struct strbuf *out, const struct vm_module_result *module,
			   const struct test_case *test)
{
	strbuf_addstr(out, "    <testcase");
	junit_add_attribute(out, "classname", module->name);
	junit_add_attribute(out, "name", test->name);
	strbuf_addf(out, " time=\"%.3f\">", test->ms / 1e3);
	if (test->outcome != VM_PASS) {
		strbuf_addf(out, "<%s", test->outcome == VM_FAIL ? "failure" : "skipped");
		junit_add_attribute(out, "message", test->why ? test->why : "");
		strbuf_addstr(out, "/>");
	}
	strbuf_addstr(out, "</testcase>\n");
}

static void junit_add_strings(struct strbuf *out, const struct str_vec *strings)
{
	vec_foreach(strings, it) {
		junit_add_escaped(out, *it);
		strbuf_addch(out, '\n');
	}
}

/*
 * A failure outside of trials and checks, such as a module that was not tried, gets its own case.
 */
static unsigned junit_add_cases(struct strbuf *out, const struct vm_module_result *module,
				unsigned *failures)
{
	unsigned count = 0;

	vec_foreach(&module->trials, it) {
		junit_add_case(out, module,
			       &(struct test_case){vm_trial_name(it->trial), it->ms, it->outcome,
						   it->why});
		*failures += it->outcome == VM_FAIL;
		count++;
	}
	if (module->pass && !vm_was_exercised(module)) {
		junit_add_case(out, module,
			       &(struct test_case){"exercised", 0, VM_SKIP,
						   "nothing that the patch replaces was loaded"});
		count++;
	}
	vec_foreach(&module->checks, it) {
		scope_free char *name =
			xasprintf("check %s, %s", it->name, vm_phase_name(it->phase));
		scope_free char *why = xasprintf("exit status %d: %s", it->status, it->output);

		junit_add_case(out, module,
			       &(struct test_case){name, 0, it->ok ? VM_PASS : VM_FAIL, why});
		*failures += !it->ok;
		count++;
	}
	if (!module->pass && !*failures) {
		junit_add_case(out, module,
			       &(struct test_case){vm_stage_name(module->failed_at), 0, VM_FAIL,
						   module->why});
		(*failures)++;
		count++;
	}
	return count;
}

static void junit_add_suite(struct strbuf *out, const struct vm_result *result,
			    const struct vm_module_result *module)
{
	scope_strbuf cases = STRBUF_INIT;
	unsigned failures = 0, count = junit_add_cases(&cases, module, &failures);

	strbuf_addstr(out, "  <testsuite");
	junit_add_attribute(out, "name", module->name);
	strbuf_addf(out,
		    " tests=\"%u\" failures=\"%u\">\n    <properties><property name=\"kernel\"",
		    count, failures);
	junit_add_attribute(out, "value", result->release ? result->release : "");
	strbuf_addf(out, "/></properties>\n%s    <system-out>", cases.buf);
	junit_add_strings(out, &module->kernel_log);
	strbuf_addstr(out, "</system-out>\n    <system-err>");
	junit_add_strings(out, &module->findings);
	junit_add_strings(out, &module->blockers);
	strbuf_addstr(out, "</system-err>\n  </testsuite>\n");
}

struct err *trial_report_junit(const char *path, const struct vm_result *result)
{
	scope_strbuf out = STRBUF_INIT;

	strbuf_addstr(
		&out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"suture test\">\n");
	vec_foreach(&result->modules, module)
		junit_add_suite(&out, result, module);
	strbuf_addstr(&out, "</testsuites>\n");
	return file_write(path, out.buf, out.len);
}
