/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A check for suture test: keeps the kernel busy while the patch is loaded, and fails if a system
 * call does not do what it should. Its name says for how many seconds: workload-1800.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 65536
#define DIR_SIZE 64

static char block[BLOCK];

#define must(condition) must_at(condition, #condition, __LINE__)

static void must_at(bool holds, const char *what, int line)
{
	if (holds)
		return;
	printf("workload.c:%d: %s: %s\n", line, what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static void work_on_files(void)
{
	static const char *const names[] = {"a", "b", "c"};
	char dir[DIR_SIZE] = "/tmp/workload-XXXXXX", text[BLOCK];
	struct stat st;
	int fd, watch = inotify_init1(IN_NONBLOCK);

	must(watch >= 0 && mkdtemp(dir) && !chdir(dir));
	must(inotify_add_watch(watch, ".", IN_ALL_EVENTS) >= 0);
	must((fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0600)) >= 0);
	must(write(fd, block, BLOCK) == BLOCK && !fsync(fd) && !ftruncate(fd, BLOCK / 2));
	must(pread(fd, text, BLOCK, 0) == BLOCK / 2 && !memcmp(text, block, BLOCK / 2));
	must(!fstat(fd, &st) && st.st_size == BLOCK / 2 && !flock(fd, LOCK_EX) && !close(fd));
	must(!link("a", "b") && !symlink("a", "c") && readlink("c", text, BLOCK) == 1);
	must(!rename("b", "a") && !mkdir("d", 0700) && !rmdir("d") && !chmod("a", 0400));
	must(read(watch, text, BLOCK) > 0 && !close(watch));
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		must(!unlink(names[i]) || errno == ENOENT);
	must(!chdir("/") && !rmdir(dir));
}

static void work_on_pipes(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	int poll = epoll_create1(0), counter = eventfd(0, 0), ends[2], more[2];
	uint64_t value = 3;
	char text[4096];

	must(poll >= 0 && counter >= 0 && !pipe(ends) && !pipe(more));
	must(!epoll_ctl(poll, EPOLL_CTL_ADD, counter, &event));
	must(write(counter, &value, 8) == 8 && epoll_wait(poll, &event, 1, 1000) == 1);
	must(read(counter, &value, 8) == 8 && value == 3);
	must(write(ends[1], block, 4096) == 4096 && tee(ends[0], more[1], 4096, 0) == 4096);
	must(read(more[0], text, 4096) == 4096 && !memcmp(text, block, 4096));
	must(splice(ends[0], NULL, more[1], NULL, 4096, 0) == 4096);
	must(read(more[0], text, 4096) == 4096 && !memcmp(text, block, 4096));
	must(!close(poll) && !close(counter) && !close(ends[0]) && !close(ends[1]) &&
	     !close(more[0]) && !close(more[1]));
}

/* Passes a descriptor over a pair of local sockets, and reads from what arrives. */
static void work_on_local_sockets(void)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {};
	char letter = 'x', text[1];
	struct iovec part = {&letter, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int ends[2], sent[2], got;

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends) && !pipe(sent));
	control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &sent[0], sizeof(int));
	must(sendmsg(ends[0], &message, 0) == 1 && recvmsg(ends[1], &message, 0) == 1);
	memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	must(write(sent[1], "y", 1) == 1 && read(got, text, 1) == 1 && *text == 'y');
	must(!close(got) && !close(sent[0]) && !close(sent[1]) && !close(ends[0]) &&
	     !close(ends[1]));
}

static void loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &request));
	request.ifr_flags |= IFF_UP;
	must(!ioctl(fd, SIOCSIFFLAGS, &request) && !close(fd));
}

static void work_on_network(int family, int type)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr *address =
		family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	socklen_t size = family == AF_INET ? sizeof(v4) : sizeof(v6);
	int server = socket(family, type, 0), client = socket(family, type, 0), peer = server;
	char text[1024];

	must(server >= 0 && client >= 0 && !bind(server, address, size));
	must(!getsockname(server, address, &size));
	if (type == SOCK_STREAM)
		must(!listen(server, 1));
	must(!connect(client, address, size));
	if (type == SOCK_STREAM)
		must((peer = accept(server, NULL, NULL)) >= 0);
	must(send(client, block, sizeof(text), 0) == sizeof(text));
	must(recv(peer, text, sizeof(text), MSG_WAITALL) == sizeof(text));
	must(!memcmp(text, block, sizeof(text)));
	if (peer != server)
		must(!close(peer));
	must(!close(client) && !close(server));
}

/* Netfilter remembers a connection for two minutes, and has room for some thousands. */
static void pause_for_netfilter(void)
{
	usleep(100000);
}

static void work_on_ipv4(void)
{
	pause_for_netfilter();
	work_on_network(AF_INET, SOCK_STREAM);
	work_on_network(AF_INET, SOCK_DGRAM);
}

static void work_on_ipv6(void)
{
	pause_for_netfilter();
	work_on_network(AF_INET6, SOCK_STREAM);
	work_on_network(AF_INET6, SOCK_DGRAM);
}

/* Lists links, addresses, routes and neighbours. */
static void work_on_netlink(void)
{
	static const int dumps[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH,
				    RTM_GETRULE};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	char answer[BLOCK];

	must(fd >= 0);
	for (unsigned i = 0; i < sizeof(dumps) / sizeof(*dumps); i++) {
		struct {
			struct nlmsghdr header;
			struct rtgenmsg body;
		} request = {{sizeof(request), dumps[i], NLM_F_REQUEST | NLM_F_DUMP}, {}};
		struct nlmsghdr *first = (struct nlmsghdr *)answer;
		bool done = false;

		must(send(fd, &request, sizeof(request), 0) == sizeof(request));
		while (!done) {
			ssize_t left = recv(fd, answer, sizeof(answer), 0);

			must(left > 0 && first->nlmsg_type != NLMSG_ERROR);
			for (struct nlmsghdr *at = first; NLMSG_OK(at, left);
			     at = NLMSG_NEXT(at, left))
				done |= at->nlmsg_type == NLMSG_DONE;
		}
	}
	must(!close(fd));
}

