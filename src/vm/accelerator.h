/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether guests run under KVM. */
#ifndef SUTURE_VM_ACCELERATOR_H
#define SUTURE_VM_ACCELERATOR_H

/* "kvm" if a guest runs under it, which was tried or is remembered in cache_dir; else "tcg". */
const char *accelerator_choose(const char *cache_dir);
/* A guest did not run under KVM after all: remembers that. */
void accelerator_distrust(const char *cache_dir);

#endif
