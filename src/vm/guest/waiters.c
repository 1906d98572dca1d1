/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts tasks that wait for something when a patch is loaded or disabled, and wakes them after it.
 * If a patch changes where waiting tasks are searched, as a hash or the layout of a queue, they are
 * not woken.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "step.h"
#include "util.h"

#define WAITING_MS 500 /* the limit until all tasks wait */
#define WOKEN_MS 3000  /* the limit until all of them have come back */
#define WAITERS_END_MS 2000

/* What a waiter shares with the worker, which opens it before it starts the waiter. */
struct waiting {
	int fds[2];
	int id;
	int *word;
	bool made;
	pid_t pid;
	bool waits; /* the waiter was seen asleep */
	char path[64];
};

static void open_pipe(struct waiting *it)
{
	(void)!pipe2(it->fds, O_CLOEXEC);
}

static void wait_read(struct waiting *it)
{
	char buf[4096];

	(void)!read(it->fds[0], buf, sizeof(buf));
}

static void wake_write(struct waiting *it)
{
	(void)!write(it->fds[1], "12345678", 8);
}

/* Fills the pipe, so that the next write waits. */
static void open_full_pipe(struct waiting *it)
{
	static char block[65536];

	(void)!pipe2(it->fds, O_CLOEXEC);
	(void)!write(it->fds[1], block, sizeof(block));
}

static void wait_write(struct waiting *it)
{
	(void)!write(it->fds[1], "x", 1);
}

static void wake_read(struct waiting *it)
{
	static char block[65536];

	(void)!read(it->fds[0], block, sizeof(block));
}

static void wait_poll(struct waiting *it)
{
	poll(&(struct pollfd){it->fds[0], POLLIN, 0}, 1, -1);
}

static void wait_select(struct waiting *it)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(it->fds[0], &set);
	select(it->fds[0] + 1, &set, NULL, NULL, NULL);
}

static void wait_epoll(struct waiting *it)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int fd = epoll_create1(EPOLL_CLOEXEC);

	epoll_ctl(fd, EPOLL_CTL_ADD, it->fds[0], &ev);
	epoll_wait(fd, &ev, 1, -1);
}

static void open_eventfd(struct waiting *it)
{
	it->fds[0] = eventfd(0, EFD_CLOEXEC);
	it->fds[1] = dup(it->fds[0]);
}

