/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets a kprobe with a post handler, which excludes a live patch of the same function. */
#include <linux/kprobes.h>
#include <linux/module.h>

static ulong hits;
module_param(hits, ulong, 0444);

static void count(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
	hits++;
}

static struct kprobe probe = {
	.symbol_name = "security_task_getpgid",
	.post_handler = count,
};

static int __init post_probe_init(void)
{
	return register_kprobe(&probe);
}

static void __exit post_probe_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(post_probe_init);
module_exit(post_probe_exit);
MODULE_DESCRIPTION("A kprobe with a post handler");
MODULE_LICENSE("GPL");
