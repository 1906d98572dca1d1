# SPDX-License-Identifier: GPL-2.0-or-later
# Read behind the top Makefile: what it exports to the makefiles below.

suture-export:
	@env -0 >suture-export
