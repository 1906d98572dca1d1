/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads files of /proc, and parses stat, cgroup and lines of maps. */
#include "advise/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strbuf.h"

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

int procfs_open(int proc, int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", pid, name);

	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

ssize_t procfs_read(int proc, int pid, const char *name, char *buf, size_t size)
{
	scope_close int fd = procfs_open(proc, pid, name);
	ssize_t got;

	if (fd < 0)
		return fd;
	do
		got = read(fd, buf, size);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

static int digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool take_char(struct cursor *cur, char wanted)
{
	return cursor_u8(cur) == (uint8_t)wanted && !cur->overrun;
}

static bool take_number(struct cursor *cur, unsigned base, uint64_t *value)
{
	size_t start = cur->pos;

	*value = 0;
	while (cur->pos < cur->bytes.size) {
		int digit = digit_value(cur->bytes.data[cur->pos]);

		if (digit < 0 || (unsigned)digit >= base)
			break;
		if (*value > (UINT64_MAX - digit) / base)
			return false;
		*value = *value * base + digit;
		cur->pos++;
	}
	return cur->pos > start;
}

static void procfs_skip_blanks(struct cursor *cur)
{
	while (cur->pos < cur->bytes.size && cur->bytes.data[cur->pos] == ' ')
		cur->pos++;
}

bool procfs_line(struct bytes *rest, struct bytes *line)
{
	if (!rest->size)
		return false;

	const uint8_t *end = memchr(rest->data, '\n', rest->size);
	size_t len = end ? (size_t)(end - rest->data) : rest->size;

	*line = (struct bytes){rest->data, len};
	rest->data += end ? len + 1 : len;
	rest->size -= end ? len + 1 : len;
	return true;
}

bool procfs_mapping(struct bytes line, struct mapping *mapping)
{
	struct cursor cur = cursor_at(line, 0);
	uint64_t offset, major, minor;

	*mapping = (struct mapping){};
	if (!take_number(&cur, 16, &mapping->start) || !take_char(&cur, '-') ||
	    !take_number(&cur, 16, &mapping->end) || !take_char(&cur, ' '))
		return false;

	const uint8_t *perms = cursor_take(&cur, 4);

	if (!perms || !take_char(&cur, ' ') || !take_number(&cur, 16, &offset) ||
	    !take_char(&cur, ' ') || !take_number(&cur, 16, &major) || !take_char(&cur, ':') ||
	    !take_number(&cur, 16, &minor) || !take_char(&cur, ' ') ||
	    !take_number(&cur, 10, &mapping->inode) || major > UINT32_MAX || minor > UINT32_MAX)
		return false;
	mapping->exec = perms[2] == 'x';
	mapping->major = major;
	mapping->minor = minor;
	procfs_skip_blanks(&cur);
	return bytes_slice(line, cur.pos, line.size - cur.pos, &mapping->name);
}

char *procfs_unescape(struct bytes name)
{
	char *out = xmalloc(name.size + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.size; i++) {
		if (name.size - i >= 4 && !memcmp(name.data + i, "\\012", 4)) {
			out[len++] = '\n';
			i += 3;
		} else if (name.data[i]) {
			out[len++] = (char)name.data[i];
		}
	}
	out[len] = '\0';
	return out;
}

/* The last ')' ends the name, which may contain any character, including ')' and newlines. */
bool procfs_stat(struct bytes text, struct proc_stat *stat)
{
	const uint8_t *open = text.size ? memchr(text.data, '(', text.size) : NULL;
	const uint8_t *close = text.size ? memrchr(text.data, ')', text.size) : NULL;

	*stat = (struct proc_stat){};
	if (!open || !close || close < open)
		return false;

	size_t len = close - open - 1;

	if (len >= sizeof(stat->comm))
		len = sizeof(stat->comm) - 1;
	memcpy(stat->comm, open + 1, len);

	struct cursor cur = cursor_at(text, close + 1 - text.data);
	uint64_t value[22] = {}; /* fields 4 to 22 of proc(5); negative ones are not needed */

	procfs_skip_blanks(&cur);

	uint8_t state = cursor_u8(&cur);

	stat->ended = state == 'Z' || state == 'X';
	for (unsigned field = 4; field <= 22; field++) {
		procfs_skip_blanks(&cur);
		if (cursor_left(&cur) && cur.bytes.data[cur.pos] == '-')
			cursor_skip(&cur, 1);
		if (!take_number(&cur, 10, &value[field - 1]))
			return false;
	}
	stat->ppid = (int)value[4 - 1];
	stat->session = (int)value[6 - 1];
	stat->kernel_thread = value[9 - 1] & PF_KTHREAD;
	stat->start = value[22 - 1];
	return true;
}

struct bytes procfs_cgroup(struct bytes text)
{
	static const char *const prefixes[] = {"name=systemd:", ":"};
	struct bytes line, best = {};

	while (procfs_line(&text, &line)) {
		const uint8_t *colon = line.size ? memchr(line.data, ':', line.size) : NULL;

		if (!colon)
			continue;

		size_t at = colon + 1 - line.data;

		for (size_t i = 0; i < array_size(prefixes); i++) {
			size_t len = strlen(prefixes[i]);

			if (line.size - at < len || memcmp(line.data + at, prefixes[i], len))
				continue;

			struct bytes path = {line.data + at + len, line.size - at - len};

			/* On a hybrid machine, units are in systemd's own hierarchy. */
			if (i == 0 || best.size <= 1)
				best = path;
			if (i == 0 && path.size > 1)
				return path;
		}
	}
	return best;
}
