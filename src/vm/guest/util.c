/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures time, reads and writes small files, and finds tasks. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

void sleep_ms(unsigned ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000l}, NULL);
}

/* WORK_UNIT system calls take some WORK_UNIT_MS under emulation. */
#define WORK_UNIT 5000
#define WORK_UNIT_MS 10
#define WORK_MS_MAX 1000

struct deadline deadline_from(uint64_t start_ms, unsigned limit_ms)
{
	unsigned work_ms = limit_ms < WORK_MS_MAX ? limit_ms : WORK_MS_MAX;

	return (struct deadline){start_ms + limit_ms, work_ms / WORK_UNIT_MS};
}

bool deadline_over(struct deadline *deadline)
{
	if (now_ms() < deadline->end_ms)
		return false;
	if (!deadline->work_left)
		return true;
	deadline->work_left--;
	for (int i = 0; i < WORK_UNIT; i++)
		syscall(SYS_getppid);
	return false;
}

void cpus_pin(int first, int last)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int cpu = first; cpu <= last; cpu++)
		CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

long guest_read_text(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -errno;
	while (used < size - 1 && (got = read(fd, buf + used, size - 1 - used)) > 0)
		used += got;

	int error = got < 0 ? errno : 0;

	close(fd);
	if (error && !used)
		return -error;
	while (used && buf[used - 1] == '\n')
		used--;
	buf[used] = '\0';
	return used;
}

int guest_write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;

	int error = write(fd, text, strlen(text)) < 0 ? -errno : 0;

	close(fd);
	return error;
}

long kernel_taint(void)
{
	char text[32];

	return guest_read_text("/proc/sys/kernel/tainted", text, sizeof(text)) < 0 ? -1
										   : atol(text);
}

bool kernel_since(unsigned wanted_major, unsigned wanted_minor)
{
	struct utsname uts;
	unsigned major = 0, minor = 0;

	uname(&uts);
	sscanf(uts.release, "%u.%u", &major, &minor);
	return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
}

long guest_read_stack(int pid, char *buf, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	return guest_read_text(path, buf, size);
}

bool path_exists(const char *path)
{
	return !access(path, F_OK);
}

void guest_write_all(int fd, const void *data, size_t size)
{
	const char *pos = data;

	while (size) {
		ssize_t put = write(fd, pos, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return; /* the reader has ended */
		pos += put;
		size -= put;
	}
}

static bool threads_find(const char *pid, bool (*wanted)(const char *, const char *, void *),
			 void *arg)
{
	char dir[64], task[400];
	struct dirent *entry;
	bool found = false;

	snprintf(dir, sizeof(dir), "/proc/%.16s/task", pid);

	DIR *tasks = opendir(dir);

	while (tasks && !found && (entry = readdir(tasks))) {
		snprintf(task, sizeof(task), "%s/%s", dir, entry->d_name);
		found = isdigit(*entry->d_name) && wanted(task, entry->d_name, arg);
	}
	if (tasks)
		closedir(tasks);
	return found;
}

char guest_task_state(int pid)
{
	char path[64], text[512];
	const char *name_end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (guest_read_text(path, text, sizeof(text)) <= 0)
		return 0;
	name_end = strrchr(text, ')');
	return name_end && name_end[1] ? name_end[2] : 0;
}

bool task_is_asleep(int pid)
{
	char state = guest_task_state(pid);

	return state == 'S' || state == 'D';
}

bool tasks_find(bool (*wanted)(const char *dir, const char *tid, void *arg), void *arg)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (proc && !found && (entry = readdir(proc)))
		found = isdigit(*entry->d_name) && threads_find(entry->d_name, wanted, arg);
	if (proc)
		closedir(proc);
	return found;
}
