# SPDX-License-Identifier: GPL-2.0
#
# What compat.h can't ask the preprocessor: does a header of the kernel's say
# this? $(call has,PATTERN,HEADER,MACRO)
has = $(if $(shell grep -s '$(1)' $(srctree)/include/$(2)),-D$(3))

ccflags-y += $(call has,pre_doit.*genl_split_ops,net/genetlink.h,SCMOD_HAVE_GENL_SPLIT_OPS)
ccflags-y += $(call has,genl_info_dump,net/genetlink.h,SCMOD_HAVE_GENL_INFO_DUMP)
ccflags-y += $(call has,vma_flags_t,linux/shmem_fs.h,SCMOD_HAVE_SHMEM_VMA_FLAGS)
ccflags-y += $(call has,cap_sys_admin:1,net/genetlink.h,SCMOD_HAVE_GENL_MCAST_BIT)
