/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cursor is a position in a buffer of foreign bytes that never leaves the buffer. All foreign
 * bytes are read through cursors. A read past the end sets `overrun`, returns zero and does not
 * move, so that a parser can read a whole record and check once whether all of it was there.
 */
#ifndef SUTURE_BASE_CURSOR_H
#define SUTURE_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed range of bytes. */
struct bytes {
	const uint8_t *data;
	size_t size;
};

/*
 * Returns [offset, offset + size) of bytes, or false and an empty slice if a part of it is outside.
 */
bool bytes_slice(struct bytes bytes, uint64_t offset, uint64_t size, struct bytes *slice);

/* Returns the NUL-terminated string at offset, or NULL if it does not end inside. */
const char *bytes_string(struct bytes bytes, uint64_t offset);

struct cursor {
	struct bytes bytes;
	size_t pos;
	bool overrun;
};

struct cursor cursor_at(struct bytes bytes, uint64_t offset);
size_t cursor_left(const struct cursor *cur);
void cursor_skip(struct cursor *cur, uint64_t size);
void cursor_align(struct cursor *cur, size_t align);

/* These read little-endian numbers, which need not be aligned. */
uint8_t cursor_u8(struct cursor *cur);
uint16_t cursor_u16(struct cursor *cur);
uint32_t cursor_u32(struct cursor *cur);
uint64_t cursor_u64(struct cursor *cur);

/* Returns the next size bytes without copying them, or NULL on overrun. */
const uint8_t *cursor_take(struct cursor *cur, uint64_t size);

/* Returns a NUL-terminated string without copying it, or NULL on overrun. */
const char *cursor_string(struct cursor *cur);

#endif
