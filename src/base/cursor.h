/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way that foreign bytes are read: a position in a buffer that never
 * leaves it.  A read past the end sets `overrun`, yields zero and stays put, so
 * that a parser reads a whole record and asks once whether it was all there.
 */
#ifndef SUTURE_BASE_CURSOR_H
#define SUTURE_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to somebody else. */
struct bytes {
	const uint8_t *data;
	size_t size;
};

/* Returns [offset, offset + size) of bytes; false and an empty slice if any of it is outside. */
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

/* Little-endian, unaligned. */
uint8_t cursor_u8(struct cursor *cur);
uint16_t cursor_u16(struct cursor *cur);
uint32_t cursor_u32(struct cursor *cur);
uint64_t cursor_u64(struct cursor *cur);

/* The next size bytes, not copied; NULL on overrun. */
const uint8_t *cursor_take(struct cursor *cur, uint64_t size);

/* A NUL-terminated string, not copied; NULL on overrun. */
const char *cursor_string(struct cursor *cur);

#endif
