/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds asm() at the outer level of a changed file, where nothing says what it is for. */
#include "reach/new_assembler.h"

#include <string.h>

#include "base/strbuf.h"
#include "reach/cfile.h"

static bool is_assembler(const struct cfile *text, const struct cchunk *chunk)
{
	static const char *const words[] = {"asm", "__asm__", "__asm"};

	for (size_t i = 0; i < array_size(words); i++)
		if (ctoken_is(&text->tokens.data[chunk->start], words[i]))
			return true;
	return false;
}

static unsigned line_of(const struct cfile *text, const struct cchunk *chunk)
{
	unsigned line = 1;

	for (const char *at = text->text; at < text->tokens.data[chunk->start].text; at++)
		line += *at == '\n';
	return line;
}

static struct err *note_new_assembler(const struct changed_file *file, struct finding_vec *findings)
{
	scope_cfile before = {};
	scope_cfile after = {};
	struct cchunk_vec only_before = {}, only_after = {};

	if (!file->after || !(str_ends(file->path, ".c") || str_ends(file->path, ".h")))
		return NULL;
	if (file->before)
		err_try(cfile_read(file->before, &before));
	err_try(cfile_read(file->after, &after));
	cchunks_differ(&before.chunks, &after.chunks, &only_before, &only_after);
	vec_foreach(&only_after, it) {
		if (!is_assembler(&after, it))
			continue;
		finding_add(findings, "assembler-new", file->path, NULL,
			    "check what it does besides what code of the patch refers to",
			    "the patch adds assembler outside of functions");
		finding_at(findings, line_of(&after, it));
	}
	vec_free(&only_before);
	vec_free(&only_after);
	return NULL;
}

struct err *reach_new_assembler(const struct changed_file_vec *files, struct finding_vec *findings)
{
	vec_foreach(files, it)
		err_try(note_new_assembler(it, findings));
	return NULL;
}
