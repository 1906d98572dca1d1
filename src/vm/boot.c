/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boots a guest for the modules that are still to be tried, and follows it to its end. */
#include "vm/boot.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/proc.h"
#include "image/image.h"
#include "vm/accelerator.h"
#include "vm/doubts.h"
#include "vm/placed.h"
#include "vm/prepare.h"
#include "vm/qemu.h"
#include "vm/session_events.h"

#define POLL_MS 10
/* A guest must reach its init in this time, which is much more than a slow host needs. */
#define BOOT_MS 120000
/* A guest hangs if for so long it gives no sign of life, or keeps a step beyond its limit. */
#define SILENT_MS 45000
/* The same while the kernel works on a large patch under emulation; boot_append() says why. */
#define SILENT_LARGE_MS 600000
/* A damaged guest may go on for so long. */
#define DAMAGED_MS 10000

static bool boot_is_slow(const struct run *run)
{
	return run->large && run->accelerator == VM_TCG;
}

/* Says how the guest has exceeded its time; returns NULL if it has not. */
static const char *boot_overdue(const struct run *run, const struct session *session,
				uint64_t start_ms)
{
	uint64_t now = clock_ms(), silent = boot_is_slow(run) ? SILENT_LARGE_MS : SILENT_MS;

	/* A damaged guest may finish the trial, so that the kernel's log is complete. */
	if (session->damage.damaged && now > session->damage.damaged_ms + DAMAGED_MS)
		return "the guest stopped making progress afterwards";
	if (!session->at.booted)
		return now > start_ms + BOOT_MS ? "the guest did not boot in time" : NULL;
	if (now > session->at.heard_ms + silent)
		return "the guest hangs";
	if (session->at.step)
		return now > session->at.step_start_ms + session->at.step->limit_ms + silent
			       ? "a step exceeded its time limit by far"
			       : NULL;
	return now > session->at.step_start_ms + silent ? "the guest hangs between two steps"
							: NULL;
}

/* Extends the limits by the time that QEMU waited for a processor, since a host may be busy. */
static void boot_forgive(const struct guest *guest, struct session *session, uint64_t *start_ms,
			 uint64_t *starved_ms)
{
	uint64_t before = *starved_ms, now = guest_starved_ms(guest);

	if (now <= before)
		return;
	*starved_ms = now;
	*start_ms += now - before;
	session->at.heard_ms += now - before;
	session->at.step_start_ms += now - before;
	session->damage.damaged_ms += now - before;
}

/* What the progress display shows: the boot, or a trial of a module. */
struct shown {
	int module;
	enum vm_trial trial;
	unsigned first, steps; /* the trial's first step in the plan, and how many it has */
};

static void find_steps(const struct session *session, struct shown *shown)
{
	shown->first = shown->steps = 0;
	vec_foreach(&session->plan->steps, step) {
		if ((int)step->module != shown->module || step->trial != shown->trial)
			continue;
		if (!shown->steps++)
			shown->first = step - session->plan->steps.data;
	}
}

static void boot_show_progress(struct run *run, const struct session *session, struct shown *shown)
{
	if (session->at.module >= 0 &&
	    (session->at.module != shown->module || session->at.trial != shown->trial)) {
		const char *name = run->result->modules.data[session->at.module].name;
		scope_free char *label =
			xasprintf("%s: %s", name, vm_trial_name(session->at.trial));

		progress_end(run->progress);
		shown->module = session->at.module;
		shown->trial = session->at.trial;
		find_steps(session, shown);
		progress_begin(run->progress, label, shown->steps, PROGRESS_COUNT);
	}
	if (shown->module >= 0 && session->at.step) {
		size_t at = session->at.step - session->plan->steps.data;

		progress_update(run->progress, at >= shown->first ? at - shown->first : 0);
	}
}

/*
 * Follows the guest until its plan is done (*how is NULL), or it has ended or is given up (*how
 * says how).
 */
static struct err *boot_follow(struct run *run, struct guest *guest, struct session *session,
			       char **how)
{
	uint64_t start = clock_ms(), begun = start, starved = 0;
	bool running = true, greeted = false;
	struct shown shown = {.module = -1};

	progress_begin(run->progress, "booting", 0, PROGRESS_COUNT);
	session->at.step_start_ms = session->at.heard_ms = start;
	while (!*how && !session->at.over) {
		if (interrupt_pending())
			return interrupt_error();
		err_try(guest_poll(guest, session, &running));
		if (session->at.booted && !greeted) {
			greeted = true;
			session->at.step_start_ms = clock_ms();
			if (!run->result->boot_ms)
				run->result->boot_ms = clock_ms() - begun;
		}
		boot_show_progress(run, session, &shown);
		if (session->at.over)
			break;

		boot_forgive(guest, session, &start, &starved);

		const char *late = boot_overdue(run, session, start);

		if (!running)
			*how = guest_end(guest);
		else if (late)
			*how = xstrdup(late);
		if (!*how)
			nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000l}, NULL);
	}
	return NULL;
}

static struct err *boot_failure(const struct run *run, const char *how, const char *console,
				const char *qemu_output)
{
	scope_strbuf last = STRBUF_INIT, memory = STRBUF_INIT;

	proc_last_lines(*qemu_output ? qemu_output : console, 3, &last);
	if (run->spec->memory_mb)
		strbuf_addf(
			&memory,
			", with %u MB of memory; without --memory, the guest gets what it needs",
			run->spec->memory_mb);
	return err_new("%s: %s%s%s%s", run->spec->image, how ? how : "the guest did not boot",
		       memory.buf, last.len ? "; its last words: " : "", last.buf);
}

