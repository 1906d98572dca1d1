/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts QEMU, reads what its guest writes to the serial ports, and ends it. */
#include "vm/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"
#include "vm/session_events.h"

#define QEMU "qemu-system-x86_64"
/* A guest that writes more to a port than any trial does is given up. */
#define PORT_BYTES_MAX (64 << 20)
#define CONSOLE_BYTES_KEPT (1 << 20)

struct guest {
	struct proc *proc;
	int events_fd, console_fd;
	off_t events_pos;
	struct strbuf line; /* the beginning of a line whose end was not read yet */
};

struct err *vm_check_host(void)
{
	scope_free char *path = proc_find(QEMU);

	return path ? NULL
		    : err_new(QEMU
			      " is not installed: apt-get install qemu-system-x86 provides it");
}

static struct err *qemu_open_port(const char *path, int *fd)
{
	*fd = open(path, O_RDONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return *fd < 0 ? err_errno(errno, "%s", path) : NULL;
}

/*
 * Starts QEMU, which emulates both processors in one thread.  With a thread for each, QEMU 7.2 now
 * and then lets a processor execute an int3 that the kernel, rewriting its code on the other
 * processor, has already replaced; the guest crashes ("Oops: int3"), and the module would be
 * blamed.
 */
static struct err *qemu_start(const struct guest_config *config, const char *console,
			      const char *events, struct proc **proc)
{
	scope_free char *accel = xasprintf("%s%s", vm_accelerator_name(config->accelerator),
					   config->accelerator == VM_TCG ? ",thread=single" : "");
	scope_free char *memory = xasprintf("%u", config->memory_mb);
	scope_free char *cpus = xasprintf("%u", config->cpus);
	/*
	 * timer_irq_works() of arch/x86/kernel/apic/io_apic.c expects some ticks within a counted
	 * loop, and the kernel panics if they come later, as they do on a busy host.  The kernel's
	 * own algorithms need not be tested; the guest's init has those of modules tested.
	 */
	scope_free char *append = xasprintf(
		"console=ttyS0 panic=-1 quiet no_timer_check log_buf_len=4M cryptomgr.notests=1%s",
		config->append);
	scope_free char *console_arg = xasprintf("file:%s", console);
	scope_free char *events_arg = xasprintf("file:%s", events);
	const char *const argv[] = {
		QEMU, "-accel", accel, "-smp", cpus, "-cpu", "max", "-m", memory, "-nodefaults",
		"-no-user-config", "-display", "none", "-no-reboot", "-net", "none",
		/* The driver of 8250 ports is built into distribution kernels, virtio is not. */
		"-serial", console_arg, "-serial", events_arg, "-kernel", config->image, "-initrd",
		config->initramfs, "-append", append, NULL};

	return proc_start(&(struct proc_spec){.argv = argv}, proc);
}

struct err *guest_start(const struct guest_config *config, struct guest **guestp)
{
	scope_guest guest = xcalloc(1, sizeof(*guest));
	scope_free char *console = xasprintf("%s/console", config->dir);
	scope_free char *events = xasprintf("%s/events", config->dir);

	guest->line = (struct strbuf)STRBUF_INIT;
	guest->events_fd = guest->console_fd = -1;
	err_try(vm_check_host());
	err_try(qemu_open_port(console, &guest->console_fd));
	err_try(qemu_open_port(events, &guest->events_fd));
	err_try(qemu_start(config, console, events, &guest->proc));
	*guestp = take_ptr(guest);
	return NULL;
}

static void take_bytes(struct guest *guest, struct session *session, const char *buf, size_t size)
{
	while (size) {
		const char *newline = memchr(buf, '\n', size);
		size_t part = newline ? newline - buf : size;

		strbuf_add(&guest->line, buf, part);
		if (newline) {
			session_line(session, guest->line.buf, guest->line.len);
			strbuf_reset(&guest->line);
			part++;
		}
		buf += part;
		size -= part;
	}
}

static bool is_flooded(const struct guest *guest)
{
	struct stat st;

	return guest->events_pos > PORT_BYTES_MAX ||
	       (!fstat(guest->console_fd, &st) && st.st_size > PORT_BYTES_MAX);
}

struct err *guest_poll(struct guest *guest, struct session *session, bool *running)
{
	char buf[65536];
	ssize_t got;

	*running =
		!proc_done(guest->proc); /* asked first, so that the last events are read below */
	while ((got = pread(guest->events_fd, buf, sizeof(buf), guest->events_pos)) > 0) {
		guest->events_pos += got;
		take_bytes(guest, session, buf, got);
		if (is_flooded(guest))
			break;
	}
	if (is_flooded(guest))
		*running = false;
	return got < 0 ? err_errno(errno, "the guest's events cannot be read") : NULL;
}

uint64_t guest_starved_ms(const struct guest *guest)
{
	return proc_starved_ms(guest->proc);
}

/*
 * Returns whether QEMU says that a signal ended it: it handles SIGTERM, SIGINT and SIGHUP, and then
 * exits with status 0.
 */
static bool said_it_was_killed(struct guest *guest)
{
	scope_strbuf said = STRBUF_INIT;

	err_free(proc_output(guest->proc, &said));
	return strstr(said.buf, "terminating on signal ");
}

bool guest_was_killed(struct guest *guest)
{
	int status = 0;

	if (!proc_done(guest->proc))
		return false;
	err_free(proc_wait(guest->proc, &status));
	return status == 128 + SIGKILL || status == 128 + SIGTERM || said_it_was_killed(guest);
}

char *guest_end(struct guest *guest)
{
	int status = 0;

	if (is_flooded(guest))
		return xstrdup("the guest wrote too much output");

	struct err *err = proc_wait(guest->proc, &status);

	err_free(err);
	return status > 128		   ? xasprintf("QEMU was killed by signal %d", status - 128)
	       : status			   ? xasprintf("QEMU ended with status %d", status)
	       : said_it_was_killed(guest) ? xstrdup("QEMU was killed")
					   : xstrdup("the guest crashed");
}

void guest_stop(struct guest *guest, struct strbuf *console, struct strbuf *qemu_output)
{
	struct stat st;

	err_free(proc_output(guest->proc, qemu_output));
	proc_free(guest->proc);
	guest->proc = NULL;
	if (fstat(guest->console_fd, &st) < 0)
		return;

	scope_free char *buf = xmalloc(CONSOLE_BYTES_KEPT);
	off_t start = st.st_size > CONSOLE_BYTES_KEPT ? st.st_size - CONSOLE_BYTES_KEPT : 0;
	ssize_t got = pread(guest->console_fd, buf, CONSOLE_BYTES_KEPT, start);

	for (ssize_t i = 0; i < got; i++) {
		if (buf[i] == '\n' || (buf[i] >= ' ' && buf[i] < 127))
			strbuf_addch(console, buf[i]);
		else if (buf[i] != '\r')
			strbuf_addch(console, '?');
	}
}

void guest_freep(struct guest **guestp)
{
	struct guest *guest = *guestp;

	if (!guest)
		return;
	proc_free(guest->proc);
	closep(&guest->events_fd);
	closep(&guest->console_fd);
	strbuf_free(&guest->line);
	free(guest);
}
