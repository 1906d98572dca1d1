/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Live patching without hands: sees an update of the kernel, has its live patch made or taken from
 * a repository, tested, loaded and watched, all by a policy, one step after the other.  Nothing
 * stays resident: each call does what is due, and the state on the disk says where the next one
 * goes on.
 *
 * Other folders include this header, which declares all that they may use.
 */
#ifndef SUTURE_AUTO_AUTO_H
#define SUTURE_AUTO_AUTO_H

#include "auto/decide.h"
#include "auto/drive.h"
#include "auto/effective.h"
#include "auto/history.h"
#include "auto/level.h"
#include "auto/machine.h"
#include "auto/marks.h"
#include "auto/policy.h"
#include "auto/report.h"
#include "auto/state.h"
#include "auto/step.h"
#include "auto/values.h"
#include "auto/world.h"

#endif
