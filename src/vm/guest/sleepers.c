/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has tasks sleep in system calls of all kinds, as those of a real machine do. */
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "klp/new_name.h"

#include "child.h"
#include "faults.h"
#include "probe.h"
#include "step.h"
#include "util.h"

#define END_MS 2000
#define ASLEEP_MS 500 /* the limit until all tasks sleep */

static int pipe_end(int which)
{
	static int fds[2]; /* both ends stay open, so that a read waits */

	(void)!pipe2(fds, O_CLOEXEC);
	return fds[which];
}

static void in_read(int fd)
{
	/* A signalfd does not let a smaller read wait. */
	char buf[sizeof(struct signalfd_siginfo)];

	(void)!read(fd, buf, sizeof(buf));
}

static void in_pipe_read(void)
{
	in_read(pipe_end(0));
}

static void in_pipe_write(void)
{
	static const char block[4096];
	int fd = pipe_end(1);

	for (;;)
		(void)!write(fd, block, sizeof(block));
}

static void in_poll(void)
{
	poll(&(struct pollfd){pipe_end(0), POLLIN, 0}, 1, -1);
}

static void in_select(void)
{
	int fd = pipe_end(0);
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	select(fd + 1, &set, NULL, NULL, NULL);
}

static void in_epoll(void)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int fd = epoll_create1(EPOLL_CLOEXEC);

	epoll_ctl(fd, EPOLL_CTL_ADD, pipe_end(0), &ev);
	epoll_wait(fd, &ev, 1, -1);
}

static void in_eventfd(void)
{
	in_read(eventfd(0, EFD_CLOEXEC));
}

static void in_timerfd(void)
{
	in_read(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
}

static void in_inotify(void)
{
	in_read(inotify_init1(IN_CLOEXEC));
}

static void in_signalfd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	in_read(signalfd(-1, &set, SFD_CLOEXEC));
}

static void in_sigwait(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwaitinfo(&set, NULL);
}

static void in_pause(void)
{
	pause();
}

static void in_nanosleep(void)
{
	nanosleep(&(struct timespec){.tv_sec = 1000}, NULL);
}

static void in_futex(void)
{
	static uint32_t word;

	syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void in_wait(void)
{
	pid_t pid = fork();

	if (!pid)
		for (prctl(PR_SET_PDEATHSIG, SIGKILL);;)
			pause();
	waitpid(pid, NULL, 0);
}

static void in_vfork(void)
{
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
}

static void in_message(void)
{
	char buf[64];

	msgrcv(msgget(IPC_PRIVATE, 0600), buf, sizeof(buf) - sizeof(long), 0, 0);
}

static void in_semaphore(void)
{
	semop(semget(IPC_PRIVATE, 1, 0600), &(struct sembuf){0, -1, 0}, 1);
}

static void in_queue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 64};
	char buf[64];

	mq_receive(mq_open("/sleeper", O_RDWR | O_CREAT, 0600, &attr), buf, sizeof(buf), NULL);
}

static void in_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	char buf[64];

	if (type == SOCK_STREAM) {
		listen(fd, 1);
		accept(fd, NULL, NULL);
	} else {
		recv(fd, buf, sizeof(buf), 0);
	}
}

static void in_accept(void)
{
	in_socket(AF_INET, SOCK_STREAM);
}

static void in_udp(void)
{
	in_socket(AF_INET, SOCK_DGRAM);
}

static void in_udp6(void)
{
	in_socket(AF_INET6, SOCK_DGRAM);
}

static void in_unix_stream(void)
{
	int fds[2];

	(void)!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
	in_read(fds[0]);
}

static void in_unix_datagram(void)
{
	int fds[2];

	(void)!socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds);
	in_read(fds[0]);
}

