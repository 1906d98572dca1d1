# SPDX-License-Identifier: GPL-2.0-or-later
# Read by every make below the top one ($MAKEFILES): instead of compiling a unit, write down how
# scripts/Makefile.build would.  `override` outlives the definition in scripts/Kbuild.include.
# What units include and the build generates is still generated.

override define if_changed_rule
$(if $(filter cc_o_c as_o_S,$1),$(file >$(dot-target).suture,$(suture-answer)),$(rule_$1))
endef

define suture-answer
compile=$(CC) $(if $(filter as_o_S,$1),$(a_flags),$(c_flags))
source=$<
depfile=$(depfile)
enabled=$(objtool-enabled)
delayed=$(delay-objtool)
objtool=$(if $(objtool),$(objtool) $(objtool-args))
finish=$(cmd_record_mcount)
endef
