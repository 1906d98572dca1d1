/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's init carries out a plan of the host, and tells on a serial port what happened, one
 * JSON object a line (protocol.h); the host judges that.
 *
 * There are two processes.  Process 1 sends events and the kernel's log, and watches the worker.
 * The worker carries out the plan, so that an Oops in one of its system calls ends the worker and
 * not the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "busy.h"
#include "event.h"
#include "klog.h"
#include "modprobe.h"
#include "plan.h"
#include "util.h"
#include "vm/protocol.h"

#define MODPROBE_PATH "/sbin/modprobe" /* the default of CONFIG_MODPROBE_PATH */
/* The worker's lines are not longer than this many bytes. */
#define PENDING_MAX 262144
/* Every verb keeps its limit; a verb that exceeds it by more than this is stuck in the kernel. */
#define STUCK_SLACK_MS 15000

static const struct {
	const char *source, *target, *type;
} mounts[] = {
	{"devtmpfs", "/dev", "devtmpfs"},
	{"proc", "/proc", "proc"},
	{"sysfs", "/sys", "sysfs"},
	{"tmpfs", "/tmp", "tmpfs"},
	{"debugfs", "/sys/kernel/debug", "debugfs"},
	{"tracefs", "/sys/kernel/tracing", "tracefs"},
};

static const struct {
	const char *path, *value;
} settings[] = {
	/* The console gets the whole log, as nothing else is left of a guest that crashes. */
	{"/proc/sys/kernel/printk", "8 4 1 7"},
	{"/proc/sys/kernel/printk_devkmsg", "on"},
	{"/proc/sys/kernel/hung_task_timeout_secs", "30"},
	/* From now on, the kernel tests algorithms again; this is off in the command line. */
	{"/sys/module/cryptomgr/parameters/notests", "0"},
};

static void prepare_guest(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].target, 0755);
		mount(mounts[i].source, mounts[i].target, mounts[i].type, 0, NULL);
	}
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		guest_write_text(settings[i].path, settings[i].value);

	int console = open("/dev/console", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		dup2(console, fd);
	mkdir("/sbin", 0755);
	symlink("/init", MODPROBE_PATH);
	setenv("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", 1);
	setenv("LD_LIBRARY_PATH", "/" GUEST_CHECK_LIBS, 1);
	setenv("HOME", "/tmp", 1);

	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ioctl(sock, SIOCSIFFLAGS, &loopback);
	close(sock);
}

static int open_event_port(void)
{
	struct termios mode;
	int fd = open(EVENT_PORT, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &mode) < 0) {
		printf("suture: %s: %s\n", EVENT_PORT, strerror(errno));
		return -1;
	}
	cfmakeraw(&mode);
	tcsetattr(fd, TCSANOW, &mode);
	return fd;
}

static void send_simple(const char *kind, int port)
{
	struct event ev;

	event_begin(&ev, kind);
	event_send(&ev, port);
}

/* Adds the build id in hexadecimal: the kernel's note (Elf64_Nhdr) of name "GNU" and type 3. */
static void add_build_id(struct event *ev)
{
	unsigned char notes[4096];
	int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? 0 : read(fd, notes, sizeof(notes));
	uint32_t head[3];

	close(fd);
	for (ssize_t at = 0; at + (ssize_t)sizeof(head) <= size;) {
		memcpy(head, notes + at, sizeof(head));

		ssize_t name = at + sizeof(head), desc = name + ((head[0] + 3) & ~3u);
		char hex[130] = "";

		at = desc + ((head[1] + 3) & ~3u);
		if (head[1] > 64 || head[0] > 64 || at > size || head[2] != 3 ||
		    memcmp(notes + name, "GNU", 4))
			continue;
		for (uint32_t i = 0; i < head[1]; i++)
			snprintf(hex + 2 * i, 3, "%02x", notes[desc + i]);
		event_string(ev, KEY_BUILD_ID, hex);
		return;
	}
}

