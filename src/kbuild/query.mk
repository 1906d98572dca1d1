# SPDX-License-Identifier: GPL-2.0-or-later
# Read by every make below the top one ($MAKEFILES): instead of compiling a unit, write down how
# scripts/Makefile.build would.  `override` outlives the definition in scripts/Kbuild.include.
# What units include and the build generates is still generated.  Names with "_" are those of
# kernels before v5.19.

override define if_changed_rule
$(if $(filter cc_o_c as_o_S,$1),$(file >$(dot-target).suture,$(suture-answer)),$(rule_$1))
endef

define suture-answer
compile=$(CC) $(if $(filter as_o_S,$1),$(a_flags),$(c_flags))
source=$<
depfile=$(depfile)
enabled=$(objtool-enabled)$(objtool_obj)
delayed=$(delay-objtool)
objtool=$(if $(objtool),$(objtool) $(or $(objtool-args),$(objtool_args)),$(if \
	$(objtool_obj),$(objtool_obj) $(objtool_args)))
finish=$(cmd_record_mcount)
endef
