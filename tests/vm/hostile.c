/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that make it hard for whoever reads /proc, for tests/vm/advise_apt.t:
 *
 *	hostile maps FILE FILE	50,000 lines of maps, two files in turns
 *	hostile name		a name with line ends, brackets and escapes for terminals
 *	hostile churn		children that are gone at once, one after the other
 *	hostile swap FILE	maps a file that it replaces, again and again
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static void *map(const char *path)
{
	int fd = open(path, O_RDONLY);
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	close(fd);
	return at;
}

static int map_many(char **files)
{
	for (int i = 0; i < 50000; i++)
		if (map(files[i & 1]) == MAP_FAILED)
			return 1;
	return pause();
}

static int churn(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		usleep(500);
	}
}

static int swap(const char *path)
{
	char other[256], page[PAGE] = "";

	snprintf(other, sizeof(other), "%s.new", path);
	for (;;) {
		int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC, 0755);

		if (write(fd, page, sizeof(page)) < 0)
			return 1;
		close(fd);
		rename(other, path);
		munmap(map(path), PAGE);
		usleep(500);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "maps") && argc == 4)
		return map_many(argv + 2);
	if (!strcmp(what, "churn"))
		return churn();
	if (!strcmp(what, "swap") && argc == 3)
		return swap(argv[2]);
	prctl(PR_SET_NAME, "\033[2J\n) S 1 (");
	return pause();
}
