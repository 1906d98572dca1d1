/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Has tasks sleep in page faults inside system calls of all kinds: the kernel accesses memory that
 * is registered with a userfaultfd, which nobody serves.  The stack of such a task contains the
 * function that copies from or to user space, below an exception's frame.
 */
#include "faults.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096

/* Returns memory on which each access waits; NULL if the kernel does not give any. */
static char *fault_memory(void)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = {.api = UFFD_API};
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register area = {.range = {(uintptr_t)page, PAGE},
				       .mode = UFFDIO_REGISTER_MODE_MISSING};

	if (fd < 0 || page == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &area))
		return NULL;
	return page; /* the descriptor stays open, as closing it would end the waiting */
}

static void fault_pipe_read(char *page)
{
	int fds[2];

	if (!pipe2(fds, O_CLOEXEC) && write(fds[1], "x", 1) == 1)
		(void)!read(fds[0], page, 1);
}

static void fault_pipe_write(char *page)
{
	int fds[2];

	if (!pipe2(fds, O_CLOEXEC))
		(void)!write(fds[1], page, 1);
}

static void fault_socket(char *page)
{
	int fds[2];

	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		(void)!write(fds[1], page, 1);
}

static void fault_message(char *page)
{
	struct msghdr *message = (struct msghdr *)page;

	sendmsg(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), message, 0);
}

static void fault_file_read(char *page)
{
	(void)!read(open("/init", O_RDONLY | O_CLOEXEC), page, 1);
}

static void fault_file_write(char *page)
{
	(void)!write(memfd_create("fault", MFD_CLOEXEC), page, 1);
}

static void fault_proc(char *page)
{
	(void)!read(open("/proc/version", O_RDONLY | O_CLOEXEC), page, 1);
}

static void fault_eventfd(char *page)
{
	(void)!read(eventfd(1, EFD_CLOEXEC), page, 8);
}

static void fault_folder(char *page)
{
	syscall(SYS_getdents64, open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), page, PAGE);
}

static void fault_name(char *page)
{
	(void)!access(page, F_OK);
}

static void fault_stat(char *page)
{
	stat("/", (struct stat *)page);
}

static void fault_poll(char *page)
{
	poll((struct pollfd *)page, 1, -1);
}

static void fault_epoll(char *page)
{
	int fd = epoll_create1(EPOLL_CLOEXEC), event = eventfd(1, EFD_CLOEXEC);
	struct epoll_event ev = {.events = EPOLLIN};

	epoll_ctl(fd, EPOLL_CTL_ADD, event, &ev);
	epoll_wait(fd, (struct epoll_event *)page, 1, -1);
}

static void fault_futex(char *page)
{
	syscall(SYS_futex, page, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void fault_clock(char *page)
{
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, page);
}

static void fault_signal(char *page)
{
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, page, NULL, 8);
}

static void fault_terminal(char *page)
{
	ioctl(STDOUT_FILENO, TCGETS, page);
}

static void (*const fault_places[])(char *page) = {
	fault_pipe_read,  fault_pipe_write, fault_socket,  fault_message, fault_file_read,
	fault_file_write, fault_proc,	    fault_eventfd, fault_folder,  fault_name,
	fault_stat,	  fault_poll,	    fault_epoll,   fault_futex,	  fault_clock,
	fault_signal,	  fault_terminal,
};

unsigned fault_count(void)
{
	return sizeof(fault_places) / sizeof(fault_places[0]);
}

void fault_run(unsigned place)
{
	char *page = fault_memory();

	if (page)
		fault_places[place](page);
	pause();
}
