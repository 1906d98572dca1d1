/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the version from a bzImage, and the release from the name of an image. */
#include "advise/kernel_image.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/text.h"

/* Offsets in the setup header (Documentation/arch/x86/boot.rst). */
#define SETUP_SECTS 0x1f1
#define SETUP_MAGIC 0x202
#define SETUP_VERSION 0x20e

static const char *const image_names[] = {"vmlinuz-", "vmlinux-", "kernel-", "bzImage-", "linux-"};

char *kernel_image_text(struct bytes start)
{
	struct cursor magic = cursor_at(start, SETUP_MAGIC);
	struct cursor where = cursor_at(start, SETUP_VERSION);
	struct bytes setup;
	struct cursor sectors = cursor_at(start, SETUP_SECTS);
	uint64_t size = 512ull * (cursor_u8(&sectors) + 1);

	if (cursor_u32(&magic) != 0x53726448) /* "HdrS" */
		return NULL;
	if (!bytes_slice(start, 0, size < start.size ? size : start.size, &setup))
		return NULL;

	uint16_t offset = cursor_u16(&where);
	const char *text = offset ? bytes_string(setup, offset + 0x200ull) : NULL;

	return text ? xstrdup(text) : NULL;
}

const char *kernel_release_of(const char *path)
{
	const char *name = path_base(path);

	for (size_t i = 0; i < array_size(image_names); i++)
		if (str_starts(name, image_names[i])) {
			const char *release = name + strlen(image_names[i]);

			return isdigit((unsigned char)*release) ? release : NULL;
		}
	return NULL;
}
