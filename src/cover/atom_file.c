/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the chunk that a step of a changed file concerns, and frees such files. */
#include "cover/atom_file.h"

#include <string.h>

const struct cchunk *atom_file_chunk(const struct atom_file *file, const struct chunk_step *step,
				     const struct cfile **text)
{
	bool in = step->op == CHUNK_IN;

	*text = &file->text[in];
	return &(*text)->chunks.data[in ? step->after : step->before];
}

const char *atom_file_piece(const struct atom_file *file, unsigned side, size_t chunk, size_t *len)
{
	const char *text = file->text[side].text;
	const char *start = chunk ? file->ends[side].data[chunk - 1] : text;
	const char *end =
		chunk < file->ends[side].len ? file->ends[side].data[chunk] : text + strlen(text);

	*len = end - start;
	return start;
}

void atom_file_free(struct atom_file *file)
{
	for (unsigned side = 0; side < 2; side++) {
		cfile_free(&file->text[side]);
		vec_free(&file->ends[side]);
	}
	vec_free(&file->steps);
	vec_free(&file->atom_of);
}