static void open_word(struct waiting *it)
{
	it->word = mmap(NULL, sizeof(*it->word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
}

static void wait_futex(struct waiting *it)
{
	syscall(SYS_futex, it->word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void wait_futex_bits(struct waiting *it)
{
	syscall(SYS_futex, it->word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 2);
}

static void wake_futex(struct waiting *it)
{
	*it->word = 1;
	syscall(SYS_futex, it->word, FUTEX_WAKE, 8, NULL, NULL, 0);
}

/* Moves the waiter from the first word to the second one, and wakes it there. */
static void wake_requeued(struct waiting *it)
{
	static int *other;

	if (!other)
		other = mmap(NULL, sizeof(*other), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	syscall(SYS_futex, it->word, FUTEX_REQUEUE, 0, 8ul, other, 0);
	syscall(SYS_futex, other, FUTEX_WAKE, 8, NULL, NULL, 0);
}

static void open_messages(struct waiting *it)
{
	it->id = msgget(IPC_PRIVATE, 0600);
}

static void wait_message(struct waiting *it)
{
	struct {
		long type;
		char text[8];
	} message;

	msgrcv(it->id, &message, sizeof(message.text), 0, 0);
}

static void wake_message(struct waiting *it)
{
	struct {
		long type;
		char text[8];
	} message = {1, "x"};

	msgsnd(it->id, &message, sizeof(message.text), 0);
}

static void close_messages(struct waiting *it)
{
	msgctl(it->id, IPC_RMID, NULL);
}

static void open_semaphore(struct waiting *it)
{
	it->id = semget(IPC_PRIVATE, 1, 0600);
}

static void wait_semaphore(struct waiting *it)
{
	semop(it->id, &(struct sembuf){0, -1, 0}, 1);
}

static void wake_semaphore(struct waiting *it)
{
	semop(it->id, &(struct sembuf){0, 1, 0}, 1);
}

static void close_semaphore(struct waiting *it)
{
	semctl(it->id, 0, IPC_RMID);
}

static void open_sockets(struct waiting *it)
{
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, it->fds);
}

/* Opens an unnamed file; `path` leads to it. */
static void open_file(struct waiting *it)
{
	it->fds[0] = memfd_create("waiter", MFD_CLOEXEC);
	snprintf(it->path, sizeof(it->path), "/proc/self/fd/%d", it->fds[0]);
}

static void open_flock(struct waiting *it)
{
	open_file(it);
	flock(it->fds[0], LOCK_EX);
}

static void wait_flock(struct waiting *it)
{
	flock(open(it->path, O_RDWR | O_CLOEXEC), LOCK_EX);
}

static void wake_flock(struct waiting *it)
{
	flock(it->fds[0], LOCK_UN);
}

static void open_record(struct waiting *it)
{
	open_file(it);
	fcntl(it->fds[0], F_SETLK, &(struct flock){.l_type = F_WRLCK});
}

static void wait_record(struct waiting *it)
{
	fcntl(it->fds[0], F_SETLKW, &(struct flock){.l_type = F_WRLCK});
}

static void wake_record(struct waiting *it)
{
	fcntl(it->fds[0], F_SETLK, &(struct flock){.l_type = F_UNLCK});
}

static void open_fifo(struct waiting *it)
{
	snprintf(it->path, sizeof(it->path), "/tmp/waiter.%d", getpid());
	mkfifo(it->path, 0600);
}

static void wait_fifo(struct waiting *it)
{
	open(it->path, O_RDONLY | O_CLOEXEC);
}

static void wake_fifo(struct waiting *it)
{
	it->fds[1] = open(it->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

static void close_fifo(struct waiting *it)
{
	unlink(it->path);
}

static void open_inotify(struct waiting *it)
{
	snprintf(it->path, sizeof(it->path), "/tmp/waiters.%d", getpid());
	mkdir(it->path, 0700);
	it->fds[0] = inotify_init1(IN_CLOEXEC);
	inotify_add_watch(it->fds[0], it->path, IN_DELETE_SELF);
}

static void wake_inotify(struct waiting *it)
{
	rmdir(it->path);
}

static void wait_signal(struct waiting *it)
{
	sigset_t set;

	(void)it;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigwaitinfo(&set, NULL);
}

static void wake_signal(struct waiting *it)
{
	kill(it->pid, SIGUSR1);
}

/* Waits for a child, which itself waits for the pipe. */
static void wait_child(struct waiting *it)
{
	if (!fork()) {
		wait_read(it);
		_exit(0);
	}
	wait(NULL);
}

static const struct {
	const char *name;
	void (*open)(struct waiting *it);
	void (*wait)(struct waiting *it); /* runs in the waiter; returns once it was woken */
	void (*wake)(struct waiting *it);
	void (*close)(struct waiting *it); /* or NULL if fds and word are all */
} kinds[] = {
	{"pipe", open_pipe, wait_read, wake_write, NULL},
	{"full pipe", open_full_pipe, wait_write, wake_read, NULL},
	{"poll", open_pipe, wait_poll, wake_write, NULL},
	{"select", open_pipe, wait_select, wake_write, NULL},
	{"epoll", open_pipe, wait_epoll, wake_write, NULL},
	{"eventfd", open_eventfd, wait_read, wake_write, NULL},
	{"epoll of an eventfd", open_eventfd, wait_epoll, wake_write, NULL},
	{"futex", open_word, wait_futex, wake_futex, NULL},
	{"futex with a bit set", open_word, wait_futex_bits, wake_futex, NULL},
	{"requeued futex", open_word, wait_futex, wake_requeued, NULL},
	{"message queue", open_messages, wait_message, wake_message, close_messages},
	{"semaphore", open_semaphore, wait_semaphore, wake_semaphore, close_semaphore},
	{"Unix socket", open_sockets, wait_read, wake_write, NULL},
	{"poll of a socket", open_sockets, wait_poll, wake_write, NULL},
	{"file lock", open_flock, wait_flock, wake_flock, NULL},
	{"record lock", open_record, wait_record, wake_record, NULL},
	{"FIFO", open_fifo, wait_fifo, wake_fifo, close_fifo},
	{"inotify", open_inotify, wait_read, wake_inotify, wake_inotify},
	{"signal", open_pipe, wait_signal, wake_signal, NULL},
	{"child", open_pipe, wait_child, wake_write, NULL},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct waiting waiters[KINDS];

static void waiter_close(size_t at)
{
	struct waiting *it = &waiters[at];

	if (kinds[at].close)
		kinds[at].close(it);
	for (int i = 0; i < 2; i++)
		if (it->fds[i] > 2)
			close(it->fds[i]);
	if (it->word && it->word != MAP_FAILED)
		munmap(it->word, sizeof(*it->word));
	*it = (struct waiting){};
}

static void waiters_start(void)
{
	struct deadline deadline = deadline_from(now_ms(), WAITING_MS);

	for (size_t i = 0; i < KINDS; i++) {
		waiters[i].made = true;
		kinds[i].open(&waiters[i]);
		waiters[i].pid = fork();
		if (waiters[i].pid)
			continue;
		prctl(PR_SET_NAME, "waiter");
		setsid();
		kinds[i].wait(&waiters[i]);
		_exit(0);
	}
	for (size_t i = 0; i < KINDS; i++) {
		while (waiters[i].pid > 0 && !task_is_asleep(waiters[i].pid) &&
		       !deadline_over(&deadline))
			sleep_ms(2);
		waiters[i].waits = waiters[i].pid > 0 && task_is_asleep(waiters[i].pid);
	}
}

/* Returns whether the waiter of a kind comes back after it was woken. */
static bool waiter_returns(size_t at, struct deadline *deadline)
{
	while (!waitpid(waiters[at].pid, NULL, WNOHANG)) {
		if (deadline_over(deadline))
			return false;
		sleep_ms(2);
	}
	waiters[at].pid = 0;
	return true;
}

/* waiters on|off: starts tasks that wait, one for each kind, or ends those that still wait. */
bool verb_waiters(const struct step *step, struct event *ev)
{
	bool all = true;

	for (size_t i = 0; i < KINDS; i++) {
		if (waiters[i].pid > 0 && !child_end(waiters[i].pid, WAITERS_END_MS, ev)) {
			if (all)
				event_string(ev, KEY_WHO, kinds[i].name);
			all = false;
		}
		if (waiters[i].made)
			waiter_close(i);
	}
	if (!strcmp(step->argv[1], ARG_ON))
		waiters_start();
	return all;
}

/* wake: wakes all waiters; fails if some do not come back, and names the first of these. */
bool verb_wake(const struct step *step, struct event *ev)
{
	struct deadline deadline = deadline_from(now_ms(), WOKEN_MS);
	bool all = true;

	(void)step;
	for (size_t i = 0; i < KINDS; i++)
		if (waiters[i].waits)
			kinds[i].wake(&waiters[i]);
	for (size_t i = 0; i < KINDS; i++) {
		if (waiters[i].waits && !waiter_returns(i, &deadline)) {
			if (all)
				event_string(ev, KEY_LOST, kinds[i].name);
			all = false;
		}
	}
	return all;
}
