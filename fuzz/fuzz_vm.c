/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the host's side of a trial: the first half of the input is what the guest writes to its
 * port, the rest is what it writes to its console.
 */
#include <string.h>

#include "vm/plan_module.h"
#include "vm/result.h"
#include "vm/session_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const patches[] = {"a.ko", "b.ko", NULL};
	static const char *const shows[] = {"/proc/version", NULL};
	const struct vm_spec spec = {.patches = patches,
				     .shows = shows,
				     .cycles = 2,
				     .trials = -1u,
				     .require_coverage = true};
	const struct str_vec needed = {};
	scope_vm_result result = vm_result_new(&spec);
	scope_plan plan = PLAN_INIT;
	const char *text = (const char *)data;
	size_t left = size / 2;

	const struct plan_patch a = {.name = "a", .needed = &needed, .over_name = "c"};
	const struct plan_patch b = {.name = "b", .needed = &needed, .reloadable = true};

	plan_add_module(&plan, &spec, 0, &a);
	plan_add_module(&plan, &spec, 1, &b);

	scope_session session = session_new(result, &spec, &plan);

	while (left) {
		const char *newline = memchr(text, '\n', left);
		size_t length = newline ? (size_t)(newline - text) : left;

		session_line(&session, text, length);
		length += newline != NULL;
		text += length;
		left -= length;
	}

	scope_free char *console = xstrndup((const char *)data + size / 2, size - size / 2);

	session_abort(&session, "end", console);
	return 0;
}