static void send_hello(int port)
{
	struct utsname uts;
	struct event ev;

	uname(&uts);
	event_begin(&ev, EVENT_HELLO);
	event_string(&ev, KEY_RELEASE, uts.release);
	add_build_id(&ev);
	event_num(&ev, KEY_MS, now_ms());
	event_num(&ev, KEY_CPUS, sysconf(_SC_NPROCESSORS_ONLN));
	event_send(&ev, port);
}

/* Tells that the worker is in a system call that does not return. */
static void send_stuck(int port, pid_t worker, unsigned line)
{
	static char stack[4096];
	struct event ev;
	long size = guest_read_stack(worker, stack, sizeof(stack));

	event_begin(&ev, EVENT_STUCK);
	event_num(&ev, KEY_LINE, line);
	event_text(&ev, KEY_STACK, stack, size > 0 ? size : 0);
	event_send(&ev, port);
}

static void send_died(int port, unsigned line, int status)
{
	struct event ev;

	event_begin(&ev, EVENT_DIED);
	event_num(&ev, KEY_LINE, line);
	event_num(&ev, KEY_STATUS,
		  WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	event_send(&ev, port);
}

/* Forwards the worker's whole lines, after the lines that the log got before them. */
static void forward_worker(int worker_fd, int klog_fd, int port)
{
	static char pending[PENDING_MAX];
	static size_t used;
	ssize_t got;

	while ((got = read(worker_fd, pending + used, sizeof(pending) - used)) > 0) {
		used += got;

		char *newline = memrchr(pending, '\n', used);
		size_t whole = newline ? (size_t)(newline - pending) + 1 : 0;

		if (used == sizeof(pending) && !whole)
			whole = used;

		if (!whole)
			continue;
		klog_drain(klog_fd, port);
		guest_write_all(port, pending, whole);
		memmove(pending, pending + whole, used - whole);
		used -= whole;
	}
	klog_drain(klog_fd, port);
}

static void watch_worker(pid_t worker, int worker_fd, int klog_fd, int port,
			 const struct activity *activity)
{
	uint64_t next_beat = 0, started = 0;
	struct deadline stuck = {};

	for (;;) {
		struct pollfd fds[] = {{worker_fd, POLLIN, 0}, {klog_fd, POLLIN, 0}};
		int status;
		pid_t pid;

		poll(fds, 2, 100);
		forward_worker(worker_fd, klog_fd, port);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (pid != worker)
				continue;
			forward_worker(worker_fd, klog_fd, port);
			if (status || activity->line)
				send_died(port, activity->line, status);
			return;
		}

		/* The line is read once, since the worker may begin a step with another limit. */
		unsigned line = activity->line;

		if (line && started != activity->started_ms) {
			started = activity->started_ms;
			stuck = deadline_from(started, activity->limit_ms + STUCK_SLACK_MS);
		} else if (line && deadline_over(&stuck) && line == activity->line) {
			send_stuck(port, worker, line);
			return;
		}
		if (now_ms() >= next_beat) {
			send_simple(EVENT_BEAT, port);
			next_beat = now_ms() + BEAT_MS;
		}
	}
}

int main(int argc, char **argv)
{
	if (getpid() != 1)
		return modprobe(argv[argc - 1]);
	prepare_guest();
	busy_prepare();

	struct activity *activity = mmap(NULL, sizeof(*activity), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int port = open_event_port(), klog_fd = klog_open(), fds[2];

	if (port >= 0 && activity != MAP_FAILED && !pipe2(fds, O_CLOEXEC)) {
		send_hello(port);

		pid_t worker = fork();

		if (!worker) {
			plan_run("/" GUEST_PLAN_PATH, fds[1], activity);
			_exit(0);
		}
		close(fds[1]);
		fcntl(fds[0], F_SETFL, O_NONBLOCK);
		watch_worker(worker, fds[0], klog_fd, port, activity);
		klog_mark(LOG_MARK_END);
		send_simple(EVENT_BYE, port);
		tcdrain(port);
	}
	reboot(RB_AUTOBOOT); /* QEMU ends, as it runs with -no-reboot */
	return 0;
}
