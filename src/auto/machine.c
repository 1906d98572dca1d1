/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects facts about this machine: what runs, what is offered, whether it is well, and what a
 * reboot brings. */
#include "auto/machine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "advise/advise.h"
#include "auto/effective.h"
#include "auto/marks.h"
#include "auto/offers.h"
#include "base/alloc.h"
#include "base/proc.h"
#include "base/printable.h"
#include "base/text.h"
#include "live/health.h"
#include "live/klog.h"
#include "live/live.h"
#include "vm/kernel_log.h"

#define PROBE_TIMEOUT_MS 10000

unsigned auto_machine_ring(const struct root *root, const struct auto_policy *policy)
{
	scope_free char *id = policy->ring == AUTO_RING_OF_MACHINE
				      ? root_read_line(root, "/etc/machine-id")
				      : NULL;

	if (policy->ring != AUTO_RING_OF_MACHINE)
		return policy->ring;
	return auto_ring_of(id ? id : "");
}

static struct err *machine_look_patches(const struct root *root, const struct auto_state *state,
					struct auto_facts *facts)
{
	scope_live_patches patches = NULL;
	scope_live_blocks blocks = {};

	if (!state->module.name)
		return NULL;
	err_try(live_patches_read(root, &patches));
	vec_foreach(&patches->list, it)
		if (!strcmp(it->name, state->module.name) && it->state == LIVE_ENABLED)
			facts->loaded = !it->record ||
					!str_compare(it->record->digest, state->module.digest);
	err_try(live_blocks_read(root, &blocks));

	const struct live_block *block = live_blocks_find(&blocks, state->module.digest);

	if (block)
		facts->blocked = xstrdup(block->why);
	return NULL;
}

struct err *auto_machine_probe(const struct auto_policy *policy, char **why)
{
	*why = NULL;
	for (size_t i = 0; i < policy->probes.len && !*why; i++) {
		const char *const argv[] = {policy->probes.data[i], NULL};
		scope_strbuf output = STRBUF_INIT;
		struct err *err = proc_check(&(struct proc_spec){.argv = argv,
								 .cwd = "/",
								 .timeout_ms = PROBE_TIMEOUT_MS,
								 .output_max = 4096},
					     &output);

		if (err && err_code(err) == ERR_INTERRUPTED)
			return err;
		if (err)
			*why = text_printable(err_message(err));
		err_free(err);
	}
	return NULL;
}

/* Returns the first line of the kernel's log since the watch began that is evidence; or NULL. */
static char *machine_read_log(const struct root *root, const struct auto_state *state)
{
	scope_str_vec lines = {};

	if (state->log_from)
		live_klog_since(root, state->log_from, &lines);
	vec_foreach(&lines, it)
		if (kernel_log_judge(*it, KERNEL_LOG_MACHINE) == KERNEL_LOG_FINDING)
			return xasprintf("the kernel says: %s", *it);
	return NULL;
}

/*
 * Probes run first, since what they set off shows in the log and in the taint flags.  The flags are
 * never lost, while lines of the log may be; but a flag that was set before the watch says nothing.
 */
static struct err *machine_look_health(const struct root *root, const struct auto_policy *policy,
				       const struct auto_state *state, struct auto_facts *facts)
{
	scope_findings findings = {};
	scope_free char *gained = NULL;

	err_try(auto_machine_probe(policy, &facts->sick));
	err_try(live_health_check(root, &findings));
	vec_foreach(&findings, it)
		if (it->severity == SEVERITY_REFUSE && !facts->sick)
			facts->sick = xstrdup(it->message);
	if (!facts->sick)
		facts->sick = machine_read_log(root, state);
	gained = kernel_taint_gained(state->taint, live_taint(root), KERNEL_LOG_MACHINE);
	if (gained && !facts->sick)
		facts->sick = xasprintf("the kernel has set its taint flag %s", gained);
	return NULL;
}

/* Advice about the machine as it is says whether a reboot would bring what live patches lack. */
static struct err *machine_look_reboot(const struct root *root, const struct auto_policy *policy,
				       struct auto_facts *facts)
{
	scope_advice advice = NULL;
	struct advise_options options = {.source = SOURCE_NONE};

	err_try(advise_run(root, &options, NULL, NULL, &advice));
	facts->reboot_due = advice->verdict == VERDICT_REBOOT;
	facts->open = -1;
	if (advice->kernel.fixes_known)
		facts->open = advice->kernel.fixes.len - advice->kernel.covered.len;
	else if (advice->kernel.cover)
		facts->open = advice->kernel.cover->nr_open;
	return facts->reboot_due ? auto_window_opens(&policy->reboot_window, facts->now,
						     &facts->reboot_window)
				 : NULL;
}

/* Offers that cannot be asked for are no reason to stop what is under way. */
static struct err *machine_look_offers(struct auto_facts *facts)
{
	struct err *err = auto_offers_ask(facts->kernel, &facts->offers);

	if (err && err_code(err) == ERR_INTERRUPTED)
		return err;
	facts->offers_unknown = err ? xstrdup(err_message(err)) : NULL;
	err_free(err);
	return NULL;
}

/* A damaged mark counts as a hold: what is watched is still rolled back if it does harm. */
static void machine_look_mark(const struct root *root, struct auto_facts *facts)
{
	struct err *err = auto_mark_read(root, facts->boot_id, &facts->went_down);

	if (err && !facts->hold) {
		facts->hold = xstrdup(err_message(err));
		facts->damaged = true;
	}
	err_free(err);
}

struct err *auto_machine_look(const struct root *root, const struct auto_policy *policy,
			      const struct auto_state *state, struct auto_facts *facts)
{
	scope_auto_effective effective = {};
	scope_free char *boot_id = root_read_line(root, "/proc/sys/kernel/random/boot_id");
	bool settled = state->step == AUTO_SETTLED;

	facts->now = time(NULL);
	err_try(auto_effective_read(root, &effective));
	facts->kernel = xstrdup(effective.kernel);
	facts->version = xstrdup(effective.version);
	facts->boot_id = boot_id ? take_ptr(boot_id) : xstrdup("");
	facts->ring = auto_machine_ring(root, policy);
	err_try(machine_look_patches(root, state, facts));
	/*
	 * A patch that carries single fixes claims no version; the level that it came as has one.
	 */
	facts->effective = xstrdup(effective.to		      ? effective.to
				   : settled && facts->loaded ? state->level.to
							      : effective.version);
	auto_hold_read(root, &facts->hold, &facts->damaged);
	machine_look_mark(root, facts);
	err_try(machine_look_offers(facts));
	if (state->step == AUTO_WATCHING && facts->loaded)
		err_try(machine_look_health(root, policy, state, facts));
	if (state->step == AUTO_TESTED && policy->mode == AUTO_APPLY)
		err_try(auto_window_opens(&policy->window, facts->now, &facts->window));
	if (policy->reboot == AUTO_REBOOT_WHEN_DUE && root_is_machine(root))
		err_try(machine_look_reboot(root, policy, facts));
	return NULL;
}
