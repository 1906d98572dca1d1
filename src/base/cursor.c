/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads numbers and strings of foreign bytes without leaving their bounds. */
#include "base/cursor.h"

#include <endian.h>
#include <string.h>

bool bytes_slice(struct bytes bytes, uint64_t offset, uint64_t size, struct bytes *slice)
{
	*slice = (struct bytes){};
	if (offset > bytes.size || size > bytes.size - offset)
		return false;
	*slice = (struct bytes){bytes.data + offset, size};
	return true;
}

const char *bytes_string(struct bytes bytes, uint64_t offset)
{
	if (offset >= bytes.size || !memchr(bytes.data + offset, 0, bytes.size - offset))
		return NULL;
	return (const char *)bytes.data + offset;
}

struct cursor cursor_at(struct bytes bytes, uint64_t offset)
{
	struct cursor cur = {.bytes = bytes};

	if (offset > bytes.size)
		cur.overrun = true;
	else
		cur.pos = offset;
	return cur;
}

size_t cursor_left(const struct cursor *cur)
{
	return cur->overrun ? 0 : cur->bytes.size - cur->pos;
}

const uint8_t *cursor_take(struct cursor *cur, uint64_t size)
{
	if (cur->overrun || size > cur->bytes.size - cur->pos) {
		cur->overrun = true;
		return NULL;
	}

	const uint8_t *data = cur->bytes.data + cur->pos;

	cur->pos += size;
	return data;
}

void cursor_skip(struct cursor *cur, uint64_t size)
{
	cursor_take(cur, size);
}

void cursor_align(struct cursor *cur, size_t align)
{
	cursor_skip(cur, (align - cur->pos % align) % align);
}

uint8_t cursor_u8(struct cursor *cur)
{
	const uint8_t *data = cursor_take(cur, 1);

	return data ? *data : 0;
}

#define CURSOR_READ(name, type, convert)                                                           \
	type name(struct cursor *cur)                                                              \
	{                                                                                          \
		const uint8_t *data = cursor_take(cur, sizeof(type));                              \
		type value = 0;                                                                    \
                                                                                                   \
		if (data)                                                                          \
			memcpy(&value, data, sizeof(value));                                       \
		return convert(value);                                                             \
	}

CURSOR_READ(cursor_u16, uint16_t, le16toh)
CURSOR_READ(cursor_u32, uint32_t, le32toh)
CURSOR_READ(cursor_u64, uint64_t, le64toh)

const char *cursor_string(struct cursor *cur)
{
	const char *str = cur->overrun ? NULL : bytes_string(cur->bytes, cur->pos);

	if (str)
		cur->pos += strlen(str) + 1;
	else
		cur->overrun = true;
	return str;
}
