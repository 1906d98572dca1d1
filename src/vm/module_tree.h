/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the modules of a lib/modules/<release> folder, and those that a module needs. */
#ifndef SUTURE_VM_MODULE_TREE_H
#define SUTURE_VM_MODULE_TREE_H

#include "base/err.h"
#include "base/vec.h"
#include "vm/module_file.h"

struct module_tree;

/* Opens a folder; the tree is empty if dir is NULL. */
struct err *module_tree_open(const char *dir, struct module_tree **tree);
void module_tree_free(struct module_tree *tree);
void module_tree_freep(struct module_tree **treep);
#define scope_module_tree __attribute__((cleanup(module_tree_freep))) struct module_tree *

/*
 * Appends to order the modules that must be loaded for `name`, and the module itself: dependencies
 * first, and none twice.  Soft dependencies are appended, too, if the tree has them.  If the tree
 * has no file for a name, that is an error, and order stays what it was.
 */
struct err *module_tree_order(struct module_tree *tree, const char *name, struct str_vec *order);

/* Appends the implementations of algorithms, for which a kernel asks at run time. */
void module_tree_order_crypto(struct module_tree *tree, struct str_vec *order);

/* Returns the file of a module by its name, which must come from module_tree_order(). */
const struct vm_module_file *module_tree_file(const struct module_tree *tree, const char *name);

#endif
