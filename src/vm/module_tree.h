/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules of a lib/modules/<release> folder, and which of them a module needs. */
#ifndef SUTURE_VM_MODULE_TREE_H
#define SUTURE_VM_MODULE_TREE_H

#include "base/err.h"
#include "base/vec.h"
#include "vm/module_file.h"

struct module_tree;

/* dir NULL: an empty tree. */
struct err *module_tree_open(const char *dir, struct module_tree **tree);
void module_tree_free(struct module_tree *tree);
void module_tree_freep(struct module_tree **treep);
#define scope_module_tree __attribute__((cleanup(module_tree_freep))) struct module_tree *

/*
 * Appends the modules that must be loaded for `name`, and itself, to order: dependencies first,
 * none twice.  What is merely wished for is appended, too, if the tree has it.  A name that the
 * tree has no file for is an error, and order stays what it was.
 */
struct err *module_tree_order(struct module_tree *tree, const char *name, struct str_vec *order);

/* The same for the implementations of algorithms, for which a kernel asks at run time. */
void module_tree_order_crypto(struct module_tree *tree, struct str_vec *order);

/* A file of the tree by its module's name, which module_tree_order() has given. */
const struct vm_module_file *module_tree_file(const struct module_tree *tree, const char *name);

#endif
