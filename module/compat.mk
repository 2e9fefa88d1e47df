# SPDX-License-Identifier: GPL-2.0
#
# What compat.h can't ask the preprocessor: does a header of the kernel's say
# this? $(call has,PATTERN,HEADER,MACRO)
has = $(if $(shell grep -s '$(1)' $(srctree)/include/$(2)),-D$(3))

ccflags-y += $(call has,pre_doit.*genl_split_ops,net/genetlink.h,SCMOD_HAVE_GENL_SPLIT_OPS)
ccflags-y += $(call has,genl_info_dump,net/genetlink.h,SCMOD_HAVE_GENL_INFO_DUMP)
ccflags-y += $(call has,vma_flags_t,linux/shmem_fs.h,SCMOD_HAVE_SHMEM_VMA_FLAGS)
ccflags-y += $(call has,ptrace_notify.*unsigned long message,linux/ptrace.h,SCMOD_HAVE_NOTIFY_MESSAGE)
ccflags-y += $(call has,ftrace_get_regs,linux/ftrace.h,SCMOD_HAVE_FTRACE_REGS)
ccflags-y += $(call has,define DECLARE_TRACE_SYSCALL,linux/tracepoint.h,SCMOD_HAVE_TRACE_SYSCALL)

# The kernels that the tests pass on, as VERSION * 1000 + PATCHLEVEL. What runs
# beyond them is found out when the module is loaded: it proves its hook. This is
# for the person whose build fails, or who wonders.
scmod-oldest := 5010
scmod-newest := 7002
scmod-kernel := $(shell echo $$(($(VERSION) * 1000 + $(PATCHLEVEL))))

ifeq ($(shell test $(scmod-kernel) -lt $(scmod-oldest) && echo y),y)
$(error scmod: this kernel is Linux $(VERSION).$(PATCHLEVEL); the oldest that scmod runs on is 5.10)
endif
ifeq ($(shell test $(scmod-kernel) -gt $(scmod-newest) && echo y),y)
$(warning scmod: this kernel is Linux $(VERSION).$(PATCHLEVEL), newer than 7.2, the newest that scmod is tested on; it may not build, and when it is loaded it proves that it works or refuses)
ccflags-y += -DSCMOD_UNTESTED
endif
