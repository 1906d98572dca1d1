// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's side of a live patch: makes a struct klp_patch from the tables of layout.h, which is
 * put in front of this text, and enables it.  plan.c writes the tables and makes them longer, so
 * RELOC_HIDE and READ_ONCE keep the compiler from relying on what they hold here.  The members of
 * struct klp_callbacks have kept their names since v4.15 (commit 93862e385ded).
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>

struct suture_func {
	const char *old_name;
	void *new_func;
	unsigned long old_sympos;
};

struct suture_object {
	const char *name;
	const struct suture_func *funcs;
	unsigned long nr_funcs;
	int (*pre_patch)(struct klp_object *obj);
	void (*post_patch)(struct klp_object *obj);
	void (*pre_unpatch)(struct klp_object *obj);
	void (*post_unpatch)(struct klp_object *obj);
};

struct suture_fact {
	const void *found;
	const void *reckoned;
	const void *expected;
	unsigned long length;
	const char *what;
};

static_assert(offsetof(struct suture_fact, reckoned) == GLUE_FACT_RECKONED);
static_assert(offsetof(struct suture_fact, expected) == GLUE_FACT_EXPECTED);
static_assert(offsetof(struct suture_fact, length) == GLUE_FACT_LENGTH);
static_assert(offsetof(struct suture_fact, what) == GLUE_FACT_WHAT);
static_assert(sizeof(struct suture_fact) == GLUE_FACT_SIZE);
static_assert(offsetof(struct suture_func, new_func) == GLUE_FUNC_NEW);
static_assert(offsetof(struct suture_func, old_sympos) == GLUE_FUNC_SYMPOS);
static_assert(sizeof(struct suture_func) == GLUE_FUNC_SIZE);
static_assert(offsetof(struct suture_object, funcs) == GLUE_OBJECT_FUNCS);
static_assert(offsetof(struct suture_object, nr_funcs) == GLUE_OBJECT_NR_FUNCS);
static_assert(offsetof(struct suture_object, pre_patch) == GLUE_OBJECT_CALLBACKS);
static_assert(sizeof(struct suture_object) == GLUE_OBJECT_SIZE);

struct suture_object suture_objects[1] __used __section(GLUE_OBJECTS_SECTION) = {};
bool suture_replace __used __section(GLUE_REPLACE_SECTION) = true;

struct suture_fact suture_facts[1] __used __section(GLUE_BUILD_SECTION) = {};
struct klp_state suture_states[1] __used __section(GLUE_STATES_SECTION) = {};
struct klp_patch suture_patch;

static int fill_object(struct klp_object *obj, const struct suture_object *from)
{
	unsigned long i;

	obj->name = from->name;
	obj->callbacks.pre_patch = from->pre_patch;
	obj->callbacks.post_patch = from->post_patch;
	obj->callbacks.pre_unpatch = from->pre_unpatch;
	obj->callbacks.post_unpatch = from->post_unpatch;
	obj->funcs = kcalloc(from->nr_funcs + 1, sizeof(*obj->funcs), GFP_KERNEL);
	if (!obj->funcs)
		return -ENOMEM;
	for (i = 0; i < from->nr_funcs; i++) {
		obj->funcs[i].old_name = from->funcs[i].old_name;
		obj->funcs[i].new_func = from->funcs[i].new_func;
		obj->funcs[i].old_sympos = from->funcs[i].old_sympos;
	}
	return 0;
}

static void free_objects(void)
{
	struct klp_object *obj;

	for (obj = suture_patch.objs; obj && obj->funcs; obj++)
		kfree(obj->funcs);
	kfree(suture_patch.objs);
}

/*
 * Another build of the same release has the same version magic, and often the same CRCs.  The code
 * of the patch was proven for one build only, and refers to places that only that one has.
 */
static int __init check_build(void)
{
	const struct suture_fact *fact = RELOC_HIDE(&suture_facts[0], 0);

	for (; READ_ONCE(fact->length); fact++) {
		if (!memcmp(fact->found, fact->expected, fact->length) &&
		    (!fact->reckoned || fact->reckoned == fact->found))
			continue;
		pr_err("%s: the live patch was made for another build of this kernel: the %s differs\n",
		       THIS_MODULE->name, fact->what);
		return -ENOEXEC;
	}
	return 0;
}

static int __init suture_init(void)
{
	const struct suture_object *objects = RELOC_HIDE(&suture_objects[0], 0);
	unsigned long i, nr = 0;
	int ret = check_build();

	if (ret)
		return ret;
	while (READ_ONCE(objects[nr].funcs))
		nr++;
	suture_patch.mod = THIS_MODULE;
	suture_patch.replace = READ_ONCE(suture_replace);
	suture_patch.states = RELOC_HIDE(&suture_states[0], 0);
	suture_patch.objs = kcalloc(nr + 1, sizeof(*suture_patch.objs), GFP_KERNEL);
	ret = suture_patch.objs ? 0 : -ENOMEM;
	for (i = 0; !ret && i < nr; i++)
		ret = fill_object(&suture_patch.objs[i], &objects[i]);
	if (!ret)
		ret = klp_enable_patch(&suture_patch);
	if (ret)
		free_objects();
	return ret;
}

static void __exit suture_exit(void)
{
	free_objects();
}

module_init(suture_init);
module_exit(suture_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
