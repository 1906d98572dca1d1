/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that maps what tests/bench/advise asks for, by the word before "-" in its argument. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static void map(int fd, int prot)
{
	if (fd < 0 || mmap(NULL, 4096, prot, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		exit(1);
}

static void map_code(const char *path)
{
	map(open(path, O_RDONLY), PROT_READ | PROT_EXEC);
}

/* Maps a file without a name, which stands for code that the process made for itself. */
static void map_own(int fd)
{
	if (write(fd, "\xc3", 1) != 1 || ftruncate(fd, 4096) < 0)
		exit(1);
	map(fd, PROT_READ | PROT_EXEC);
}

static void map_unlinked(const char *template)
{
	char path[64];

	snprintf(path, sizeof(path), "%s", template);

	int fd = mkstemp(path);

	unlink(path);
	map_own(fd);
}

static void map_sysv(void)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0700);

	if (shmat(id, NULL, SHM_EXEC) == (void *)-1)
		exit(1);
	shmctl(id, IPC_RMID, NULL);
}

/* Runs the program from memory only, as lxc-attach and others do. */
static void run_from_memory(char **argv)
{
	int self = open("/proc/self/exe", O_RDONLY), copy = memfd_create("self", 0);
	char buf[65536], *arguments[] = {argv[0], "pause-1", NULL};
	ssize_t got;

	while ((got = read(self, buf, sizeof(buf))) > 0)
		if (write(copy, buf, got) != got)
			exit(1);
	fexecve(copy, arguments, environ);
	exit(1);
}

static void enter(const char *dir)
{
	if (chroot(dir) < 0 || chdir("/") < 0)
		exit(1);
}

int main(int argc, char **argv)
{
	char mode[32] = "";

	snprintf(mode, sizeof(mode), "%.*s", (int)strcspn(argc > 1 ? argv[1] : "", "-"),
		 argc > 1 ? argv[1] : "");
	if (!strcmp(mode, "old") || !strcmp(mode, "private"))
		map_code("/usr/lib/old.so");
	else if (!strcmp(mode, "current"))
		map_code("/usr/lib/current.so");
	else if (!strcmp(mode, "removed"))
		map_code("/usr/lib/removed.so");
	else if (!strcmp(mode, "named"))
		map_code("/usr/lib/named (deleted)");
	else if (!strcmp(mode, "data"))
		map(open("/usr/share/old.data", O_RDONLY), PROT_READ);
	else if (!strcmp(mode, "memfd"))
		map_own(memfd_create("JITCode", 0));
	else if (!strcmp(mode, "tmp"))
		map_unlinked("/tmp/ffiXXXXXX");
	else if (!strcmp(mode, "shm"))
		map_unlinked("/dev/shm/xXXXXXX");
	else if (!strcmp(mode, "nameless"))
		map_own(open("/var/lib", O_TMPFILE | O_RDWR, 0700));
	else if (!strcmp(mode, "sysv"))
		map_sysv();
	else if (!strcmp(mode, "memory"))
		run_from_memory(argv);
	else if (!strcmp(mode, "jailold"))
		map_code("/usr/lib/old.so"), enter("/srv/empty");
	else if (!strcmp(mode, "jailcurrent"))
		map_code("/usr/lib/current.so"), enter("/srv/empty");
	else if (!strcmp(mode, "jailown"))
		enter("/srv/jail"), map_code("/usr/lib/own.so");
	for (;;)
		pause();
}
