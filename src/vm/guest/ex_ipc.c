/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for futexes, queues, semaphores and polling. */
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "exercise.h"

static char ipc_buf[8192];

static void pipes(void)
{
	int fds[2], size;

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return;

	struct pollfd pfd = {fds[0], POLLIN, 0};
	fd_set set;

	(void)!write(fds[1], ipc_buf, 5000);
	poll(&pfd, 1, 0);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	select(fds[0] + 1, &set, NULL, NULL, &(struct timeval){});
	ioctl(fds[0], FIONREAD, &size);
	(void)!read(fds[0], ipc_buf, 3000);
	(void)!read(fds[0], ipc_buf, 3000);
	(void)!read(fds[0], ipc_buf, 1); /* the pipe is empty, so this fails with EAGAIN */
	fcntl(fds[1], F_SETPIPE_SZ, 16384);
	fcntl(fds[1], F_GETPIPE_SZ);
	close(fds[0]);
	(void)!write(fds[1], "x", 0);
	close(fds[1]);
}

static void splices(void)
{
	int one[2], two[2];

	if (pipe2(one, O_CLOEXEC | O_NONBLOCK) < 0)
		return;
	if (!pipe2(two, O_CLOEXEC | O_NONBLOCK)) {
		struct iovec part = {ipc_buf, 4096};
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		(void)!write(one[1], ipc_buf, 100);
		(void)!vmsplice(one[1], &part, 1, 0);
		tee(one[0], two[1], 100, SPLICE_F_NONBLOCK);
		splice(one[0], NULL, two[1], NULL, 1000, SPLICE_F_NONBLOCK);
		splice(two[0], NULL, null, NULL, 1000, SPLICE_F_NONBLOCK);
		close(null);
		close(two[0]);
		close(two[1]);
	}
	close(one[0]);
	close(one[1]);
}

static void fifo(void)
{
	mkfifo("/tmp/exercise.fifo", 0600);

	int fd = open("/tmp/exercise.fifo", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	(void)!write(fd, "x", 1);
	(void)!read(fd, ipc_buf, 1);
	close(fd);
	unlink("/tmp/exercise.fifo");
}

static void epolls(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC), event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET};
	uint64_t one = 1;

	epoll_ctl(fd, EPOLL_CTL_ADD, event, &ev);
	(void)!write(event, &one, sizeof(one));
	epoll_wait(fd, &ev, 1, 0);
	epoll_wait(fd, &ev, 1, 1);
	epoll_ctl(fd, EPOLL_CTL_MOD, event, &ev);
	epoll_ctl(fd, EPOLL_CTL_DEL, event, &ev);
	(void)!read(event, &one, sizeof(one));
	close(event);
	close(fd);
}

static void sysv(void)
{
	struct {
		long type;
		char text[64];
	} message = {.type = 1};
	struct sembuf up = {0, 1, 0}, down = {0, -1, IPC_NOWAIT};
	int id = msgget(IPC_PRIVATE, 0600);

	msgsnd(id, &message, sizeof(message.text), IPC_NOWAIT);
	msgrcv(id, &message, sizeof(message.text), 0, IPC_NOWAIT);
	msgctl(id, IPC_RMID, NULL);
	id = semget(IPC_PRIVATE, 2, 0600);
	semop(id, &up, 1);
	semop(id, &down, 1);
	semtimedop(id, &(struct sembuf){1, -1, 0}, 1, &(struct timespec){.tv_nsec = 1000});
	semctl(id, 0, IPC_RMID);
	id = shmget(IPC_PRIVATE, 8192, 0600);

	char *memory = shmat(id, NULL, 0);

	if (memory != (char *)-1) {
		memory[4096] = 1;
		shmdt(memory);
	}
	shmctl(id, IPC_RMID, NULL);
}

static void queues(void)
{
	struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 64};
	mqd_t mq = mq_open("/suture", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attr);

	mq_send(mq, "x", 1, 0);
	mq_receive(mq, ipc_buf, sizeof(ipc_buf), NULL);
	mq_close(mq);
	mq_unlink("/suture");
}

static void futexes(void)
{
	uint32_t word = 0;

	syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_WAIT, 0, &(struct timespec){.tv_nsec = 1000}, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

const struct exercise ipc_exercises[] = {
	{"pipes", pipes},
	{"splice and tee", splices},
	{"named pipes", fifo},
	{"epoll and eventfd", epolls},
	{"System V messages, semaphores, memory", sysv},
	{"message queues", queues},
	{"futexes", futexes},
	{},
};