static struct err *boot_guest(struct run *run, const struct guest_config *config,
			      const struct vm_plan *plan, bool *booted)
{
	scope_guest guest = NULL;
	scope_strbuf console = STRBUF_INIT, qemu_output = STRBUF_INIT;
	scope_session session = session_new(run->result, run->spec, plan);
	scope_free char *how = NULL;

	err_try(guest_start(config, &guest));
	run->result->boots++;
	err_try(boot_follow(run, guest, &session, &how));
	bool killed = guest_was_killed(guest) && !session.at.over;

	guest_stop(guest, &console, &qemu_output);
	*booted = session.at.booted;
	if (killed) {
		if (session.at.last_done >= (int)run->first)
			run->first = session.at.last_done + 1;
		doubts_note(run, &session);
		return err_new("%s, by a user or by the OOM killer", how ? how : "QEMU was killed");
	}
	if (!session.at.booted)
		return boot_failure(run, how, console.buf, qemu_output.buf);
	session_abort(&session, how ? how : "the guest disappeared", console.buf);
	if (session.at.last_done < (int)run->first)
		return boot_failure(run, "the guest started no step of its plan", console.buf,
				    qemu_output.buf);
	run->first = session.at.last_done + 1;
	doubts_note(run, &session);
	return NULL;
}

/*
 * Chooses how many processors an emulated guest has.  Since v6.3 (commit e3ff7c609f39) a transition
 * rewrites the static calls behind cond_resched().  If a thread emulates each processor, one may
 * execute the breakpoint of such a rewrite after it is over, and the guest crashes; if one thread
 * emulates all, a rewrite takes half a minute.  So these kernels get one processor.
 */
static unsigned choose_cpus(const struct image *image)
{
	const struct image_symbol *const *matches;

	return image_find(image, "sched_dynamic_klp_enable", &matches) ? 1 : 2;
}

/*
 * Writes a boot image that an emulated kernel does not have to unpack, and returns its path;
 * free(). Returns NULL if the packaged image has to boot itself, as where there is no room for the
 * file.
 */
static char *boot_place(const struct run *run, const struct image *image,
			const struct guest_config *config, uint64_t initramfs)
{
	struct bytes elf = image_elf(image);
	scope_placed kernel = {};
	scope_file_map packaged = {};
	scope_free char *path = xasprintf("%s/kernel", run->dir);
	struct err *err = file_map(run->spec->image, &packaged);

	if (!err && (!placed_read(packaged.bytes, elf, placed_random_shift(elf.size), &kernel) ||
		     !placed_choose(&kernel, config->memory_mb * 1048576ull, initramfs)))
		return NULL;
	if (!err)
		err = placed_write(&kernel, path);
	if (!err)
		return take_ptr(path);
	err_free(err);
	unlink(path);
	return NULL;
}

/*
 * Adapts the guest to emulation; *placed is the boot image that was written for it, or NULL. If the
 * packaged image is not valid, the boot will show it.
 */
static void boot_adapt(const struct run *run, uint64_t initramfs, struct guest_config *config,
		       char **placed)
{
	const struct vm_spec *spec = run->spec;
	scope_image image = NULL;
	struct err *err;

	*placed = NULL;
	if (run->accelerator != VM_TCG)
		return;
	err = image_open(spec->vmlinux ? spec->vmlinux : spec->image, &image);
	if (err) {
		err_free(err);
		return;
	}
	config->cpus = choose_cpus(image);
	*placed = run->packaged ? NULL : boot_place(run, image, config, initramfs);
	if (*placed)
		config->image = *placed;
}

/*
 * Returns what the kernel's command line needs for these patches; NULL: nothing.
 *
 * The kernel holds a processor while it compares the stack of every task with every function of a
 * patch, and before Linux 6.2 searches a list for each comparison (klp_check_stack_func() in
 * kernel/livepatch/transition.c).  For 1,600 functions and the threads of 300 modules, that takes a
 * second or two on hardware, and minutes under emulation, where the watchdogs of the kernel so must
 * not report it.  A guest that hangs is still found, since it writes nothing for SILENT_LARGE_MS.
 */
static char *boot_append(const struct run *run)
{
	/*
	 * slub_debug: the kernel checks each allocation for writes beyond its end, and after free
	 */
	return xasprintf("%s%s", run->spec->thorough ? " slub_debug=FZP" : "",
			 boot_is_slow(run) ? " nosoftlockup rcupdate.rcu_cpu_stall_suppress=1"
					   : "");
}

struct err *boot_run(struct run *run)
{
	scope_free char *initramfs = xasprintf("%s/initramfs", run->dir), *placed = NULL;
	scope_plan plan = PLAN_INIT;
	uint64_t size = 0;
	bool booted = false;

	err_try(prepare_boot(run, initramfs, &plan, &size));

	scope_free char *append = boot_append(run);
	struct guest_config config = {
		.image = run->spec->image,
		.initramfs = initramfs,
		.dir = run->dir,
		.accelerator = run->accelerator,
		.append = append,
		.cpus = 2,
		/* Memory holds the archive, the unpacked files, and a file while it is loaded. */
		.memory_mb = run->spec->memory_mb ? run->spec->memory_mb
						  : VM_MEMORY_MIN_MB + 3 * (unsigned)(size >> 20),
	};
	boot_adapt(run, size, &config, &placed);

	struct err *err = boot_guest(run, &config, &plan, &booted);

	if (err && !booted && run->accelerator == VM_KVM && !interrupt_pending()) {
		progress_note(run->progress,
			      "this kernel does not run under KVM; falling back to emulation");
		err_free(err);
		accelerator_distrust(run->spec->cache_dir);
		run->accelerator = VM_TCG;
		return boot_run(run);
	}
	if (err && !booted && placed && !interrupt_pending()) {
		err_free(err);
		run->packaged = true;
		return boot_run(run);
	}
	return err;
}