static void in_flock(void)
{
	int one = open("/tmp/sleeper", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int two = open("/tmp/sleeper", O_RDWR | O_CLOEXEC);

	flock(one, LOCK_EX);
	flock(two, LOCK_EX);
}

static void in_record_lock(void)
{
	struct flock lock = {.l_type = F_WRLCK};
	int one = open("/tmp/sleeper2", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int two = open("/tmp/sleeper2", O_RDWR | O_CLOEXEC);

	fcntl(one, F_OFD_SETLK, &lock);
	fcntl(two, F_OFD_SETLKW, &lock);
}

static void in_fifo(void)
{
	mkfifo("/tmp/sleeper.fifo", 0600);
	open("/tmp/sleeper.fifo", O_RDONLY | O_CLOEXEC);
}

static void in_stop(void)
{
	raise(SIGSTOP);
}

static void (*const places[])(void) = {
	in_pipe_read,	in_pipe_write, in_poll,	    in_select,	    in_epoll,	      in_eventfd,
	in_timerfd,	in_inotify,    in_signalfd, in_sigwait,	    in_pause,	      in_nanosleep,
	in_futex,	in_wait,       in_vfork,    in_message,	    in_semaphore,     in_queue,
	in_accept,	in_udp,	       in_udp6,	    in_unix_stream, in_unix_datagram, in_flock,
	in_record_lock, in_fifo,       in_stop,
};

#define PLACES (sizeof(places) / sizeof(places[0]))

#define SLEEPERS_MAX 64

static pid_t sleepers[SLEEPERS_MAX];

static bool is_asleep(pid_t pid)
{
	char state = guest_task_state(pid);

	return !state || strchr("SDTZ", state); /* a task that has ended is not waited for */
}

static void wait_asleep(void)
{
	struct deadline deadline = deadline_from(now_ms(), ASLEEP_MS);

	for (size_t i = 0; i < SLEEPERS_MAX; i++) {
		while (sleepers[i] > 0 && !is_asleep(sleepers[i]) && !deadline_over(&deadline))
			sleep_ms(2);
	}
}

/* sleepers on|faults|off: starts a task for each system call or kind of page fault; ends them. */
bool verb_sleepers(const struct step *step, struct event *ev)
{
	bool faults = !strcmp(step->argv[1], ARG_FAULTS);

	if (!strcmp(step->argv[1], ARG_OFF))
		return children_end(sleepers, SLEEPERS_MAX, END_MS, "sleeper", ev);
	for (size_t i = 0; i < (faults ? fault_count() : PLACES) && i < SLEEPERS_MAX; i++) {
		sleepers[i] = fork();
		if (sleepers[i])
			continue;
		setsid();
		prctl(PR_SET_NAME, "sleeper");
		for (;;) /* again, as a signal may end the system call */
			faults ? fault_run(i) : places[i]();
	}
	wait_asleep();
	return true;
}

/* Returns whether a thread's stack has a patched function; sets *arg if the stack can be read. */
static bool is_inside(const char *dir, const char *tid, void *arg)
{
	static char text[4096];
	bool *told = arg;
	char path[512];

	(void)tid;
	/* The many threads of busy.c sleep in the same system call as one of the sleepers. */
	if (!strncmp(dir, "/proc/1/", 8))
		return false;
	snprintf(path, sizeof(path), "%s/stack", dir);
	if (guest_read_text(path, text, sizeof(text)) <= 0)
		return false;
	*told = true;
	for (unsigned i = 0; i < probe_count(); i++) {
		char old[600], new[600]; /* "[<0>] pipe_read+0x2a/0x1b0" */

		snprintf(old, sizeof(old), " %s+0x", probe_at(i)->name);
		snprintf(new, sizeof(new), " %s" KLP_NEW_SUFFIX "+0x", probe_at(i)->name);
		if (strstr(text, old) || strstr(text, new))
			return true;
	}
	return false;
}

/* inside: succeeds if a thread is in a patched function, or if stacks cannot be read. */
bool verb_inside(const struct step *step, struct event *ev)
{
	bool told = false;

	(void)step;
	(void)ev;
	return !probe_count() || tasks_find(is_inside, &told) || !told;
}
