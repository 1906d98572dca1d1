/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the mapped files of a process, by an ioctl if the kernel has it, else from text. */
#include "advise/maps.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_MAPPINGS 2000000 /* so many mappings of one process are read */

/*
 * From include/uapi/linux/fs.h since Linux 6.11 (ed5d583a88a9); the headers of Debian 12 are older.
 * Without the ioctl, most of the time is spent by the kernel on lines that are not needed.
 */
struct procmap_query {
	uint64_t size;
	uint64_t query_flags;
	uint64_t query_addr;
	uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset;
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	uint32_t vma_name_size, build_id_size;
	uint64_t vma_name_addr, build_id_addr;
};

#define PROCMAP_QUERY _IOWR('f', 17, struct procmap_query)
#define QUERY_EXECUTABLE 0x04
#define QUERY_NEXT 0x10
#define QUERY_FILE 0x20

static bool maps_ask(int fd, struct procmap_query *query, uint8_t *name, size_t size)
{
	query->size = sizeof(*query);
	query->vma_name_addr = (uintptr_t)name;
	query->vma_name_size = size;
	query->build_id_size = 0;
	query->build_id_addr = 0;
	return !ioctl(fd, PROCMAP_QUERY, query);
}

static int read_by_query(struct maps_reader *reader, int fd, bool code_only)
{
	struct procmap_query query = {
		.query_flags = QUERY_NEXT | QUERY_FILE | (code_only ? QUERY_EXECUTABLE : 0),
	};

	for (unsigned i = 0; i < MAX_MAPPINGS; i++) {
		if (!maps_ask(fd, &query, reader->buffer, 65536))
			return errno == ENOENT ? 0 : -errno;

		/* The kernel's size of the name includes the NUL. */
		size_t len = query.vma_name_size ? query.vma_name_size - 1 : 0;
		struct mapping mapping = {
			.start = query.vma_start,
			.end = query.vma_end,
			.exec = query.vma_flags & QUERY_EXECUTABLE,
			.major = query.dev_major,
			.minor = query.dev_minor,
			.inode = query.inode,
			.name = {reader->buffer, len < 65536 ? len : 0},
		};

		if (query.vma_end <= query.query_addr || !reader->take(reader, &mapping))
			return 0;
		query.query_addr = query.vma_end;
	}
	return 0;
}

static bool maps_same_file(const struct mapping *a, const struct mapping *b)
{
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor &&
	       a->name.size == b->name.size && !memcmp(a->name.data, b->name.data, a->name.size);
}

/* Handles whole lines; sets *used to their bytes.  Returns false if no more are wanted. */
static bool take_lines(struct maps_reader *reader, size_t len, size_t *used, unsigned *lines)
{
	const uint8_t *end = memrchr(reader->buffer, '\n', len);
	struct bytes rest = {reader->buffer, end ? (size_t)(end + 1 - reader->buffer) : 0}, line;
	struct mapping mapping, last = {}; /* `last`, as most files are mapped in several pieces */

	*used = rest.size;
	while (procfs_line(&rest, &line)) {
		if (++*lines > MAX_MAPPINGS)
			return false;
		if (!procfs_mapping(line, &mapping) || !mapping.inode || !mapping.name.size ||
		    (maps_same_file(&mapping, &last) && (last.exec || !mapping.exec)))
			continue;
		last = mapping;
		if (!reader->take(reader, &mapping))
			return false;
	}
	return true;
}

static int maps_read_text(struct maps_reader *reader, int fd)
{
	struct mapping mapping;
	size_t len = 0, used;
	unsigned lines = 0;
	ssize_t got;

	while ((got = read(fd, reader->buffer + len, MAPS_BUFFER - len))) {
		if (got < 0 && errno != EINTR)
			return -errno;
		len += got > 0 ? got : 0;
		if (!take_lines(reader, len, &used, &lines))
			return 0;
		if (!used && len == MAPS_BUFFER)
			used = len; /* skips a line longer than any that the kernel writes */
		memmove(reader->buffer, reader->buffer + used, len - used);
		len -= used;
	}
	if (procfs_mapping((struct bytes){reader->buffer, len}, &mapping) && mapping.inode &&
	    mapping.name.size)
		reader->take(reader, &mapping);
	return 0;
}

int maps_read(struct maps_reader *reader, int fd, bool code_only, bool *all)
{
	*all = !code_only;
	if (!reader->text_only) {
		int error = read_by_query(reader, fd, code_only);

		if (error != -ENOTTY && error != -EINVAL)
			return error;
		reader->text_only = true;
	}
	*all = true;
	return maps_read_text(reader, fd);
}
