/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exercises the kernel's code for processes, threads, signals, privileges and namespaces. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exercise.h"

static void forks(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	pid = vfork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

/* Executes this program, which then looks up a module that does not exist, and ends. */
static void execs(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl("/init", "init", "none", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void *thread(void *arg)
{
	sched_yield();
	return arg;
}

static void threads(void)
{
	pthread_t ids[3];

	for (int i = 0; i < 3; i++)
		if (pthread_create(&ids[i], NULL, thread, NULL))
			return;
	for (int i = 0; i < 3; i++)
		pthread_join(ids[i], NULL);
}

static void ex_on_signal(int number)
{
	(void)number;
}

static void signals(void)
{
	struct sigaction action = {.sa_handler = ex_on_signal}, old;
	struct signalfd_siginfo info;
	sigset_t set;

	sigaction(SIGUSR1, &action, &old);
	kill(getpid(), SIGUSR1);
	raise(SIGUSR1);
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1});
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	sigpending(&set);
	sigtimedwait(&set, NULL, &(struct timespec){});

	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);

	kill(getpid(), SIGUSR1);
	(void)!read(fd, &info, sizeof(info));
	close(fd);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigaltstack(NULL, &(stack_t){});
	sigaction(SIGUSR1, &old, NULL);
	fd = syscall(SYS_pidfd_open, getpid(), 0);
	syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0);
	close(fd);
}

static void killed(void)
{
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	kill(pid, SIGCONT);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

static void ex_traced(void)
{
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	ptrace(PTRACE_PEEKDATA, pid, &ex_on_signal, NULL);
	ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	waitpid(pid, NULL, 0);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void limits(void)
{
	struct rlimit limit;
	struct rusage usage;
	struct sysinfo info;
	struct utsname uts;
	struct tms ticks;

	getrlimit(RLIMIT_NOFILE, &limit);
	setrlimit(RLIMIT_NOFILE, &limit);
	getrusage(RUSAGE_SELF, &usage);
	sysinfo(&info);
	uname(&uts);
	times(&ticks);
	getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0));
	getpgid(0);
	getsid(0);
	getgroups(0, NULL);
	getuid();
	umask(umask(022));
}

static void scheduling(void)
{
	struct sched_param param = {};
	cpu_set_t cpus;

	sched_getaffinity(0, sizeof(cpus), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	sched_yield();
	sched_setscheduler(0, SCHED_BATCH, &param);
	sched_setscheduler(0, SCHED_OTHER, &param);
	sched_get_priority_max(SCHED_FIFO);
	sched_rr_get_interval(0, &(struct timespec){});
	syscall(SYS_getcpu, NULL, NULL, NULL);
	syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
}

static void privileges(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	char name[16];

	syscall(SYS_capget, &head, data);
	syscall(SYS_capset, &head, data);
	prctl(PR_GET_NAME, name);
	prctl(PR_SET_NAME, name);
	prctl(PR_GET_DUMPABLE);
	prctl(PR_GET_SECCOMP);
	syscall(SYS_add_key, "user", "suture", "x", 1ul, KEY_SPEC_PROCESS_KEYRING);
	syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_PROCESS_KEYRING, name, sizeof(name));
	syscall(SYS_request_key, "user", "suture", NULL, 0);
}

static void namespaces(void)
{
	pid_t pid = fork();

	if (!pid) {
		unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS);
		sethostname("suture", 6);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void bpf_and_perf(void)
{
	/* The program is: r0 = 0; exit. */
	struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
				  {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 4};
	union bpf_attr prog = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
			       .insn_cnt = 2,
			       .insns = (uintptr_t)code,
			       .license = (uintptr_t) "GPL"};
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE,
					.size = sizeof(event),
					.config = PERF_COUNT_SW_PAGE_FAULTS};
	uint64_t count;
	int fd = syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map));

	close(fd);
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &prog, sizeof(prog));
	close(fd);
	fd = syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	(void)!read(fd, &count, sizeof(count));
	close(fd);
}

const struct exercise task_exercises[] = {
	{"forking", forks},
	{"executing", execs},
	{"threads", threads},
	{"signals", signals},
	{"stopping and killing", killed},
	{"ptrace", ex_traced},
	{"limits and identities", limits},
	{"scheduling", scheduling},
	{"capabilities and keys", privileges},
	{"namespaces", namespaces},
	{"BPF and perf", bpf_and_perf},
	{},
};
