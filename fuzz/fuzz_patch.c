/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches and sources, as text: parsing a diff, keeping lines, reading declarations. */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "kbuild/kbuild.h"
#include "patch/changes.h"
#include "patch/lines.h"
#include "patch/parse.h"
#include "reach/cnames.h"
#include "reach/include_graph.h"
#include "reach/include_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_patch(const char *text)
{
	scope_patch_files files = {};

	err_free(patch_parse("fuzz", text, &files));
}

static void read_lines(const char *text)
{
	struct line_shift_vec shifts = {};
	scope_strbuf out = STRBUF_INIT;

	err_free(line_shifts_parse(text, &shifts));
	vec_push(&shifts, (struct line_shift){3, 5});
	lines_keep(text, &shifts, &out);
	vec_free(&shifts);
}

static void read_declarations(const char *text, size_t size)
{
	struct ctoken_vec tokens = {};
	struct cchunk_vec chunks = {};

	ctokens_cut(text, size, &tokens);
	cchunks_cut(&tokens, &chunks);
	vec_foreach(&chunks, it) {
		struct ctoken_ref_vec names = {};

		cchunk_names(&tokens, it, &names);
		vec_free(&names);
	}
	vec_free(&chunks);
	vec_free(&tokens);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The buffer has exactly the size of the text, so that a read past the end is noticed. */
	scope_free char *text = xmalloc(size + 1);
	scope_free char *bare = xmemdup(data, size);
	scope_str_vec deps = {};
	struct include_line_vec includes = {};

	memcpy(text, data, size);
	text[size] = '\0';
	text[strlen(text)] = '\0';
	read_patch(text);
	read_lines(text);
	kbuild_deps_parse(text, &deps);
	include_lines_scan(bare, size, &includes);
	include_line_vec_free(&includes);
	read_declarations(bare, size);
	return 0;
}
