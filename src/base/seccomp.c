/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system call filter of a sandbox: a table of calls from which a BPF program is made.
 *
 * Calls for networks, other processes, mounts, keys and the kernel's settings fail with EPERM.
 * Calls that are newer than this table, or whose arguments a filter cannot see, fail with ENOSYS; C
 * libraries then use older calls instead.
 */
#include "base/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"

#ifdef __x86_64__

/* The last call that the table knows: Linux 6.1 ends at 450. */
#define LAST_KNOWN_CALL 450
#define X32_BIT 0x40000000u

static const uint16_t denied[] = {
	/* These calls reach networks, and by local sockets the services of the host. */
	SYS_socket,
	SYS_socketpair,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,
	SYS_accept4,
	SYS_sendto,
	SYS_sendmsg,
	SYS_sendmmsg,
	/* These read or control other processes. */
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_process_madvise,
	SYS_kcmp,
	SYS_pidfd_open,
	SYS_pidfd_getfd,
	SYS_pidfd_send_signal,
	SYS_shmget,
	SYS_shmat,
	SYS_msgget,
	SYS_semget,
	SYS_mq_open,
	/* These change mounts and namespaces. */
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_open_tree,
	SYS_move_mount,
	SYS_fsopen,
	SYS_fsconfig,
	SYS_fsmount,
	SYS_fspick,
	SYS_mount_setattr,
	/* These reach files around the guarded paths, or make what outlives the process. */
	SYS_open_by_handle_at,
	SYS_name_to_handle_at,
	SYS_truncate,
	SYS_chown,
	SYS_lchown,
	SYS_fchown,
	SYS_fchownat,
	SYS_setxattr,
	SYS_lsetxattr,
	SYS_fsetxattr,
	SYS_removexattr,
	SYS_lremovexattr,
	SYS_fremovexattr,
	SYS_fanotify_init,
	SYS_quotactl,
	SYS_quotactl_fd,
	SYS_swapon,
	SYS_swapoff,
	SYS_acct,
	SYS_memfd_secret,
	SYS_userfaultfd,
	/* These reach keys, or change the kernel. */
	SYS_add_key,
	SYS_request_key,
	SYS_keyctl,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_kexec_file_load,
	SYS_reboot,
	SYS_syslog,
	SYS_iopl,
	SYS_ioperm,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_adjtimex,
	SYS_clock_adjtime,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_personality,
	SYS_vhangup,
	SYS_lookup_dcookie,
	SYS_nfsservctl,
	SYS_sched_setscheduler,
	SYS_sched_setparam,
	SYS_sched_setattr,
	SYS_ioprio_set,
	SYS_setpriority,
	SYS_migrate_pages,
	SYS_move_pages,
};

/* These calls take their arguments from memory, where no filter can see them. */
static const uint16_t absent[] = {
	SYS_clone3, SYS_openat2, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
};

#define NEW_NAMESPACES                                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
	 CLONE_NEWPID | CLONE_NEWNET)

/* A call that is denied when its argument, with the mask applied, has the value. */
static const struct {
	uint16_t call;
	uint8_t arg;
	bool any_of_mask; /* compare with "has any bit of the mask" instead of with the value */
	uint32_t mask, value;
} by_argument[] = {
	{SYS_clone, 0, true, NEW_NAMESPACES, 0},
	/* Before ABI 3, Landlock lets a file that may be read be emptied. */
	{SYS_open, 1, false, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY},
	{SYS_openat, 2, false, O_TRUNC | O_ACCMODE, O_TRUNC | O_RDONLY},
	/* TIOCSTI puts characters into a terminal's input. */
	{SYS_ioctl, 1, false, ~0u, TIOCSTI},
	{SYS_ioctl, 1, false, ~0u, TIOCLINUX},
};

#define MAX_STEPS 256

struct program {
	struct sock_filter steps[MAX_STEPS];
	unsigned short len;
};

static void bpf_add(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	p->steps[p->len++] = (struct sock_filter){code, yes, no, k};
}

static void bpf_return(struct program *p, uint32_t action)
{
	bpf_add(p, BPF_RET | BPF_K, action, 0, 0);
}

static void bpf_load(struct program *p, size_t offset)
{
	bpf_add(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void bpf_calls(struct program *p, const uint16_t *calls, size_t count, int error)
{
	for (size_t i = 0; i < count; i++) {
		bpf_add(p, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		bpf_return(p, SECCOMP_RET_ERRNO | error);
	}
}

/* Reads the low half of an argument; the kernel looks at no more bits of flags and requests. */
static void bpf_arguments(struct program *p)
{
	for (size_t i = 0; i < array_size(by_argument); i++) {
		bool any = by_argument[i].any_of_mask;

		bpf_add(p, BPF_JMP | BPF_JEQ | BPF_K, by_argument[i].call, 0, 5);
		bpf_load(p, offsetof(struct seccomp_data, args) + 8 * by_argument[i].arg);
		bpf_add(p, BPF_ALU | BPF_AND | BPF_K, by_argument[i].mask, 0, 0);
		bpf_add(p, BPF_JMP | BPF_JEQ | BPF_K, by_argument[i].value, any, !any);
		bpf_return(p, SECCOMP_RET_ERRNO | EPERM);
		bpf_load(p, offsetof(struct seccomp_data, nr));
	}
}

bool seccomp_install(void)
{
	struct program p = {};

	bpf_load(&p, offsetof(struct seccomp_data, arch));
	bpf_add(&p, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
	bpf_return(&p, SECCOMP_RET_KILL_PROCESS);
	bpf_load(&p, offsetof(struct seccomp_data, nr));
	bpf_add(&p, BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN_CALL, 0, 1);
	bpf_return(&p, SECCOMP_RET_ERRNO | ENOSYS);
	_Static_assert(X32_BIT > LAST_KNOWN_CALL, "calls of the x32 ABI are past the known ones");
	bpf_calls(&p, denied, array_size(denied), EPERM);
	bpf_calls(&p, absent, array_size(absent), ENOSYS);
	bpf_arguments(&p);
	bpf_return(&p, SECCOMP_RET_ALLOW);
	_Static_assert(2 * (array_size(denied) + array_size(absent)) + 6 * array_size(by_argument) +
				       7 <=
			       MAX_STEPS,
		       "the program fits");

	struct sock_fprog filter = {.len = p.len, .filter = p.steps};

	return !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

#else

bool seccomp_install(void)
{
	errno = ENOSYS;
	return false;
}

#endif