static void work_on_memory(void)
{
	size_t size = 64 * 4096;
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("workload", 0);
	char *shared;
	pid_t child;

	must(map != MAP_FAILED && fd >= 0 && !ftruncate(fd, size));
	shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(shared != MAP_FAILED);
	memset(map, 1, size);
	must((child = fork()) >= 0);
	if (!child) {
		memset(map, 2, size); /* copies its pages */
		shared[4096] = map[4096];
		_exit(0);
	}
	must(waitpid(child, NULL, 0) == child && map[4096] == 1 && shared[4096] == 2);
	must(!mprotect(map, size / 2, PROT_READ) && !madvise(map, size, MADV_DONTNEED));
	map = mremap(map, size / 2, size, MREMAP_MAYMOVE);
	must(map != MAP_FAILED && !map[0] && !munmap(map, size));
	must(!munmap(shared, size) && !close(fd));
}

static void work_on_processes(void)
{
	pid_t child = fork();
	int status;

	must(child >= 0);
	if (!child) {
		execl("/proc/self/exe", "workload-0", NULL);
		_exit(127);
	}
	must(waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status));
	must((child = fork()) >= 0);
	if (!child)
		for (;;)
			pause();
	must(!kill(child, SIGTERM) && waitpid(child, &status, 0) == child && WIFSIGNALED(status));
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned added;

static void *add(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		added++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void work_on_threads(void)
{
	pthread_t threads[4];

	added = 0;
	for (unsigned i = 0; i < 4; i++)
		must(!pthread_create(&threads[i], NULL, add, NULL));
	for (unsigned i = 0; i < 4; i++)
		must(!pthread_join(threads[i], NULL));
	must(added == 4000);
}

static void work_on_timers(void)
{
	struct itimerspec soon = {.it_value.tv_nsec = 1000000};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t expired;

	must(fd >= 0 && !timerfd_settime(fd, 0, &soon, NULL));
	must(read(fd, &expired, 8) == 8 && expired && !close(fd));
	must(!nanosleep(&soon.it_value, NULL));
}

static void work_on_ipc(void)
{
	struct {
		long type;
		char text[8];
	} message = {1, "message"};
	struct sembuf up = {0, 1, 0}, down = {0, -1, 0};
	int queue = msgget(IPC_PRIVATE, 0600), semaphore = semget(IPC_PRIVATE, 1, 0600);
	int segment = shmget(IPC_PRIVATE, 8192, 0600);
	char *at = shmat(segment, NULL, 0);

	must(queue >= 0 && semaphore >= 0 && segment >= 0 && at != (void *)-1);
	must(!msgsnd(queue, &message, 8, 0) && msgrcv(queue, &message, 8, 1, 0) == 8);
	must(!semop(semaphore, &up, 1) && !semop(semaphore, &down, 1));
	at[4096] = 1;
	must(!shmdt(at) && !shmctl(segment, IPC_RMID, NULL));
	must(!msgctl(queue, IPC_RMID, NULL) && !semctl(semaphore, 0, IPC_RMID));
}

static void work_on_proc(void)
{
	static const char *const files[] = {
		"/proc/meminfo",    "/proc/vmstat",	"/proc/slabinfo",     "/proc/interrupts",
		"/proc/modules",    "/proc/mounts",	"/proc/diskstats",    "/proc/self/smaps",
		"/proc/self/stack", "/proc/net/tcp",	"/proc/net/unix",     "/proc/net/dev",
		"/proc/zoneinfo",   "/proc/self/sched", "/proc/self/fdinfo/0"};
	char text[4096];

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = open(files[i], O_RDONLY);

		while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
			;
		must(fd < 0 || !close(fd));
	}
}

static const struct worker {
	const char *name;
	void (*work)(void);
} workers[] = {
	{"files", work_on_files},
	{"pipes", work_on_pipes},
	{"local sockets", work_on_local_sockets},
	{"IPv4", work_on_ipv4},
	{"IPv6", work_on_ipv6},
	{"netlink", work_on_netlink},
	{"memory", work_on_memory},
	{"processes", work_on_processes},
	{"threads", work_on_threads},
	{"timers", work_on_timers},
	{"IPC", work_on_ipc},
	{"/proc", work_on_proc},
};

#define WORKERS (sizeof(workers) / sizeof(*workers))

static void worker_run(const struct worker *worker, time_t end)
{
	unsigned long rounds = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (time(NULL) < end) {
		worker->work();
		rounds++;
	}
	printf("%s: %lu rounds\n", worker->name, rounds);
	fflush(stdout);
	_exit(rounds ? 0 : 1);
}

int main(int argc, char **argv)
{
	const char *phase = getenv("SUTURE_PHASE"), *dash = strrchr(argv[0], '-');
	long seconds = dash ? atol(dash + 1) : 0;
	bool failed = false;
	int status;

	(void)argc;
	/* Before and after, it is enough that all of it works. */
	if (seconds && phase && strcmp(phase, "patched") != 0)
		seconds = 2;
	if (!seconds)
		return 0;
	loopback_up();
	memset(block, 'w', sizeof(block));
	for (unsigned i = 0; i < WORKERS; i++) {
		pid_t child = fork();

		must(child >= 0);
		if (!child)
			worker_run(&workers[i], time(NULL) + seconds);
	}
	while (wait(&status) > 0)
		failed |= !WIFEXITED(status) || WEXITSTATUS(status);
	return failed;
}
