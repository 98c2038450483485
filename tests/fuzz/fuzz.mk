# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds fuzz-claims: Xen's heap as tests/harness has it, and the operations of
# claims, by clang with libFuzzer, ASan and UBSan.  GNU make:
#
#     make -f fuzz.mk SRC=DIR HARNESS=DIR OBJECTS=DIR [TREE=DIR]
#
# HARNESS: tests/harness.  OBJECTS: where the patched hypervisor was built, by
# gcc: what clang does not know of gcc's flags is left out.  TREE: its sources,
# if others than those that it was built of.

CC = clang-14
TREE ?= $(realpath $(OBJECTS)/source)

comma = ,
BUILT_OF := $(realpath $(OBJECTS)/source)
RECORDED := $(shell sed -n '1s/^cmd_[^:]*:= *[^ ]*gcc//p' \
	$(OBJECTS)/common/.page_alloc.o.cmd | \
	sed -e 's/ -c [^ ]*page_alloc\.c .*//' -e 's/-MMD -MP -MF [^ ]*//' \
	-e 's/ -Werror / /' -e "s|'-D__OBJECT_LABEL__=[^ ]*'||" \
	-e 's| -I\./| -I$(OBJECTS)/|g' \
	-e 's|-include \([^ ]*/config\.h\)|& -include $(HARNESS)/prelude.h|')
UNKNOWN = -mpreferred-stack-boundary=% -mindirect-branch% -mskip-rax-setup \
	-mfunction-return=% -mmanual-endbr -fcf-protection% -Wa$(comma)%
XEN_FLAGS := -I$(HARNESS) -I$(SRC) -iquote $(TREE) \
	$(subst $(BUILT_OF),$(TREE),$(filter-out $(UNKNOWN),$(RECORDED))) \
	-no-integrated-as -Wa,-I$(OBJECTS) -Wa,-I$(OBJECTS)/include \
	-Wa,-I$(TREE)/include -UNDEBUG -DCONFIG_DEBUG=1 -D__SANITIZE_ADDRESS__ \
	-DNODE_CLAIM_ORDER_1=2U -DNODE_CLAIM_ORDER_2=5U -w
# Xen shifts where the language leaves it open, aligns by rules of its own, and
# has pointers to nothing.
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
XEN_SANITIZERS = $(SANITIZERS) -fsanitize=fuzzer-no-link \
	-fno-sanitize=alignment,shift,pointer-overflow,function
HOST_FLAGS = -std=gnu11 -O2 -g -Wall -Wextra -I$(SRC) -I$(HARNESS) \
	-iquote $(TREE)/include/public $(SANITIZERS) -fno-sanitize=alignment

HEAP = heap domain state platform lock told
OWN = hypercall
XEN = bitmap bitops x86-generic-hweightl create-on-nodes node-heap \
	$(basename $(notdir $(wildcard $(TREE)/common/node-claim*.c)))
HOST = host expect differ
PROGRAM = claims check check-claims check-create guest

OBJS = $(HEAP:%=xen/%.o) $(OWN:%=xen/%.o) $(XEN:%=xen/%.o) \
	$(HOST:%=host/%.o) $(PROGRAM:%=host/%.o)

fuzz-claims: $(OBJS)
	$(CC) $(SANITIZERS) -fsanitize=fuzzer -Wl,--gc-sections -o $@ $^

# All is built anew when it is built otherwise than before.
arguments: FORCE
	@printf '%s\n' $(foreach word,$(XEN_FLAGS) $(HOST_FLAGS), \
		'$(subst ','\'',$(word))') >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

define compile
xen/%.o: $(1)/%.c arguments
	@mkdir -p xen
	$$(CC) $$(XEN_FLAGS) $$(XEN_SANITIZERS) -MMD -MP -c $$< -o $$@
endef
$(foreach dir,$(SRC) $(HARNESS) $(TREE)/arch/x86 $(TREE)/common $(TREE)/lib,\
	$(eval $(call compile,$(dir))))

host/%.o: $(SRC)/%.c arguments
	@mkdir -p host
	$(CC) $(HOST_FLAGS) -MMD -MP -c $< -o $@
host/%.o: $(HARNESS)/%.c arguments
	@mkdir -p host
	$(CC) $(HOST_FLAGS) -MMD -MP -c $< -o $@

-include $(wildcard xen/*.d host/*.d)
.PHONY: FORCE
