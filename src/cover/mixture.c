/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a file from pieces of its two versions. A piece is a chunk with the white space and the
 * comments before it.
 */
#include "cover/mixture.h"

#include <string.h>

struct mixture {
	const struct atom_file *file;
	struct strbuf *text;
	unsigned line; /* number of the last line in text */
};

static void mixture_add(struct mixture *mixture, const char *start, const char *end)
{
	struct strbuf *text = mixture->text;

	/* In its own version, the piece may have followed a different chunk on the same line. */
	if (start < end && *start != '\n' && text->len && text->buf[text->len - 1] != '\n') {
		strbuf_addch(text, '\n');
		mixture->line++;
	}
	strbuf_add(text, start, end - start);
	for (const char *at = start; at < end && (at = memchr(at, '\n', end - at)); at++)
		mixture->line++;
}

/* Adds the piece that ends with a chunk, or the rest of the file after the last chunk. */
static void mixture_add_piece(struct mixture *mixture, unsigned side, size_t chunk)
{
	size_t len;
	const char *piece = atom_file_piece(mixture->file, side, chunk, &len);

	mixture_add(mixture, piece, piece + len);
}

void mixture_write(const struct atom_file *file, const bool *carried, char *const *refitted,
		   struct strbuf *text, struct atom_lines_vec *lines)
{
	struct mixture mixture = {file, text, 1};

	for (size_t i = 0; i < file->steps.len; i++) {
		const struct chunk_step *step = &file->steps.data[i];
		size_t atom = file->atom_of.data[i];
		bool after = step->op != CHUNK_OUT;
		unsigned first = mixture.line;

		if (atom != NO_ATOM && carried[atom] != after)
			continue;
		if (atom != NO_ATOM && after && refitted[atom])
			mixture_add(&mixture, refitted[atom],
				    refitted[atom] + strlen(refitted[atom]));
		else
			mixture_add_piece(&mixture, after, after ? step->after : step->before);
		if (atom != NO_ATOM && after)
			vec_push(lines, (struct atom_lines){atom, first, mixture.line});
	}
	mixture_add_piece(&mixture, 1, file->ends[1].len);
}
