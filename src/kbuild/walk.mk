# SPDX-License-Identifier: GPL-2.0-or-later
# Lists the objects that this configuration builds, and what they are linked into.
#
# Evaluates every Kbuild file of the tree in one process and prints
#	D <folder>
#	Y <objects for vmlinux>		relative to the folder
#	M <module>.o <its objects>
#	L <objects for lib.a>
#	T <other objects that are built here>
#	H <objects of programs that run during the build>
# The rules are those of scripts/Makefile.lib ("Figure out what we need to build").
# It runs in a build folder, with the variables that the top Makefile exports.

__all: ;

include include/config/auto.conf
include $(srctree)/scripts/Kbuild.include

# Tests of the compiler only decide about flags, which do not matter here, and each costs a process.
$(foreach f,cc-option cc-option-yn cc-disable-warning as-option as-instr ld-option ld-ifversion \
	gcc-min-version clang-min-version gcc-ifversion cc-ifversion rustc-option rustc-min-version, \
	$(eval $f :=))

walk-find = $(strip $(foreach s,$3,$($(1:%$(strip $2)=%$s))))
walk-real = $(foreach m,$1,$(if $(call walk-find,$m,.o,$2 -),$(call walk-find,$m,.o,$2),$m))

walk-inputs := obj-y obj-m lib-y lib-m always-y always-m extra-y targets subdir-y subdir-m \
	ccflags-y asflags-y cppflags-y ldflags-y rustflags-y subdir-ccflags-y subdir-asflags-y \
	hostprogs hostprogs-always-y userprogs

# $1: folder, $2: its built-in objects are linked, $3: its modules are built
define walk-visit
$(foreach v,$(walk-inputs),$(eval $v :=))
$(eval obj := $1)$(eval src := $1)$(eval srcroot := $(srctree))
$(eval include $(or $(wildcard $(srctree)/$1/Kbuild),$(wildcard $(srctree)/$1/Makefile)))
$(info D $1)
$(if $2,$(info Y $(call walk-real,$(filter-out %/,$(obj-y)),-objs -y)))
$(if $3,$(foreach m,$(filter-out %/ $(obj-y),$(obj-m)),$(info M $m $(call walk-real,$m,-objs -y -m))))
$(info L $(filter-out $(obj-y),$(sort $(lib-y) $(lib-m))))
$(info T $(filter %.o,$(targets) $(extra-y)))
$(info H $(foreach h,$(hostprogs) $(hostprogs-always-y),$(or $($h-objs),$h.o)))
$(eval walk-left := $(foreach d,$(sort $(subdir-y) $(subdir-m) \
	$(patsubst %/,%,$(filter %/,$(obj-y) $(obj-m)))),$(patsubst ./%,%,$1/$d)|$(if \
	$(and $2,$(filter $d/,$(obj-y))),y,n)|$(if \
	$(and $3,$(filter $d/,$(obj-y) $(obj-m))),y,n)) $(walk-left))
$(foreach v,$(filter-out $(walk-known),$(filter-out CONFIG_%,$(.VARIABLES))),$(eval undefine $v))
endef

# Levels of folders are handled one after the other, since in nested calls every look-up of a variable
# passes through all of them.
define walk-level
$(eval walk-these := $(walk-left))$(eval walk-left :=)
$(foreach walk-each,$(walk-these),$(eval walk-this := $(subst |, ,$(walk-each)))$(call \
	walk-visit,$(word 1,$(walk-this)),$(filter y,$(word 2,$(walk-this))),$(filter y,$(word 3,$(walk-this)))))
$(if $(walk-left),$(call walk-level))
endef

# Before v6.1 the top Makefile listed the folders, and the top Kbuild file none.
walk-roots := $(patsubst %/built-in.a,%,$(filter %/built-in.a,$(KBUILD_VMLINUX_OBJS)))
walk-left := .|y|y $(addsuffix |y|y,$(walk-roots))
walk-these :=
walk-this :=
obj :=
src :=
srcroot :=
$(foreach v,$(walk-inputs),$(eval $v :=))
# Variables that a folder's file sets must not be seen by the next one, so all that are not known here are
# removed.  No file sets configuration symbols, of which there are thousands, so those are kept.
walk-known :=
walk-known := $(filter-out CONFIG_%,$(.VARIABLES))

$(call walk-level)
