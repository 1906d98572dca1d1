/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the result of `suture advise` for people: verdict, steps, tables. */
#include "cli/advise_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

#define MAX_ROWS 12 /* more rows of a table would not fit a screen */

static void text_add_printable(struct strbuf *out, const char *text)
{
	scope_free char *safe = text_printable(text);

	strbuf_addstr(out, safe);
}

static unsigned count_services(const struct advice *advice, bool pending, enum advise_action action)
{
	unsigned count = 0;

	vec_foreach(&advice->services, it)
		count += it->pending == pending && it->action == action;
	return count;
}

static char *phrase_restart(const struct advice *advice, bool pending)
{
	unsigned restarts = count_services(advice, pending, ACTION_RESTART);
	unsigned log_outs = count_services(advice, pending, ACTION_LOG_OUT);
	scope_strbuf out = STRBUF_INIT;

	if (restarts)
		strbuf_addf(&out, "restart %u service%s", restarts, restarts > 1 ? "s" : "");
	if (log_outs)
		strbuf_addf(&out, "%send %u session%s", restarts ? " and " : "", log_outs,
			    log_outs > 1 ? "s" : "");
	return out.len ? strbuf_detach(&out) : xstrdup("restart what was updated");
}

/* Returns whether a live patch makes the kernel equal to all those that would ask for a reboot. */
static bool text_is_equivalent(const struct advice *advice, bool pending)
{
	if (!pending)
		return advice->kernel.equivalent;
	vec_foreach(&advice->updates, it)
		if (it->action == ACTION_LIVE_PATCH && !it->equivalent)
			return false;
	return advice->kernel.cover;
}

char *cli_advise_phrase(const struct advice *advice, enum advise_verdict verdict, bool pending)
{
	switch (verdict) {
	case VERDICT_NOTHING:
		return xstrdup("nothing to do");
	case VERDICT_RESTART:
		return phrase_restart(advice, pending);
	case VERDICT_SOFT_REBOOT:
		return xstrdup("restart userspace (soft-reboot); the kernel may stay");
	case VERDICT_REBOOT:
		return xstrdup(!pending && advice->kernel.boots_again
				       ? "make the boot loader choose the newest kernel, and reboot"
				       : "reboot");
	case VERDICT_COVERED:
		if (text_is_equivalent(advice, pending))
			return xasprintf("no reboot: the running kernel is live-patched to %s",
					 advice->kernel.cover->to);
		return xstrdup(
			"a reboot is pending; loaded live patches cover its fixes until then");
	default:
		return xstrdup("cannot tell");
	}
}

static void text_add_verdict(const struct advice *advice, struct strbuf *out)
{
	scope_free char *now = cli_advise_phrase(advice, advice->now, false);
	scope_free char *then = cli_advise_phrase(advice, advice->pending, true);

	if (!advice->pending_only)
		strbuf_addf(out, "Now: %s.\n", now);
	if (advice->updates.len > 1)
		strbuf_addf(out, "With the %zu updates: %s.\n", advice->updates.len, then);
	else if (advice->updates.len)
		strbuf_addf(out, "With the update: %s.\n", then);
	else if (advice->pending_only)
		strbuf_addstr(out, "No updates.\n");
}

struct steps {
	struct strbuf *out;
	unsigned number;
};

static void add_step(struct steps *steps, const char *command, const char *remark)
{
	if (!steps->number++)
		strbuf_addstr(steps->out, "\nTo do, in this order:\n");
	strbuf_addf(steps->out, "  %2u. %s", steps->number, command);
	if (remark)
		strbuf_addf(steps->out, "%*s # %s",
			    (int)(strlen(command) < 40 ? 40 - strlen(command) : 0), "", remark);
	strbuf_addch(steps->out, '\n');
}

/* Offers a live patch if only the kernel asks for the reboot, and its package names a version. */
static void add_live_patch(const struct advice *advice, struct steps *steps)
{
	const struct advise_kernel *kernel = &advice->kernel;
	const char *to = kernel->state == KERNEL_OLD ? kernel->newest->version : NULL;

	vec_foreach(&advice->updates, it)
		if (it->kernel && it->to && it->action >= ACTION_KEXEC)
			to = it->to;
	if (!to || !*to || *to == '#' || kernel->microcode_old || advice->kept.len)
		return;

	scope_free char *version = text_printable(to);
	scope_free char *release = text_printable(kernel->running);

	strbuf_addf(steps->out,
		    "      or, to postpone the reboot, load a live patch with the fixes:\n"
		    "      suture cover --kernel %s --to %s\n",
		    release, version);
}

static enum advise_verdict verdict_for_steps(const struct advice *advice)
{
	return advice->pending_only  ? advice->pending
	       : advice->updates.len ? advice->verdict
				     : advice->now;
}

