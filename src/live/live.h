/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel: which live patches it has, loading another one and following it until
 * every task runs the new code, and undoing that again.
 *
 * Everything is read through a `struct root`, so that a made-up tree serves for tests and
 * another system's folder for `install`; only the machine itself can be loaded into.
 * Patches of other makers (kpatch, vendors) are read, loaded and unloaded like Suture's own.
 *
 * Other folders include this header, which has all that they may use.
 */
#ifndef SUTURE_LIVE_LIVE_H
#define SUTURE_LIVE_LIVE_H

#include "live/boot.h"
#include "live/conf.h"
#include "live/fixes.h"
#include "live/guard.h"
#include "live/held.h"
#include "live/load.h"
#include "live/lock.h"
#include "live/machine.h"
#include "live/patches.h"
#include "live/paths.h"
#include "live/sign.h"
#include "live/store.h"
#include "live/unload.h"

#endif
