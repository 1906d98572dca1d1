/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the compressed kernel in a boot image by the setup header of x86. */
#include <string.h>

#include "image/bzimage.h"
#include "image/image.h"

/* Documentation/x86/boot.rst lists these offsets in the setup header. */
enum {
	HDR_SETUP_SECTS = 0x1f1,
	HDR_BOOT_FLAG = 0x1fe,
	HDR_MAGIC = 0x202,
	HDR_VERSION = 0x206,
	HDR_PAYLOAD = 0x248, /* offset and length, since protocol 2.08 (Linux 2.6.26) */
};

#define BOOT_FLAG 0xaa55
#define SECTOR 512
#define OLD_SETUP_SECTS 4 /* a value of 0 means this number */

bool bzimage_is(struct bytes file)
{
	struct cursor flag = cursor_at(file, HDR_BOOT_FLAG);
	struct bytes magic;

	return cursor_u16(&flag) == BOOT_FLAG && bytes_slice(file, HDR_MAGIC, 4, &magic) &&
	       !memcmp(magic.data, "HdrS", 4);
}

/* The sectors of the setup code stand behind the boot sector. */
static uint64_t setup_size(struct bytes file)
{
	struct cursor at = cursor_at(file, HDR_SETUP_SECTS);
	uint64_t sectors = cursor_u8(&at);

	return ((sectors ? sectors : OLD_SETUP_SECTS) + 1) * SECTOR;
}

bool image_real_mode(struct bytes file, struct bytes *part)
{
	return bzimage_is(file) && bytes_slice(file, 0, setup_size(file), part);
}

struct err *bzimage_payload(const char *name, struct bytes file, struct bytes *payload)
{
	struct cursor version = cursor_at(file, HDR_VERSION);
	struct cursor where = cursor_at(file, HDR_PAYLOAD);
	unsigned protocol = cursor_u16(&version);
	uint64_t offset = cursor_u32(&where);
	uint64_t length = cursor_u32(&where);

	if (where.overrun)
		return err_new("%s: the bzImage ends within its setup header", name);
	if (protocol < 0x208)
		return err_new(
			"%s: boot protocol %u.%02u is too old: before 2.08, the header does not say where the kernel is",
			name, protocol >> 8, protocol & 0xff);
	offset += setup_size(file);
	if (!length || !bytes_slice(file, offset, length, payload))
		return err_new(
			"%s: the bzImage is truncated: its kernel is at 0x%llx with 0x%llx bytes, but the file has 0x%zx bytes",
			name, (unsigned long long)offset, (unsigned long long)length, file.size);
	return NULL;
}