static void add_service_steps(const struct advice *advice, struct steps *steps)
{
	unsigned shown = 0, by_hand = 0;

	vec_foreach(&advice->services, it) {
		scope_free char *command = it->command ? text_printable(it->command) : NULL;

		if (it->pending || it->action == ACTION_NOTHING)
			continue;
		if (!command)
			by_hand++;
		else if (shown++ < MAX_ROWS)
			add_step(steps, command,
				 it->apply ? NULL : "check first what depends on it");
	}
	if (shown > MAX_ROWS)
		strbuf_addf(steps->out, "      and %u more: -v lists all\n", shown - MAX_ROWS);
	if (by_hand)
		add_step(steps, "restart by hand the services below that have no command", NULL);
}

static void text_add_steps(const struct advice *advice, struct strbuf *out)
{
	struct steps steps = {out, 0};
	enum advise_verdict verdict = verdict_for_steps(advice);

	if (advice->updates.len && verdict != VERDICT_NOTHING)
		add_step(&steps, "install the updates", NULL);
	if (verdict == VERDICT_REBOOT) {
		const struct advise_kernel *kernel = &advice->kernel;

		if (kernel->boots_again ||
		    (kernel->newest && kernel->next_boot && kernel->state == KERNEL_OLD &&
		     strcmp(kernel->newest->release, kernel->next_boot) != 0))
			add_step(&steps, "make the boot loader choose the newest kernel",
				 "see below");
		add_step(&steps, "systemctl reboot", NULL);
		add_live_patch(advice, &steps);
		return;
	}
	if (verdict == VERDICT_SOFT_REBOOT) {
		add_step(&steps, "systemctl soft-reboot", NULL);
		return;
	}
	add_service_steps(advice, &steps);
	if (advice->pending == VERDICT_RESTART && advice->updates.len)
		add_step(&steps, "suture advise", "shows what the updates did not restart");
}

static void text_add_service(const struct advise_service *service, struct strbuf *out)
{
	strbuf_addf(out, "  %-11s ", advise_action_name(service->action));
	text_add_printable(out, advise_service_name(service));
	if (!service->unit) {
		strbuf_addstr(out, " (");
		for (size_t i = 0; i < service->pids.len && i < 6; i++)
			strbuf_addf(out, "%s%d", i ? " " : "", service->pids.data[i]);
		strbuf_addf(out, "%s)", service->pids.len > 6 ? " ..." : "");
	}
	strbuf_addstr(out, ": ");
	text_add_printable(out, service->why);
	strbuf_addch(out, '\n');
}

static void text_add_services(const struct advice *advice, bool pending, bool all,
			      struct strbuf *out)
{
	unsigned shown = 0, left = 0;

	/* The most expensive actions come first. */
	for (int action = ACTION_REBOOT; action >= 0; action--)
		vec_foreach(&advice->services, it) {
			if (it->pending != pending || (int)it->action != action)
				continue;
			if (!all && shown >= MAX_ROWS) {
				left++;
				continue;
			}
			if (!shown++)
				strbuf_addstr(
					out,
					pending ? "\nAffected by the updates:\n"
						: "\nStill using replaced or removed files:\n");
			text_add_service(it, out);
		}
	if (left)
		strbuf_addf(out, "  and %u more: -v lists all\n", left);
}

static void text_add_update(const struct advise_update *update, bool all, struct strbuf *out)
{
	scope_free char *package = text_printable(update->package);
	scope_free char *from = text_printable(update->from ? update->from : "-");
	scope_free char *to = text_printable(update->to ? update->to : "removed");

	strbuf_addf(out, "  %-11s %s %s -> %s: ", advise_action_name(update->action), package,
		    *from ? from : "?", to);
	text_add_printable(out, update->why ? update->why : "");
	if (update->cves.len)
		strbuf_addf(out, "; fixes %zu CVE%s", update->cves.len,
			    update->cves.len > 1 ? "s" : "");
	if (all)
		vec_foreach(&update->cves, it) {
			strbuf_addch(out, it == update->cves.data ? ':' : ',');
			strbuf_addch(out, ' ');
			text_add_printable(out, *it);
		}
	strbuf_addch(out, '\n');
}

static void text_add_updates(const struct advice *advice, bool all, struct strbuf *out)
{
	unsigned shown = 0, idle = 0, left = 0;

	for (int action = ACTION_REBOOT; action >= 0; action--)
		vec_foreach(&advice->updates, it) {
			if ((int)it->action != action)
				continue;
			if (!all && it->action == ACTION_NOTHING &&
			    advice->updates.len > MAX_ROWS) {
				idle++;
				continue;
			}
			if (!all && shown >= MAX_ROWS) {
				left++;
				continue;
			}
			if (!shown++)
				strbuf_addstr(out, "\nUpdates:\n");
			text_add_update(it, all, out);
		}
	if (left)
		strbuf_addf(out, "  and %u more: -v lists all\n", left);
	if (idle)
		strbuf_addf(out, "%s%u update%s that need%s nothing\n",
			    shown ? "  and " : "\nUpdates:\n  ", idle, idle > 1 ? "s" : "",
			    idle > 1 ? "" : "s");
}

