/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that people hand in: the input as a patch, as a source file whose line numbers are to be
 * kept, and as a file that includes others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kbuild/graph.h"
#include "kbuild/lines.h"
#include "kbuild/patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names stay inside the tree, and hunks inside the text. */
static void check_file(const struct patch_file *file, const char *text)
{
	const char *const names[] = {file->old_name, file->new_name};

	for (size_t i = 0; i < array_size(names); i++)
		if (names[i] &&
		    (*names[i] == '/' || !strncmp(names[i], "../", 3) || strstr(names[i], "/../")))
			abort();
	if (file->nr_hunks && (file->hunks.start < text ||
			       file->hunks.start + file->hunks.size > text + strlen(text)))
		abort();
}

static void read_patch(const char *text)
{
	scope_patch_files files = {};
	struct err *err = patch_parse("input", text, &files);

	if (!err) {
		vec_foreach(&files, it)
			check_file(it, text);
		patch_strip_level(&files, "/nonexistent");
	}
	err_free(err);
}

/* Lines come and go in many places; what is kept is the text and nothing else. */
static void keep_lines(const char *text)
{
	struct line_shift_vec shifts = {};
	scope_strbuf kept = STRBUF_INIT;

	for (unsigned line = 1; line < 200; line += 7)
		vec_push(&shifts, (struct line_shift){.now = line, .before = line + line % 3});
	lines_keep(text, &shifts, &kept);
	if (kept.len < strlen(text))
		abort();
	vec_free(&shifts);
}

static void read_shifts(const char *text)
{
	struct line_shift_vec shifts = {};

	err_free(line_shifts_parse(text, &shifts));
	vec_free(&shifts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scope_free char *text = xstrndup((const char *)data, size);
	struct kb_include_vec includes = {};

	read_patch(text);
	keep_lines(text);
	read_shifts(text);
	kb_includes_scan((const char *)data, size, &includes);
	kb_include_vec_free(&includes);
	return 0;
}
