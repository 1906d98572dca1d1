# SPDX-License-Identifier: GPL-2.0-or-later
# This file is read after the top Makefile, and prints what that exports to the makefiles below.

suture-export:
	@env -0 >suture-export