static void text_add_cover(const struct advise_kernel *kernel, struct strbuf *out)
{
	const struct live_cover *cover = kernel->cover;
	scope_free char *line =
		xasprintf("%s, live-patched to %s (%s) by %s", cover->from, cover->to,
			  cover->equivalent ? "equivalent" : "partial", kernel->cover_patch);

	strbuf_addstr(out, "  ");
	text_add_printable(out, line);
	strbuf_addstr(out, ".\n");
	if (cover->nr_open > 0)
		strbuf_addf(out, "  The live patch leaves out %d change%s:\n", cover->nr_open,
			    cover->nr_open > 1 ? "s" : "");
	vec_foreach(&cover->open, it) {
		strbuf_addstr(out, "    ");
		text_add_printable(out, *it);
		strbuf_addch(out, '\n');
	}
	if (cover->nr_open > (int)cover->open.len)
		strbuf_addf(out, "    and %d more\n", cover->nr_open - (int)cover->open.len);
}

/* Names the fixes of the newer kernel, and which of them live patches have. */
static void text_add_cves(const struct advise_kernel *kernel, struct strbuf *out)
{
	vec_foreach(&kernel->fixes, it) {
		strbuf_addstr(out, "    ");
		text_add_printable(out, *it);
		strbuf_addstr(out, str_vec_has(&kernel->covered, *it) ? " (live-patched)\n" : "\n");
	}
}

static void text_add_kernel(const struct advice *advice, bool all, struct strbuf *out)
{
	const struct advise_kernel *kernel = &advice->kernel;

	strbuf_addstr(out, "\nKernel: ");
	text_add_printable(out, kernel->why ? kernel->why : "");
	strbuf_addstr(out, ".\n");
	if (kernel->cover)
		text_add_cover(kernel, out);
	if (kernel->fixes_known)
		strbuf_addf(out, "  The newer one fixes %zu CVE%s; live patches cover %zu.\n",
			    kernel->fixes.len, kernel->fixes.len == 1 ? "" : "s",
			    kernel->covered.len);
	if (all)
		text_add_cves(kernel, out);
	vec_foreach(&kernel->livepatches, it) {
		strbuf_addstr(out, "  Loaded live patch: ");
		text_add_printable(out, *it);
		strbuf_addch(out, '\n');
	}
	if (kernel->microcode_old)
		strbuf_addf(out, "  Microcode %s runs, but %s is installed.\n",
			    kernel->microcode_running, kernel->microcode_disk);
}

static void text_add_kept(const struct advice *advice, struct strbuf *out)
{
	vec_foreach(&advice->kept, it) {
		if (it == advice->kept.data)
			strbuf_addstr(
				out, "\nInstalled since the boot, in effect after the next one:\n");
		text_add_update(it, false, out);
	}
}

static void text_add_flag(const struct advice *advice, struct strbuf *out)
{
	if (!advice->flagged)
		return;
	strbuf_addstr(out, "\n/run/reboot-required was set");
	vec_foreach(&advice->flag, it) {
		strbuf_addstr(out, it == advice->flag.data ? " by " : ", ");
		text_add_printable(out, *it);
	}
	strbuf_addstr(out, ".\n");
}

static void text_add_sentences(const char *title, const struct str_vec *sentences,
			       struct strbuf *out)
{
	vec_foreach(sentences, it) {
		if (it == sentences->data)
			strbuf_addf(out, "\n%s", title);
		else
			strbuf_addf(out, "%*s", (int)strlen(title), "");
		text_add_printable(out, *it);
		strbuf_addch(out, '\n');
	}
}

void cli_advise_text(const struct advice *advice, bool all, struct strbuf *out)
{
	text_add_verdict(advice, out);
	text_add_steps(advice, out);
	text_add_services(advice, false, all, out);
	text_add_updates(advice, all, out);
	if (all)
		text_add_services(advice, true, all, out);
	text_add_kept(advice, out);
	text_add_kernel(advice, all, out);
	text_add_flag(advice, out);
	text_add_sentences("Not known: ", &advice->unknown, out);
	text_add_sentences("Note: ", &advice->notes, out);
}

void cli_advise_motd(const struct advice *advice, struct strbuf *out)
{
	scope_free char *now = cli_advise_phrase(advice, advice->now, false);

	if (advice->now == VERDICT_NOTHING || advice->now == VERDICT_UNKNOWN)
		return;
	strbuf_addf(out, "*** This machine needs: %s (suture advise) ***\n", now);
}
